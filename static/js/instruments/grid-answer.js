// grid-answer.js: what the picture itself says about a point, in the form of the model's answer. A page
// that follows a driver uses it: five hundred of them need not ask the model the same.
import { gradient, sample } from '../landscape/surface.js';

/** @typedef {import('../types.js').Frame} Frame */
/** @typedef {[number, number]} Point */

/** Points of a slice. */
const POINTS = 129;
/** The most steps of the path downhill, and the length of one in cells. */
const STEPS = 400, STRIDE = 0.5;

/**
 * The energy at a point, its slope, the path downhill, and the energies along both lines through it.
 * @param {Frame} frame
 * @param {Point} y
 */
export function gridAnswer(frame, y) {
  const [y1, y2] = y;
  /** @type {Point} */
  const grad = [0, 0];
  gradient(grad, frame, y1, y2);
  const column = profile(frame.y0, frame.y1, (v) => sample(frame, y1, v));
  const row = profile(frame.x0, frame.x1, (v) => sample(frame, v, y2));
  return {
    y, F: sample(frame, y1, y2), grad, path: downhill(frame, y),
    slice: { y1, y2: column.x, F: column.F, minima: column.minima, ...gibbs(column) },
    across: { y2, y1: row.x, F: row.F, minima: row.minima },
  };
}

/** @param {number} from @param {number} to @param {(v:number) => number} energy */
function profile(from, to, energy) {
  const x = Array.from({ length: POINTS }, (_, i) => from + ((to - from) * i) / (POINTS - 1));
  const F = x.map(energy);
  const last = POINTS - 1;
  const minima = x.filter((_, i) => (i === 0 || F[i - 1] > F[i]) && (i === last || F[i + 1] >= F[i]));
  return { x, F, minima };
}

/** The density e^(−F) along a profile, up to its factor, and its mean. @param {{x:number[], F:number[]}} profile */
function gibbs({ x, F }) {
  const least = Math.min(...F);
  const density = F.map((f) => Math.exp(least - f));
  const sum = density.reduce((a, b) => a + b);
  return { density, mean: density.reduce((m, d, i) => m + d * x[i], 0) / sum };
}

/**
 * The path of steepest descent, until the energy falls no more or the plane ends.
 * @param {Frame} frame
 * @param {Point} from
 */
export function downhill(frame, from) {
  const { x0, x1, y0, y1, nx } = frame;
  const path = [from];
  /** @type {Point} */
  const slope = [0, 0];
  let [a, b] = from;
  let energy = sample(frame, a, b);
  let stride = (STRIDE * (x1 - x0)) / nx;
  const least = stride / 16;
  for (let i = 0; i < STEPS && stride > least; i++) {
    gradient(slope, frame, a, b);
    const length = Math.hypot(slope[0], slope[1]);
    if (!(length > 0)) break;
    const to = /** @type {Point} */ ([Math.min(x1, Math.max(x0, a - (stride * slope[0]) / length)), Math.min(y1, Math.max(y0, b - (stride * slope[1]) / length))]);
    const below = sample(frame, to[0], to[1]);
    if (!(below < energy)) {
      stride /= 2; // beyond the bottom
      continue;
    }
    [a, b] = to;
    energy = below;
    path.push(to);
  }
  return path;
}
