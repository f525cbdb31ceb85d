// How samples got where they are: the path of each, its points as dots. They lie under the pushes up.

/** @import {Frame, Scene} from '../../types.js' */
/** @import {View} from '../view.js' */
import { across, along } from '../view.js';
import { growth, opacity } from '../push-animation.js';
import { arrow } from './arrow.js';
import { OTHERS } from './up.js';

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Frame} frame
 * @param {Scene} scene
 * @param {View} view
 */
export function paths(ctx, frame, scene, view) {
  const { unit, colors } = view;
  const pen = { color: colors.path, halo: colors.halo, width: 1.2 * unit, ring: false };
  for (const pushes of view.pushes) {
    ctx.globalAlpha = (view.followed ? 0.6 * OTHERS : 0.9) * opacity(pushes, view.now);
    pushes.paths.forEach((path, i) => {
      const part = growth(pushes, i, scene, view.now);
      if (part === 0) return;
      const line = path.map((c, j) => (j % 2 === 0 ? across(frame, view, c) : along(frame, view, c)));
      arrow(ctx, line, part, pen);
      if (!view.followed) dots(ctx, line.slice(0, -2), 1.5 * unit, pen.color);
    });
  }
  ctx.globalAlpha = 1;
}

/**
 * Draws squares: at this size they look like dots, and hundreds of them cost next to nothing.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number[]} at x, y, …
 * @param {number} r
 * @param {string} color
 */
export function dots(ctx, at, r, color) {
  ctx.fillStyle = color;
  for (let i = 0; i < at.length; i += 2) ctx.fillRect(at[i] - r, at[i + 1] - r, 2 * r, 2 * r);
}
