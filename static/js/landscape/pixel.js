// The colour of one pixel, computed on the CPU: the same arithmetic as in shader.js, for the map
// (raster.js) and the 3-D view (relief/canvas2d.js). Colours are packed as ImageData has them in a
// little-endian integer. The functions take plain numbers and allocate nothing: they run per pixel.

/** @import {SurfaceStyle} from './surface-style.js' */
import { BANDS } from './levels.js';
import { ALPHA, BLUE, FADE_END, FADE_START, GREEN, LINE, LINE_WIDTH, RED } from './surface-style.js';

/** How many colours there are from the lowest level to the highest. */
export const TONES = 256;

/**
 * Writes the colours from the lowest level to the highest.
 * @param {Int32Array} out   TONES packed colours
 * @param {number} at        where the first is written
 * @param {SurfaceStyle} style
 * @param {(share:number) => number} light  what a colour is multiplied by, by its level as a share of all
 */
export function writeTones(out, at, { colors, lowest, lowestFill }, light) {
  for (let t = 0; t < TONES; t++) {
    const share = (t + 0.5) / TONES, position = share * 255;
    const i = Math.min(254, Math.floor(position)) * 4;
    const mix = share < 1 / BANDS ? lowestFill : 0;
    let packed = 255;
    for (let c = 2; c >= 0; c--) {
      const color = colors[i + c] + (position - (i >> 2)) * (colors[i + 4 + c] - colors[i + c]);
      packed = (packed << 8) | Math.min(255, (color + mix * (lowest[c] - color)) * light(share));
    }
    out[at + t] = packed;
  }
}

/** Which of the tones a level number has. @param {number} level */
export function toneOf(level) {
  return level >= BANDS ? TONES - 1 : (level * (TONES / BANDS)) | 0;
}

/**
 * A pixel with the contour line of level k over it.
 * @param {number} color     packed, under the line
 * @param {Float32Array} lines  of the style
 * @param {number} k
 * @param {number} distance  levels to the line
 * @param {number} slope     levels per pixel
 * @param {number} unit      pixels of the picture per CSS pixel, times the scene's scale
 */
export function withLine(color, lines, k, distance, slope, unit) {
  const p = k * LINE;
  const cover = lines[p + LINE_WIDTH] * unit * 0.5 + 0.5 - distance / slope;
  if (cover <= 0) return color;
  const end = lines[p + FADE_END];
  const fade = (end - slope * (unit < 1 ? 1 : unit)) / (end - lines[p + FADE_START]);
  if (fade <= 0) return color;
  const a = lines[p + ALPHA] * (cover < 1 ? cover : 1) * (fade < 1 ? fade : 1);
  const r = color & 255, g = (color >> 8) & 255, b = (color >> 16) & 255;
  return 0xff000000 | ((b + a * (lines[p + BLUE] - b)) << 16) | ((g + a * (lines[p + GREEN] - g)) << 8) | (r + a * (lines[p + RED] - r));
}
