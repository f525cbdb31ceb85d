// The colour bar: the colour map from lo at the bottom to hi at the top, with the contour levels; or
// the colours of a change.

/** @import {Levels} from './levels.js' */
/** @import {SurfaceStyle} from './surface-style.js' */
/** @import {Colors} from './palette.js' */
import { STEPS } from './change.js';
import { BANDS, MAJOR, format, levelAt } from './levels.js';
import { lineStroke } from './surface-style.js';

export const STRIP = 14; // CSS pixels wide
const GAP = 7; // between strip and numbers
export const MARGIN = 7; // above and below, for half a line of text
const HATCH = 5; // from line to line

/** A change of the energy, as the bar shows it. @typedef {{range:number, map:Uint8ClampedArray}} BarChange */

/**
 * What the bar shows besides the levels.
 * @typedef {object} BarExtras
 * @property {Float64Array|null} axis  the energies along it while an end is dragged: the levels as they were
 * @property {((energy:number) => number)|null} hatch  how strongly an energy is hatched, 0 to 1
 * @property {BarChange|null} change  shown instead of the levels
 * @property {BarChange|null} result  the change that answers a question to the class: shown instead of both
 */

/** The change that the bar shows; null for the levels. @param {Pick<BarExtras, 'change'|'result'>} extras */
export const barChange = ({ change, result }) => result ?? change;

/**
 * The energies of the major levels as written beside the bar, lowest first. The last begins with ≥,
 * for the plateau has its colour too; the first of a range that does not follow the landscape with ≤.
 * @param {{values:ArrayLike<number>, range?:import('../types.js').Range}} levels
 * @returns {string[]}
 */
export function barTexts({ values, range = 'data' }) {
  const texts = majorTexts(values), last = texts.length - 1;
  return texts.map((t, i) => (i === last ? `≥\u2009${t}` : i === 0 && typeof range !== 'string' ? `≤\u2009${t}` : t));
}

/** @param {ArrayLike<number>} values of the levels */
function majorTexts(values) {
  const majors = [];
  for (let k = 0; k <= BANDS; k += MAJOR) majors.push(values[k]);
  return format(majors);
}

/** The changes as written beside the bar, lowest first; 0 alone where nothing changed. @param {number} range */
export function changeTexts(range) {
  if (!(range > 0)) return ['0'];
  const [, half, whole] = format([0, range / 2, range]);
  return [`−${whole}`, `−${half}`, '0', `+${half}`, `+${whole}`];
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
 * @param {BarExtras} extras
 */
export function drawBar(ctx, width, height, levels, style, colors, unit, extras) {
  const { axis, hatch } = extras, change = barChange(extras);
  const strip = Math.min(STRIP * unit, width);
  const top = MARGIN * unit, tall = height - 2 * top;
  const values = axis ?? levels.values;
  const { lo, hi } = levels;
  ctx.clearRect(0, 0, width, height);
  const rows = Math.ceil(tall);
  const map = change ? change.map : style.colors;
  for (let r = 0; r < rows; r++) {
    const share = 1 - r / Math.max(1, rows - 1);
    const of = change || !axis ? share : levelAt(levels.table, (energyAt(axis, share) - lo) / (hi - lo)) / BANDS;
    const i = 4 * Math.round((map.length / 4 - 1) * Math.min(1, of));
    ctx.fillStyle = `rgb(${map[i]},${map[i + 1]},${map[i + 2]})`;
    ctx.fillRect(0, top + r, strip, 1.5);
  }
  const line = (/** @type {number} */ share, /** @type {number} */ from, /** @type {number} */ wide, /** @type {number} */ thick) => ctx.fillRect(from, Math.round(top + tall * (1 - share)), wide, thick);
  if (change) {
    // The lines of the map, as layers/change.js draws them: dashed where the energy was lowered.
    ctx.fillStyle = colors.ink;
    line(0.5, 0, strip, 1.6 * unit);
    ctx.fillStyle = colors.upText;
    line(0.75, 0, strip, 1.2 * unit);
    ctx.fillStyle = colors.dataText;
    for (let x = 0; x < strip; x += 6 * unit) line(0.25, x, 3.5 * unit, 1.2 * unit);
  } else if (!axis) {
    for (let k = 1; k < BANDS; k++) {
      const { color, opacity, width: thick } = lineStroke(style, k);
      ctx.fillStyle = color;
      ctx.globalAlpha = opacity;
      line(k / BANDS, 0, strip, thick);
    }
    ctx.globalAlpha = 1;
  }
  if (hatch && !change) hatchStrip(ctx, strip, top, tall, (share) => hatch(energyAt(values, share)), colors, unit);
  ctx.strokeStyle = colors.line;
  ctx.lineWidth = 1;
  ctx.strokeRect(0.5, top + 0.5, strip - 1, tall - 1);

  ctx.font = `${11 * unit}px system-ui, sans-serif`;
  ctx.fontVariantCaps = 'normal';
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'right';
  ctx.fillStyle = colors.ink;
  const texts = change ? changeTexts(change.range) : axis ? majorTexts(axis) : barTexts(levels);
  const space = width - strip - GAP * unit;
  const widest = Math.min(space, Math.max(...texts.map((t) => ctx.measureText(t).width)));
  texts.forEach((text, i) => {
    const share = texts.length > 1 ? i / (texts.length - 1) : 0.5;
    ctx.fillText(text, width - space + widest, top + tall * (1 - share), space);
  });
}

/**
 * The energy at a share of the bar's height, and beyond its ends, where the energy grows ever faster.
 * @param {ArrayLike<number>} values  of the levels
 * @param {number} share
 */
export function energyAt(values, share) {
  const lo = values[0], hi = values[BANDS];
  if (share > 1) return hi + (hi - lo) * Math.expm1(4 * (share - 1));
  if (share < 0) return lo - (hi - lo) * Math.expm1(-4 * share);
  const k = Math.min(BANDS - 1, Math.floor(share * BANDS));
  return values[k] + (share * BANDS - k) * (values[k + 1] - values[k]);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} strip
 * @param {number} top
 * @param {number} tall
 * @param {(share:number) => number} strength
 * @param {Colors} colors
 * @param {number} unit
 */
function hatchStrip(ctx, strip, top, tall, strength, colors, unit) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(0, top, strip, tall);
  ctx.clip();
  for (let y = 0; y < tall + strip; y += HATCH * unit) {
    ctx.globalAlpha = strength(Math.min(1, Math.max(0, 1 - (y - strip / 2) / tall)));
    for (const [color, wide] of /** @type {const} */ ([[colors.halo, 3.2], [colors.up, 1.6]])) {
      ctx.strokeStyle = color;
      ctx.lineWidth = wide * unit;
      ctx.beginPath();
      ctx.moveTo(0, top + y);
      ctx.lineTo(strip, top + y - strip);
      ctx.stroke();
    }
  }
  ctx.restore();
}
