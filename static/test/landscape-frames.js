// Frames and scenes for the tests of the landscape.

/** @import {Frame, Scene} from '../js/types.js' */

/**
 * A frame of n x n cells over [-1.5, 1.5]² whose energies are f's.
 * @param {number} n
 * @param {(y1:number, y2:number) => number} f
 * @param {Partial<Frame>} [rest]
 * @returns {Frame}
 */
export function frameOf(n, f, rest = {}) {
  const at = (/** @type {number} */ i) => -1.5 + ((i + 0.5) * 3) / n;
  const grid = Float32Array.from({ length: n * n }, (_, p) => f(at(p % n), at(Math.floor(p / n))));
  const none = new Float32Array(0);
  return {
    seq: 1, step: 1, generation: 1, time: 0, nx: n, ny: n, x0: -1.5, x1: 1.5, y0: -1.5, y1: 1.5,
    lo: Math.min(...grid), hi: Math.max(...grid), grid, pushes: none, paths: none, particles: none,
    marks: none, scalars: new Float64Array(0), field: none, proposals: none, change: none, since: NaN, ...rest,
  };
}

/**
 * A scene with every layer on.
 * @param {Partial<Scene>} [rest]
 * @returns {Scene}
 */
export function sceneOf(rest = {}) {
  return {
    theme: 'light', spacing: 'quantile', range: '', cardRange: 'data', frozen: false, exact: false, fps: 30, reducedMotion: false, points: new Float32Array(0), scale: 1,
    layers: { heat: true, contours: true, labels: true, data: true, up: true, down: true, paths: true, proposals: true, marks: true, field: true },
    ...rest,
  };
}

/** A spiral valley: sharp, winding, and a high plateau. @param {number} y1 @param {number} y2 */
export function spiral(y1, y2) {
  const r = Math.hypot(y1, y2);
  const turn = (Math.atan2(y2, y1) / (2 * Math.PI) + 2) % 1;
  const d = Math.min(...[0, 1, 2].map((k) => Math.abs(r - 0.6 * (turn + k))));
  return Math.min(14, 40 * d * d - 2);
}
