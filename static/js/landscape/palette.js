// The colours: each has one meaning everywhere. The page's style sheet uses the same table.

/** @import {Theme} from '../types.js' */
/** @typedef {'depth'|'cividis'|'grey'} MapName */

/**
 * The colours of a theme. Themes change the lightness, not the meaning: low energy is blue, dark on
 * paper and bright at night, and the plateau has the colour of paper or of night; data are magenta and
 * what is pushed up is green in both.
 * @typedef {object} Colors
 * @property {string[]} map       the colour map's stops, lowest energy first
 * @property {string} paper       the page
 * @property {string} card        a surface on it
 * @property {string} ink         text
 * @property {string} muted       lesser text
 * @property {string} line        rules and borders
 * @property {string} data        training points: pushed down
 * @property {string} dataRim     round a training point
 * @property {string} dataText    the same meaning in text, readable on paper and card
 * @property {string} up          pushed up
 * @property {string} upText
 * @property {string} halo        under the arrows; translucent
 * @property {string} path        sample paths and the model's own arrows
 * @property {string} mark        the model's own parts in the plane
 * @property {string} markRim
 * @property {string} rim         round the lowest set
 * @property {string} contourDark   contour lines where the map is light
 * @property {string} contourLight  contour lines where the map is dark
 */

/** @type {Record<Theme, Colors>} */
export const THEMES = {
  light: {
    map: ['#10183f', '#173f7a', '#1f7a9c', '#55b3ab', '#a9d8c2', '#e3f0e2', '#f7f5ef'],
    paper: '#f6f4ee', card: '#fffefb', ink: '#171a26', muted: '#5d6270', line: '#dfdbd0',
    data: '#e5007d', dataRim: '#ffffff', dataText: '#b80065',
    up: '#19c25a', upText: '#0b7238', halo: 'rgba(4, 44, 26, 0.5)',
    path: '#f08a00', mark: '#ffffff', markRim: '#171a26', rim: '#ffd58a',
    contourDark: '#141a45', contourLight: '#ffffff',
  },
  dark: {
    map: ['#dff4ff', '#96d3f4', '#50a5d8', '#2f77b2', '#264f86', '#1b2c50', '#12141f'],
    paper: '#0d0f17', card: '#151823', ink: '#eceaf4', muted: '#9aa0b4', line: '#272b3b',
    data: '#ff5fb0', dataRim: '#1f0515', dataText: '#ff74bb',
    up: '#3dff8b', upText: '#3dff8b', halo: 'rgba(3, 20, 12, 0.72)',
    path: '#ffb454', mark: '#ffffff', markRim: '#12141f', rim: '#7a3d00',
    contourDark: '#0d1230', contourLight: '#eaf4ff',
  },
};

/**
 * Other maps with the same two ends, for readers and projectors that the first does not suit:
 * `cividis` varies from blue to yellow only, which all colour-blind readers can tell apart; `grey`
 * is lightness alone.
 * @type {Record<Theme, Record<'cividis'|'grey', string[]>>}
 */
const OTHERS = {
  light: {
    cividis: ['#00204d', '#25456f', '#56667c', '#8a8a7c', '#bcae74', '#e8dcaa', '#f7f5ef'],
    grey: ['#14161c', '#3b3e46', '#666970', '#93959a', '#bfbfbd', '#e3e1db', '#f7f5ef'],
  },
  dark: {
    cividis: ['#fff1a8', '#e0c965', '#ab9d70', '#797a78', '#4a5974', '#22365c', '#12141f'],
    grey: ['#f6f4ee', '#d2d0cd', '#a9a8aa', '#7e7f86', '#575962', '#33363f', '#12141f'],
  },
};

/** @typedef {[number, number, number]} Triple */

/**
 * Red, green and blue, 0 to 255, of a colour written as #rrggbb.
 * @param {string} hex
 * @returns {Triple}
 */
export function rgb(hex) {
  const n = parseInt(hex.slice(1), 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
}

/** @param {number} c 0 to 255 */
const linear = (c) => (c <= 10.31475 ? c / 3294.6 : ((c / 255 + 0.055) / 1.055) ** 2.4);
/** @param {number} c 0 to 1 */
const gamma = (c) => 255 * (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055);

/**
 * Lightness L (0 black to 1 white), a and b of a colour in OKLab, where equal steps look equal.
 * Björn Ottosson, "A perceptual color space for image processing", 2020.
 * @param {Triple} color 0 to 255
 * @returns {Triple}
 */
export function oklab([red, green, blue]) {
  const r = linear(red), g = linear(green), b = linear(blue);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/**
 * The colour, 0 to 255, of OKLab coordinates; beyond the screen's gamut it is clipped.
 * @param {Triple} lab
 * @returns {Triple}
 */
export function fromOklab([L, a, b]) {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (/** @type {number} */ c) => Math.min(255, Math.max(0, Math.round(gamma(c))));
  return [
    clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** @type {Map<string, Uint8ClampedArray>} */
const made = new Map();

/**
 * The colour map as 256 colours of four bytes, lowest energy first, its stops joined in OKLab so
 * that equal steps of energy look like equal steps of colour.
 * @param {Theme} theme
 * @param {MapName} [name]
 * @returns {Uint8ClampedArray} 256 x 4, opaque; shared, not to be written to
 */
export function colormap(theme, name = 'depth') {
  const key = `${theme} ${name}`;
  let map = made.get(key);
  if (!map) {
    map = ramp(name === 'depth' ? THEMES[theme].map : OTHERS[theme][name]);
    made.set(key, map);
  }
  return map;
}

/**
 * @param {string[]} stops
 * @returns {Uint8ClampedArray}
 */
function ramp(stops) {
  const labs = stops.map((hex) => oklab(rgb(hex)));
  const out = new Uint8ClampedArray(256 * 4);
  for (let i = 0; i < 256; i++) {
    const at = (i / 255) * (labs.length - 1);
    const k = Math.min(labs.length - 2, Math.floor(at));
    const f = at - k;
    const lab = /** @type {Triple} */ (labs[k].map((c, j) => c + f * (labs[k + 1][j] - c)));
    out.set([...fromOklab(lab), 255], i * 4);
  }
  return out;
}
