// The contour lines of a change of the energy: where nothing changed, and where the change is half of
// the full colour's. The lines of lowered energy are dashed, so that the two sides can be told apart
// without their colours.

/** @import {View} from '../view.js' */
import { contourLines } from '../contours.js';

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Float32Array} values  as a frame's grid
 * @param {number} nx
 * @param {number} range  the change that has the full colour; 0 if nothing changed, and no line is drawn
 * @param {Pick<View, 'width'|'height'|'unit'|'colors'>} view
 * @param {number} [stride]  take every so many cells only
 */
export function changeLines(ctx, values, nx, range, view, stride = 1) {
  if (!(range > 0)) return;
  const ny = values.length / nx;
  const { unit, colors } = view;
  ctx.lineJoin = 'round';
  for (const part of [0, 0.5, -0.5]) {
    ctx.beginPath();
    for (const line of contourLines(values, nx, ny, part * range, stride)) {
      for (let i = 0; i < line.length; i += 2) {
        const x = ((line[i] + 0.5) / nx) * view.width, y = view.height - ((line[i + 1] + 0.5) / ny) * view.height;
        if (i === 0) ctx.moveTo(x, y);
        else ctx.lineTo(x, y);
      }
    }
    ctx.setLineDash(part < 0 ? [5 * unit, 4 * unit] : []);
    ctx.strokeStyle = part === 0 ? colors.ink : part > 0 ? colors.upText : colors.dataText;
    ctx.lineWidth = (part === 0 ? 1.6 : 1.2) * unit;
    ctx.stroke();
  }
  ctx.setLineDash([]);
}
