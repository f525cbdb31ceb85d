// The colour bar: the map from lo at its foot to hi at its head, cut by the contour levels.

/** @import {Levels} from './levels.js' */
/** @import {Ground} from './surface-style.js' */
/** @import {Colors} from './palette.js' */
import { BANDS, MAJOR, format } from './levels.js';

const STRIP = 14; // CSS pixels wide
const GAP = 7; // between strip and numbers
const ROOM = 7; // above and below, for half a line of text

/**
 * The energies of the major levels as they stand beside the bar, lowest first; the last says that
 * the plateau is whatever is above.
 * @param {Levels} levels
 * @returns {string[]}
 */
export function barTexts(levels) {
  const majors = [];
  for (let k = 0; k <= BANDS; k += MAJOR) majors.push(levels.values[k]);
  const texts = format(majors);
  return texts.map((t, i) => (i === texts.length - 1 ? `≥\u2009${t}` : t));
}

/**
 * Draws the bar into the whole of a canvas whose context is scaled to CSS pixels.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} width
 * @param {number} height
 * @param {Levels} levels
 * @param {Ground} ground
 * @param {Colors} colors
 * @param {number} unit the scene's size of lines and type
 */
export function drawBar(ctx, width, height, levels, ground, colors, unit) {
  const strip = Math.min(STRIP * unit, width);
  const top = ROOM * unit, tall = height - 2 * top;
  ctx.clearRect(0, 0, width, height);
  const rows = Math.ceil(tall);
  for (let r = 0; r < rows; r++) {
    const i = 4 * Math.round(255 * (1 - r / Math.max(1, rows - 1)));
    ctx.fillStyle = `rgb(${ground.map[i]},${ground.map[i + 1]},${ground.map[i + 2]})`;
    ctx.fillRect(0, top + r, strip, 1.5);
  }
  for (let k = 1; k < BANDS && ground.lines; k++) {
    const [r, g, b] = k === 1 ? ground.rim : ground.inks.subarray(4 * k, 4 * k + 3);
    const major = k % MAJOR === 0;
    ctx.fillStyle = `rgba(${r},${g},${b},${major ? 0.75 : k === 1 ? 0.9 : 0.38})`;
    ctx.fillRect(0, Math.round(top + tall * (1 - k / BANDS)), strip, major ? 1.4 : 1);
  }
  ctx.strokeStyle = colors.line;
  ctx.lineWidth = 1;
  ctx.strokeRect(0.5, top + 0.5, strip - 1, tall - 1);

  ctx.font = `${11 * unit}px system-ui, sans-serif`;
  ctx.fontVariantCaps = 'normal';
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'right';
  ctx.fillStyle = colors.ink;
  const texts = barTexts(levels);
  const room = width - strip - GAP * unit;
  const widest = Math.min(room, Math.max(...texts.map((t) => ctx.measureText(t).width)));
  texts.forEach((text, i) => {
    ctx.fillText(text, width - room + widest, top + tall * (1 - (i * MAJOR) / BANDS), room);
  });
}
