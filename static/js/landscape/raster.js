// The landscape by Canvas2D: every pixel is computed here, with the shader's own arithmetic.
// Marching squares and stroked paths would take several times as long without a graphics card,
// since each of some thousand strokes is rasterised on its own.
//
// The height is computed at every second pixel corner only; between them it is straight both
// ways, which at that distance cannot be told from the surface.

/** @import {Frame} from '../types.js' */
/** @import {Ground} from './surface-style.js' */
import { BANDS, MAJOR, TABLE, TOP } from './levels.js';
import { corners } from './surface.js';
import * as look from './shading.js';

const SHADES = 32; // to each side of flat; more cannot be told apart
const TONES = 256;
const PEN = 7;

/** Draws the landscape into a canvas of any size. */
export class Raster {
  /**
   * @param {HTMLCanvasElement} canvas
   * @throws {Error} if the canvas has another context already
   */
  constructor(canvas) {
    const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
    if (!context) throw new Error('this canvas cannot be drawn on in two dimensions');
    this.#context = context;
  }

  #context;
  /** @type {ImageData|null} */
  #image = null;
  #pixels = new Int32Array(0);
  #row = new Float64Array(0);
  /** Level numbers along the upper and the lower edge of a row of blocks. */
  #upper = new Float64Array(0);
  #lower = new Float64Array(0);
  #x = corners(4, 1, false);
  #y = corners(4, 1, false);
  #shape = '';
  #tones = new Int32Array((2 * SHADES + 1) * TONES);
  #pens = pensOf(null);
  /** @type {Ground|null} */
  #ground = null;

  /** Milliseconds that the last picture took, for each of its pixels. */
  price = NaN;

  /**
   * @param {Frame} frame
   * @param {Float32Array} table level numbers, from Levels
   * @param {number} lo
   * @param {number} hi
   * @param {Ground} ground
   * @param {number} unit pixels of this canvas per CSS pixel, times the scene's scale
   */
  draw(frame, table, lo, hi, ground, unit) {
    const start = performance.now();
    const { width, height } = this.#context.canvas;
    this.#fit(frame, width, height, ground.exact);
    if (this.#ground !== ground) this.#mix(ground);
    const inv = 1 / (hi - lo);
    this.#climb(this.#lower, 0, frame, table, lo, inv);
    for (let y = 0; y < height; y += 2) {
      const spare = this.#upper;
      this.#upper = this.#lower;
      this.#lower = spare;
      this.#climb(this.#lower, y / 2 + 1, frame, table, lo, inv);
      this.#paint(y, width, unit);
    }
    if (this.#image) this.#context.putImageData(this.#image, 0, 0);
    this.price = (performance.now() - start) / (width * height);
  }

  /**
   * Makes room for a picture of this size over a grid of this size.
   * @param {Frame} frame
   * @param {number} width
   * @param {number} height
   * @param {boolean} exact
   */
  #fit({ nx, ny }, width, height, exact) {
    const shape = `${nx} ${ny} ${width} ${height} ${exact}`;
    if (shape === this.#shape) return;
    this.#shape = shape;
    const across = Math.ceil(width / 2), down = Math.ceil(height / 2);
    this.#image = this.#context.createImageData(2 * across, 2 * down);
    this.#pixels = new Int32Array(this.#image.data.buffer);
    this.#row = new Float64Array(nx);
    this.#upper = new Float64Array(across + 1);
    this.#lower = new Float64Array(across + 1);
    this.#x = corners(nx, width, exact);
    this.#y = corners(ny, height, exact, true);
  }

  /**
   * The colours in advance: every tone of the map in every shade.
   * @param {Ground} ground
   */
  #mix(ground) {
    this.#ground = ground;
    this.#pens = pensOf(ground);
    for (let s = 0; s <= 2 * SHADES; s++) {
      for (let t = 0; t < TONES; t++) {
        const light = 1 + look.relief((t + 0.5) / TONES) * ground.relief * (s / SHADES - 1);
        const at = ((t + 0.5) / TONES) * 255;
        const i = Math.min(254, Math.floor(at)) * 4;
        const lowest = ground.lines && (t + 0.5) / TONES < 1 / BANDS ? look.RIM_FILL : 0;
        let packed = 255;
        for (let c = 2; c >= 0; c--) {
          const tone = ground.map[i + c] + (at - (i >> 2)) * (ground.map[i + 4 + c] - ground.map[i + c]);
          packed = (packed << 8) | Math.min(255, (tone + lowest * (ground.rim[c] - tone)) * light);
        }
        this.#tones[s * TONES + t] = packed;
      }
    }
  }

  /**
   * Level numbers along one row of corners.
   * @param {Float64Array} out
   * @param {number} y the row
   * @param {Frame} frame
   * @param {Float32Array} table
   * @param {number} lo
   * @param {number} inv 1 / (hi - lo)
   */
  #climb(out, y, { nx, grid }, table, lo, inv) {
    const row = this.#row;
    const { cell, weight } = this.#x;
    const base = this.#y.cell[y] * nx;
    const down = this.#y.weight;
    const b0 = down[4 * y], b1 = down[4 * y + 1], b2 = down[4 * y + 2], b3 = down[4 * y + 3];
    for (let i = 0, p = base; i < nx; i++, p++) {
      row[i] = (b0 * grid[p] + b1 * grid[p + nx] + b2 * grid[p + 2 * nx] + b3 * grid[p + 3 * nx] - lo) * inv;
    }
    for (let x = 0, k = 0; x < cell.length; x++, k += 4) {
      const i = cell[x];
      const t = weight[k] * row[i] + weight[k + 1] * row[i + 1] + weight[k + 2] * row[i + 2] + weight[k + 3] * row[i + 3];
      const u = t <= 0 ? 0 : t >= TOP ? TABLE - 1.001 : t * ((TABLE - 1.001) / TOP);
      const e = u | 0;
      const v = table[e];
      out[x] = v + (u - e) * (table[e + 1] - v);
    }
  }

