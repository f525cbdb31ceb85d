// The story of one point that is pushed up: a ring where it starts, a thin dashed line along which it
// is perturbed, a solid line with a dot at each step along which it walks, and a triangle where the
// energy is pushed up, whose area is its weight.

/** @import {Frame} from '../../types.js' */
/** @import {Up} from '../push-animation.js' */
/** @import {View} from '../view.js' */
import { across, along } from '../view.js';
import { side } from './amounts.js';
import { arrow, cut, length } from './arrow.js';

/** The smallest side of a triangle, in units, below which its shape cannot be seen, and the largest, which hides little. */
const LEAST = 8, MOST = 17;

/** The side of the triangle of a push. @param {number} amount */
export const triangleSide = (amount) => Math.min(MOST, Math.max(LEAST, 1.3 * side(amount)));

/** How much of each part of a story is drawn, 0 to 1. @typedef {{kick:number, walk:number, push:number}} Parts */

/** A part of a story that takes `share` of the whole from `start` on. @param {number} whole @param {number} start @param {number} share */
const partial = (whole, start, share) => (share > 0 ? Math.min(1, Math.max(0, (whole - start) / share)) : whole >= start ? 1 : 0);

/**
 * How much of each part is drawn when a share of the whole is over.
 * @param {Up} up
 * @param {number} share
 * @returns {Parts}
 */
export function partsAt({ kick, walk }, share) {
  const a = kick.length ? 0.4 : 0, b = walk.length > 2 ? 0.4 : 0;
  const whole = share * (a + b + 0.25);
  return { kick: partial(whole, 0, a), walk: partial(whole, a, b), push: partial(whole, a + b, 0.25) };
}

/**
 * How a story is drawn.
 * @typedef {object} Style
 * @property {number} width     of the walk's line, in CSS pixels
 * @property {number} size      of the triangle, relative to that of its weight
 * @property {boolean} [large]  with a disc where the point is now
 * @property {boolean} [faint]  without the dots of its steps and the dark edges, which would be all that is seen
 * @property {string} [ring]    the colour of the ring, if not that of a push up
 */

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Frame} frame
 * @param {View} view
 * @param {Up} up
 * @param {Parts} parts
 * @param {Style} style
 */
export function story(ctx, frame, view, up, parts, { width, size, large = false, faint = false, ring = view.colors.up }) {
  const { unit } = view;
  const colors = faint ? { ...view.colors, halo: 'transparent' } : view.colors;
  const toPixels = (/** @type {number[]} */ rows) => rows.map((c, j) => (j % 2 === 0 ? across(frame, view, c) : along(frame, view, c)));
  const line = toPixels(up.path);
  const n = line.length;
  ctx.lineJoin = ctx.lineCap = 'round';
  /** The place of the point now. */
  let tip = line.slice(0, 2);
  if (up.kick.length) {
    const kick = toPixels(up.kick);
    tip = [kick[0] + parts.kick * (kick[2] - kick[0]), kick[1] + parts.kick * (kick[3] - kick[1])];
    ctx.beginPath();
    ctx.moveTo(kick[0], kick[1]);
    ctx.lineTo(tip[0], tip[1]);
    ctx.setLineDash([2.6 * width + 2 * unit, 2 * width + 1.5 * unit]);
    ctx.lineCap = 'butt';
    stroke(ctx, colors.halo, 0.75 * width + 2 * unit);
    stroke(ctx, colors.up, 0.75 * width + 0.5 * unit);
    ctx.lineCap = 'round';
    ctx.setLineDash([]);
  }
  if (up.walk.length > 2 && parts.walk > 0) {
    const walk = toPixels(up.walk);
    if (up.denoises) arrow(ctx, walk, parts.walk, { color: colors.up, halo: colors.halo, width, ring: false });
    else {
      const { shaft } = cut(walk, length(walk) * parts.walk, 1);
      ctx.beginPath();
      for (let i = 0; i < shaft.length; i += 2) ctx.lineTo(shaft[i], shaft[i + 1]);
      stroke(ctx, colors.halo, width + 2.2 * unit);
      stroke(ctx, colors.up, width);
      if (!faint) stops(ctx, shaft, walk, 0.8 * width + 0.8 * unit, view);
    }
    tip = [...cut(walk, length(walk) * parts.walk, 1).tip];
  }
  if (large || moves(line)) {
    ctx.beginPath();
    ctx.arc(line[0], line[1], (large ? 7 : 2.4) * unit + width, 0, 2 * Math.PI);
    stroke(ctx, large ? colors.dataRim : colors.halo, (large ? 1.3 : 1) * width + 2.2 * unit);
    stroke(ctx, ring, (large ? 1 : 0.9) * width);
  }
  if (large && parts.push < 1) {
    ctx.beginPath();
    ctx.arc(tip[0], tip[1], 1.5 * width, 0, 2 * Math.PI);
    stroke(ctx, colors.halo, 2.4 * unit);
    ctx.fillStyle = colors.up;
    ctx.fill();
  }
  if (parts.push > 0) triangle(ctx, line[n - 2], line[n - 1], parts.push * size * triangleSide(up.amount) * unit, { unit, colors });
}

/** Whether a line leads anywhere; a chain whose every proposal was rejected stays. @param {number[]} line */
const moves = (line) => line.some((c, j) => c !== line[j % 2]);

/** @param {CanvasRenderingContext2D} ctx @param {string} color @param {number} width */
function stroke(ctx, color, width) {
  ctx.strokeStyle = color;
  ctx.lineWidth = width;
  ctx.stroke();
}

/**
 * The steps of a walk that have been made, as small hollow discs on its line.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number[]} made  the part of the line that is drawn; its last point is none of the stops
 * @param {number[]} walk
 * @param {number} r
 * @param {View} view
 */
function stops(ctx, made, walk, r, { unit, colors }) {
  const last = made.length === walk.length ? made.length : made.length - 2;
  ctx.beginPath();
  let x = NaN, y = NaN;
  for (let i = 0; i < last; i += 2) {
    if (Math.hypot(made[i] - x, made[i + 1] - y) < 3.2 * r) continue; // they would hide the line
    [x, y] = [made[i], made[i + 1]];
    ctx.moveTo(made[i] + r, made[i + 1]);
    ctx.arc(made[i], made[i + 1], r, 0, 2 * Math.PI);
  }
  stroke(ctx, colors.up, 2 * unit);
  ctx.fillStyle = colors.card;
  ctx.fill();
}

/**
 * A triangle whose centre is where the energy is pushed up.
 * @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {number} s  its side @param {Pick<View, 'unit'|'colors'>} view
 */
function triangle(ctx, x, y, s, { unit, colors }) {
  ctx.beginPath();
  ctx.moveTo(x, y - 0.58 * s);
  ctx.lineTo(x + 0.5 * s, y + 0.29 * s);
  ctx.lineTo(x - 0.5 * s, y + 0.29 * s);
  ctx.closePath();
  stroke(ctx, colors.halo, 2.6 * unit);
  ctx.fillStyle = colors.up;
  ctx.fill();
}
