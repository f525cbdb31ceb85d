// From energy to level number. The levels cut [lo, hi] into bands; between them the level number
// grows smoothly, so that a contour line is wherever it is a whole number, and the colour follows
// from the level number: lines and colours share one table, whatever the spacing. Every view of a
// landscape (map, colour bar, labels, 3-D, SVG) reads that table.

/** @import {Frame, Range, Scene, Spacing} from '../types.js' */
import { stride } from './surface.js';

/** The number of bands between lo and hi. More are crowded, fewer hide the shape of a valley. */
export const BANDS = 24;
/** Every so many levels a line is major: stronger, and labelled. */
export const MAJOR = 4;
/** Entries of the table. */
export const TABLE = 2048;
/** The table ends a little above hi, so that the line at hi itself, the edge of the plateau, is drawn. */
export const TOP = 1.25;

/**
 * The share of equal steps in energy that is mixed into quantile levels: it keeps levels apart where
 * many cells have one energy. Over the whole plane more of it would leave the wells in the lowest band.
 */
const EVEN = { data: 0.2, plane: 0.03 };
/** How much wider the last band is than the first where the spacing is logarithmic. */
const GROWTH = 60;
/** The most digits after the point that tell two levels apart. */
const MOST_DIGITS = 12;
/** Milliseconds in which a gliding level covers 63 % of its distance. Longer looks sluggish, shorter jitters with every step. */
const GLIDE = 160;
const BINS = 2048;
/** The share of the plane's cells that the range of the whole plane covers: some cells on a cliff do not set it. */
const NEARLY_ALL = 0.999;
/** About so many cells are sorted for that. */
const SORTED = 4096;

/**
 * The levels as drawn: they follow those of each new frame, but glide to them.
 * `values` are BANDS + 1 energies, first lo, last hi; `table` gives the level number of
 * t = (energy - lo) / (hi - lo) at entry t / TOP * (TABLE - 1).
 */
export class Levels {
  constructor() {
    this.values = new Float64Array(BANDS + 1);
    this.table = new Float32Array(TABLE);
    /** @type {Spacing} */
    this.spacing = 'quantile';
    /** @type {Range} */
    this.range = 'data';
    /** False while levels glide. */
    this.settled = true;
    /** Grows whenever the levels change. */
    this.revision = 0;
    this.#targets = new Float64Array(BANDS + 1);
    this.#now = -1;
  }

  #targets;
  #now;
  /** @type {Frame|null} */
  #frame = null;

  get lo() { return this.values[0]; }
  get hi() { return this.values[BANDS]; }

