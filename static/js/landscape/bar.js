// The colour bar: the colour map from lo at the bottom to hi at the top, with the contour levels.

/** @import {Levels} from './levels.js' */
/** @import {SurfaceStyle} from './surface-style.js' */
/** @import {Colors} from './palette.js' */
import { BANDS, MAJOR, format } from './levels.js';
import { lineStroke } from './surface-style.js';

const STRIP = 14; // CSS pixels wide
const GAP = 7; // between strip and numbers
const MARGIN = 7; // above and below, for half a line of text

/**
 * The energies of the major levels as written beside the bar, lowest first; the last begins with
 * ≥, for the plateau has its colour too.
 * @param {Pick<Levels, 'values'>} levels
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
 * @param {SurfaceStyle} style
 * @param {Colors} colors
 * @param {number} unit the scene's size of lines and type
 */
export function drawBar(ctx, width, height, levels, style, colors, unit) {
  const strip = Math.min(STRIP * unit, width);
  const top = MARGIN * unit, tall = height - 2 * top;
  ctx.clearRect(0, 0, width, height);
  const rows = Math.ceil(tall);
  for (let r = 0; r < rows; r++) {
    const i = 4 * Math.round(255 * (1 - r / Math.max(1, rows - 1)));
    ctx.fillStyle = `rgb(${style.colors[i]},${style.colors[i + 1]},${style.colors[i + 2]})`;
    ctx.fillRect(0, top + r, strip, 1.5);
  }
  for (let k = 1; k < BANDS; k++) {
    const { color, opacity, width: wide } = lineStroke(style, k);
    ctx.fillStyle = color;
    ctx.globalAlpha = opacity;
    ctx.fillRect(0, Math.round(top + tall * (1 - k / BANDS)), strip, wide);
  }
  ctx.globalAlpha = 1;
  ctx.strokeStyle = colors.line;
  ctx.lineWidth = 1;
  ctx.strokeRect(0.5, top + 0.5, strip - 1, tall - 1);

  ctx.font = `${11 * unit}px system-ui, sans-serif`;
  ctx.fontVariantCaps = 'normal';
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'right';
  ctx.fillStyle = colors.ink;
  const texts = barTexts(levels);
  const space = width - strip - GAP * unit;
  const widest = Math.min(space, Math.max(...texts.map((t) => ctx.measureText(t).width)));
  texts.forEach((text, i) => {
    ctx.fillText(text, width - space + widest, top + tall * (1 - (i * MAJOR) / BANDS), space);
  });
}
