// wire-packed.js: reads the sections of a frame that are encoded as "compact" or "small": numbers
// without their last bits, predicted, in byte planes, and deflated. What they mean, and how far they
// are off, is in sim/wire/compact.go, which writes them.

/** @import {SmallPicture} from './types.js' */
import { inflateSync } from '../vendor/fflate/esm/browser.js';

/** By encoding: steps of a coordinate for the side of the box, directions of arrows, and their sizes for each halving. */
const ENCODINGS = {
  1: { steps: 1024, directions: 128, sizes: 4 },
  2: { steps: 256, directions: 64, sizes: 3 },
};

/** @typedef {keyof typeof ENCODINGS} Packed */

/** Whether this is an encoding of packed sections. @param {number} enc @returns {enc is Packed} */
export const isPacked = (enc) => enc === 1 || enc === 2;

// The codes of an energy at the finest: below lo, from lo to hi, above hi.
const BITS = 12, BELOW = 128, LINEAR = 3072, ABOVE = 2 ** BITS - BELOW - LINEAR;
/** Codes of fewer bits would be seen as steps. */
const FINE = 10;
const ROUNDS = 4;
const GRID_HEAD = 16, ROWS_HEAD = 4, PICTURE = 28;
const MAX_ROWS = 1 << 14, MAX_SIDE = 512, MAX_PICTURES = 4 << 20;

// Coordinates: so many evenly spaced codes of each sign; beyond, a distance grows by e in so many.
const EVEN = 2 ** 14, PER_E = (2 ** 15 - 1 - EVEN) / 96;
const PER_OCTAVE = 256, NO_ARROW = 255, PATHS = 128;

const values = new Float32Array(2 ** BITS);
let planes = new Uint8Array(0);
let codes = new Uint16Array(0);

/**
 * Inflates n bytes into `planes`.
 * @param {Uint8Array} stream
 * @param {number} n
 * @param {string} name
 */
function inflate(stream, n, name) {
  if (planes.length < n) planes = new Uint8Array(n);
  let length = 0;
  try {
    length = inflateSync(stream, { out: planes.subarray(0, n) }).length;
  } catch {
    throw new Error(`the frame's ${name} cannot be inflated`);
  }
  if (length < n) throw new Error(`the frame ends within its ${name}`);
}

/** 0, -1, 1, -2, … for 0, 1, 2, 3, … @param {number} z */
const zigzag = (z) => (z >> 1) ^ -(z & 1);

/**
 * Reads a grid.
 * @param {DataView} section
 * @param {{nx:number, ny:number, lo:number, hi:number}} frame
 * @param {'grid'|'change'} name
 */
export function unpackGrid(section, { nx, ny, lo, hi }, name) {
  if (section.byteLength < GRID_HEAD) throw new Error(`the frame ends within its ${name}`);
  const bits = section.getUint8(0), order = section.getUint8(1);
  if (bits < 1 || bits > BITS || order < 1 || order > 2 || nx > MAX_SIDE || ny > MAX_SIDE) throw new Error(`the frame's ${name} are in an encoding that this page does not read`);
  const middle = section.getFloat32(12, true);
  const [from, to] = name === 'grid' ? [lo, hi] : [-middle, middle];
  if (!writeValues(bits, section.getFloat32(4, true), from, to, section.getFloat32(8, true))) throw new Error(`the frame's ${name} have a range that is not finite`);
  const n = nx * ny;
  inflate(new Uint8Array(section.buffer, section.byteOffset + GRID_HEAD, section.byteLength - GRID_HEAD), bits > 8 ? 2 * n : n, name);
  restoreCodes(nx, n, bits, order);
  const grid = new Float32Array(n);
  if (bits >= FINE) for (let i = 0; i < n; i++) grid[i] = values[codes[i]];
  else smooth(grid, nx, ny, bits);
  return grid;
}

/**
 * Writes the values of coarse codes without their steps: each goes towards the mean of its neighbours,
 * as far as its code allows.
 * @param {Float32Array} grid
 * @param {number} nx
 * @param {number} ny
 * @param {number} bits
 */
function smooth(grid, nx, ny, bits) {
  const n = nx * ny;
  for (let i = 0; i < n; i++) grid[i] = codes[i];
  for (let round = 0; round < ROUNDS; round++) {
    for (let at = nx; at < n - nx; at += nx) {
      for (let i = at + 1; i < at + nx - 1; i++) {
        const mean = (grid[i - 1] + grid[i + 1] + grid[i - nx] + grid[i + nx]) / 4, c = codes[i];
        grid[i] = mean < c - 0.5 ? c - 0.5 : mean > c + 0.5 ? c + 0.5 : mean;
      }
    }
  }
  const last = 2 ** bits - 1;
  for (let i = 0; i < n; i++) {
    const x = Math.max(0, Math.min(grid[i], last)), c = Math.min(Math.floor(x), last - 1);
    grid[i] = values[c] + (x - c) * (values[c + 1] - values[c]);
  }
}

