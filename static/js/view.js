// view.js: how the room is shown, as the address has it: `view.NAME=` and `hide=`.
import { differing } from './address.js';
import { shownExhibit } from './card.js';
import { asText } from './data/link-code.js';
import { chooseTool } from './instruments/tool.js';
import { VIEWS } from './layers.js';
import { rangeText, readRange } from './range.js';
import { LAYERS } from './tab-view.js';
import { press, pressed, turn } from './toggles.js';

/** @typedef {import('./address.js').Config} Config */
/** @typedef {import('./store.js').Store} Store */

/**
 * How a part of the view is read from the text of `view.NAME=` and written as one; '' is its default.
 * What is not understood is the default too.
 * @typedef {{read:(store:Store, text:string) => void, write:(store:Store) => string|false|null|undefined}} Part
 */

/** @type {Record<string, Part>} */
const SCENE = {
  spacing: choice('spacing', VIEWS.spacing),
  map: choice('map', VIEWS.map),
  exact: flag('exact'),
  frozen: flag('frozen'),
  as: { read: ({ scene }, text) => (scene.relief = text === '3d'), write: ({ scene }) => scene.relief && '3d' },
  range: { read: ({ scene }, text) => (scene.range = readRange(text)), write: ({ scene: { range } }) => range && rangeText(range) },
  camera: {
    read({ scene }, text) {
      const found = numbers(text, 3);
      scene.camera = found && { azimuth: found[0], elevation: found[1], zoom: found[2] };
    },
    write: ({ scene: { camera } }) => camera && [camera.azimuth, camera.elevation, camera.zoom].map((v) => Number(v.toFixed(2))).join(','),
  },
  follow: {
    read: ({ scene }, text) => (scene.follow = text === '1' ? true : text === '0' ? false : null),
    write: ({ scene: { follow } }) => (typeof follow === 'boolean' ? String(Number(follow)) : ''),
  },
  exhibit: { read: ({ view }, text) => (view.exhibit = text), write: (store) => shownExhibit(store) && store.view.exhibit },
  lesson: {
    read(store, text) {
      if (store.view.lesson !== text) store.markChanged('lesson');
      store.view.lesson = text;
    },
    write: ({ view }) => view.lesson,
  },
};

/** What the instruments show, which are loaded after the first landscape. @type {Record<string, Part>} */
const INSTRUMENTS = {
  tool: { read: (store, text) => chooseTool(store, TOOLS.find((t) => t === text) ?? 'ask'), write: ({ view: { tool } }) => tool !== 'ask' && tool },
  at: {
    read({ view }, text) {
      const found = numbers(text, 2);
      view.at = found && [found[0], found[1]];
    },
    write: ({ view: { at } }) => at && at.map((v) => Number(v.toFixed(4))).join(','),
  },
  marbles: {
    read(store, text) {
      const found = numbers(text, 2);
      if (found || store.view.marbles) store.markChanged('marbles'); // the same marbles may be dropped again
      store.view.marbles = found && { count: found[0], temperature: found[1] };
    },
    write: ({ view: { marbles } }) => marbles && `${marbles.count},${marbles.temperature}`,
  },
};

/** The tools of the pointer. */
const TOOLS = ['ask', 'slice', 'marble', 'draw'];

/** @param {string} text @param {number} n @returns {number[]|null} */
function numbers(text, n) {
  const all = text.split(',').map(Number);
  return text.trim() && all.length === n && all.every(Number.isFinite) ? all : null;
}

/** @param {'spacing'|'map'} name @param {readonly string[]} values  the first is the default @returns {Part} */
function choice(name, values) {
  return {
    read: ({ scene }, text) => Object.assign(scene, { [name]: values.includes(text) ? text : values[0] }),
    write: ({ scene }) => scene[name] !== values[0] && scene[name],
  };
}

/** @param {'exact'|'frozen'} name @returns {Part} */
function flag(name) {
  return { read: ({ scene }, text) => (scene[name] = text === '1'), write: ({ scene }) => scene[name] && '1' };
}

/**
 * Shows the room as the address says, and the rest as usual.
 * @param {Store} store
 * @param {Pick<Config, 'view'|'hide'>} config
 */
export function applyView(store, { view, hide }) {
  const shown = (view.show ?? '').split(',');
  for (const { id, on } of LAYERS) store.scene.layers[id] = (on || shown.includes(id)) && !hide.includes(id);
  for (const [name, { read }] of Object.entries(SCENE)) read(store, view[name] ?? '');
  store.markChanged('scene');
}

/**
 * Chooses the tool, asks where the address asks, and switches the buttons of the instruments: those
 * that `on` names on, all others off. A step of a lesson does this itself.
 * @param {Store} store
 * @param {Record<string, string>} view
 */
export function applyInstruments(store, view) {
  if (store.view.lesson) return;
  press(view.on?.split(',') ?? []);
  for (const name of ['at', 'tool', 'marbles']) INSTRUMENTS[name].read(store, view[name] ?? '');
}

/**
 * Changes what is named, and leaves the rest as it is: `show` adds layers, `hide` removes some, `on`
 * switches instruments on.
 * @param {Store} store
 * @param {Record<string, string>} view
 */
