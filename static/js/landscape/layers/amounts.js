// All pushes of a step, each by its weight in the update: a triangle above the point whose energy is
// pushed up, one below the point where it is pushed down. Its area is the weight, on the same scale
// for all, so that both sides of a step can be compared.

/** @import {Frame, Scene} from '../../types.js' */
/** @import {View} from '../view.js' */
import { across, along } from '../view.js';

/** The side of a triangle of weight 1, and the longest that is drawn, in pixels. */
const SIDE = 100;
const MAX_SIDE = 24;

/**
 * The side of a push's triangle, for a unit of 1.
 * @param {number} amount
 */
export const side = (amount) => Math.min(MAX_SIDE, SIDE * Math.sqrt(Math.abs(amount)));

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Frame} _frame  the newest; pushes are shown of the frame whose arrows are
 * @param {Scene} scene
 * @param {View} view
 */
export function amounts(ctx, _frame, scene, view) {
  const last = view.pushes.at(-1);
  if (!last) return;
  if (scene.layers.down) weights(ctx, last.frame, view, -1, 1);
  if (scene.layers.up) origins(ctx, last, view);
  if (scene.layers.up) weights(ctx, last.frame, view, 1, 1);
}

/**
 * Where a few of the points that are pushed up came from: a thin line along the path of each.
 * @param {CanvasRenderingContext2D} ctx
 * @param {import('../push-animation.js').ShownPushes} pushes
 * @param {View} view
 */
function origins(ctx, { frame, ups }, view) {
  const { colors, unit } = view;
  ctx.beginPath();
  for (const { path } of ups) {
    for (let i = 0; i < path.length; i += 2) {
      const x = across(frame, view, path[i]), y = along(frame, view, path[i + 1]);
      if (i === 0) ctx.moveTo(x, y);
      else ctx.lineTo(x, y);
    }
  }
  ctx.lineJoin = 'round';
  for (const [color, width] of /** @type {const} */ ([[colors.halo, 2.6], [colors.up, 1.2]])) {
    ctx.strokeStyle = color;
    ctx.lineWidth = width * unit;
    ctx.stroke();
  }
}

/**
 * Draws the triangles of one direction at a share of their size.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Frame} frame
 * @param {View} view
 * @param {1|-1} direction  1 up, −1 down
 * @param {number} share
 */
export function weights(ctx, frame, view, direction, share) {
  const { pushes } = frame;
  const { colors, unit } = view;
  ctx.beginPath();
  for (let p = 0; p < pushes.length; p += 5) {
    if (pushes[p + 4] * direction <= 0) continue;
    const s = side(pushes[p + 4]) * unit * share;
    if (s < 0.5) continue;
    const x = across(frame, view, pushes[p]), y = along(frame, view, pushes[p + 1]);
    ctx.moveTo(x, y - 0.87 * s * direction);
    ctx.lineTo(x + 0.5 * s, y);
    ctx.lineTo(x - 0.5 * s, y);
    ctx.closePath();
  }
  ctx.lineJoin = 'round';
  ctx.lineWidth = 2 * unit;
  ctx.strokeStyle = direction > 0 ? colors.halo : colors.dataRim;
  ctx.stroke();
  ctx.fillStyle = direction > 0 ? colors.up : colors.data;
  ctx.fill();
}
