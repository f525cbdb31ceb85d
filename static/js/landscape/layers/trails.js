// The ways that the model's own points have come: a ring where each began, and a line to where it is.

/** @import {Frame} from '../../types.js' */
/** @import {View} from '../view.js' */
/** @import {Trails} from '../trails.js' */
import { across, along } from '../view.js';

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Frame} frame
 * @param {Trails} trails
 * @param {View} view
 */
export function drawTrails(ctx, frame, trails, view) {
  const { unit, colors } = view;
  const r = 2.2 * unit;
  ctx.lineCap = ctx.lineJoin = 'round';
  for (let k = 0; k < trails.count; k++) {
    const alpha = trails.opacity(k), at = trails.trail(k);
    if (alpha === 0 || at.length < 4) continue;
    ctx.globalAlpha = 0.9 * alpha;
    ctx.beginPath();
    for (let i = 0; i < at.length; i += 2) ctx.lineTo(across(frame, view, at[i]), along(frame, view, at[i + 1]));
    ctx.lineTo(across(frame, view, frame.marks[4 * k + 2]), along(frame, view, frame.marks[4 * k + 3]));
    const x = across(frame, view, at[0]), y = along(frame, view, at[1]);
    ctx.moveTo(x + r, y);
    ctx.arc(x, y, r, 0, 2 * Math.PI);
    ctx.strokeStyle = colors.markRim;
    ctx.lineWidth = 3.4 * unit;
    ctx.stroke();
    ctx.strokeStyle = colors.path;
    ctx.lineWidth = 1.7 * unit;
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}
