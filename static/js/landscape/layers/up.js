// Where the energy is pushed up: a green arrow from the training point to the contrastive sample, a
// ring at the start, a head at the end. Where both are the same point the arrow goes straight up from
// its ring, longer for a larger push; a sample close to its point is a head alone, pointing away.

/** @import {Frame, Scene} from '../../types.js' */
/** @import {View} from '../view.js' */
import { across, along } from '../view.js';
import { growth, opacity } from '../push-animation.js';
import { arrow } from './arrow.js';

/** On a square smaller than this, as on a phone, every other path of many points is left out: all would be a tangle. */
const SMALL = 400;

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Frame} frame
 * @param {Scene} scene
 * @param {View} view
 */
export function up(ctx, frame, scene, view) {
  const pen = { color: view.colors.up, halo: view.colors.halo, width: 0, ring: true };
  for (const pushes of view.pushes) {
    pushes.ups.forEach(({ path, share }, i) => {
      const part = growth(pushes, i, scene, view.now);
      if (part === 0 || (view.width < SMALL && path.length > 4 && i % 2 === 1)) return;
      ctx.globalAlpha = opacity(pushes, view.now) * (0.8 + 0.2 * share);
      pen.width = (1.1 + 1.1 * Math.sqrt(share)) * view.unit;
      const line = path.map((c, j) => (j % 2 === 0 ? across(frame, view, c) : along(frame, view, c)));
      const stays = line.every((c, j) => c === line[j % 2]); // also a chain whose every proposal was rejected
      const distance = stays ? 0 : line.length === 4 ? Math.hypot(line[2] - line[0], line[3] - line[1]) : Infinity;
      if (distance === 0) arrow(ctx, [line[0], line[1], line[0], line[1] - (14 + 8 * share) * view.unit], part, pen);
      else if (distance < 9 * view.unit) head(ctx, line, distance, pen, part, view.unit);
      else arrow(ctx, line, part, pen);
    });
  }
  ctx.globalAlpha = 1;
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
  arrow(ctx, [x + foot * dx, y + foot * dy, x + tip * dx, y + tip * dy], part, { ...pen, ring: false });
}
