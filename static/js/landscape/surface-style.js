// How the surface is painted: its colours by energy and the contour line of every level. The
// WebGL2 shaders, Canvas2D, the colour bar, the 3-D view and the SVG export all read this one table.

/** @import {Scene} from '../types.js' */
/** @import {Triple} from './palette.js' */
import { divergingMap } from './change.js';
import { BANDS, MAJOR, TABLE, fillTable } from './levels.js';
import { THEMES, colormap, oklab, rgb } from './palette.js';

/** Opacity of the lines: round the lowest band, major, minor. */
const OPACITY = { lowest: 0.95, major: 0.75, minor: 0.38 };
/** Width in CSS pixels. */
const WIDTH = { major: 1.35, minor: 1 };
/**
 * Where levels crowd, lines fade: from the first number of levels per CSS pixel to the second. Where
 * the picture's own pixels are larger than that, it is levels per pixel of the picture: closer lines
 * would come out as dots.
 */
const FADE = { major: [0.8, 2], minor: [0.2, 0.5] };
/** Below this slope, in levels per pixel, no line is drawn: its position would be rounding noise. */
export const FLAT = 2e-4;
/** How much of the lowest line's colour is mixed into the lowest band. */
const LOWEST_FILL = 0.07;

/** Numbers per level in [SurfaceStyle.lines], and the position of each among them. */
export const LINE = 8;
export const RED = 0, GREEN = 1, BLUE = 2, ALPHA = 3, LINE_WIDTH = 4, FADE_START = 5, FADE_END = 6;

/**
 * All of a picture that does not change from frame to frame.
 * @typedef {object} SurfaceStyle
 * @property {Uint8ClampedArray} colors  256 x 4, lowest energy first
 * @property {Float32Array} lines     (BANDS + 1) x LINE: for the line between band k-1 and band k red, green,
 *   blue (0 to 255), opacity, width, where it starts and ends to fade; opacity 0 where none is drawn
 * @property {Triple} lowest          mixed into the lowest band
 * @property {number} lowestFill      by that share
 * @property {number} hillshade       strength of the hill shading: 0 none
 * @property {boolean} exact          bilinear between the grid's cells instead of the smooth surface
 */

/**
 * The style that a scene asks for.
 * @param {Scene} scene
 * @returns {SurfaceStyle}
 */
export function surfaceStyle({ theme, layers, exact, map, scale }) {
  const { card, rim, contourDark, contourLight } = THEMES[theme];
  const colors = layers.heat ? colormap(theme, map) : uniform(card);
  const lines = lineTable(colors, contourDark, contourLight, layers.contours, scale > 1 ? 2 : 1);
  const lowest = layers.heat ? rgb(rim) : /** @type {Triple} */ ([...lines.subarray(LINE, LINE + 3)]);
  lines.set(lowest, LINE);
  return { colors, lines, lowest, lowestFill: layers.contours ? LOWEST_FILL : 0, hillshade: layers.heat ? 1 : 0, exact };
}

/**
 * A colour map of one colour.
 * @param {string} color
 */
function uniform(color) {
  const one = [...rgb(color), 255];
  return new Uint8ClampedArray(256 * 4).map((_, i) => one[i % 4]);
}

/**
 * The line of every level. Its colour is chosen per level and not per pixel, so that a line keeps
 * it along its whole length: dark where the map is light there, light where it is dark.
 * @param {Uint8ClampedArray} colors 256 x 4
 * @param {string} dark
 * @param {string} light
 * @param {boolean} [shown]
 * @param {number} [every]  of the minor levels one in so many has a line
 * @returns {Float32Array} (BANDS + 1) x LINE
 */
export function lineTable(colors, dark, light, shown = true, every = 1) {
  const out = new Float32Array((BANDS + 1) * LINE);
  for (let k = 0; k <= BANDS; k++) {
    const i = 4 * Math.round((255 * k) / BANDS);
    const lightness = oklab([colors[i], colors[i + 1], colors[i + 2]])[0];
    const lowest = k === 1, kind = lowest || k % MAJOR === 0 ? 'major' : 'minor';
    const opacity = !shown || k === 0 || (kind === 'minor' && k % every) ? 0 : lowest ? OPACITY.lowest : OPACITY[kind];
    out.set([...rgb(lightness > 0.7 ? dark : light), opacity, WIDTH[kind], ...FADE[kind]], k * LINE);
  }
  return out;
}

/** The level numbers of a change from one end of its range to the other: equal steps. */
export const CHANGE_TABLE = new Float32Array(TABLE);
fillTable(CHANGE_TABLE, Float64Array.from({ length: BANDS + 1 }, (_, k) => k));

/** @type {Map<string, SurfaceStyle>} */
const ofChange = new Map();

/**
 * The style of a change: its own colours, and lines where nothing changed and where the change is half
 * of the full colour's.
 * @param {Pick<Scene, 'theme'|'exact'>} scene
 * @returns {SurfaceStyle}
 */
export function changeStyle({ theme, exact }) {
  const key = `${theme} ${exact}`;
  let style = ofChange.get(key);
  if (!style) {
    const { ink, dataText, upText } = THEMES[theme];
    const lines = new Float32Array((BANDS + 1) * LINE);
    for (const [share, color, width] of /** @type {const} */ ([[0.25, dataText, 1.2], [0.5, ink, 1.6], [0.75, upText, 1.2]])) {
      lines.set([...rgb(color), 1, width, ...FADE.major], share * BANDS * LINE);
    }
    style = { colors: divergingMap(theme, 256), lines, lowest: [0, 0, 0], lowestFill: 0, hillshade: 0, exact };
    ofChange.set(key, style);
  }
  return style;
}

/** A colour as CSS. @param {ArrayLike<number>} table @param {number} at the index of its red */
const css = (table, at) => `rgb(${table[at]},${table[at + 1]},${table[at + 2]})`;

/**
 * The colour of a level number as CSS, without shading.
 * @param {SurfaceStyle} style
 * @param {number} level 0 to BANDS
 */
export const bandColor = ({ colors }, level) => css(colors, 4 * Math.round((255 * level) / BANDS));

/**
 * How much is left of a line where levels crowd, 1 to 0.
 * @param {SurfaceStyle} style
 * @param {number} level
 * @param {number} crowd  levels per CSS pixel
 */
export function lineFade({ lines }, level, crowd) {
  const start = lines[LINE * level + FADE_START], end = lines[LINE * level + FADE_END];
  return Math.min(1, Math.max(0, (end - crowd) / (end - start)));
}

/**
 * The line of a level for a canvas or SVG, which stroke it whole: colour, opacity and width in CSS
 * pixels.
 * @param {SurfaceStyle} style
 * @param {number} level
 */
export function lineStroke({ lines }, level) {
  const at = LINE * level;
  const short = (/** @type {number} */ v) => Math.round(1e3 * v) / 1e3;
  return { color: css(lines, at), opacity: short(lines[at + ALPHA]), width: short(lines[at + LINE_WIDTH]) };
}
