// act-state.js: what follows from an act as the server sends it: shares, what a pointer does on the
// landscape, quotas, how the pins came out. Nothing here touches the page.
/** @import {Act, Mine, Point} from './class-data.js' */
/** @import {Question} from '../types.js' */

/** Who looks at an act: its owner, a member or the one with the chalk, or somebody who only watches. @typedef {'owner'|'member'|'watcher'} Who */
/** What a pointer does on the landscape. @typedef {'place'|'pins'|'drawing'|'marbles'} Mode */

/** The most points in all that a class draws together. */
export const MOST_DRAWN = 2000;
/** Marbles, pins and drawn points that each may set, where the act does not say. */
const LIMITS = { question: 1, pins: 3, drawing: 60, marbles: 5 };

/** How many points each may set. @param {Pick<Act, 'kind'|'limit'>} act */
export const limitOf = ({ kind, limit }) => limit ?? LIMITS[kind];

/**
 * The numbers behind the bars of a question: how many chose each, its share of those who answered, and
 * the same of the first vote; null where they are not known yet.
 * @param {Pick<Act, 'choices'|'counts'|'earlier'>} act
 */
export function tally({ choices = [], counts, earlier }) {
  if (!counts) return null;
  const sum = (/** @type {number[]} */ all) => all.reduce((a, b) => a + b, 0);
  const total = sum(counts), before = earlier ? sum(earlier) : 0;
  return choices.map((_, k) => ({
    n: counts[k] ?? 0,
    share: total ? (counts[k] ?? 0) / total : 0,
    before: earlier ? { n: earlier[k] ?? 0, share: before ? (earlier[k] ?? 0) / before : 0 } : null,
  }));
}

/**
 * What a pointer does on the landscape, or null. Pins and places are the members'; the owner draws and
 * drops marbles too, and marks the right place when a question that asks for one is closed.
 * @param {Act|null} act
 * @param {Who} who
 * @returns {Mode|null}
 */
export function modeOf(act, who) {
  if (act?.phase === 'closed' && who === 'owner' && act.place) return 'place';
  if (!act || act.phase !== 'open' || who === 'watcher') return null;
  if (act.kind === 'drawing' || act.kind === 'marbles') return act.kind;
  if (who === 'owner') return null;
  return act.kind === 'pins' ? 'pins' : act.place ? 'place' : null;
}

/** How many of one's pins lie where the energy rose. @param {Mine|undefined} mine */
export function hits(mine) {
  const of = mine?.points?.length ?? 0;
  return of && mine?.share !== undefined ? { hit: Math.round(mine.share * of), of } : null;
}

/** Whether an answer has something in it. @param {Mine} answer */
export const answered = ({ choice, points }) => choice !== undefined || Boolean(points?.length);

/** An answer as it is sent: without what the server adds. @param {Mine} answer @returns {Mine} */
export const answerOf = ({ choice, points, strokes }) => ({ ...(choice !== undefined && { choice }), ...(points?.length && { points }), ...(strokes?.length && { strokes }) });

/** An answer without its last stroke. @param {Mine} answer @returns {Mine} */
export function withoutLastStroke({ points = [], strokes = [] }) {
  const last = strokes.at(-1) ?? points.length;
  return { points: points.slice(0, points.length - last), strokes: strokes.slice(0, -1) };
}

/**
 * An answer with another pin: a tap on a pin removes it, and beyond the limit the oldest is replaced.
 * @param {Point[]} points
 * @param {Point} y
 * @param {number} limit
 * @param {number} near  how near a tap must be, in the plane
 */
export function withPin(points, y, limit, near) {
  const at = points.findIndex(([y1, y2]) => Math.hypot(y1 - y[0], y2 - y[1]) <= near);
  if (at >= 0) return points.filter((_, i) => i !== at);
  return [...points.slice(Math.max(0, points.length + 1 - limit)), y];
}

/**
 * Whether the energy rose at a point, more than it did on the mean over the plane.
 * @param {Float32Array} change  less its mean, as a frame's grid
 * @param {{nx:number, ny:number, x0:number, x1:number, y0:number, y1:number}} plane
 * @param {Point} y
 */
