// The energies of the major contour lines, written on them.

/** @import {Frame, Scene} from '../../types.js' */
/** @import {View} from '../view.js' */

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Frame} frame
 * @param {Scene} scene
 * @param {View} view
 */
export function labels(ctx, frame, scene, view) {
  ctx.font = `500 ${10.5 * view.unit}px system-ui, sans-serif`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.lineJoin = 'round';
  ctx.lineWidth = 3.5 * view.unit;
  for (const label of view.labels) {
    ctx.globalAlpha = Math.min(1, Math.max(0, (view.now - label.shownAt) / 200), Math.max(0, 1 - (view.now - label.fadedAt) / 200));
    if (scene.reducedMotion) ctx.globalAlpha = label.fadedAt === Infinity ? 1 : 0;
    ctx.strokeStyle = label.halo;
    ctx.fillStyle = label.color;
    ctx.strokeText(label.text, label.x * view.width, label.y * view.height);
    ctx.fillText(label.text, label.x * view.width, label.y * view.height);
  }
  ctx.globalAlpha = 1;
}
