// Where the energy is pushed down: a ring in the colour of the data with a chevron that points
// down; where the push moves something there, a line from it (K-means: from the prototype).

/** @import {Frame, Scene} from '../../types.js' */
/** @import {View} from '../view.js' */
import { across, along } from '../view.js';
import { growth, opacity } from '../push-animation.js';

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Frame} frame
 * @param {Scene} scene
 * @param {View} view
 */
export function down(ctx, frame, scene, view) {
  const { unit, colors } = view;
  const r = 6 * unit; // a green ring fits in it
  ctx.lineCap = 'round';
  ctx.lineJoin = 'round';
  for (const pushes of view.pushes) {
    for (const under of [true, false]) {
      ctx.strokeStyle = under ? colors.dataRim : colors.data;
      ctx.lineWidth = (under ? 4 : 1.8) * unit;
      pushes.downs.forEach(({ x, y, fromX, fromY, share }, i) => {
        const part = growth(pushes, i, scene, view.now);
        if (part === 0) return;
        ctx.globalAlpha = opacity(pushes, view.now) * (0.5 + 0.5 * share);
        const px = across(frame, view, x), py = along(frame, view, y);
        const qx = across(frame, view, fromX), qy = along(frame, view, fromY);
        const far = Math.hypot(px - qx, py - qy);
        ctx.beginPath();
        if (far > r) {
          ctx.moveTo(qx, qy);
          ctx.lineTo(qx + (px - qx) * part * (1 - r / far), qy + (py - qy) * part * (1 - r / far));
        }
        ctx.moveTo(px + r, py);
        ctx.arc(px, py, r, 0, 2 * Math.PI);
        chevron(ctx, px, py + r + (1 + 3 * part) * unit, r);
        ctx.stroke();
      });
    }
  }
  ctx.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y its upper edge
 * @param {number} r half its width
 */
function chevron(ctx, x, y, r) {
  ctx.moveTo(x - 0.75 * r, y);
  ctx.lineTo(x, y + 0.65 * r);
  ctx.lineTo(x + 0.75 * r, y);
}
