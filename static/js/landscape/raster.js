// The landscape by Canvas2D: every pixel is computed here, with the shader's own arithmetic.
// Marching squares and stroked paths were measured against it at 600 x 600 and took three times
// as long without a graphics card, since each of some thousand strokes is rasterised on its own.

/** @import {Frame} from '../types.js' */
/** @import {Ground} from './ground.js' */
import { BANDS, MAJOR, TABLE, TOP } from './levels.js';
import { GHOST, axis, pad } from './surface.js';
import * as look from './light.js';

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
  #cells = new Float32Array(0);
  #row = new Float64Array(0);
  /**
   * Level numbers of three pixel rows, each with one more pixel at either end.
   * @type {Float64Array<ArrayBuffer>[]}
   */
  #heights = [new Float64Array(0), new Float64Array(0), new Float64Array(0)];
  #x = axis(1, 1, false);
  #y = axis(1, 1, false);
  #shape = '';
  #tones = new Int32Array((2 * SHADES + 1) * TONES);
  #pens = pensOf(null);
  /** @type {Ground|null} */
  #ground = null;

  /**
   * Most pixels that are worth computing: beyond, the browser magnifies the picture.
   * @type {number}
   */
  static most = 720 * 720;

  /**
   * @param {Frame} frame
   * @param {Float32Array} table level numbers, from Levels
   * @param {number} lo
   * @param {number} hi
   * @param {Ground} ground
   * @param {number} unit pixels of this canvas per CSS pixel, times the scene's scale
   */
  draw(frame, table, lo, hi, ground, unit) {
    const { width, height } = this.#context.canvas;
    this.#fit(frame, width, height, ground.exact);
    if (this.#ground !== ground) this.#mix(ground);
    pad(this.#cells, frame, lo, 1 / (hi - lo));
    let [above, here, below] = this.#heights;
    this.#climb(here, 0, frame.nx, table);
    this.#climb(below, Math.min(1, height - 1), frame.nx, table);
    for (let x = 0; x < width + 2; x++) above[x] = 2 * here[x] - below[x];
    for (let y = 0; y < height; y++) {
      this.#paint(above, here, below, y * width, unit);
      const spare = above;
      above = here;
      here = below;
      below = spare;
      if (y + 2 < height) this.#climb(below, y + 2, frame.nx, table);
      else for (let x = 0; x < width + 2; x++) below[x] = 2 * here[x] - above[x];
    }
    if (this.#image) this.#context.putImageData(this.#image, 0, 0);
  }

  /** Gives up nothing: there is nothing but memory. */
  dispose() {}

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
    this.#image = this.#context.createImageData(width, height);
    this.#pixels = new Int32Array(this.#image.data.buffer);
    this.#cells = new Float32Array((nx + 2 * GHOST) * (ny + 2 * GHOST));
    this.#row = new Float64Array(nx + 2 * GHOST);
    this.#heights = this.#heights.map(() => new Float64Array(width + 2));
    this.#x = axis(nx, width, exact);
    this.#y = axis(ny, height, exact, true);
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
   * Level numbers along one row of pixels.
   * @param {Float64Array} out width + 2
   * @param {number} y
   * @param {number} nx
   * @param {Float32Array} table
   */
  #climb(out, y, nx, table) {
    const row = this.#row, cells = this.#cells;
    const { cell, weight } = this.#x;
    const w = nx + 2 * GHOST;
    const base = this.#y.cell[y] * w;
    const [b0, b1, b2, b3] = this.#y.weight.subarray(4 * y, 4 * y + 4);
    for (let i = 0; i < w; i++) {
      const p = base + i;
      row[i] = b0 * cells[p] + b1 * cells[p + w] + b2 * cells[p + 2 * w] + b3 * cells[p + 3 * w];
    }
    const n = cell.length;
    for (let x = 0, k = 0; x < n; x++, k += 4) {
      const i = cell[x];
      const t = weight[k] * row[i] + weight[k + 1] * row[i + 1] + weight[k + 2] * row[i + 2] + weight[k + 3] * row[i + 3];
      const u = t <= 0 ? 0 : t >= TOP ? TABLE - 1.001 : t * ((TABLE - 1.001) / TOP);
      const e = u | 0;
      const v = table[e];
      out[x + 1] = v + (u - e) * (table[e + 1] - v);
    }
    out[0] = 2 * out[1] - out[Math.min(2, n)];
    out[n + 1] = 2 * out[n] - out[Math.max(1, n - 1)];
  }

  /**
   * Colours one row of pixels: tone by height, shade by slope, and a line wherever the height is
   * a whole number. One long loop, since a call per pixel would cost more than the pixel.
   * @param {Float64Array} above
   * @param {Float64Array} here
   * @param {Float64Array} below
   * @param {number} at the row's first pixel
   * @param {number} unit
   */
  #paint(above, here, below, at, unit) {
    const pixels = this.#pixels, tones = this.#tones, pens = this.#pens;
    const width = here.length - 2;
    const right = (look.LIGHT.right * width) / look.STEEP / 2;
    const down = (look.LIGHT.down * width) / look.STEEP / 2;
    // Beyond this distance, in pixels, no line reaches; its square, for the slope over two pixels.
    const far = ((look.MAJOR_WIDTH * unit + 1) / 2) ** 2 / 4;
    for (let x = 1; x <= width; x++) {
      const v = here[x];
      const gx = here[x + 1] - here[x - 1];
      const gy = below[x] - above[x];
      const slope = gx * right + gy * down;
      const shade = ((slope / (1 + Math.abs(slope))) * SHADES + (SHADES + 0.5)) | 0;
      const tone = v >= BANDS ? TONES - 1 : (v * (TONES / BANDS)) | 0;
      let color = tones[shade * TONES + tone];
      const k = (v + 0.5) | 0;
      const d = v - k;
      const square = gx * gx + gy * gy;
      if (d * d < far * square && square > 4 * look.LEVEL_GROUND * look.LEVEL_GROUND) {
        const p = k * PEN;
        const steep = Math.sqrt(square) / 2;
        const cover = pens[p] * unit + 0.5 - Math.abs(d) / steep;
        const room = pens[p + 1] - steep * unit * pens[p + 2];
        if (cover > 0 && room > 0) {
          const a = pens[p + 3] * (cover < 1 ? cover : 1) * (room < 1 ? room : 1);
          const r = color & 255, g = (color >> 8) & 255, b = (color >> 16) & 255;
          color = 0xff000000 | ((b + a * (pens[p + 6] - b)) << 16) | ((g + a * (pens[p + 5] - g)) << 8) | (r + a * (pens[p + 4] - r));
        }
      }
      pixels[at + x - 1] = color;
    }
  }
}

/**
 * How the line of every level is drawn, PEN numbers each: half its width in CSS pixels; then
 * the two of its fading where levels crowd, a - b * (levels per CSS pixel); its opacity; its colour.
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
