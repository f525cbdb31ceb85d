// Contour lines as lists of points, by marching squares (W. E. Lorensen and H. E. Cline, "Marching
// cubes", 1987, in two dimensions). The renderers draw the surface's lines without them, pixel by
// pixel; they are for what needs a line as a whole: labels, the lines of a change, the SVG export.

/**
 * The lines along which a grid has the value z, with the higher side on their left. A closed line
 * ends with the point it starts with.
 * @param {ArrayLike<number>} grid row-major, width x height
 * @param {number} width
 * @param {number} height
 * @param {number} z
 * @param {number} [stride] take every so many rows and columns only
 * @returns {number[][]} lines of i, j, i, j, … in grid coordinates: (0, 0) is the first sample
 */
export function contourLines(grid, width, height, z, stride = 1) {
  const next = segments(grid, width, height, z, stride);
  const pointOn = (/** @type {number} */ edge) => {
    const p = edge >> 1;
    const q = p + (edge & 1 ? width * stride : stride);
    const f = stride * ((z - grid[p]) / (grid[q] - grid[p]));
    const i = p % width, j = Math.floor(p / width);
    return edge & 1 ? [i, j + f] : [i + f, j];
  };
  // Open lines first, from their beginnings: edges that no segment leads to.
  const ends = new Set(next.values());
  const starts = [...next.keys()].filter((edge) => !ends.has(edge));
  const lines = [];
  for (const start of [...starts, ...next.keys()]) {
    const line = [];
    let edge = start;
    for (let to = next.get(edge); to !== undefined; to = next.get(edge)) {
      if (line.length === 0) line.push(...pointOn(edge));
      line.push(...pointOn(to));
      next.delete(edge);
      edge = to;
    }
    if (line.length > 0) lines.push(line);
  }
  return lines;
}

/**
 * The edge of the area in which a grid is higher than z, as closed lines: outer edges run one way
 * round and holes the other, so that SVG's and Canvas2D's nonzero rule fills the area. Where the area
 * reaches the border of the grid, its edge runs between one and two samples outside.
 * @param {ArrayLike<number>} grid row-major, width x height
 * @param {number} width
 * @param {number} height
 * @param {number} z
 * @returns {number[][]} as of [contourLines]
 */
export function contourArea(grid, width, height, z) {
  // Around the grid go one ring of its border's values and one of lower values.
  const wide = width + 4, padded = new Float64Array(wide * (height + 4));
  const clamp = (/** @type {number} */ i, /** @type {number} */ count) => Math.min(count - 1, Math.max(0, i - 2));
  const low = z - Math.max(1e-9, Math.abs(z));
  for (let j = 0, p = 0; j < height + 4; j++) {
    for (let i = 0; i < wide; i++, p++) {
      const outside = i === 0 || j === 0 || i === wide - 1 || j === height + 3;
      padded[p] = outside ? low : grid[clamp(j, height) * width + clamp(i, width)];
    }
  }
  return contourLines(padded, wide, height + 4, z).map((line) => line.map((c) => c - 2));
}

/**
 * How close together the lines are at a point of one: levels per pixel.
 * @param {{nx:number, ny:number, grid:Float32Array}} frame
 * @param {number} i    in grid coordinates
 * @param {number} j
 * @param {number} gap  between the energies of two levels
 * @param {{width:number, height:number}} picture  in pixels
 */
export function crowding({ nx, ny, grid }, i, j, gap, { width, height }) {
  const q = Math.min(ny - 2, Math.max(0, Math.floor(j))) * nx + Math.min(nx - 2, Math.max(0, Math.floor(i)));
  return Math.hypot(((grid[q + 1] - grid[q]) * nx) / width, ((grid[q + nx] - grid[q]) * ny) / height) / gap;
}

/**
 * The pieces of the lines within cells, each from one edge of a cell to another. An edge's number
 * is twice its lower left sample's, plus 1 if it goes up from there.
 * @param {ArrayLike<number>} grid
 * @param {number} width
 * @param {number} height
 * @param {number} z
 * @param {number} stride
 * @returns {Map<number, number>}
 */
function segments(grid, width, height, z, stride) {
  /** @type {Map<number, number>} */
  const next = new Map();
  for (let j = 0; j + stride < height; j += stride) {
    for (let i = 0; i + stride < width; i += stride) {
      const p = j * width + i;
      const east = p + stride, north = p + width * stride;
      const a = grid[p], b = grid[east], c = grid[north + stride], d = grid[north];
      const code = (a > z ? 1 : 0) | (b > z ? 2 : 0) | (c > z ? 4 : 0) | (d > z ? 8 : 0);
      if (code === 0 || code === 15) continue;
      const bottom = 2 * p, right = 2 * east + 1, top = 2 * north, left = 2 * p + 1;
      if (code === 5 || code === 10) {
        // A saddle: the corners above z are connected if the middle is above z, too.
        const joined = (a + b + c + d) / 4 > z;
        if (code === 5) next.set(bottom, joined ? right : left).set(top, joined ? left : right);
        else next.set(right, joined ? top : bottom).set(left, joined ? bottom : top);
        continue;
      }
      // Going round the cell, a line begins on the edge that leads down and ends on the one that leads up.
      const above = [a > z, b > z, c > z, d > z];
      const edges = [bottom, right, top, left];
      const from = above.findIndex((high, k) => high && !above[(k + 1) % 4]);
      const to = above.findIndex((high, k) => !high && above[(k + 1) % 4]);
      next.set(edges[from], edges[to]);
    }
  }
  return next;
}
