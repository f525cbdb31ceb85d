// Which pushes are shown, and for how long. A step pushes hundreds of points and the next step
// others, thirty times a second: all of them would be noise. So a few are selected; their arrows
// grow along their paths, stay long enough to be seen, and fade when the next few come.

/** @import {Frame, Scene} from '../types.js' */
import { connects, pathsByNumber } from './sample-paths.js';

/** CSS pixels of the square's side for each arrow of a row: so many can be read. */
const ROOM = 190;
/** How few and how many arrows are shown, and how many times as many where they have no length. */
const FEWEST = 3, MOST = 10, SHORT = 2;
/** How many sample paths are shown under them. */
const MAX_PATHS = 36;
/** Milliseconds in which an arrow grows, after which it may be replaced, and in which it fades. */
const GROW = 480;
const STAY = 1200;
const FADE = 260;
/** Arrows start one after the other within so many milliseconds; all at once would look like a flash. */
const STAGGER = 140;
/** A start is near one that was shown before if it is no farther than this share of the plane's width. */
const NEAR = 0.12;

/**
 * One point pushed up. It starts at a training point, or where its chain was; it may be perturbed
 * there; it may move on from there; and the energy is pushed up where `path` ends.
 * @typedef {object} Up
 * @property {number[]} path   from where it came from to where the energy is pushed, y1, y2, y1, y2, …
 * @property {number[]} kick   the piece of it that is no walk but a perturbation or a draw; empty if there is none
 * @property {number[]} walk   the steps of its sampler; of a denoiser, from the corrupted point to the denoised
 * @property {boolean} denoises  the walk leads on from where the energy is pushed
 * @property {number} amount   its weight in the update
 * @property {number} share    the same relative to the largest
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

/** How many arrows can be read on a square of that side. @param {number} side  CSS pixels */
export const arrowsOn = (side) => Math.min(MOST, Math.max(FEWEST, Math.round((side / ROOM) ** 2)));

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
   * @param {number} [count]  how many arrows are shown
   * @returns {boolean} whether what is shown changed since the last moment
   */
  follow(frame, scene, now, count = MOST) {
    const before = this.moving;
    const fade = scene.reducedMotion ? 0 : FADE;
    let last = this.shown.at(-1);
    const jump = last && (frame.generation !== last.frame.generation || frame.step < last.frame.step);
    const empty = last && last.frame.pushes.length + last.frame.paths.length + last.frame.proposals.length === 0;
    if (!last || jump || (frame !== last.frame && (empty || now - last.shownAt >= STAY))) {
      const starts = jump || !last ? [] : last.ups.map(({ path }) => path.slice(0, 2));
      if (jump || empty) this.shown = [];
      else if (last) last.fadedAt = now;
      last = selectPushes(frame, now, { count, perturbed: scene.perturbed, starts });
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
  const age = (now - pushes.shownAt - Math.min(1, i / MOST) * STAGGER) / GROW;
  const p = Math.min(1, Math.max(0, age));
  return 1 - (1 - p) ** 2;
}

/**
 * The opacity of pushes, 1 to 0.
 * @param {ShownPushes} pushes
 * @param {number} now
 */
export const opacity = (pushes, now) => Math.min(1, Math.max(0, 1 - (now - pushes.fadedAt) / FADE));

/**
 * Selects what is shown of a frame: pushes that are spread over the plane, in the model's order,
 * near those that were shown before, so that the eye stays with them; with a point that was moved
 * before it was pushed up, the push down where it came from.
 * @param {Frame} frame
 * @param {number} now
 * @param {{count?:number, perturbed?:boolean, starts?:number[][]}} [how]  how many arrows; whether
 *   samples are perturbed before they walk; where the arrows shown before started
 * @returns {ShownPushes}
 */
export function selectPushes(frame, now, { count = MOST, perturbed = false, starts = [] } = {}) {
  const { pushes } = frame;
  /** @type {number[]} */
  const up = [];
  /** @type {number[]} */
  const down = [];
  for (let p = 0; p < pushes.length; p += 5) (pushes[p + 4] > 0 ? up : down).push(p);
  const largest = (/** @type {number[]} */ rows) => rows.reduce((m, p) => Math.max(m, Math.abs(pushes[p + 4])), 1e-30);
  const largestUp = largest(up), largestDown = largest(down);
  const all = pathsByNumber(frame.paths);
  const known = all.size > 0 ? up.slice(0, Math.max(...all.keys()) + 1) : up; // a frame has the paths of the first
  const raised = known.map((p) => pushes.subarray(p, p + 4));
  const away = raised.some(([x, y, fromX, fromY]) => x !== fromX || y !== fromY);
  const few = spread(frame, raised, away ? count : SHORT * count, starts);
  const ups = [...few, ...fromTheSame(frame, raised, few)];
  const every = Math.max(1, Math.ceil(all.size / MAX_PATHS));
  const paths = [...all].filter(([k]) => ups.includes(k) || k % every === 0).map(([, path]) => path);

  const from = new Set(ups.map((r) => `${pushes[up[r] + 2]} ${pushes[up[r] + 3]}`));
  let downs = down.filter((p) => from.has(`${pushes[p]} ${pushes[p + 1]}`));
  if (downs.length === 0) downs = spread(frame, down.map((p) => pushes.subarray(p, p + 4)), SHORT * count).map((r) => down[r]);
  return {
    frame,
    shownAt: now,
    fadedAt: Infinity,
    ups: ups.map((r) => upOf(frame, pushes.subarray(up[r], up[r] + 5), all.get(r), perturbed, largestUp)),
    downs: downs.slice(0, SHORT * MOST).map((p) => ({
      x: pushes[p], y: pushes[p + 1], fromX: pushes[p + 2], fromY: pushes[p + 3], share: -pushes[p + 4] / largestDown,
    })),
    paths,
  };
}

/**
 * Up to `count` of the given pushes that differ as much as so many can: mostly in where they come
 * from, a little in where they end. First those nearest to where others started before. In their
 * own order.
 * @param {Frame} frame
 * @param {Float32Array[]} rows of x, y, fromx, fromy
 * @param {number} [count]
 * @param {number[][]} [starts]
 * @returns {number[]} their numbers
 */
export function spread(frame, rows, count = MOST, starts = []) {
  const width = frame.x1 - frame.x0;
  /** @type {number[]} */
  const selected = [];
  const distance = (/** @type {Float32Array} */ a, /** @type {Float32Array} */ b) => Math.hypot(a[0] - b[0], a[1] - b[1]) / 4 + Math.hypot(a[2] - b[2], a[3] - b[3]);
  for (const [x, y] of starts.slice(0, count)) {
    let best = -1, least = NEAR * width;
    rows.forEach((row, r) => {
      const d = Math.hypot(row[2] - x, row[3] - y);
      if (d < least && selected.every((t) => distance(rows[t], row) >= NEAR * width)) [best, least] = [r, d];
    });
    if (best >= 0) selected.push(best);
  }
  for (let d = 0.2 * width; selected.length < count && d > 1e-3; d /= 1.6) {
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
 * A push up and how its point got there. A path that leads from where it came from to where it is, is
 * its walk, whose first piece may be a perturbation. One that begins where the energy is pushed is a
 * denoiser's. Without a path, the point was drawn.
 * @param {Frame} frame
 * @param {Float32Array} push  x, y, fromx, fromy, amount
 * @param {number[]|undefined} path
 * @param {boolean} perturbed
 * @param {number} largest  amount of the step
 * @returns {Up}
 */
export function upOf(frame, push, path, perturbed, largest) {
  const [x, y, fromX, fromY, amount] = push;
  const up = { path: [fromX, fromY, x, y], kick: [fromX, fromY, x, y], walk: /** @type {number[]} */ ([]), denoises: false, amount, share: amount / largest };
  if (path && connects(frame, path, push)) {
    const kicked = perturbed ? 1 : 0;
    return { ...up, path, kick: kicked ? path.slice(0, 4) : [], walk: path.slice(2 * kicked) };
  }
  if (path && Math.hypot(path[0] - x, path[1] - y) < 0.05 * (frame.x1 - frame.x0)) return { ...up, walk: path, denoises: true };
  return up;
}
