// The direction downhill: small tapered ticks on a lattice, broad at the start, along −∇F or, for an
// autoencoder, towards its reconstruction. Their length grows less than proportionally with the slope.

/** @import {Frame, Scene} from '../../types.js' */
/** @import {View} from '../view.js' */
import { sample } from '../surface.js';
import { across, along } from '../view.js';

/** Ticks per side where the frame has no field of its own. */
const SIDE = 22;

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Frame} frame
 * @param {Scene} scene
 * @param {View} view
 */
export function field(ctx, frame, scene, view) {
  const rows = frame.field.length > 0 ? frame.field : slopes(frame);
  const n = rows.length / 4;
  if (n === 0) return;
  const sizes = [];
  for (let p = 0; p < rows.length; p += 4) sizes.push(Math.hypot(rows[p + 2], rows[p + 3]));
  const large = sizes.toSorted((a, b) => a - b)[Math.floor(0.85 * n)] || 1e-30;
  const longest = (0.92 * view.width) / Math.sqrt(n);
  ctx.beginPath();
  for (let k = 0; k < n; k++) {
    if (sizes[k] < 1e-3 * large) continue;
    const long = (longest * sizes[k]) / (sizes[k] + 0.5 * large);
    tick(ctx, across(frame, view, rows[4 * k]), along(frame, view, rows[4 * k + 1]), rows[4 * k + 2] / sizes[k], -rows[4 * k + 3] / sizes[k], long, view.unit);
  }
  ctx.lineJoin = 'round';
  ctx.globalAlpha = 0.8;
  ctx.strokeStyle = view.colors.card;
  ctx.lineWidth = 1.6 * view.unit;
  ctx.stroke();
  ctx.fillStyle = view.colors.ink;
  ctx.fill();
  ctx.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x  its middle
 * @param {number} y
 * @param {number} dx direction in the picture, of length 1
 * @param {number} dy
 * @param {number} long
 * @param {number} unit
 */
function tick(ctx, x, y, dx, dy, long, unit) {
  const fx = x - (dx * long) / 2, fy = y - (dy * long) / 2;
  const w = Math.min(1.7 * unit, 0.25 * long);
  ctx.moveTo(fx - dy * w, fy + dx * w);
  ctx.lineTo(fx + dx * long, fy + dy * long);
  ctx.lineTo(fx + dy * w, fy - dx * w);
  ctx.closePath();
}

/**
 * −∇F of the drawn surface on a lattice.
 * @param {Frame} frame
 * @returns {Float32Array} rows of x, y, dx, dy
 */
function slopes(frame) {
  const rows = new Float32Array(4 * SIDE * SIDE);
  const hx = (frame.x1 - frame.x0) / frame.nx, hy = (frame.y1 - frame.y0) / frame.ny;
  for (let k = 0; k < SIDE * SIDE; k++) {
    const x = frame.x0 + (((k % SIDE) + 0.5) / SIDE) * (frame.x1 - frame.x0);
    const y = frame.y0 + ((Math.floor(k / SIDE) + 0.5) / SIDE) * (frame.y1 - frame.y0);
    rows.set([x, y,
      (sample(frame, x - hx, y) - sample(frame, x + hx, y)) / (2 * hx),
      (sample(frame, x, y - hy) - sample(frame, x, y + hy)) / (2 * hy)], 4 * k);
  }
  return rows;
}
