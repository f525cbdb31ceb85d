// The surface over the plane: how the values at cell centres become a smooth landscape, and what
// its height is at any point. The same four weights per axis draw it and read it.

/** @import {Frame} from '../types.js' */

/** Ghost cells round the grid: the picture ends half a cell beyond the outer samples. */
export const GHOST = 2;

/**
 * The four weights with which the cells i-1 … i+2 make the value at i + f: those of the uniform
 * cubic B-spline, which smooths a little; or, exact, of the straight line between cells i and i+1.
 * @param {Float32Array|Float64Array|number[]} out written at `at` … `at` + 3
 * @param {number} at
 * @param {number} f 0 to 1
 * @param {boolean} exact
 */
export function weights(out, at, f, exact) {
  const g = 1 - f;
  out[at] = exact ? 0 : (g * g * g) / 6;
  out[at + 1] = exact ? g : (4 - 6 * f * f + 3 * f * f * f) / 6;
  out[at + 2] = exact ? f : (4 - 6 * g * g + 3 * g * g * g) / 6;
  out[at + 3] = exact ? 0 : (f * f * f) / 6;
}

/**
 * One axis of a picture: for every second pixel corner the first of its four cells and their weights.
 * @typedef {{cell:Int32Array, weight:Float64Array}} Axis
 */

/**
 * The corners 0, 2, 4, … of `pixels` pixels over `cells` cells; cell numbers count the ghosts. The
 * last corner is the picture's edge or a pixel beyond it.
 * @param {number} cells
 * @param {number} pixels
 * @param {boolean} exact
 * @param {boolean} [flip] the first corner lies over the last cell
 * @returns {Axis}
 */
export function corners(cells, pixels, exact, flip = false) {
  const n = Math.ceil(pixels / 2) + 1;
  const cell = new Int32Array(n);
  const weight = new Float64Array(4 * n);
  for (let c = 0; c < n; c++) {
    const along = Math.min(1, (2 * c) / pixels);
    const at = (flip ? 1 - along : along) * cells - 0.5;
    const i = Math.floor(at);
    cell[c] = i - 1 + GHOST;
    weights(weight, 4 * c, at - i, exact);
  }
  return { cell, weight };
}

/**
 * Writes (grid - lo) * inv into the middle of `out` and continues it straight into the ghosts.
 * @param {Float32Array} out (nx + 2 GHOST) x (ny + 2 GHOST)
 * @param {Frame} frame
 * @param {number} lo
 * @param {number} inv
 */
export function pad(out, frame, lo, inv) {
  const { nx, ny, grid } = frame;
  const w = nx + 2 * GHOST;
  for (let j = 0; j < ny; j++) {
    const row = (j + GHOST) * w + GHOST;
    for (let i = 0, p = j * nx; i < nx; i++) out[row + i] = (grid[p + i] - lo) * inv;
    straight(out, row, -1, nx);
    straight(out, row + nx - 1, 1, nx);
  }
  for (let i = 0; i < w; i++) {
    straight(out, GHOST * w + i, -w, ny);
    straight(out, (ny + GHOST - 1) * w + i, w, ny);
  }
}

/**
 * Continues out beyond its entry `at` in the direction `step` by two ghosts.
 * @param {Float32Array} out
 * @param {number} at
 * @param {number} step
 * @param {number} n entries that there are
 */
function straight(out, at, step, n) {
  const rise = n > 1 ? out[at] - out[at - step] : 0;
  out[at + step] = out[at] + rise;
  out[at + 2 * step] = out[at] + 2 * rise;
}

/**
 * The grid's value at a cell, or that of its straight continuation.
 * @param {Frame} frame
 * @param {number} i
 * @param {number} j
 * @returns {number}
 */
function cellValue(frame, i, j) {
  const { nx, ny, grid } = frame;
  if (i < 0) return (1 - i) * cellValue(frame, 0, j) + i * cellValue(frame, Math.min(1, nx - 1), j);
  if (i >= nx) return (i - nx + 2) * cellValue(frame, nx - 1, j) - (i - nx + 1) * cellValue(frame, Math.max(0, nx - 2), j);
  if (j < 0) return (1 - j) * grid[i] + j * grid[Math.min(1, ny - 1) * nx + i];
  if (j >= ny) return (j - ny + 2) * grid[(ny - 1) * nx + i] - (j - ny + 1) * grid[Math.max(0, ny - 2) * nx + i];
  return grid[j * nx + i];
}

const wx = [0, 0, 0, 0];
const wy = [0, 0, 0, 0];

/**
 * The energy at a point of the plane, by the same smooth surface as is drawn. Outside the box it
 * is that of the box's nearest point.
 * @param {Frame} frame
 * @param {number} y1
 * @param {number} y2
 * @param {boolean} [exact] straight between cells, as the scene's `exact` draws it
 * @returns {number}
 */
export function sample(frame, y1, y2, exact = false) {
  const { nx, ny } = frame;
  const gx = Math.min(1, Math.max(0, (y1 - frame.x0) / (frame.x1 - frame.x0))) * nx - 0.5;
  const gy = Math.min(1, Math.max(0, (y2 - frame.y0) / (frame.y1 - frame.y0))) * ny - 0.5;
  const i = Math.min(nx - 1, Math.floor(gx));
  const j = Math.min(ny - 1, Math.floor(gy));
  weights(wx, 0, gx - i, exact);
  weights(wy, 0, gy - j, exact);
  let sum = 0;
  for (let b = 0; b < 4; b++) {
    for (let a = 0; a < 4; a++) {
      if (wx[a] * wy[b] !== 0) sum += wx[a] * wy[b] * cellValue(frame, i - 1 + a, j - 1 + b);
    }
  }
  return sum;
}

/**
 * How the energies of the data and of the plane are spread over lo … hi: `bins` shares each,
 * which sum to 1; what is above hi counts in the last bin, what is below lo in the first.
 * @param {Frame} frame
 * @param {Float32Array} points rows of y1, y2
 * @param {number} bins
 * @returns {{edges:number[], data:number[], plane:number[]}} bins + 1 edges
 */
export function histogram(frame, points, bins) {
  const { lo, hi, grid } = frame;
  const scale = hi > lo ? bins / (hi - lo) : 0;
  const bin = (/** @type {number} */ energy) => Math.min(bins - 1, Math.max(0, Math.floor((energy - lo) * scale)));
  const data = new Array(bins).fill(0);
  const plane = new Array(bins).fill(0);
  const n = points.length >> 1;
  for (let p = 0; p < n; p++) data[bin(sample(frame, points[2 * p], points[2 * p + 1]))] += 1 / n;
  for (let p = 0; p < grid.length; p++) plane[bin(grid[p])] += 1 / grid.length;
  return { edges: Array.from({ length: bins + 1 }, (_, k) => lo + ((hi - lo) * k) / bins), data, plane };
}
