// The positions of the numbers on the contour lines. They are computed a few times a second, and each
// number stays on its line as long as the line stays near: a number that jumps cannot be read.

/** @import {Frame} from '../types.js' */
/** @import {Levels} from './levels.js' */
import { contourLines, crowding } from './contours.js';
import { BANDS, MAJOR, format } from './levels.js';
import { FLAT } from './surface-style.js';

/**
 * A number on a line. x and y are shares of the picture's width and height from its upper left.
 * @typedef {object} Label
 * @property {number} level
 * @property {string} text
 * @property {number} x
 * @property {number} y
 * @property {number} toX   where it moves to
 * @property {number} toY
 * @property {number} shownAt milliseconds
 * @property {number} fadedAt when it began to fade; Infinity if it has not
 * @property {string} color
 * @property {string} halo    the colour behind it
 */

const INTERVAL = 300; // milliseconds between two placements
const MAX_LABELS = 12;
const SPACING = 74; // CSS pixels between the centres of two numbers
const TOLERANCE = 0.8; // numbers that are shown may come as near as this share of it before one is removed
const MARGIN = 24; // between a centre and the picture's edge
const FOLLOW = 16; // a number follows its line if that moved by no more
const MIN_LENGTH = 90; // a line shorter than this has no number

/** A position for a number; `crowd` is how close together the levels are there. @typedef {{x:number, y:number, crowd:number}} Position */

/** The numbers on the lines. */
export class Labels {
  /** @type {Label[]} */
  shown = [];
  /** True while a number moves or fades, or waits to be placed. */
  moving = false;

  #placed = -Infinity;
  #last = -Infinity;
  #changing = false;
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
    const before = this.#changing;
    const due = frame !== this.#frame || !levels.settled;
    if (due && now - this.#placed >= INTERVAL) {
      this.#placed = now;
      if (levels.settled) this.#frame = frame;
      this.shown = placeLabels(this.shown, frame, levels, view, now);
      this.#changing = true;
    } else this.#changing = false;
    const share = 1 - Math.exp(-(now - this.#last) / 120);
    this.#last = now;
    this.shown = this.shown.filter((label) => now - label.fadedAt < 200 || label.fadedAt === Infinity);
    for (const label of this.shown) {
      label.x += share * (label.toX - label.x);
      label.y += share * (label.toY - label.y);
      if (Math.hypot(label.toX - label.x, label.toY - label.y) > 5e-4 || now - label.shownAt < 200 || label.fadedAt !== Infinity) this.#changing = true;
    }
    this.moving = due || this.#changing;
    return this.#changing || before;
  }

  /** Removes all; the next frame positions new ones at once. */
  reset() {
    this.shown = [];
    this.#placed = -Infinity;
    this.#frame = null;
    this.moving = false;
  }
}

/**
 * The labels of a frame: those shown before whose line is still near, then new ones where there is space.
 * @param {Label[]} before
 * @param {Frame} frame
 * @param {{values:Float64Array}} levels
 * @param {{width:number, height:number, unit:number}} view
 * @param {number} now
 * @returns {Label[]}
 */
export function placeLabels(before, frame, levels, view, now) {
  const majors = Array.from({ length: BANDS / MAJOR }, (_, i) => (i + 1) * MAJOR);
  const texts = format(majors.map((k) => levels.values[k]));
  const lines = new Map(majors.map((k) => [k, positionsOf(frame, levels, k, view)]));
  const space = SPACING * view.unit;
  /** @type {Label[]} */
  const placed = [];
  const free = (/** @type {Position} */ p, part = 1) => placed.every((l) => Math.hypot((l.toX - p.x) * view.width, (l.toY - p.y) * view.height) >= part * space);

  for (const label of before) {
    if (label.fadedAt !== Infinity) continue;
    const near = closest(lines.get(label.level) ?? [], label, view);
    if (near && placed.length < MAX_LABELS && free(near, TOLERANCE)) {
      label.toX = near.x;
      label.toY = near.y;
      label.text = texts[label.level / MAJOR - 1];
      placed.push(label);
    } else label.fadedAt = now;
  }
  // One number for each level in turn, until there is no space: so that every level gets one first.
  for (let round = 0; round < 3; round++) {
    for (const k of majors) {
      if (placed.length >= MAX_LABELS || placed.filter((l) => l.level === k).length > round) continue;
      const best = (lines.get(k) ?? []).flat().filter((p) => free(p)).reduce((/** @type {Position|null} */ b, p) => (b && b.crowd <= p.crowd ? b : p), null);
      if (best) placed.push({ level: k, text: texts[k / MAJOR - 1], x: best.x, y: best.y, toX: best.x, toY: best.y, shownAt: now, fadedAt: Infinity, color: '', halo: '' });
    }
  }
  return [...placed, ...before.filter((l) => l.fadedAt !== Infinity)];
}

/**
 * The positions on one level's lines that have space for a number, line by line. `crowd` is how close
 * together the levels are there, in levels per pixel.
 * @param {Frame} frame
 * @param {{values:Float64Array}} levels
 * @param {number} k
 * @param {{width:number, height:number, unit:number}} view
 * @returns {Position[][]}
 */
function positionsOf(frame, levels, k, view) {
  const { nx, ny, grid } = frame;
  const { width, height, unit } = view;
  const stride = Math.max(1, Math.floor(Math.min(nx, ny) / 96));
  const gap = Math.max(1e-300, levels.values[k] - levels.values[k - 1]);
  const margin = MARGIN * unit;
  const lines = [];
  for (const line of contourLines(grid, nx, ny, levels.values[k], stride)) {
    const positions = [];
    let length = 0;
    for (let p = 0; p < line.length; p += 2) {
      const x = (line[p] + 0.5) / nx, y = 1 - (line[p + 1] + 0.5) / ny;
      if (p > 0) length += Math.hypot(((line[p] - line[p - 2]) * width) / nx, ((line[p + 1] - line[p - 1]) * height) / ny);
      if (x * width < margin || (1 - x) * width < margin || y * height < margin || (1 - y) * height < margin) continue;
      const crowd = crowding(frame, line[p], line[p + 1], gap, view);
      // Where it is flat the renderers draw no line.
      if (crowd > FLAT) positions.push({ x, y, crowd });
    }
    if (length >= MIN_LENGTH * unit) lines.push(positions);
  }
  return lines;
}

/**
 * The position nearest to a label, if that is near enough.
 * @param {Position[][]} lines
 * @param {Label} label
 * @param {{width:number, height:number, unit:number}} view
 * @returns {Position|null}
 */
function closest(lines, label, view) {
  /** @type {Position|null} */
  let best = null;
  let least = FOLLOW * view.unit;
  for (const p of lines.flat()) {
    const d = Math.hypot((p.x - label.toX) * view.width, (p.y - label.toY) * view.height);
    if (d < least) [best, least] = [p, d];
  }
  return best;
}
