// Which pushes are shown, and for how long. A step pushes hundreds of points and the next step
// others, thirty times a second: shown one and all they would be noise. So a few are chosen, draw
// themselves along their way, stay while one looks, and fade when the next few come.

/** @import {Frame, Scene} from '../types.js' */

/** How many arrows are readable at once. */
const MANY = 20;
/** Milliseconds: an arrow draws itself, is replaced at the earliest, fades. */
const DRAW = 260;
const STAY = 1000;
const FADE = 220;
/** Arrows start one after the other within so many milliseconds; all at once would look like a flash. */
const STAGGER = 140;

/**
 * One point pushed up: its way from where it came from to where the energy is pushed, as
 * y1, y2, y1, y2, …; `share` is its weight in the update relative to the heaviest.
 * @typedef {{way:number[], share:number}} Up
 */
/** @typedef {{x:number, y:number, fromX:number, fromY:number, share:number}} Down */

/**
 * Pushes of one step that are shown together.
 * @typedef {object} Wave
 * @property {Frame} frame
 * @property {number} born  milliseconds
 * @property {number} gone  when it began to fade; Infinity if it has not
 * @property {Up[]} ups
 * @property {Down[]} downs
 * @property {number[][]} paths  ways of samples, y1, y2, …
 */

/** The wave that is shown, and the one that fades. */
export class Waves {
  /** @type {Wave[]} */
  shown = [];
  /** True while arrows draw themselves or fade. */
  moving = false;
  /** True while a newer frame waits for its turn. */
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
    const fade = scene.still ? 0 : FADE;
    let last = this.shown.at(-1);
    const jump = last && (frame.generation !== last.frame.generation || frame.step < last.frame.step);
    const idle = last && last.frame.pushes.length + last.frame.paths.length + last.frame.proposals.length === 0;
    if (!last || jump || (frame !== last.frame && (idle || now - last.born >= STAY))) {
      if (jump || idle) this.shown = [];
      else if (last) last.gone = now;
      last = choose(frame, now);
      this.shown.push(last);
    }
    this.shown = this.shown.filter((w) => now - w.gone < fade || w.gone === Infinity);
    this.moving = this.shown.length > 1 || (!scene.still && now - last.born < DRAW + STAGGER);
    this.waiting = last.frame !== frame;
    // Once more after the last move, so that it ends where it should.
    return this.moving || before || last.born === now;
  }
}

/**
 * How much of arrow number i of a wave is drawn, 0 to 1.
 * @param {Wave} wave
 * @param {number} i
 * @param {Scene} scene
 * @param {number} now
 */
export function drawn(wave, i, scene, now) {
  if (scene.still) return 1;
  const age = (now - wave.born - Math.min(1, i / MANY) * STAGGER) / DRAW;
  const p = Math.min(1, Math.max(0, age));
  return 1 - (1 - p) ** 3;
}

/**
 * How visible a wave still is, 1 to 0.
 * @param {Wave} wave
 * @param {number} now
 */
export const opacity = (wave, now) => Math.min(1, Math.max(0, 1 - (now - wave.gone) / FADE));

/**
 * Chooses what is shown of a frame: pushes that lie apart, in the order in which the model told
 * them; with a point that was thrown, the push down where it came from.
 * @param {Frame} frame
 * @param {number} now
 * @returns {Wave}
 */
