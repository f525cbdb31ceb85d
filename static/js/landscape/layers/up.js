// Where the energy is pushed up: the stories of a few points. A sample close to its point is a head
// alone, pointing away from it; one that was never moved is a triangle where it is.

/** @import {Frame, Scene} from '../../types.js' */
/** @import {View} from '../view.js' */
import { across, along } from '../view.js';
import { growth, opacity } from '../push-animation.js';
import { arrow } from './arrow.js';
import { partsAt, story } from './story.js';

/** The opacity of the others while one point is followed. */
export const OTHERS = 0.22;

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Frame} frame
 * @param {Scene} scene
 * @param {View} view
 */
export function up(ctx, frame, scene, view) {
  const { unit, colors } = view;
  const style = { width: 0, size: 1, faint: view.followed !== null };
  for (const pushes of view.pushes) {
    const alpha = opacity(pushes, view.now) * (view.followed ? OTHERS : 1);
    pushes.ups.forEach((up, i) => {
      const part = growth(pushes, i, scene, view.now);
      if (part === 0) return;
      ctx.globalAlpha = alpha * (0.8 + 0.2 * up.share);
      style.width = (1.1 + 0.9 * Math.sqrt(up.share)) * unit;
      const [x, y, toX, toY] = up.kick;
      const distance = up.walk.length ? Infinity : Math.hypot(across(frame, view, toX) - across(frame, view, x), along(frame, view, toY) - along(frame, view, y));
      if (distance > 0 && distance < 9 * unit) head(ctx, [across(frame, view, x), along(frame, view, y), across(frame, view, toX), along(frame, view, toY)], distance, { color: colors.up, halo: colors.halo, width: style.width, ring: false }, part, unit);
      else story(ctx, frame, view, up, partsAt(up, part), style);
    });
  }
  ctx.globalAlpha = 1;
  if (view.followed) story(ctx, frame, view, view.followed.up, view.followed.parts, { width: 2.6 * unit, size: 1.6, large: true, ring: view.followed.atData ? colors.data : colors.up });
}

/**
 * A push up close to its point: a head alone, centred on the sample.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number[]} line  x, y, x, y in CSS pixels
 * @param {number} distance  its length
 * @param {import('./arrow.js').Pen} pen
 * @param {number} part
 * @param {number} unit
 */
function head(ctx, [x, y, toX, toY], distance, pen, part, unit) {
  const dx = (toX - x) / distance, dy = (toY - y) / distance;
  const foot = Math.max(2.5 * unit, distance - 3 * unit); // the point itself stays visible
  const tip = foot + 6.5 * unit;
  arrow(ctx, [x + foot * dx, y + foot * dy, x + tip * dx, y + tip * dy], part, pen);
}
