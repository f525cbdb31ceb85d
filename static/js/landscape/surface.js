// The surface over the plane: how the values at cell centres become a smooth landscape, and its
// height at any point. Drawing and reading use the same four weights per axis.

/** @import {Frame} from '../types.js' */

/**
 * Of the cells of a large grid one in so many is counted: enough that the result looks like that of
 * all, and an odd number, so that every column is counted equally.
 * @param {Float32Array} grid
 */
export const stride = (grid) => (grid.length >> 14) | 1;

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
 * The slopes of the four weights of the B-spline, per cell.
 * @param {Float32Array|Float64Array|number[]} out written at `at` … `at` + 3
 * @param {number} at
 * @param {number} f 0 to 1
 */
export function slopes(out, at, f) {
  const g = 1 - f;
  out[at] = (-g * g) / 2;
  out[at + 1] = f * (1.5 * f - 2);
  out[at + 2] = -g * (1.5 * g - 2);
  out[at + 3] = (f * f) / 2;
}

/**
 * The four neighbouring cells that make the value at a position, and their weights. The picture ends
 * half a cell beyond the outer samples, where the grid is extrapolated linearly: the weight of a
 * missing cell goes to its two neighbours inside, for there v(i) = 2 v(i + 1) - v(i + 2).
 * @param {Float64Array|number[]} out the weights, written at `k` … `k` + 3
 * @param {number} k
 * @param {number} at    0 is the centre of the first cell, 1 that of the second
 * @param {number} cells how many there are, at least 4
 * @param {boolean} exact
 * @param {typeof weights} [of] what the weights are: [slopes] for those of the slope
 * @returns {number} the first of the four
 */
export function stencil(out, k, at, cells, exact, of = weights) {
  const i = Math.floor(at);
  of(out, k, at - i, exact);
  let first = i - 1;
  for (; first < 0; first++) {
    const missing = out[k];
    out[k] = out[k + 1] + 2 * missing;
    out[k + 1] = out[k + 2] - missing;
    out[k + 2] = out[k + 3];
    out[k + 3] = 0;
  }
  for (; first > cells - 4; first--) {
    const missing = out[k + 3];
    out[k + 3] = out[k + 2] + 2 * missing;
    out[k + 2] = out[k + 1] - missing;
    out[k + 1] = out[k];
    out[k] = 0;
  }
  return first;
}

/**
 * One axis of a picture: for every second pixel corner the first of its four cells and their weights.
 * @typedef {{cell:Int32Array, weight:Float64Array}} Axis
 */

/**
 * The corners 0, 2, 4, … of `pixels` pixels over `cells` cells. The last corner is the picture's
 * edge or a pixel beyond it.
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
    cell[c] = stencil(weight, 4 * c, (flip ? 1 - along : along) * cells - 0.5, cells, exact);
  }
  return { cell, weight };
}

const wx = [0, 0, 0, 0];
const wy = [0, 0, 0, 0];
const sx = [0, 0, 0, 0];
const sy = [0, 0, 0, 0];

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
  const { nx, ny, grid } = frame;
  const gx = Math.min(1, Math.max(0, (y1 - frame.x0) / (frame.x1 - frame.x0))) * nx - 0.5;
  const gy = Math.min(1, Math.max(0, (y2 - frame.y0) / (frame.y1 - frame.y0))) * ny - 0.5;
  const p = stencil(wx, 0, gx, nx, exact) + nx * stencil(wy, 0, gy, ny, exact);
  let sum = 0;
  for (let b = 0; b < 4; b++) {
    for (let a = 0; a < 4; a++) sum += wx[a] * wy[b] * grid[p + b * nx + a];
  }
  return sum;
}

/**
 * The gradient of the energy at a point of the plane: that of the smooth surface that [sample]
 * reads.
 * @param {Float64Array|number[]} out ∂F/∂y1 and ∂F/∂y2
 * @param {Frame} frame
 * @param {number} y1 inside the box
 * @param {number} y2
 */
export function gradient(out, frame, y1, y2) {
  const { nx, ny, grid } = frame;
  const kx = nx / (frame.x1 - frame.x0), ky = ny / (frame.y1 - frame.y0);
  const gx = (y1 - frame.x0) * kx - 0.5, gy = (y2 - frame.y0) * ky - 0.5;
  const p = stencil(wx, 0, gx, nx, false) + nx * stencil(wy, 0, gy, ny, false);
  stencil(sx, 0, gx, nx, false, slopes);
  stencil(sy, 0, gy, ny, false, slopes);
  let d1 = 0, d2 = 0;
  for (let b = 0; b < 4; b++) {
    for (let a = 0; a < 4; a++) {
      const e = grid[p + b * nx + a];
      d1 += sx[a] * wy[b] * e;
      d2 += wx[a] * sy[b] * e;
    }
  }
  out[0] = d1 * kx;
  out[1] = d2 * ky;
}

/**
 * The histograms of the energy at the data and over the plane from lo to hi: `bins` shares each,
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
  const step = stride(grid);
  const share = 1 / Math.ceil(grid.length / step);
  for (let p = 0; p < grid.length; p += step) plane[bin(grid[p])] += share;
  return { edges: Array.from({ length: bins + 1 }, (_, k) => lo + ((hi - lo) * k) / bins), data, plane };
}
