// The difference between two landscapes: a diverging map from the colour of what is pushed down to
// that of what is pushed up, and the card's colour where nothing has changed.

/** @import {Theme} from '../types.js' */
import { THEMES, fromOklab, oklab, rgb } from './palette.js';

/** Entries of the map; the middle one is no change. */
export const STEPS = 255;

/**
 * The map, as bytes r, g, b, a of STEPS entries: even in OKLab from the middle to both ends.
 * @param {Theme} theme
 */
export function divergingMap(theme) {
  const { data, up, card } = THEMES[theme];
  const [low, mid, high] = [data, card, up].map((c) => oklab(rgb(c)));
  const out = new Uint8ClampedArray(4 * STEPS);
  for (let i = 0; i < STEPS; i++) {
    const t = (2 * i) / (STEPS - 1) - 1;
    const end = t < 0 ? low : high;
    const f = Math.abs(t);
    const between = (/** @type {number} */ k) => mid[k] + f * (end[k] - mid[k]);
    out.set([...fromOklab([between(0), between(1), between(2)]), 255], 4 * i);
  }
  return out;
}

/**
 * The range of the colours: the 98 % quantile of the absolute changes, of every third value.
 * @param {Float32Array} values
 */
export function colorRange(values) {
  const sizes = [];
  for (let i = 0; i < values.length; i += 3) sizes.push(Math.abs(values[i]));
  sizes.sort((a, b) => a - b);
  return sizes[Math.floor(0.98 * (sizes.length - 1))] || 1e-12;
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
  const half = (STEPS - 1) / 2;
  for (let j = 0; j < ny; j++) {
    for (let i = 0, p = 4 * (ny - 1 - j) * nx; i < nx; i++, p += 4) {
      const t = Math.max(-1, Math.min(1, values[j * nx + i] / range));
      const k = 4 * Math.round(half + half * t);
      pixels[p] = map[k];
      pixels[p + 1] = map[k + 1];
      pixels[p + 2] = map[k + 2];
      pixels[p + 3] = 255;
    }
  }
}

/**
 * Writes b - a at every cell, less its mean: an energy is defined up to a constant.
 * @param {Float32Array} out
 * @param {Float32Array} a
 * @param {Float32Array} b
 */
export function difference(out, a, b) {
  let mean = 0;
  for (let i = 0; i < out.length; i++) mean += (b[i] - a[i]) / out.length;
  for (let i = 0; i < out.length; i++) out[i] = b[i] - a[i] - mean;
}