  /**
   * Follows a frame for the moment `now`.
   * @param {Frame} frame
   * @param {Scene} scene
   * @param {number} now milliseconds
   * @returns {boolean} whether the levels, and so the picture, moved
   */
  follow(frame, scene, now) {
    const last = this.#frame;
    const range = scene.range || scene.cardRange;
    const alike = this.spacing === scene.spacing && this.range === range;
    const same = last === frame && alike;
    if (last && scene.frozen && alike) {
      this.settled = true;
      return false;
    }
    if (same && this.settled) return false;
    // Another model, other data or a run that starts again has no levels to glide from, and an end that is dragged is where the hand is.
    const jump = !last || scene.reducedMotion || frame.generation !== last.generation || frame.step < last.step || !alike;
    if (!same) targets(this.#targets, frame, scene.spacing, range);
    const passed = jump ? 1 : 1 - Math.exp(-Math.max(0, now - this.#now) / GLIDE);
    this.settled = glide(this.values, this.#targets, passed);
    fillTable(this.table, this.values);
    this.revision++;
    this.#now = now;
    this.#frame = frame;
    this.spacing = scene.spacing;
    this.range = range;
    return true;
  }
}

/**
 * Moves every value by the given share of its distance to its target.
 * @param {Float64Array} values
 * @param {Float64Array} to
 * @param {number} share
 * @returns {boolean} whether all are there
 */
function glide(values, to, share) {
  const near = 2e-3 * (to[BANDS] - to[0]);
  let done = true;
  for (let k = 0; k <= BANDS; k++) {
    if (share < 1 && Math.abs(to[k] - values[k]) > near / BANDS) done = false;
  }
  for (let k = 0; k <= BANDS; k++) values[k] = done ? to[k] : values[k] + share * (to[k] - values[k]);
  return done;
}

/**
 * Writes the levels of one frame.
 * @param {Float64Array} out BANDS + 1 increasing energies
 * @param {Frame} frame
 * @param {Spacing} spacing
 * @param {Range} [range]
 */
export function targets(out, frame, spacing, range = 'data') {
  let [lo, hi] = range === 'data' ? [frame.lo, frame.hi] : range === 'plane' ? plane(frame.grid) : range;
  if (!Number.isFinite(lo) || !Number.isFinite(hi)) [lo, hi] = [0, 1];
  // A flat landscape has no shape to show: a range this narrow would show rounding errors.
  const least = Math.max(1e-9, 4e-5 * Math.max(Math.abs(lo), Math.abs(hi)));
  if (hi - lo < least) {
    const middle = (lo + hi) / 2;
    lo = middle - 0.52 * least;
    hi = middle + 0.48 * least;
  }
  if (spacing === 'quantile') quantiles(out, frame.grid, lo, hi, range === 'plane' ? EVEN.plane : EVEN.data);
  else for (let k = 0; k <= BANDS; k++) out[k] = spacing === 'log' ? (GROWTH ** (k / BANDS) - 1) / (GROWTH - 1) : k / BANDS;
  for (let k = 0; k <= BANDS; k++) out[k] = lo + (hi - lo) * out[k];
}

let sorted = new Float32Array(0);

/**
 * The range of the whole plane: from its least energy to nearly its greatest.
 * @param {Float32Array} grid
 * @returns {[number, number]}
 */
export function plane(grid) {
  const step = Math.floor(grid.length / SORTED) | 1; // odd, so that every column has its share
  const count = Math.ceil(grid.length / step);
  if (sorted.length !== count) sorted = new Float32Array(count);
  let least = Infinity;
  for (let i = 0; i < grid.length; i++) if (grid[i] < least) least = grid[i];
  for (let i = 0, p = 0; i < count; i++, p += step) sorted[i] = grid[p];
  sorted.sort();
  return [least, sorted[Math.ceil(NEARLY_ALL * count) - 1]];
}

const counts = new Float64Array(BINS);

/**
 * Writes levels between which about equal areas of the plane lie, as shares of [lo, hi]. What is
 * above hi is plateau and does not count.
 * @param {Float64Array} out
 * @param {Float32Array} grid
 * @param {number} lo
 * @param {number} hi
 * @param {number} even  share of equal steps
 */
function quantiles(out, grid, lo, hi, even) {
  counts.fill(0);
  let total = 0;
  const scale = BINS / (hi - lo);
  const step = stride(grid);
  for (let i = 0; i < grid.length; i += step) {
    const b = (grid[i] - lo) * scale;
    if (b < BINS) {
      counts[b > 0 ? b | 0 : 0]++;
      total++;
    }
  }
  let below = 0;
  let b = 0;
  for (let k = 0; k <= BANDS; k++) {
    const want = (k / BANDS) * total;
    while (b < BINS - 1 && below + counts[b] < want) below += counts[b++];
    const within = counts[b] > 0 ? Math.min(1, (want - below) / counts[b]) : 0;
    const share = total > 0 ? (b + within) / BINS : k / BANDS;
    out[k] = even * (k / BANDS) + (1 - even) * share;
  }
  out[0] = 0;
  out[BANDS] = 1;
}

/**
 * The level number of an energy, from the table.
 * @param {Float32Array} table
 * @param {number} t  (energy - lo) / (hi - lo)
 */
export function levelAt(table, t) {
  const at = t <= 0 ? 0 : t >= TOP ? TABLE - 1.001 : t * ((TABLE - 1.001) / TOP);
  const e = at | 0;
  const v = table[e];
  return v + (at - e) * (table[e + 1] - v);
}

/**
 * The slope of the level number there, per unit of t.
 * @param {Float32Array} table
 * @param {number} t
 */
export function levelSlope(table, t) {
  const e = (t <= 0 ? 0 : t >= TOP ? TABLE - 1.001 : t * ((TABLE - 1.001) / TOP)) | 0;
  return ((table[e + 1] - table[e]) * (TABLE - 1.001)) / TOP;
}

const slopes = new Float64Array(BANDS + 1);

/**
 * Writes the table: the level number as a function of energy, through every level and with a
 * continuous slope (Fritsch and Carlson's monotone cubic), for a kink would show as an edge in the
 * hill shading. Above hi it goes on for half a level and stays there.
 * @param {Float32Array} table
 * @param {Float64Array} values
 */
export function fillTable(table, values) {
  const lo = values[0];
  const span = values[BANDS] - lo;
  for (let k = 0; k <= BANDS; k++) slopes[k] = slope(values, k, span);
  let k = 0;
  for (let i = 0; i < TABLE; i++) {
    const energy = lo + ((TOP * i) / (TABLE - 1)) * span;
    while (k < BANDS && values[k + 1] < energy) k++;
    if (k === BANDS) {
      table[i] = Math.min(BANDS + 0.49, BANDS + (slopes[BANDS] * (energy - values[BANDS])) / span);
      continue;
    }
    const h = (values[k + 1] - values[k]) / span;
    const f = (energy - values[k]) / span / h;
    table[i] = k + f * f * (3 - 2 * f) + h * f * (1 - f) * (slopes[k] * (1 - f) - slopes[k + 1] * f);
  }
}

/**
 * The slope, in levels per span, at level k: the harmonic mean of its two neighbours' slopes.
 * @param {Float64Array} values
 * @param {number} k
 * @param {number} span
 */
function slope(values, k, span) {
  const before = k > 0 ? span / (values[k] - values[k - 1]) : 0;
  const after = k < BANDS ? span / (values[k + 1] - values[k]) : 0;
  if (k === 0) return after;
  if (k === BANDS) return before;
  return (2 * before * after) / (before + after);
}

/**
 * The values as text, all with the same number of decimals: as many as their range needs, but no more
 * than four (−2.1, 0.4, 14.0) unless neighbours would be the same. Where all are too large or too
 * small for that, powers of ten.
 * @param {number[]} values increasing
 * @returns {string[]}
 */
export function format(values) {
  let gap = Infinity;
  for (let i = 1; i < values.length; i++) gap = Math.min(gap, values[i] - values[i - 1]);
  const largest = Math.max(...values.map(Math.abs));
  const range = values[values.length - 1] - values[0];
  const asked = Math.max(0, Math.ceil(1.3 - Math.log10(range)), Math.ceil(-Math.log10(gap)));
  const powers = largest >= 1e5 || largest < 1e-3;
  let digits = powers ? 1 : Math.min(4, asked);
  /** @type {string[]} */
  let text;
  do text = values.map((v) => (powers ? v.toExponential(digits) : v.toFixed(digits)));
  while (new Set(text).size < new Set(values).size && digits++ < MOST_DIGITS);
  // A zero that was rounded from below is no negative number.
  return text.map((s) => (Number(s) === 0 ? s.replace('-', '') : s).replaceAll('-', '−'));
}
