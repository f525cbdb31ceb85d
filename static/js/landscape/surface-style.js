// The ground on which a picture is drawn: all of it that does not change from frame to frame.

/** @import {Scene} from '../types.js' */
/** @import {Triple} from './palette.js' */
import { BANDS } from './levels.js';
import { THEMES, colormap, oklab, rgb } from './palette.js';

/**
 * @typedef {object} Ground
 * @property {Uint8ClampedArray} map   256 x 4, what lies under the lines
 * @property {Uint8ClampedArray} inks  (BANDS + 1) x 4, the colour of each line
 * @property {Triple} rim              round the lowest set
 * @property {boolean} lines           contour lines are shown
 * @property {number} relief           strength of the hill shade: 0 flat
 * @property {boolean} exact           the grid's own values joined straight
 */

/**
 * The ground that a scene asks for.
 * @param {Scene} scene
 * @returns {Ground}
 */
export function groundOf({ theme, layers, exact, map }) {
  const { card, rim, contourDark, contourLight } = THEMES[theme];
  const ground = layers.heat ? colormap(theme, map) : bare(card);
  const inks = lineInks(ground, contourDark, contourLight);
  return {
    map: ground,
    inks,
    rim: layers.heat ? rgb(rim) : [inks[4], inks[5], inks[6]],
    lines: layers.contours,
    relief: layers.heat ? 1 : 0,
    exact,
  };
}

/**
 * A map of one colour.
 * @param {string} color
 */
function bare(color) {
  const one = [...rgb(color), 255];
  return new Uint8ClampedArray(256 * 4).map((_, i) => one[i % 4]);
}

/**
 * The colour of every contour line, chosen per level and not per pixel, so that a line keeps its
 * colour along its whole way: dark where the map is light there, light where it is dark.
 * @param {Uint8ClampedArray} map 256 x 4
 * @param {string} dark
 * @param {string} light
 * @returns {Uint8ClampedArray} (BANDS + 1) x 4; entry k is the line between band k-1 and band k
 */
export function lineInks(map, dark, light) {
  const out = new Uint8ClampedArray((BANDS + 1) * 4);
  for (let k = 0; k <= BANDS; k++) {
    const i = 4 * Math.round((255 * k) / BANDS);
    const lightness = oklab([map[i], map[i + 1], map[i + 2]])[0];
    out.set([...rgb(lightness > 0.7 ? dark : light), 255], k * 4);
  }
  return out;
}

/**
 * The colours of a number on a line: the line's own, on the map's colour there.
 * @param {Ground} ground
 * @param {number} level
 */
export function labelColors({ inks, map }, level) {
  const i = 4 * Math.round((255 * level) / BANDS);
  const css = (/** @type {ArrayLike<number>} */ c) => `rgb(${c[0]},${c[1]},${c[2]})`;
  return { ink: css(inks.subarray(4 * level, 4 * level + 3)), ground: css(map.subarray(i, i + 3)) };
}
