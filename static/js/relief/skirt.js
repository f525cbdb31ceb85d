// The skirt of the 3-D surface: below each of its four edges a strip down to its base.

/** @import {Mesh} from './mesh.js' */
import { BASE } from './camera.js';

/** The brightness of the strips: front, back, left, right. */
const BRIGHTNESS = [0.95, 0.8, 1, 0.86];

/**
 * Writes the corners of the strips, an upper and a lower one for every vertex: u, v, height, light.
 * @param {Float32Array} out  4 strips of 2 n corners
 * @param {Mesh} mesh
 */
export function skirt(out, { n, heights }) {
  let k = 0;
  for (let side = 0; side < 4; side++) {
    for (let i = 0; i < n; i++) {
      const along = (2 * i) / (n - 1) - 1, edge = side % 2 === 0 ? -1 : 1;
      const p = side === 0 ? i : side === 1 ? (n - 1) * n + i : side === 2 ? i * n : i * n + n - 1;
      for (const h of [heights[p], BASE]) {
        out[k++] = side < 2 ? along : edge;
        out[k++] = side < 2 ? edge : along;
        out[k++] = h;
        out[k++] = BRIGHTNESS[side];
      }
    }
  }
}
