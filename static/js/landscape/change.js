// The difference between two landscapes: a diverging map from the colour of what is pushed down to
// that of what is pushed up, and the card's colour where nothing has changed.

/** @import {Frame, Theme} from '../types.js' */
import { THEMES, fromOklab, oklab, rgb } from './palette.js';

/** Entries of the map; the middle one is no change. */
export const STEPS = 255;
/** How near its ends come to the two colours: areas are quieter than the points and arrows on them. */
const FULL = 0.78;
/** Cells within this share of the plane's width of a data point are near the data. */
const NEAR = 0.05;
/** The share of the cells near the data whose change the colours cover. */
const COVERED = 0.98;
/** About so many of them are sorted for that. */
const SORTED = 4096;
/** A change smaller than this share of the energies is none: it would show how numbers are rounded. */
const ROUNDING = 2e-6;

/**
 * The map, as bytes r, g, b, a: even in OKLab from the middle to both ends.
 * @param {Theme} theme
 * @param {number} [steps]  entries
 */
export function divergingMap(theme, steps = STEPS) {
  const { data, up, card } = THEMES[theme];
  const [low, mid, high] = [data, card, up].map((c) => oklab(rgb(c)));
  const out = new Uint8ClampedArray(4 * steps);
  for (let i = 0; i < steps; i++) {
    const t = (2 * i) / (steps - 1) - 1;
    const end = t < 0 ? low : high;
    const f = FULL * Math.abs(t);
    const between = (/** @type {number} */ k) => mid[k] + f * (end[k] - mid[k]);
    out.set([...fromOklab([between(0), between(1), between(2)]), 255], 4 * i);
  }
  return out;
}

/**
 * The cells near the data, as indices of the grid; all cells where there are no points.
 * @param {Pick<Frame, 'nx'|'ny'|'x0'|'x1'|'y0'|'y1'>} plane
 * @param {Float32Array} points  rows of y1, y2
 */
export function cellsNear({ nx, ny, x0, x1, y0, y1 }, points) {
  const near = new Uint8Array(nx * ny).fill(points.length ? 0 : 1);
  const reach = NEAR * nx;
  for (let p = 0; p < points.length; p += 2) {
    const x = ((points[p] - x0) / (x1 - x0)) * nx - 0.5, y = ((points[p + 1] - y0) / (y1 - y0)) * ny - 0.5;
    for (let j = Math.max(0, Math.ceil(y - reach)); j <= Math.min(ny - 1, y + reach); j++) {
      const half = Math.sqrt(reach ** 2 - (j - y) ** 2);
      const from = Math.max(0, Math.ceil(x - half)), to = Math.min(nx - 1, Math.floor(x + half));
      if (from <= to) near.fill(1, j * nx + from, j * nx + to + 1);
    }
  }
  const cells = new Uint32Array(near.reduce((count, is) => count + is, 0));
  for (let i = 0, k = 0; i < near.length; i++) if (near[i]) cells[k++] = i;
  return cells;
}

let sizes = new Float32Array(0);

/**
 * The range of the colours, for what the change is near the data: far from them energies are free to
 * change by much more. It is 0 where nothing changed.
 * @param {Float32Array} values
 * @param {Uint32Array} cells  those of [cellsNear]
 * @param {Pick<Frame, 'lo'|'hi'>} energies  that changed
 */
export function colorRange(values, cells, { lo, hi }) {
  const step = Math.floor(cells.length / SORTED) + 1;
  const count = Math.ceil(cells.length / step);
  if (sizes.length !== count) sizes = new Float32Array(count);
  for (let i = 0; i < count; i++) sizes[i] = Math.abs(values[cells[i * step]]);
  sizes.sort();
  const range = count ? sizes[Math.floor(COVERED * (count - 1))] : 0;
  return range > ROUNDING * Math.max(Math.abs(lo), Math.abs(hi)) ? range : 0;
}

/**
 * Writes the colours of the values, highest y2 first as a picture has it.
 * @param {Uint8ClampedArray} pixels nx * ny * 4
 * @param {Float32Array} values      nx * ny, lowest y2 first
 * @param {number} nx
 * @param {number} range             the change that has the full colour, up or down
 * @param {Uint8ClampedArray} map    of divergingMap
 */
export function writeColors(pixels, values, nx, range, map) {
  const ny = values.length / nx;
  const half = (STEPS - 1) / 2, inv = range > 0 ? 1 / range : 0;
  for (let j = 0; j < ny; j++) {
    for (let i = 0, p = 4 * (ny - 1 - j) * nx; i < nx; i++, p += 4) {
      const t = Math.max(-1, Math.min(1, values[j * nx + i] * inv));
      const k = 4 * Math.round(half + half * t);
      pixels[p] = map[k];
      pixels[p + 1] = map[k + 1];
      pixels[p + 2] = map[k + 2];
      pixels[p + 3] = 255;
    }
  }
}

/**
 * Writes b - a at every cell, less its mean near the data: an energy is defined up to a constant.
 * @param {Float32Array} out
 * @param {Float32Array} a
 * @param {Float32Array} b
 * @param {Uint32Array} cells  those of [cellsNear]
 */
export function difference(out, a, b, cells) {
  let mean = 0;
  for (const i of cells) mean += (b[i] - a[i]) / cells.length;
  for (let i = 0; i < out.length; i++) out[i] = b[i] - a[i] - mean;
}
