// Notes: short texts on the landscape, each beside its point, with a ring round it if it has one.

/** @import {View} from '../view.js' */
/** @import {PlacedNote} from '../notes.js' */
import { FONT } from '../canvas.js';
import { TYPE } from '../notes.js';

/** The font of notes. @param {number} unit */
export const noteFont = (unit) => `600 ${TYPE * unit}px ${FONT}`;

/** The colours of a note: of its ring and of its text. @param {string|undefined} tone @param {import('../palette.js').Colors} colors */
export const noteColors = (tone, colors) =>
  tone === 'down' ? { ring: colors.data, text: colors.dataText } : tone === 'up' ? { ring: colors.up, text: colors.upText } : { ring: colors.ink, text: colors.ink };

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {PlacedNote[]} placed
 * @param {Pick<View, 'unit'|'colors'>} view
 */
export function notes(ctx, placed, { unit, colors }) {
  ctx.lineJoin = 'round';
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.font = noteFont(unit);
  for (const { note, x, y, r } of placed) {
    if (r === 0) continue;
    const { ring } = noteColors(note.tone, colors);
    ctx.beginPath();
    ctx.arc(x, y, r, 0, 2 * Math.PI);
    for (const [color, width] of /** @type {const} */ ([[colors.card, 4.6], [ring, 2.2]])) {
      ctx.strokeStyle = color;
      ctx.lineWidth = width * unit;
      ctx.stroke();
    }
  }
  ctx.lineWidth = 5 * unit;
  ctx.strokeStyle = colors.card;
  for (const { note, lines, left, top, width, height } of placed) {
    ctx.fillStyle = noteColors(note.tone, colors).text;
    const line = height / lines.length;
    lines.forEach((text, i) => {
      ctx.strokeText(text, left + width / 2, top + (i + 0.5) * line);
    });
    lines.forEach((text, i) => {
      ctx.fillText(text, left + width / 2, top + (i + 0.5) * line);
    });
  }
}
