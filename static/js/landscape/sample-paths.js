// The paths of a frame's samples.

/** @import {Frame} from '../types.js' */

/**
 * The paths by their numbers, each as y1, y2, y1, y2, …
 * @param {Float32Array} rows  of path, x, y
 * @returns {Map<number, number[]>}
 */
export function pathsByNumber(rows) {
  /** @type {Map<number, number[]>} */
  const paths = new Map();
  for (let p = 0; p < rows.length; p += 3) {
    const path = paths.get(rows[p]);
    if (path) path.push(rows[p + 1], rows[p + 2]);
    else paths.set(rows[p], [rows[p + 1], rows[p + 2]]);
  }
  return paths;
}

/**
 * Whether a path leads from where a push came from to where it is.
 * @param {Frame} frame
 * @param {number[]} path
 * @param {Float32Array} push  x, y, fromx, fromy
 */
export function connects({ x0, x1 }, path, [x, y, fromX, fromY]) {
  const near = 1e-3 * (x1 - x0);
  return Math.hypot(path[0] - fromX, path[1] - fromY) < near && Math.hypot(path[path.length - 2] - x, path[path.length - 1] - y) < near;
}