export function rose(change, { nx, ny, x0, x1, y0, y1 }, y) {
  const i = Math.min(nx - 1, Math.max(0, Math.floor(((y[0] - x0) / (x1 - x0)) * nx)));
  const j = Math.min(ny - 1, Math.max(0, Math.floor(((y[1] - y0) / (y1 - y0)) * ny)));
  return change[j * nx + i] > 0;
}

/** The change from one grid to another, less its mean over the plane. @param {Float32Array} from @param {Float32Array} to */
export function centredChange(from, to) {
  const out = new Float32Array(to.length);
  let sum = 0;
  for (let i = 0; i < to.length; i++) sum += out[i] = to[i] - from[i];
  const mean = sum / to.length;
  for (let i = 0; i < out.length; i++) out[i] -= mean;
  return out;
}

/** Steps to play on: a tenth of the usual run, to one digit. @param {number} steps */
export function stepsOn(steps) {
  const tenth = Math.max(1, steps / 10), size = 10 ** Math.floor(Math.log10(tenth));
  return Math.max(1, Math.round(tenth / size) * size);
}

/** The radius of a right place that the owner marks, as a share of the plane's width. */
export const RIGHT_PLACE = 0.06;
/** The longest question, and the longest answer, in characters. */
export const LONG = 1000, LONG_CHOICE = 200;

/** A text on one line, and cut where it is too long. @param {string} text @param {number} [most] */
export function trimmed(text, most = LONG) {
  const line = text.replace(/\s+/g, ' ').trim();
  return [...line].length > most ? `${[...line].slice(0, most - 1).join('')}…` : line;
}

/**
 * A question of a lesson as an act, its choices in an order.
 * @param {Question} question
 * @param {number[]} order
 */
export function startOf({ ask, choices = [], place }, order) {
  return { kind: 'question', text: trimmed(ask), ...(place ? { place: true } : { choices: order.map((k) => trimmed(choices[k].text, LONG_CHOICE)) }) };
}

/**
 * The order in which an act has the choices of a question; null if it is an act of another question.
 * @param {Question} question
 * @param {Act|null} act
 */
export function orderIn({ ask, choices = [], place }, act) {
  if (act?.kind !== 'question' || act.text !== trimmed(ask) || Boolean(act.place) !== Boolean(place)) return null;
  const texts = choices.map(({ text }) => trimmed(text, LONG_CHOICE));
  const order = (act.choices ?? []).map((text) => texts.indexOf(text));
  return order.includes(-1) || new Set(order).size !== (place ? 0 : choices.length) ? null : order;
}

/**
 * What is revealed of a question of a lesson.
 * @param {Question} question
 * @param {number[]} order
 */
export function revealOf({ choices = [], place, why }, order) {
  if (place) return { circles: place, ...(why && { why: [trimmed(why)] }) };
  return {
    right: order.flatMap((k, i) => (choices[k].right ? [i] : [])),
    why: order.map((k) => trimmed(choices[k].why ?? '')),
  };
}

/**
 * What has changed between two lists of places of marbles, as multisets: which of the first are gone,
 * by their indices, and which are new.
 * @param {Point[]} before
 * @param {Point[]} now
 */
export function changed(before, now) {
  /** @type {Map<string, number>} */
  const left = new Map();
  for (const y of now) left.set(String(y), (left.get(String(y)) ?? 0) + 1);
  /** @type {number[]} */
  const gone = [];
  before.forEach((y, i) => {
    const n = left.get(String(y)) ?? 0;
    if (n > 0) left.set(String(y), n - 1);
    else gone.push(i);
  });
  /** @type {Point[]} */
  const added = [];
  for (const y of now) {
    const n = left.get(String(y)) ?? 0;
    if (n === 0) continue;
    left.set(String(y), n - 1);
    added.push(y);
  }
  return { gone, added };
}

/** Returns a function that reports whether one of its values is another than at the call before. */
export function differs() {
  /** @type {unknown[]} */
  let before = [];
  return (/** @type {unknown[]} */ ...values) => {
    const other = values.length !== before.length || values.some((value, i) => value !== before[i]);
    before = values;
    return other;
  };
}