export function changeView(store, view) {
  for (const [name, text] of Object.entries(view)) {
    if (name === 'show' || name === 'hide') {
      for (const { id } of LAYERS) if (text.split(',').includes(id)) store.scene.layers[id] = name === 'show';
    } else if (name === 'on') press([...pressed(), ...text.split(',')]);
    else if (name !== 'tool') (SCENE[name] ?? INSTRUMENTS[name])?.read(store, text);
  }
  if ('tool' in view || 'at' in view) INSTRUMENTS.tool.read(store, view.tool ?? store.view.tool);
  store.markChanged('scene');
}

/** The tools and the instruments that those who follow see at work. */
const SEEN = { tools: ['ask', 'slice'], on: ['ledger', 'exact-phase'] };

/**
 * Shows the run as a driver shows it: layers, contours, range, camera, what is asked. A part that is
 * missing has its default, as in a link.
 * @param {Store} store
 * @param {{view?:Record<string, string>, hide?:string[]}} shown
 */
export function followView(store, { view = {}, hide = [] }) {
  const shown = (view.show ?? '').split(',');
  for (const { id, on } of LAYERS) store.scene.layers[id] = (on || shown.includes(id)) && !hide.includes(id);
  for (const [name, { read }] of Object.entries(SCENE)) if (!NOT_FOLLOWED.includes(name)) read(store, view[name] ?? '');
  const tool = SEEN.tools.find((t) => t === view.tool);
  INSTRUMENTS.at.read(store, tool || !view.tool ? view.at ?? '' : '');
  chooseTool(store, tool ?? 'ask');
  const on = (view.on ?? '').split(',');
  for (const name of SEEN.on) turn(name, on.includes(name));
  store.markChanged('scene');
}

/**
 * What the address asks of the room itself: the size of its grid, its frames, its speed.
 * @param {Pick<Config, 'view'>} config
 */
export function roomView({ view }) {
  /** @type {Partial<Record<'grid'|'fps'|'speed', number>>} */
  const wanted = {};
  for (const name of /** @type {const} */ (['grid', 'fps', 'speed'])) {
    const value = Number(view[name]);
    if (view[name] && Number.isFinite(value)) wanted[name] = value;
  }
  return Object.keys(wanted).length ? wanted : null;
}

/**
 * How the landscape is shown, as an address has it.
 * @param {Store} store
 * @param {string[]} on  the instruments that are on
 */
function viewOf(store, on) {
  const { layers } = store.scene;
  /** @type {Record<string, string>} */
  const view = {};
  const show = LAYERS.filter(({ id, on: usual }) => !usual && layers[id]).map(({ id }) => id);
  if (show.length) view.show = show.join(',');
  for (const [name, { write }] of [...Object.entries(SCENE), ...Object.entries(INSTRUMENTS)]) {
    const text = write(store);
    if (text) view[name] = text;
  }
  if (on.length) view.on = on.join(',');
  return { view, hide: LAYERS.filter(({ id, on: usual }) => usual && !layers[id]).map(({ id }) => id) };
}

/** What a class does not follow: the texts and marbles of the driver's page, and what each reader chooses. */
const NOT_FOLLOWED = ['lesson', 'exhibit', 'marbles', 'map'];

/** How the landscape is shown, as a class follows it. @param {Store} store */
export function shownView(store) {
  const { view, hide } = viewOf(store, pressed());
  for (const name of NOT_FOLLOWED) delete view[name];
  return { view, hide };
}

/** The parts of the view of those names, as an address has them. @param {Store} store @param {string[]} names */
export const viewParts = (store, names) => Object.fromEntries(names.map((name) => [name, SCENE[name].write(store) || '']));

/** The speed of a room as a command sets it: 0 is as fast as possible. @param {import('./types.js').RoomState} state */
export const paceOf = ({ pace, speed }) => (pace === 'auto' ? 'auto' : pace === 'max' ? 0 : speed);

/**
 * The whole configuration of the page, as the address should have it.
 * @param {Store} store
 * @param {import('./types.js').RoomState} state
 * @param {Config} opened  the address the page was opened with
 * @param {{log?:string, on?:string[], compare?:string}} [shown]  the moves of the run, and what the instruments show
 * @returns {Config}
 */
export function configuration(store, state, opened, { log, on = [], compare } = {}) {
  const { view, hide } = viewOf(store, on);
  if (opened.view.theme) view.theme = store.scene.theme;
  if (compare) view.compare = compare;
  if (state.grid !== 128) view.grid = String(state.grid);
  if (state.fps !== 30) view.fps = String(state.fps);
  const pace = paceOf(state);
  const usual = store.usualSpeed(state.model);
  if (pace !== 'auto' && Math.abs(pace - usual) > 0.01 * usual) view.speed = String(pace);
  return {
    ...differing(state, store.knobsOf(state)),
    points: asText(store.userPoints, state.own, store.catalog.limits),
    axes: store.ownAxes,
    log,
    view,
    hide,
    renderer: opened.renderer,
    room: opened.room,
  };
}
