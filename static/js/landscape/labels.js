// Where the numbers stand on the contour lines. They are placed anew a few times a second, and
// each stays on its line as long as the line stays near: a number that jumps cannot be read.

/** @import {Frame} from '../types.js' */
/** @import {Levels} from './levels.js' */
import { BANDS, MAJOR, format } from './levels.js';
import { LEVEL_GROUND } from './shading.js';
import { march } from './contours.js';

/**
 * A number on a line. x and y are shares of the picture's width and height from its upper left.
 * @typedef {object} Label
 * @property {number} level
 * @property {string} text
 * @property {number} x
 * @property {number} y
 * @property {number} toX   where it is going
 * @property {number} toY
 * @property {number} born  milliseconds
 * @property {number} gone  when it began to fade; Infinity if it has not
 * @property {string} ink
 * @property {string} ground the colour behind it
 */

const EVERY = 300; // milliseconds between two placings
const MOST = 12;
const APART = 74; // CSS pixels between the middles of two numbers
const NEARER = 0.8; // numbers that stand already may come so much nearer before one must go
const MARGIN = 24; // between a middle and the picture's edge
const STAY = 16; // a line that moved by no more takes its number along
const SHORTEST = 90; // a line shorter than this has no number

/** @typedef {{x:number, y:number, crowd:number}} Place */

/** The numbers on the lines. */
export class Labels {
  /** @type {Label[]} */
  shown = [];
  /** True while a number glides or fades, or waits to be placed. */
  moving = false;

  #placed = -Infinity;
  #last = -Infinity;
  #gliding = false;
  /** @type {Frame|null} */
  #frame = null;

  /**
   * Follows a frame for the moment `now`.
   * @param {Frame} frame
   * @param {Levels} levels
   * @param {{width:number, height:number, unit:number}} view
   * @param {number} now milliseconds
   * @returns {boolean} whether any changed since the last moment
   */
  follow(frame, levels, view, now) {
    const before = this.#gliding;
    const due = frame !== this.#frame || !levels.settled;
    if (due && now - this.#placed >= EVERY) {
      this.#placed = now;
      if (levels.settled) this.#frame = frame;
      this.shown = place(this.shown, frame, levels, view, now);
      this.#gliding = true;
    } else this.#gliding = false;
    const share = 1 - Math.exp(-(now - this.#last) / 120);
    this.#last = now;
    this.shown = this.shown.filter((label) => now - label.gone < 200 || label.gone === Infinity);
    for (const label of this.shown) {
      label.x += share * (label.toX - label.x);
      label.y += share * (label.toY - label.y);
      if (Math.hypot(label.toX - label.x, label.toY - label.y) > 5e-4 || now - label.born < 200 || label.gone !== Infinity) this.#gliding = true;
    }
    this.moving = due || this.#gliding;
    return this.#gliding || before;
  }

  /** Forgets all, so that the next frame places them at once. */
  reset() {
    this.shown = [];
    this.#placed = -Infinity;
    this.#frame = null;
    this.moving = false;
  }
}

/**
 * The labels of a frame: those of before whose line is still near, then new ones where there is room.
 * @param {Label[]} before
 * @param {Frame} frame
 * @param {{values:Float64Array}} levels
 * @param {{width:number, height:number, unit:number}} view
 * @param {number} now
 * @returns {Label[]}
 */
export function place(before, frame, levels, view, now) {
  const majors = Array.from({ length: BANDS / MAJOR }, (_, i) => (i + 1) * MAJOR);
  const texts = format(majors.map((k) => levels.values[k]));
  const lines = new Map(majors.map((k) => [k, placesOf(frame, levels, k, view)]));
  const room = APART * view.unit;
  /** @type {Label[]} */
  const kept = [];
  const free = (/** @type {Place} */ p, part = 1) => kept.every((l) => Math.hypot((l.toX - p.x) * view.width, (l.toY - p.y) * view.height) >= part * room);

  for (const label of before) {
    if (label.gone !== Infinity) continue;
    const near = closest(lines.get(label.level) ?? [], label, view);
    if (near && kept.length < MOST && free(near, NEARER)) {
      label.toX = near.x;
      label.toY = near.y;
      label.text = texts[label.level / MAJOR - 1];
      kept.push(label);
    } else label.gone = now;
  }
  // One number for each level in turn, until there is no room: so that every level has its own first.
  for (let round = 0; round < 3; round++) {
    for (const k of majors) {
      if (kept.length >= MOST || kept.filter((l) => l.level === k).length > round) continue;
      const best = (lines.get(k) ?? []).flat().filter((p) => free(p)).reduce((/** @type {Place|null} */ b, p) => (b && b.crowd <= p.crowd ? b : p), null);
      if (best) kept.push({ level: k, text: texts[k / MAJOR - 1], x: best.x, y: best.y, toX: best.x, toY: best.y, born: now, gone: Infinity, ink: '', ground: '' });
    }
  }
  return [...kept, ...before.filter((l) => l.gone !== Infinity)];
}

/**
 * The places on one level's lines where a number could stand, line by line. `crowd` is how close
 * together the levels are there, in levels per pixel, and more near the picture's edge.
 * @param {Frame} frame
 * @param {{values:Float64Array}} levels
 * @param {number} k
 * @param {{width:number, height:number, unit:number}} view
 * @returns {Place[][]}
 */
function placesOf(frame, levels, k, view) {
  const { nx, ny, grid } = frame;
  const { width, height, unit } = view;
  const stride = Math.max(1, Math.floor(Math.min(nx, ny) / 96));
  const gap = Math.max(1e-300, levels.values[k] - levels.values[k - 1]);
  const margin = MARGIN * unit;
  const lines = [];
  for (const line of march(grid, nx, ny, levels.values[k], stride)) {
    const places = [];
    let long = 0;
    for (let p = 0; p < line.length; p += 2) {
      const x = (line[p] + 0.5) / nx, y = 1 - (line[p + 1] + 0.5) / ny;
      if (p > 0) long += Math.hypot(((line[p] - line[p - 2]) * width) / nx, ((line[p + 1] - line[p - 1]) * height) / ny);
      if (x * width < margin || (1 - x) * width < margin || y * height < margin || (1 - y) * height < margin) continue;
      const i = Math.min(nx - 2, Math.floor(line[p])), j = Math.min(ny - 2, Math.floor(line[p + 1]));
      const q = j * nx + i;
      const steep = Math.hypot(((grid[q + 1] - grid[q]) * nx) / width, ((grid[q + nx] - grid[q]) * ny) / height);
      // On flat ground the renderers draw no line, for one cannot say where it runs.
      if (steep / gap > LEVEL_GROUND) places.push({ x, y, crowd: steep / gap });
    }
    if (long >= SHORTEST * unit) lines.push(places);
  }
  return lines;
}

/**
 * The place nearest to a label, if that is near enough.
 * @param {Place[][]} lines
 * @param {Label} label
 * @param {{width:number, height:number, unit:number}} view
 * @returns {Place|null}
 */
function closest(lines, label, view) {
  /** @type {Place|null} */
  let best = null;
  let least = STAY * view.unit;
  for (const p of lines.flat()) {
    const d = Math.hypot((p.x - label.toX) * view.width, (p.y - label.toY) * view.height);
    if (d < least) [best, least] = [p, d];
  }
  return best;
}
