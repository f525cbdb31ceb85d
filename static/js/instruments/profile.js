// profile.js: small charts of an energy along a line: the curve, its minima, and a density with its
// mean. They are drawn directly on a canvas, which is fast enough to follow the pointer.

/** @import {Colors} from '../landscape/palette.js' */
import { size } from '../landscape/canvas.js';

/**
 * What a chart shows.
 * @typedef {object} Profile
 * @property {number[]} x        positions, in ascending order
 * @property {number[]} F        the energy there
 * @property {boolean} [stems]    the positions are discrete: stems instead of a curve
 * @property {number[]} [minima]  with the ends to which the energy falls
 * @property {number[]} [density]
 * @property {number} [mean]       a line for the mean of the density
 * @property {number} [regression] a dashed line for the least-squares prediction
 * @property {number} [mark]       a ring on the curve
 */

/**
 * The range of the curve that is drawn: from its minimum to its 90 % quantile, so that a steep edge
 * does not flatten the valleys.
 * @param {number[]} values
 */
export function range(values) {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  if (!sorted.length) return [0, 1];
  const lo = sorted[0], hi = sorted[Math.floor(0.9 * (sorted.length - 1))];
  const margin = 0.08 * (hi - lo) || 0.5;
  return [lo - margin, hi + margin];
}

/**
 * The value of a curve, linear between its points.
 * @param {number[]} x @param {number[]} y @param {number} at
 */
export function between(x, y, at) {
  let i = 1;
  while (i < x.length - 1 && x[i] < at) i++;
  const f = Math.min(1, Math.max(0, (at - x[i - 1]) / (x[i] - x[i - 1])));
  return y[i - 1] + f * (y[i] - y[i - 1]);
}

/**
 * The minima of a profile, and the ends of the plane to which its energy falls: there it would go on
 * falling beyond, so that an end is no minimum.
 * @param {number[]} x @param {number[]} F @param {number[]} minima  those and the ends
 */
export function innerMinima(x, F, minima) {
  const last = x.length - 1;
  let first = 0, end = last; // of the inner part: a level stretch at an end belongs to the end
  while (first < last && F[first + 1] === F[0]) first++;
  while (end > 0 && F[end - 1] === F[last]) end--;
  const inner = minima.filter((m) => m > x[first] && m < x[end]);
  const ends = [x[0], x[last]].filter((_, i) => minima.some((m) => (i ? m >= x[end] : m <= x[first])));
  return { inner, ends };
}

/**
 * Draws a profile over the whole of a canvas.
 * @param {HTMLCanvasElement} canvas
 * @param {Profile} p
 * @param {Colors} colors
 * @param {number} unit  the scene's size of lines
 */
export function drawProfile(canvas, p, colors, unit) {
  const ctx = canvas.getContext('2d');
  const { clientWidth: w, clientHeight: h } = canvas;
  if (!ctx || !w || !h) return;
  size(canvas, w, h, devicePixelRatio);
  ctx.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  ctx.clearRect(0, 0, w, h);
  const { x, F } = p;
  const [lo, hi] = range(F);
  const pad = 4 * unit;
  const px = (/** @type {number} */ v) => pad + ((v - x[0]) / (x[x.length - 1] - x[0])) * (w - 2 * pad);
  const py = (/** @type {number} */ v) => Math.max(-9, h - pad - ((v - lo) / (hi - lo)) * (h - 2 * pad));
  ctx.lineJoin = 'round';
  if (p.density?.length) {
    const top = Math.max(...p.density);
    ctx.beginPath();
    ctx.moveTo(px(x[0]), h);
    p.density.forEach((d, i) => ctx.lineTo(px(x[i]), h - (d / top) * (h - 3 * pad)));
    ctx.lineTo(px(x[x.length - 1]), h);
    ctx.globalAlpha = 0.35;
    ctx.fillStyle = colors.muted;
    ctx.fill();
    ctx.globalAlpha = 1;
  }
  /** @param {number|undefined} at @param {string} color @param {number[]} dash */
  const verticalLine = (at, color, dash) => {
    if (at === undefined) return;
    ctx.strokeStyle = color;
    ctx.lineWidth = 1.75 * unit;
    ctx.setLineDash(dash);
    ctx.beginPath();
    ctx.moveTo(px(at), 0);
    ctx.lineTo(px(at), h);
    ctx.stroke();
    ctx.setLineDash([]);
  };
  verticalLine(p.mean, colors.muted, []);
  verticalLine(p.regression, colors.path, [5 * unit, 4 * unit]);
  ctx.strokeStyle = colors.ink;
  ctx.lineWidth = 1.75 * unit;
  ctx.beginPath();
  F.forEach((f, i) => {
    if (p.stems) ctx.moveTo(px(x[i]), h);
    else if (i === 0) ctx.moveTo(px(x[0]), py(F[0]));
    ctx.lineTo(px(x[i]), Math.min(py(f), h));
  });
  ctx.stroke();
  /** @param {number} at @param {string} fill */
  const dot = (at, fill) => {
    ctx.beginPath();
    ctx.arc(px(at), py(between(x, F, at)), 4 * unit, 0, 2 * Math.PI);
    ctx.fillStyle = fill;
    ctx.fill();
    ctx.strokeStyle = colors.ink;
    ctx.lineWidth = 1.5 * unit;
    ctx.stroke();
  };
  const { inner, ends } = innerMinima(x, F, p.minima ?? []);
  for (const m of inner) dot(m, colors.ink);
  // A triangle that points outwards: the energy falls to the end of the plane.
  for (const m of ends) {
    const out = m === x[0] ? -1 : 1, tip = px(m) + out * 3 * unit, y = py(between(x, F, m));
    ctx.beginPath();
    ctx.moveTo(tip, y);
    ctx.lineTo(tip - out * 8 * unit, y - 5 * unit);
    ctx.lineTo(tip - out * 8 * unit, y + 5 * unit);
    ctx.closePath();
    ctx.fillStyle = colors.muted;
    ctx.fill();
  }
  if (p.mark !== undefined) dot(p.mark, colors.card);
}
