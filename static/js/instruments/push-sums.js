// push-sums.js: the sums of a step's pushes.

/**
 * How many points a step pushed down and up, and the sums of their weights.
 * @param {Float32Array} pushes  rows of x, y, fromx, fromy, amount
 */
export function sums(pushes) {
  const sum = { down: 0, downs: 0, up: 0, ups: 0 };
  for (let p = 4; p < pushes.length; p += 5) {
    if (pushes[p] > 0) {
      sum.up += pushes[p];
      sum.ups++;
    } else {
      sum.down -= pushes[p];
      sum.downs++;
    }
  }
  return sum;
}