  /**
   * Colours two rows of pixels, block by block of four: tone by height, shade by slope, and a line
   * wherever the height is a whole number.
   * @param {number} y      the upper row
   * @param {number} width
   * @param {number} unit
   */
  #paint(y, width, unit) {
    const pixels = this.#pixels, tones = this.#tones, pens = this.#pens;
    const upper = this.#upper, lower = this.#lower;
    const blocks = upper.length - 1;
    const right = (look.LIGHT.right * width) / look.STEEP;
    const down = (look.LIGHT.down * width) / look.STEEP;
    const flat = SHADES * TONES;
    // Farther than this, in pixels, no line reaches; squared.
    const far = ((look.MAJOR_WIDTH * unit + 1) / 2) ** 2;
    for (let b = 0, p = y * 2 * blocks, q = p + 2 * blocks; b < blocks; b++, p += 2, q += 2) {
      const nw = upper[b], ne = upper[b + 1], sw = lower[b], se = lower[b + 1];
      if (nw === ne && nw === sw && nw === se) { // the plateau: often half of the picture
        pixels[p] = pixels[p + 1] = pixels[q] = pixels[q + 1] = tones[flat + tone(nw)];
        continue;
      }
      const gx = (ne - nw + se - sw) / 4, gy = (sw - nw + se - ne) / 4;
      const slope = gx * right + gy * down;
      const shade = (((slope / (1 + Math.abs(slope))) * SHADES + (SHADES + 0.5)) | 0) * TONES;
      const square = gx * gx + gy * gy;
      const near = square > look.LEVEL_GROUND * look.LEVEL_GROUND ? far * square : 0;
      // The four middles of the pixels lie a quarter of the way from the corners of the block.
      const middle = (nw + ne + sw + se) / 4, twist = (nw - ne - sw + se) / 16;
      const along = (gx + gy) / 2, athwart = (gx - gy) / 2;
      pixels[p] = tint(tones, shade, middle - along + twist, near, square, pens, unit);
      pixels[p + 1] = tint(tones, shade, middle + athwart - twist, near, square, pens, unit);
      pixels[q] = tint(tones, shade, middle - athwart - twist, near, square, pens, unit);
      pixels[q + 1] = tint(tones, shade, middle + along + twist, near, square, pens, unit);
    }
  }
}

/** Which tone of the map a level number has. @param {number} v */
function tone(v) {
  return v >= BANDS ? TONES - 1 : (v * (TONES / BANDS)) | 0;
}

/**
 * The colour of a pixel.
 * @param {Int32Array} tones
 * @param {number} shade  where the tones of its shade begin
 * @param {number} v      its level number
 * @param {number} near   the square of the levels within which a line would reach it
 * @param {number} square the square of its slope in levels per pixel
 * @param {Float64Array} pens
 * @param {number} unit
 */
function tint(tones, shade, v, near, square, pens, unit) {
  const color = tones[shade + tone(v)];
  const k = (v + 0.5) | 0;
  const d = v - k;
  return d * d < near ? ink(color, pens, k * PEN, Math.abs(d), Math.sqrt(square), unit) : color;
}

/**
 * The colour of a pixel near a line.
 * @param {number} color under the line
 * @param {Float64Array} pens
 * @param {number} p      where the line's pen begins
 * @param {number} d      levels to the line
 * @param {number} steep  levels per pixel
 * @param {number} unit
 */
function ink(color, pens, p, d, steep, unit) {
  const cover = pens[p] * unit + 0.5 - d / steep;
  const room = pens[p + 1] - steep * (unit < 1 ? 1 : unit) * pens[p + 2];
  if (cover <= 0 || room <= 0) return color;
  const a = pens[p + 3] * (cover < 1 ? cover : 1) * (room < 1 ? room : 1);
  const r = color & 255, g = (color >> 8) & 255, b = (color >> 16) & 255;
  return 0xff000000 | ((b + a * (pens[p + 6] - b)) << 16) | ((g + a * (pens[p + 5] - g)) << 8) | (r + a * (pens[p + 4] - r));
}

/**
 * How the line of every level is drawn, PEN numbers each: half its width in CSS pixels; then
 * the two of its fading where levels crowd, a - b * (levels per CSS pixel, or per pixel if that is larger); its opacity; its colour.
 * @param {Ground|null} ground null, or without lines: none is drawn
 */
function pensOf(ground) {
  const pens = new Float64Array((BANDS + 1) * PEN);
  for (let k = 1; k <= BANDS && ground?.lines; k++) {
    const major = k === 1 || k % MAJOR === 0;
    const [from, gone] = major ? look.MAJOR_CROWD : look.MINOR_CROWD;
    pens.set([
      (major ? look.MAJOR_WIDTH : look.MINOR_WIDTH) / 2,
      gone / (gone - from),
      1 / (gone - from),
      k === 1 ? look.RIM_INK : major ? look.MAJOR_INK : look.MINOR_INK,
      ...(k === 1 ? ground.rim : ground.inks.subarray(4 * k, 4 * k + 3)),
    ], k * PEN);
  }
  return pens;
}
