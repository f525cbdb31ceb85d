// view.js: how the room is shown, as the address has it: `view.NAME=` and `hide=`.
import { differing } from './address.js';
import { shownExhibit } from './card.js';
import { asText } from './data/link-code.js';
import { VIEWS } from './layers.js';
import { rangeText, readRange } from './range.js';
import { LAYERS } from './tab-view.js';

/** @typedef {import('./address.js').Config} Config */
/** @typedef {import('./store.js').Store} Store */

/**
 * Shows the room as the address says.
 * @param {Store} store
 * @param {Config} config
 */
export function applyView(store, { view: { show = '', spacing, map, range, exact, frozen, as, exhibit = '', lesson = '' }, hide }) {
  const { scene, view } = store;
  const shown = show.split(',');
  for (const { id, on } of LAYERS) scene.layers[id] = (on || shown.includes(id)) && !hide.includes(id);
  scene.spacing = VIEWS.spacing.find((v) => v === spacing) ?? 'quantile';
  scene.map = VIEWS.map.find((v) => v === map) ?? 'depth';
  scene.range = readRange(range);
  scene.exact = exact === '1';
  scene.frozen = frozen === '1';
  scene.relief = as === '3d';
  view.exhibit = exhibit;
  if (view.lesson !== lesson) store.markChanged('lesson');
  view.lesson = lesson;
  store.markChanged('scene');
}

/**
 * What the address asks of the room itself: the size of its grid, its frames, its speed.
 * @param {Config} config
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

/** The speed of a room as a command sets it: 0 is as fast as possible. @param {import('./types.js').RoomState} state */
export const paceOf = ({ pace, speed }) => (pace === 'auto' ? 'auto' : pace === 'max' ? 0 : speed);

/**
 * The whole configuration of the page, as the address should have it.
 * @param {Store} store
 * @param {import('./types.js').RoomState} state
 * @param {Config} opened  the address the page was opened with
 * @returns {Config}
 */
export function configuration(store, state, opened) {
  const { scene, view: { lesson, exhibit } } = store;
  /** @type {Record<string, string>} */
  const view = {};
  if (opened.view.theme) view.theme = scene.theme;
  if (lesson) view.lesson = lesson;
  if (exhibit && shownExhibit(store)) view.exhibit = exhibit;
  const show = LAYERS.filter(({ id, on }) => !on && scene.layers[id]).map(({ id }) => id);
  if (show.length) view.show = show.join(',');
  if (scene.spacing !== 'quantile') view.spacing = scene.spacing;
  if (scene.map && scene.map !== 'depth') view.map = scene.map;
  if (scene.range) view.range = rangeText(scene.range);
  if (scene.exact) view.exact = '1';
  if (scene.frozen) view.frozen = '1';
  if (scene.relief) view.as = '3d';
  if (state.grid !== 128) view.grid = String(state.grid);
  if (state.fps !== 30) view.fps = String(state.fps);
  const pace = paceOf(state);
  const usual = store.usualSpeed(state.model);
  if (pace !== 'auto' && Math.abs(pace - usual) > 0.01 * usual) view.speed = String(pace);
  return {
    ...differing(state, store.knobsOf(state)),
    points: asText(store.userPoints, state.own, store.catalog.limits),
    axes: store.ownAxes,
    view,
    hide: LAYERS.filter(({ id, on }) => on && !scene.layers[id]).map(({ id }) => id),
    renderer: opened.renderer,
    room: opened.room,
  };
}
