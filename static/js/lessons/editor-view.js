// editor-view.js: what the page shows, as a step of a lesson has it: the run from its beginning, the step
// where it stands, and how it is shown. And what has changed since a step was taken, for its Try.
/** @import {Page} from '../instruments/index.js' */
/** @import {Bounds, LessonStep} from '../types.js' */
import { differing } from '../address.js';
import { encode, rounded } from '../data/link-code.js';
import { say, words } from '../strings.js';
import { pressed } from '../toggles.js';
import { configuration } from '../view.js';

/** @typedef {import('../address.js').Value} Value */
/** What a step takes from the page. @typedef {Pick<LessonStep, 'open'|'log'|'stop'|'view'>} View */

/** Of the settings of a link, those that are the reader's own or belong to the moment. */
const NOT_OF_A_STEP = ['lesson', 'exhibit', 'theme', 'fps', 'grid', 'speed'];

/**
 * Takes the run and the view that the page shows. `missing` says what of the run a step cannot have;
 * '' if it has all.
 * @param {Pick<Page, 'store'|'client'>} page
 * @returns {Promise<{view:View, missing:string}>}
 */
export async function takeView({ store, client }) {
  const { state, frame } = store;
  if (!state || !frame) throw new Error(words.loading);
  const step = frame.step;
  const { open, missing = '' } = await client.query({ opening: store.room });
  const { log = [], ...opening } = open ?? present(store);
  const usual = new Map(store.knobsOf(state).map(({ name, default: value }) => [name, value]));
  opening.knobs = Object.fromEntries(Object.entries(opening.knobs ?? {}).filter(([name, value]) => usual.get(name) !== value));
  const { code, exact } = await pointsOf({ store, client }, opening.points ?? state.own);
  if (code) opening.points = code;
  const moves = log.filter((/** @type {{step:number}} */ move) => move.step <= step);
  const shown = shownView(store);
  return {
    view: {
      open: opening,
      ...(moves.length && { log: moves }),
      ...(step > 0 && { stop: step }),
      ...(Object.keys(shown).length && { view: shown }),
    },
    missing: missing ? say.runNotTaken(missing) : exact ? '' : words.pointsRounded,
  };
}

/** The present settings as a configuration. @param {Page['store']} store */
function present(store) {
  const { state } = store;
  if (!state) throw new Error(words.loading);
  const { model, data, seed, knobs } = differing(state, store.knobsOf(state));
  return { model, data, seed: seed ?? 1, knobs, ...(store.ownAxes && { axes: store.ownAxes }) };
}

/**
 * The code of the user's own points, and whether it has them exactly.
 * @param {Pick<Page, 'store'|'client'>} page
 * @param {string|undefined} id
 */
async function pointsOf({ store, client }, id) {
  if (!id) return { code: '', exact: true };
  const { box } = store.catalog.limits;
  const y = store.userPoints.id === id ? store.userPoints.y : (await client.query({ points: id })).points;
  return { code: encode(y, box), exact: y.every((/** @type {[number, number]} */ p) => rounded(p, box).every((v, i) => Math.abs(v - p[i]) < 1e-9)) };
}

/** How the landscape is shown, as a link has it. @param {Page['store']} store */
function shownView(store) {
  const { state } = store;
  if (!state) return {};
  const { view, hide } = configuration(store, state, { knobs: {}, view: {}, hide: [] }, { on: pressed() });
  const shown = Object.fromEntries(Object.entries(view).filter(([name]) => !NOT_OF_A_STEP.includes(name)));
  return hide.length ? { ...shown, hide: hide.join(',') } : shown;
}

/**
 * What has been done since the step was taken, as commands that do it again: the knobs that were set,
 * or another configuration, how far the run went on, and what is shown otherwise.
 * @param {LessonStep} step
 * @param {Page['store']} store
 */
export function changesSince({ open, log = [], stop, view = {} }, store) {
  const { state, frame } = store;
  if (!state || !frame) return [];
  /** @type {Record<string, any>[]} */
  const actions = [];
  const knobs = store.knobsOf(state);
  const before = new Map([...Object.entries(open.knobs ?? {}), ...log.map(({ set }) => /** @type {[string, Value]} */ ([set.knob, set.value]))]);
  const changed = knobs.filter(({ name, default: usual }) => state.knobs[name] !== undefined && state.knobs[name] !== (before.get(name) ?? usual));
  const same = state.model === open.model && state.seed === (open.seed ?? 1) && (!open.data || open.data === state.data) && !state.own === !open.points;
  if (!same) actions.push({ open: { ...present(store), ...(open.points && state.own && { points: open.points }) } });
  else for (const { name } of changed) actions.push({ set: { knob: name, value: state.knobs[name] } });
  if (frame.step !== stop && (actions.length || typeof stop === 'number') && frame.step > 0) actions.push({ seek: { step: frame.step } });
  const shown = shownSince(view, shownView(store));
  if (Object.keys(shown).length) actions.push({ show: shown });
  return actions;
}

/**
 * What is shown otherwise now: of layers the names of those that were added to the view or taken from it.
 * @param {Record<string, string>} before
 * @param {Record<string, string>} now
 */
function shownSince(before, now) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((name) => name !== 'show' && name !== 'hide');
  /** @type {Record<string, string>} */
  const changed = Object.fromEntries(names.filter((name) => now[name] !== before[name]).map((name) => [name, now[name] ?? '']));
  const layers = (/** @type {string|undefined} */ text) => (text ?? '').split(',').filter(Boolean);
  for (const [name, other] of [['show', 'hide'], ['hide', 'show']]) {
    const added = [...layers(now[name]).filter((l) => !layers(before[name]).includes(l)), ...layers(before[other]).filter((l) => !layers(now[other]).includes(l))];
    if (added.length) changed[name] = [...layers(now[name]), ...added.filter((l) => !layers(now[name]).includes(l))].join(',');
  }
  return changed;
}

/** The numbers of the newest frame that can be bound. @param {Page['store']} store @returns {[string, number][]} */
export const numbersNow = (store) => (store.model?.scalars ?? []).map((name) => /** @type {[string, number]} */ ([name, store.scalar(name)])).filter(([, value]) => Number.isFinite(value));

/** A bound with a tenth to spare, to two digits. @param {number} value @returns {number} */
export const boundBelow = (value) => Number((value - 0.1 * Math.abs(value)).toPrecision(2));

/** Whether the present numbers lie within their bounds, as far as they are known. @param {Bounds} bounds @param {Page['store']} store */
export function broken(bounds, store) {
  return Object.entries(bounds).flatMap(([name, { above = -Infinity, below = Infinity }]) => {
    const value = store.scalar(name);
    return Number.isFinite(value) && !(value > above && value < below) ? [name] : [];
  });
}
