// view.js: how the room is looked at, as the address has it: `view.NAME=` and `hide=`.
import { LAYERS } from './store.js';
import { VIEWS } from './layers.js';
import { differing } from './address.js';
import { asText } from './data/link-code.js';
import { visited } from './card.js';

/** @typedef {import('./address.js').Config} Config */
/** @typedef {import('./store.js').Store} Store */

/**
 * Looks at the room as the address says.
 * @param {Store} store
 * @param {Config} config
 */
export function applyView(store, { view, hide }) {
  const shown = (view.show ?? '').split(',');
  for (const { id, on } of LAYERS) store.scene.layers[id] = (on || shown.includes(id)) && !hide.includes(id);
  store.scene.spacing = VIEWS.spacing.find((v) => v === view.spacing) ?? 'quantile';
  store.scene.map = VIEWS.map.find((v) => v === view.map) ?? 'depth';
  store.scene.exact = view.exact === '1';
  store.scene.frozen = view.frozen === '1';
  store.scene.relief = view.as === '3d';
  store.visit = view.exhibit ?? '';
  if (store.lesson !== (view.lesson ?? '')) store.note('lesson');
  store.lesson = view.lesson ?? '';
  store.note('scene');
}

/**
 * What the room itself is to do for the view: the size of its grid, its frames, its speed.
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

/**
 * The whole configuration of the page, as the address should have it.
 * @param {Store} store
 * @param {import('./types.js').RoomState} state
 * @param {Config} opened  the address the page was opened with
 * @returns {Config}
 */
export function configuration(store, state, opened) {
  const { scene } = store;
  /** @type {Record<string, string>} */
  const view = {};
  if (opened.view.theme) view.theme = scene.theme;
  if (store.lesson) view.lesson = store.lesson;
  if (store.visit && visited(store)) view.exhibit = store.visit;
  const show = LAYERS.filter(({ id, on }) => !on && scene.layers[id]).map(({ id }) => id);
  if (show.length) view.show = show.join(',');
  if (scene.spacing !== 'quantile') view.spacing = scene.spacing;
  if (scene.map && scene.map !== 'depth') view.map = scene.map;
  if (scene.exact) view.exact = '1';
  if (scene.frozen) view.frozen = '1';
  if (scene.relief) view.as = '3d';
  if (state.grid !== 128) view.grid = String(state.grid);
  if (state.fps !== 30) view.fps = String(state.fps);
  const usual = store.usualSpeed(state.model);
  if (Math.abs(state.speed - usual) > 0.01 * usual) view.speed = String(state.speed);
  const knobs = [
    ...(store.catalog.models.find((m) => m.id === state.model)?.knobs ?? []),
    ...store.dataKnobsOf(state.data),
  ];
  return {
    ...differing(state, knobs),
    points: asText(store.own, state.own),
    view,
    hide: LAYERS.filter(({ id, on }) => on && !scene.layers[id]).map(({ id }) => id),
    renderer: opened.renderer,
    room: opened.room,
  };
}