/**
 * Writes what each code of so many bits stands for.
 * @param {number} bits
 * @param {number} least
 * @param {number} lo
 * @param {number} hi
 * @param {number} most
 * @returns {boolean} whether the range is finite
 */
function writeValues(bits, least, lo, hi, most) {
  if (!Number.isFinite(least + lo + hi + most)) return false;
  if (hi < lo) hi = lo;
  const step = 2 ** (BITS - bits);
  const width = Math.max(hi - lo, 1e-30);
  const below = Math.log1p(Math.max(lo - least, 0) / width), above = Math.log1p(Math.max(most - hi, 0) / width);
  for (let c = 0; c < 2 ** bits; c++) {
    const x = (c + 0.5) * step;
    if (x < BELOW) values[c] = lo - width * Math.expm1((below * (BELOW - x)) / BELOW);
    else if (x < BELOW + LINEAR) values[c] = lo + (width * (x - BELOW)) / LINEAR;
    else values[c] = hi + width * Math.expm1((above * (x - BELOW - LINEAR)) / ABOVE);
  }
  return true;
}

/**
 * Turns the differences in `planes` from what was predicted into `codes`. Order 1 predicts left + upper -
 * upper left; order 2 adds the mean of how far that was off at the left and the upper neighbour.
 * @param {number} nx
 * @param {number} n
 * @param {number} bits
 * @param {number} order
 */
function restoreCodes(nx, n, bits, order) {
  if (codes.length < n) codes = new Uint16Array(n);
  const mask = 2 ** bits - 1, two = bits > 8;
  const off = (/** @type {number} */ i) => zigzag(two ? planes[i] | (planes[n + i] << 8) : planes[i]);
  for (let i = 0, last = 0; i < nx; i++) codes[i] = last = (last + off(i)) & mask;
  for (let at = nx; at < n; at += nx) {
    // Above the second row is none: its prediction counts as right.
    const above = at >= 2 * nx ? at - 2 * nx : at - nx;
    let l = (codes[at - nx] + off(at)) & mask, ul = codes[at - nx], ull = codes[above], left = 0;
    codes[at] = l;
    for (let i = 1; i < nx; i++) {
      const u = codes[at - nx + i], uu = codes[above + i];
      let c = off(at + i) + l + u - ul;
      if (order === 2) c += (left + u - ul - uu + ull) >> 1;
      c &= mask;
      codes[at + i] = c;
      left = c - l - u + ul;
      l = c;
      ul = u;
      ull = uu;
    }
  }
}

/**
 * The coordinates of codes.
 * @param {number} lo of the box
 * @param {number} hi
 * @param {number} steps
 */
function axis(lo, hi, steps) {
  const step = (hi - lo) / steps;
  // A box that no run has is taken for another.
  const [middle, by] = step > 1e-6 && step <= 1e6 && Number.isFinite(lo + hi) ? [(lo + hi) / 2, step] : [0, 1e-3];
  return (/** @type {number} */ code) => {
    const c = (code << 16) >> 16, size = Math.abs(c);
    return middle + by * (size > EVEN ? Math.sign(c) * EVEN * Math.exp((size - EVEN) / PER_E) : c);
  };
}

/**
 * Reads rows of points. They are as in the encoding f32.
 * @param {DataView} section
 * @param {{x0:number, x1:number, y0:number, y1:number}} box
 * @param {string} name
 * @param {Packed} enc
 * @param {number} rows
 * @param {number} columns
 */
