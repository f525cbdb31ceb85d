// Where the energy is pushed up: a green arrow from the training point to where its throw landed,
// a ring at the start, a head at the end. A push without a throw is an arrow that stands on its
// ring, the taller the harder it pushes; one right beside its point is a head, pointing away.

/** @import {Frame, Scene} from '../../types.js' */
/** @import {View} from '../view.js' */
import { across, along } from '../view.js';
import { drawn, opacity } from '../push-animation.js';
import { arrow } from './arrow.js';

/** On a square smaller than this, as on a phone, every other walk is left out: all would be a tangle. */
const SMALL = 400;

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
      if (part === 0 || (view.width < SMALL && way.length > 4 && i % 2 === 1)) return;
      ctx.globalAlpha = opacity(wave, view.now) * (0.8 + 0.2 * share);
      pen.width = (1.1 + 1.1 * Math.sqrt(share)) * view.unit;
      const line = way.map((c, j) => (j % 2 === 0 ? across(frame, view, c) : along(frame, view, c)));
      const stays = line.every((c, j) => c === line[j % 2]); // a walk of which every step was refused, too
      const thrown = stays ? 0 : line.length === 4 ? Math.hypot(line[2] - line[0], line[3] - line[1]) : Infinity;
      if (thrown === 0) arrow(ctx, [line[0], line[1], line[0], line[1] - (14 + 8 * share) * view.unit], part, pen);
      else if (thrown < 9 * view.unit) edge(ctx, line, thrown, pen, part, view.unit);
      else arrow(ctx, line, part, pen);
    });
  }
  ctx.globalAlpha = 1;
}

/**
 * A push up right beside its point: a head alone, whose middle is the place.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number[]} line  x, y, x, y in CSS pixels
 * @param {number} thrown  its length
 * @param {import('./arrow.js').Pen} pen
 * @param {number} part
 * @param {number} unit
 */
function edge(ctx, [x, y, toX, toY], thrown, pen, part, unit) {
  const dx = (toX - x) / thrown, dy = (toY - y) / thrown;
  const foot = Math.max(2.5 * unit, thrown - 3 * unit); // leaves the point itself in sight
  const tip = foot + 6.5 * unit;
  arrow(ctx, [x + foot * dx, y + foot * dy, x + tip * dx, y + tip * dy], part, { ...pen, ring: false });
}
