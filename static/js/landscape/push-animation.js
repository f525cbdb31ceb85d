// Which pushes are shown, and for how long. A step pushes hundreds of points and the next step
// others, thirty times a second: all of them would be noise. So a few are selected; their arrows
// grow along their paths, stay long enough to be seen, and fade when the next few come.

/** @import {Frame, Scene} from '../types.js' */
import { connects, pathsByNumber } from './sample-paths.js';

/** How many arrows are readable at once. */
const MAX_ARROWS = 20;
/** Milliseconds in which an arrow grows, after which it may be replaced, and in which it fades. */
const GROW = 260;
const STAY = 1000;
const FADE = 220;
/** Arrows start one after the other within so many milliseconds; all at once would look like a flash. */
const STAGGER = 140;

/**
 * One point pushed up: its path from where it came from to where the energy is pushed, as
 * y1, y2, y1, y2, …; `share` is its weight in the update relative to the largest.
 * @typedef {{path:number[], share:number}} Up
 */
/** @typedef {{x:number, y:number, fromX:number, fromY:number, share:number}} Down */

/**
 * Pushes of one step that are shown together.
 * @typedef {object} ShownPushes
 * @property {Frame} frame
 * @property {number} shownAt  milliseconds
 * @property {number} fadedAt  when they began to fade; Infinity if they have not
 * @property {Up[]} ups
 * @property {Down[]} downs
 * @property {number[][]} paths  paths of samples, y1, y2, …
 */

/** The pushes that are shown, and those that fade. */
export class PushAnimation {
  /** @type {ShownPushes[]} */
  shown = [];
  /** True while arrows grow or fade. */
  moving = false;
  /** True while a newer frame waits to be shown. */
  waiting = false;

  /**
   * Follows a frame for the moment `now`.
   * @param {Frame} frame
   * @param {Scene} scene
   * @param {number} now milliseconds
   * @returns {boolean} whether what is shown changed since the last moment
   */
  follow(frame, scene, now) {
    const before = this.moving;
    const fade = scene.reducedMotion ? 0 : FADE;
    let last = this.shown.at(-1);
    const jump = last && (frame.generation !== last.frame.generation || frame.step < last.frame.step);
    const empty = last && last.frame.pushes.length + last.frame.paths.length + last.frame.proposals.length === 0;
    if (!last || jump || (frame !== last.frame && (empty || now - last.shownAt >= STAY))) {
      if (jump || empty) this.shown = [];
      else if (last) last.fadedAt = now;
      last = selectPushes(frame, now);
      this.shown.push(last);
    }
    this.shown = this.shown.filter((p) => now - p.fadedAt < fade || p.fadedAt === Infinity);
    this.moving = this.shown.length > 1 || (!scene.reducedMotion && now - last.shownAt < GROW + STAGGER);
    this.waiting = last.frame !== frame;
    // Once more after the last movement, so that it ends where it should.
    return this.moving || before || last.shownAt === now;
  }
}

/**
 * How much of arrow number i is drawn, 0 to 1.
 * @param {ShownPushes} pushes
 * @param {number} i
 * @param {Scene} scene
 * @param {number} now
 */
export function growth(pushes, i, scene, now) {
  if (scene.reducedMotion) return 1;
  const age = (now - pushes.shownAt - Math.min(1, i / MAX_ARROWS) * STAGGER) / GROW;
  const p = Math.min(1, Math.max(0, age));
  return 1 - (1 - p) ** 3;
}

/**
 * The opacity of pushes, 1 to 0.
 * @param {ShownPushes} pushes
 * @param {number} now
 */
export const opacity = (pushes, now) => Math.min(1, Math.max(0, 1 - (now - pushes.fadedAt) / FADE));

/**
 * Selects what is shown of a frame: pushes that are spread over the plane, in the model's order;
 * with a point that was moved before it was pushed up, the push down where it came from.
 * @param {Frame} frame
 * @param {number} now
 * @returns {ShownPushes}
 */
