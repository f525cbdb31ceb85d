// What a sampler proposed: a line with a dot at the end where the proposal was accepted; a dashed
// one with a cross where it was rejected.

/** @import {Frame, Scene} from '../../types.js' */
/** @import {View} from '../view.js' */
import { opacity } from '../push-animation.js';
import { across, along } from '../view.js';

/** How many proposals are readable at once. */
const MAX_PROPOSALS = 120;

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Frame} _frame  the newest; proposals are shown of the frames whose arrows are
 * @param {Scene} scene
 * @param {View} view
 */
export function proposals(ctx, _frame, scene, view) {
  const { unit, colors, now } = view;
  ctx.lineCap = 'round';
  for (const pushes of view.pushes) {
    const { frame } = pushes;
    const accepted = new Path2D(), rejected = new Path2D(), crosses = new Path2D(), dots = new Path2D();
    const r = 2.4 * unit;
    const rows = Math.min(MAX_PROPOSALS, frame.proposals.length / 5);
    for (let p = 0; p < 5 * rows; p += 5) {
      const [toX, toY, fromX, fromY, moved] = frame.proposals.subarray(p, p + 5);
      const x = across(frame, view, toX), y = along(frame, view, toY);
      const line = moved ? accepted : rejected;
      line.moveTo(across(frame, view, fromX), along(frame, view, fromY));
      line.lineTo(x, y);
      if (moved) {
        dots.moveTo(x + r * 0.8, y);
        dots.arc(x, y, r * 0.8, 0, 2 * Math.PI);
      } else {
        crosses.moveTo(x - r, y - r);
        crosses.lineTo(x + r, y + r);
        crosses.moveTo(x - r, y + r);
        crosses.lineTo(x + r, y - r);
      }
    }
    ctx.globalAlpha = opacity(pushes, now);
    for (const [path, dashed] of /** @type {const} */ ([[accepted, false], [rejected, true], [crosses, false]])) {
      ctx.setLineDash(dashed ? [2 * unit, 3 * unit] : []);
      ctx.strokeStyle = colors.halo;
      ctx.lineWidth = 3 * unit;
      ctx.stroke(path);
      ctx.strokeStyle = colors.path;
      ctx.lineWidth = 1.2 * unit;
      ctx.stroke(path);
    }
    ctx.fillStyle = colors.path;
    ctx.fill(dots);
  }
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}
