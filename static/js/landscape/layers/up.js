// Where the energy is pushed up: a green arrow from the training point to where its throw landed,
// a ring at the start, a head at the end. A push without a throw is a ring with the head on it.

/** @import {Frame, Scene} from '../../types.js' */
/** @import {View} from '../view.js' */
import { across, along } from '../view.js';
import { drawn, opacity } from '../waves.js';
import { arrow } from './arrow.js';

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Frame} frame
 * @param {Scene} scene
 * @param {View} view
 */
export function up(ctx, frame, scene, view) {
  const pen = { color: view.colors.up, halo: view.colors.halo, width: 0, ring: true };
  for (const wave of view.waves) {
    wave.ups.forEach(({ way, share }, i) => {
      const part = drawn(wave, i, scene, view.now);
      if (part === 0) return;
      ctx.globalAlpha = opacity(wave, view.now) * (0.55 + 0.45 * share);
      pen.width = (1.1 + 1.1 * Math.sqrt(share)) * view.unit;
      const line = way.map((c, j) => (j % 2 === 0 ? across(frame, view, c) : along(frame, view, c)));
      if (way.length === 4 && Math.hypot(line[2] - line[0], line[3] - line[1]) < 3) lift(ctx, line[0], line[1], pen, part);
      else arrow(ctx, line, part, pen);
    });
  }
  ctx.globalAlpha = 1;
}

/**
 * A push up on the spot: an arrow of its own that stands on the point.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y
 * @param {import('./arrow.js').Pen} pen
 * @param {number} part
 */
function lift(ctx, x, y, pen, part) {
  arrow(ctx, [x, y, x, y - 8 * pen.width], part, pen);
}