export function selectPushes(frame, now) {
  const { pushes } = frame;
  /** @type {number[]} */
  const up = [];
  /** @type {number[]} */
  const down = [];
  for (let p = 0; p < pushes.length; p += 5) (pushes[p + 4] > 0 ? up : down).push(p);
  const largest = (/** @type {number[]} */ rows) => rows.reduce((m, p) => Math.max(m, Math.abs(pushes[p + 4])), 1e-30);
  const largestUp = largest(up), largestDown = largest(down);
  const raised = up.map((p) => pushes.subarray(p, p + 4));
  const few = spread(frame, raised);
  const ups = [...few, ...fromTheSame(frame, raised, few)];
  const all = [...pathsByNumber(frame.paths)];
  const paths = new Map(all.filter(([k]) => (ups.length > 0 ? ups.includes(k) : k < MAX_ARROWS)));

  const from = new Set(ups.map((r) => `${pushes[up[r] + 2]} ${pushes[up[r] + 3]}`));
  let downs = down.filter((p) => from.has(`${pushes[p]} ${pushes[p + 1]}`));
  if (downs.length === 0) downs = spread(frame, down.map((p) => pushes.subarray(p, p + 4))).map((r) => down[r]);
  return {
    frame,
    shownAt: now,
    fadedAt: Infinity,
    ups: ups.map((r) => ({ path: pathOf(frame, up[r], paths.get(r)), share: pushes[up[r] + 4] / largestUp })),
    downs: downs.slice(0, MAX_ARROWS).map((p) => ({
      x: pushes[p], y: pushes[p + 1], fromX: pushes[p + 2], fromY: pushes[p + 3], share: -pushes[p + 4] / largestDown,
    })),
    paths: [...paths.values()],
  };
}

/**
 * Up to `count` of the given pushes that differ as much as so many can: mostly in where they come
 * from, a little in where they end. In their own order.
 * @param {Frame} frame
 * @param {Float32Array[]} rows of x, y, fromx, fromy
 * @param {number} [count]
 * @returns {number[]} their numbers
 */
export function spread(frame, rows, count = MAX_ARROWS) {
  /** @type {number[]} */
  const selected = [];
  const distance = (/** @type {Float32Array} */ a, /** @type {Float32Array} */ b) => Math.hypot(a[0] - b[0], a[1] - b[1]) / 4 + Math.hypot(a[2] - b[2], a[3] - b[3]);
  for (let d = 0.2 * (frame.x1 - frame.x0); selected.length < count && d > 1e-3; d /= 1.6) {
    for (let r = 0; r < rows.length && selected.length < count; r++) {
      if (selected.every((t) => distance(rows[t], rows[r]) >= d)) selected.push(r);
    }
  }
  return selected.sort((a, b) => a - b);
}

/**
 * A point whose surroundings are pushed up, close by and in more than one place, is shown with all
 * of those pushes: the others that start where a selected one does.
 * @param {Frame} frame
 * @param {Float32Array[]} rows of x, y, fromx, fromy
 * @param {number[]} selected
 * @returns {number[]} their numbers
 */
function fromTheSame(frame, rows, selected) {
  const close = 0.03 * (frame.x1 - frame.x0);
  const near = (/** @type {Float32Array} */ r) => Math.hypot(r[0] - r[2], r[1] - r[3]) < close;
  const from = new Set(selected.filter((t) => near(rows[t])).map((t) => `${rows[t][2]} ${rows[t][3]}`));
  const had = new Set(selected);
  return from.size === 0 ? [] : rows.flatMap((r, i) => (!had.has(i) && near(r) && from.has(`${r[2]} ${r[3]}`) ? [i] : []));
}

/**
 * The path of a push up: the sample's path, if that leads from where it came from to where it is;
 * else a straight line.
 * @param {Frame} frame
 * @param {number} p the push's row
 * @param {number[]} [path]
 * @returns {number[]}
 */
function pathOf(frame, p, path) {
  const push = frame.pushes.subarray(p, p + 4);
  return path && connects(frame, path, push) ? path : [push[2], push[3], push[0], push[1]];
}