export function choose(frame, now) {
  const { pushes } = frame;
  /** @type {number[]} */
  const up = [];
  /** @type {number[]} */
  const down = [];
  for (let p = 0; p < pushes.length; p += 5) (pushes[p + 4] > 0 ? up : down).push(p);
  const most = (/** @type {number[]} */ rows) => rows.reduce((m, p) => Math.max(m, Math.abs(pushes[p + 4])), 1e-30);
  const mostUp = most(up), mostDown = most(down);
  const raised = up.map((p) => pushes.subarray(p, p + 4));
  const few = apart(frame, raised);
  const ups = [...few, ...beside(frame, raised, few)];
  const ways = collect(frame, ups.length > 0 ? ups : undefined);

  const from = new Set(ups.map((r) => `${pushes[up[r] + 2]} ${pushes[up[r] + 3]}`));
  let downs = down.filter((p) => from.has(`${pushes[p]} ${pushes[p + 1]}`));
  if (downs.length === 0) downs = apart(frame, down.map((p) => pushes.subarray(p, p + 4))).map((r) => down[r]);
  return {
    frame,
    born: now,
    gone: Infinity,
    ups: ups.map((r) => ({ way: wayOf(frame, up[r], ways.get(r)), share: pushes[up[r] + 4] / mostUp })),
    downs: downs.slice(0, MANY).map((p) => ({
      x: pushes[p], y: pushes[p + 1], fromX: pushes[p + 2], fromY: pushes[p + 3], share: -pushes[p + 4] / mostDown,
    })),
    paths: [...ways.values()],
  };
}

/**
 * Up to `many` of the given pushes that differ as much as so many can: mostly in where they come
 * from, a little in where they end. In their own order.
 * @param {Frame} frame
 * @param {Float32Array[]} rows of x, y, fromx, fromy
 * @param {number} [many]
 * @returns {number[]} their numbers
 */
export function apart(frame, rows, many = MANY) {
  /** @type {number[]} */
  const taken = [];
  const far = (/** @type {Float32Array} */ a, /** @type {Float32Array} */ b) => Math.hypot(a[0] - b[0], a[1] - b[1]) / 4 + Math.hypot(a[2] - b[2], a[3] - b[3]);
  for (let d = 0.2 * (frame.x1 - frame.x0); taken.length < many && d > 1e-3; d /= 1.6) {
    for (let r = 0; r < rows.length && taken.length < many; r++) {
      if (taken.every((t) => far(rows[t], rows[r]) >= d)) taken.push(r);
    }
  }
  return taken.sort((a, b) => a - b);
}

/**
 * Of a point whose surroundings are pushed up (close by, and in more than one place) all of them
 * are shown: the other pushes that set out where a taken one did.
 * @param {Frame} frame
 * @param {Float32Array[]} rows of x, y, fromx, fromy
 * @param {number[]} taken
 * @returns {number[]} their numbers
 */
function beside(frame, rows, taken) {
  const close = 0.03 * (frame.x1 - frame.x0);
  const near = (/** @type {Float32Array} */ r) => Math.hypot(r[0] - r[2], r[1] - r[3]) < close;
  const from = new Set(taken.filter((t) => near(rows[t])).map((t) => `${rows[t][2]} ${rows[t][3]}`));
  const had = new Set(taken);
  return from.size === 0 ? [] : rows.flatMap((r, i) => (!had.has(i) && near(r) && from.has(`${r[2]} ${r[3]}`) ? [i] : []));
}

/**
 * The paths of the given numbers, or else the first MANY.
 * @param {Frame} frame
 * @param {number[]} [wanted]
 * @returns {Map<number, number[]>}
 */
function collect(frame, wanted) {
  /** @type {Map<number, number[]>} */
  const ways = new Map();
  const { paths } = frame;
  for (let p = 0; p < paths.length; p += 3) {
    const k = paths[p];
    if (wanted ? !wanted.includes(k) : k >= MANY) continue;
    const way = ways.get(k);
    if (way) way.push(paths[p + 1], paths[p + 2]);
    else ways.set(k, [paths[p + 1], paths[p + 2]]);
  }
  return ways;
}

/**
 * The way of a push up: the path, if that leads from where it came from to where it is; else straight.
 * @param {Frame} frame
 * @param {number} p the push's row
 * @param {number[]} [path]
 * @returns {number[]}
 */
function wayOf(frame, p, path) {
  const [x, y, fromX, fromY] = frame.pushes.subarray(p, p + 4);
  const near = 1e-3 * (frame.x1 - frame.x0);
  if (path && Math.hypot(path[0] - fromX, path[1] - fromY) < near
    && Math.hypot(path[path.length - 2] - x, path[path.length - 1] - y) < near) return path;
  return [fromX, fromY, x, y];
}
