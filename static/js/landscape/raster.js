// The landscape by Canvas2D: every pixel is computed here, with the shader's own arithmetic.
// Stroked contour paths would take several times as long without a graphics card, since each of
// some thousand strokes is rasterised on its own.
//
// The height is computed at every second pixel corner only and is bilinear between them, which at
// that distance cannot be told from the surface. The shader computes it at every pixel.

/** @import {Frame} from '../types.js' */
/** @import {SurfaceStyle} from './surface-style.js' */
import { levelAt } from './levels.js';
import { TONES, toneOf, withLine, writeTones } from './pixel.js';
import { HALF, LIGHT, strength } from './shading.js';
import { corners } from './surface.js';
import { FLAT, LINE, LINE_WIDTH } from './surface-style.js';

/** Shades to each side of flat; more cannot be told apart. */
const SHADES = 32;

/** Draws the landscape into a canvas of any size. */
export class Raster {
  /**
   * @param {HTMLCanvasElement} canvas
   * @throws {Error} if the canvas has another context already
   */
  constructor(canvas) {
    const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
    if (!context) throw new Error('this canvas has another context than 2d');
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
  /** The width of the widest line, in CSS pixels. */
  #widest = 0;
  /** @type {SurfaceStyle|null} */
  #style = null;

  /** Milliseconds that the last picture took for each of its pixels. */
  msPerPixel = NaN;

  /**
   * @param {Frame} frame
   * @param {Float32Array} table level numbers, from Levels
   * @param {number} lo
   * @param {number} hi
   * @param {SurfaceStyle} style
   * @param {number} unit pixels of this canvas per CSS pixel, times the scene's scale
   */
  draw(frame, table, lo, hi, style, unit) {
    const start = performance.now();
    const { width, height } = this.#context.canvas;
    this.#fit(frame, width, height, style.exact);
    if (this.#style !== style) this.#setStyle(style);
    const inv = 1 / (hi - lo);
    this.#fillRow(this.#lower, 0, frame, table, lo, inv);
    for (let y = 0; y < height; y += 2) {
      const spare = this.#upper;
      this.#upper = this.#lower;
      this.#lower = spare;
      this.#fillRow(this.#lower, y / 2 + 1, frame, table, lo, inv);
      this.#render(y, width, style.lines, unit);
    }
    if (this.#image) this.#context.putImageData(this.#image, 0, 0);
    this.msPerPixel = (performance.now() - start) / (width * height);
  }

  /** Frees the buffers. */
  dispose() {
    this.#image = null;
    this.#pixels = new Int32Array(0);
    this.#shape = '';
  }

  /**
   * Makes the buffers for a picture of this size over a grid of this size.
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
   * Computes every colour of the map in every shade.
   * @param {SurfaceStyle} style
   */
  #setStyle(style) {
    this.#style = style;
    this.#widest = 0;
    for (let p = LINE_WIDTH; p < style.lines.length; p += LINE) this.#widest = Math.max(this.#widest, style.lines[p]);
    for (let s = 0; s <= 2 * SHADES; s++) {
      writeTones(this.#tones, s * TONES, style, (share) => 1 + strength(share) * style.hillshade * (s / SHADES - 1));
    }
  }

  /**
   * Writes the level numbers along one row of corners.
   * @param {Float64Array} out
   * @param {number} y the row
   * @param {Frame} frame
   * @param {Float32Array} table
   * @param {number} lo
   * @param {number} inv 1 / (hi - lo)
   */
  #fillRow(out, y, { nx, grid }, table, lo, inv) {
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
      out[x] = levelAt(table, weight[k] * row[i] + weight[k + 1] * row[i + 1] + weight[k + 2] * row[i + 2] + weight[k + 3] * row[i + 3]);
    }
  }

  /**
   * Colours two rows of pixels in blocks of 2 x 2: tone by height, shade by slope, and a line
   * wherever the height is a whole number.
   * @param {number} y      the upper row
   * @param {number} width
   * @param {Float32Array} lines
   * @param {number} unit
   */
  #render(y, width, lines, unit) {
    const pixels = this.#pixels, tones = this.#tones;
    const upper = this.#upper, lower = this.#lower;
    const blocks = upper.length - 1;
    const right = (LIGHT.right * width) / HALF;
    const down = (LIGHT.down * width) / HALF;
    const flat = SHADES * TONES;
    // Farther than this, in pixels, no line reaches; squared.
    const far = ((this.#widest * unit + 1) / 2) ** 2;
    for (let b = 0, p = y * 2 * blocks, q = p + 2 * blocks; b < blocks; b++, p += 2, q += 2) {
      const nw = upper[b], ne = upper[b + 1], sw = lower[b], se = lower[b + 1];
      if (nw === ne && nw === sw && nw === se) { // the plateau: often half of the picture
        pixels[p] = pixels[p + 1] = pixels[q] = pixels[q + 1] = tones[flat + toneOf(nw)];
        continue;
      }
      const gx = (ne - nw + se - sw) / 4, gy = (sw - nw + se - ne) / 4;
      const slope = gx * right + gy * down;
      const shade = (((slope / (1 + Math.abs(slope))) * SHADES + (SHADES + 0.5)) | 0) * TONES;
      const square = gx * gx + gy * gy;
      const near = square > FLAT * FLAT ? far * square : 0;
      // The centres of the four pixels lie a quarter of the way from the corners of the block.
      const middle = (nw + ne + sw + se) / 4, twist = (nw - ne - sw + se) / 16;
      const along = (gx + gy) / 2, athwart = (gx - gy) / 2;
      pixels[p] = pixel(tones, shade, middle - along + twist, near, square, lines, unit);
      pixels[p + 1] = pixel(tones, shade, middle + athwart - twist, near, square, lines, unit);
      pixels[q] = pixel(tones, shade, middle - athwart - twist, near, square, lines, unit);
      pixels[q + 1] = pixel(tones, shade, middle + along + twist, near, square, lines, unit);
    }
  }
}

/**
 * The colour of a pixel.
 * @param {Int32Array} tones
 * @param {number} shade  where the tones of its shade begin
 * @param {number} v      its level number
 * @param {number} near   the square of the levels within which a line would reach it
 * @param {number} square the square of its slope in levels per pixel
 * @param {Float32Array} lines
 * @param {number} unit
 */
function pixel(tones, shade, v, near, square, lines, unit) {
  const color = tones[shade + toneOf(v)];
  const k = (v + 0.5) | 0;
  const d = v - k;
  return d * d < near ? withLine(color, lines, k, Math.abs(d), Math.sqrt(square), unit) : color;
}