export function unpackRows(section, { x0, x1, y0, y1 }, name, enc, rows, columns) {
  if (section.byteLength < ROWS_HEAD || rows > MAX_ROWS) throw new Error(`the frame's ${name} have ${rows} rows in ${section.byteLength} bytes`);
  const { steps, directions, sizes } = ENCODINGS[enc];
  const largest = section.getFloat32(0, true);
  const n = rows * columns;
  inflate(new Uint8Array(section.buffer, section.byteOffset + ROWS_HEAD, section.byteLength - ROWS_HEAD), 2 * n, name);
  const code = (/** @type {number} */ row, /** @type {number} */ column) => zigzag(planes[column * rows + row] | (planes[n + column * rows + row] << 8));
  const xOf = axis(x0, x1, steps), yOf = axis(y0, y1, steps);
  const out = new Float32Array(n);
  const paths = new Int32Array(2 * PATHS);
  let a = 0, b = 0, x = 0, y = 0;
  for (let r = 0, p = 0; r < rows; r++, p += columns) {
    switch (name) {
      case 'pushes':
      case 'proposals':
        x = code(r, 0);
        y = code(r, 1);
        out[p] = xOf(x);
        out[p + 1] = yOf(y);
        out[p + 2] = xOf(x + code(r, 2));
        out[p + 3] = yOf(y + code(r, 3));
        a = name === 'pushes' ? ((a + code(r, 4)) << 16) >> 16 : code(r, 4);
        out[p + 4] = name === 'pushes' ? amount(a, largest) : a;
        break;
      case 'paths': {
        a = (a + code(r, 0)) & 0xffff;
        const last = 2 * (a % PATHS);
        out[p] = a;
        out[p + 1] = xOf((paths[last] += code(r, 1)));
        out[p + 2] = yOf((paths[last + 1] += code(r, 2)));
        break;
      }
      case 'particles':
        out[p] = xOf(code(r, 0));
        out[p + 1] = yOf((y += code(r, 1)));
        break;
      case 'marks':
        out[p] = a = (a + code(r, 0)) & 0xffff;
        out[p + 1] = b = (b + code(r, 1)) & 0xffff;
        out[p + 2] = xOf((x += code(r, 2)));
        out[p + 3] = yOf((y += code(r, 3)));
        break;
      case 'field': {
        out[p] = xOf((x += code(r, 0)));
        out[p + 1] = yOf((y += code(r, 1)));
        a = (a + code(r, 2)) & (directions - 1);
        b = (b + code(r, 3)) & NO_ARROW;
        const long = b === NO_ARROW ? 0 : largest * 2 ** (-b / sizes), turn = (a * 2 * Math.PI) / directions;
        out[p + 2] = long * Math.cos(turn);
        out[p + 3] = long * Math.sin(turn);
        break;
      }
    }
  }
  return out;
}

/**
 * An amount: its sign, and its size as a power of 2 of the largest.
 * @param {number} code
 * @param {number} largest
 */
const amount = (code, largest) => (code === 0 ? 0 : Math.sign(code) * largest * 2 ** ((1 - Math.abs(code)) / PER_OCTAVE));

/**
 * Reads small pictures.
 * @param {DataView} section
 * @param {number} enc
 * @param {number} rows  how many there are
 * @returns {SmallPicture[]}
 */
export function readPictures(section, enc, rows) {
  let v = section;
  if (isPacked(enc)) {
    /** @type {Uint8Array} */
    let all;
    try {
      all = inflateSync(new Uint8Array(section.buffer, section.byteOffset, section.byteLength));
    } catch {
      throw new Error("the frame's pictures cannot be inflated");
    }
    if (all.length > MAX_PICTURES) throw new Error(`the frame's pictures have ${all.length} bytes, more than ${MAX_PICTURES}`);
    v = new DataView(all.buffer, all.byteOffset, all.byteLength);
  }
  /** @type {SmallPicture[]} */
  const pictures = [];
  let at = 0;
  for (let i = 0; i < rows; i++) {
    if (at + PICTURE > v.byteLength) throw new Error('the frame ends within its pictures');
    const nx = v.getUint16(at + 8, true), ny = v.getUint16(at + 10, true);
    if (at + PICTURE + nx * ny > v.byteLength) throw new Error('the frame ends within its pictures');
    const cells = new Uint8Array(v.buffer, v.byteOffset + at + PICTURE, nx * ny);
    if (isPacked(enc)) restoreCells(cells, nx);
    pictures.push({
      index: v.getUint32(at, true), step: v.getUint32(at + 4, true), nx, ny, status: v.getUint8(at + 12),
      lo: v.getFloat32(at + 16, true), hi: v.getFloat32(at + 20, true), measure: v.getFloat32(at + 24, true), cells,
    });
    at += PICTURE + ((nx * ny + 3) & ~3);
  }
  return pictures;
}

/** Turns differences from left + upper - upper left into cells. @param {Uint8Array} cells @param {number} nx */
function restoreCells(cells, nx) {
  for (let i = 0; i < cells.length; i++) {
    const left = i % nx ? cells[i - 1] : 0, upper = i >= nx ? cells[i - nx] : 0;
    cells[i] = zigzag(cells[i]) + left + upper - (i % nx && i >= nx ? cells[i - nx - 1] : 0);
  }
}
