// The 3-D surface without a graphics card: every triangle is filled pixel by pixel, with a depth
// buffer. Colours and lines are those of the map, by the map's own pixel.js.

/** @import {Frame} from '../types.js' */
/** @import {SurfaceStyle} from '../landscape/surface-style.js' */
/** @import {Triple} from '../landscape/palette.js' */
/** @import {Camera} from './camera.js' */
/** @import {Mesh} from './mesh.js' */
import { context } from '../landscape/canvas.js';
import { TABLE, levelAt, levelSlope } from '../landscape/levels.js';
import { TONES, toneOf, withLine, writeTones } from '../landscape/pixel.js';
import { FLAT } from '../landscape/surface-style.js';
import { skirt } from './skirt.js';

/**
 * What is to be drawn, besides the shape of the surface.
 * @typedef {object} Picture
 * @property {Frame} frame
 * @property {Float32Array} table  level numbers, from Levels
 * @property {number} lo
 * @property {number} hi
 * @property {SurfaceStyle} style
 * @property {number} unit         pixels of this canvas per CSS pixel, times the scene's scale
 * @property {Triple} background
 * @property {Triple} skirt        the colour of the skirt
 * @property {boolean} moved       the surface has another shape than in the last picture
 */

/** @param {number} red @param {number} green @param {number} blue 0 to 255 or a little beyond */
const pack = (red, green, blue) =>
  (255 << 24) | ((blue > 255 ? 255 : blue < 0 ? 0 : blue) << 16) | ((green > 255 ? 255 : green < 0 ? 0 : green) << 8) | (red > 255 ? 255 : red < 0 ? 0 : red);

export class CanvasSurface {
  /** Vertices per side. */
  static SIDE = 89;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#ctx = context(canvas, true);
  }

  renderer = /** @type {const} */ ('canvas2d');
  #ctx;
  /** @type {ImageData|null} */
  #image = null;
  #pixels = new Uint32Array(0);
  #near = new Float32Array(0);
  #width = 0;
  #height = 0;
  /** Of every vertex its pixel, how near it is, its energy's share of lo … hi, its light. */
  #vertices = new Float64Array(5 * CanvasSurface.SIDE ** 2);
  #corners = new Float32Array(4 * 2 * CanvasSurface.SIDE * 4);
  #projectedCorners = new Float64Array(5 * 4 * 2 * CanvasSurface.SIDE);
  #point = { x: 0, y: 0, near: 0 };
  #unit = 1;
  /** @type {SurfaceStyle|null} */
  #style = null;
  #tones = new Int32Array(TONES);
  /** @type {Float32Array} */
  #lines = new Float32Array(0);
  /** @type {Triple} */
  #skirtColor = [0, 0, 0];
  /** @type {Float32Array} */
  #table = new Float32Array(TABLE);

  /**
   * @param {Camera} camera
   * @param {Mesh} mesh
   * @param {Picture} picture
   */
  draw(camera, mesh, { table, style, unit, background, skirt: skirtColor }) {
    const { width, height } = this.#ctx.canvas;
    if (!this.#image || width !== this.#width || height !== this.#height) {
      this.#image = this.#ctx.createImageData(width, height);
      this.#pixels = new Uint32Array(this.#image.data.buffer);
      this.#near = new Float32Array(width * height);
      [this.#width, this.#height] = [width, height];
    }
    if (style !== this.#style) {
      this.#style = style;
      this.#lines = style.lines;
      writeTones(this.#tones, 0, style, () => 1);
    }
    this.#pixels.fill(pack(background[0], background[1], background[2]));
    this.#near.fill(0);
    [this.#unit, this.#skirtColor, this.#table] = [unit, skirtColor, table];
    this.#drawSurface(camera, mesh);
    this.#drawSkirt(camera, mesh);
    this.#ctx.putImageData(this.#image, 0, 0);
  }

  /** Frees the buffers. */
  dispose() {
    this.#image = null;
    this.#pixels = new Uint32Array(0);
    this.#near = new Float32Array(0);
  }

  /** @param {Camera} camera @param {Mesh} mesh */
  #drawSurface(camera, { n, heights, shares, light }) {
    const k = this.#vertices;
    for (let p = 0; p < n * n; p++) {
      this.#put(k, p, camera, (2 * (p % n)) / (n - 1) - 1, (2 * Math.floor(p / n)) / (n - 1) - 1, heights[p], shares[p], light[p]);
    }
    for (let j = 0; j < n - 1; j++) {
      for (let i = 0; i < n - 1; i++) {
        const p = 5 * (j * n + i), q = p + 5 * n;
        this.#fill(k, p, p + 5, q, false);
        this.#fill(k, p + 5, q + 5, q, false);
      }
    }
  }

  /** @param {Camera} camera @param {Mesh} mesh */
  #drawSkirt(camera, mesh) {
    const { n } = mesh, s = this.#corners, k = this.#projectedCorners;
    skirt(s, mesh);
    for (let p = 0; p < 8 * n; p++) this.#put(k, p, camera, s[4 * p], s[4 * p + 1], s[4 * p + 2], 0, s[4 * p + 3]);
    for (let p = 0; p < 8 * n - 2; p++) if (p % (2 * n) < 2 * n - 2) this.#fill(k, 5 * p, 5 * p + 5, 5 * p + 10, true);
  }

  /**
   * Writes a projected vertex.
   * @param {Float64Array} to
   * @param {number} p
   * @param {Camera} camera
   * @param {number} u
   * @param {number} v
   * @param {number} h
   * @param {number} share of lo … hi
   * @param {number} light
   */
  #put(to, p, camera, u, v, h, share, light) {
    const { x, y, near } = camera.project(this.#point, u, v, h);
    const k = 5 * p;
    to[k] = x;
    to[k + 1] = y;
    to[k + 2] = near;
    to[k + 3] = share;
    to[k + 4] = light;
  }

  /**
   * Fills a triangle.
   * @param {Float64Array} of
   * @param {number} a where its first corner is
   * @param {number} b
   * @param {number} c
   * @param {boolean} ofSkirt
   */
  #fill(of, a, b, c, ofSkirt) {
    const ax = of[a], ay = of[a + 1], bx = of[b] - ax, by = of[b + 1] - ay, cx = of[c] - ax, cy = of[c + 1] - ay;
    const area = bx * cy - cx * by;
    if (area === 0) return;
    const left = Math.max(0, Math.ceil(ax + Math.min(0, bx, cx) - 0.5)), right = Math.min(this.#width - 1, Math.floor(ax + Math.max(0, bx, cx) - 0.5));
    const top = Math.max(0, Math.ceil(ay + Math.min(0, by, cy) - 0.5)), bottom = Math.min(this.#height - 1, Math.floor(ay + Math.max(0, by, cy) - 0.5));
    const an = of[a + 2], bn = of[b + 2] - an, cn = of[c + 2] - an;
    const al = of[a + 4], bl = of[b + 4] - al, cl = of[c + 4] - al;
    const av = of[a + 3], bv = of[b + 3] - av, cv = of[c + 3] - av;
    const slope = Math.hypot(bv * cy - cv * by, cv * bx - bv * cx) / Math.abs(area);
    const near = this.#near, pixels = this.#pixels, color = this.#skirtColor;
    // The weights s of b and t of c at a pixel's centre, and their steps from pixel to pixel.
    const sx = cy / area, tx = -by / area;
    for (let y = top; y <= bottom; y++) {
      const py = y + 0.5 - ay, px = left + 0.5 - ax;
      let s = (px * cy - cx * py) / area, t = (bx * py - px * by) / area;
      for (let x = left, i = y * this.#width + left; x <= right; x++, i++, s += sx, t += tx) {
        if (s < -1e-9 || t < -1e-9 || s + t > 1 + 1e-9) continue;
        const n = an + s * bn + t * cn;
        if (n <= near[i]) continue;
        near[i] = n;
        const light = al + s * bl + t * cl;
        pixels[i] = ofSkirt ? pack(light * color[0], light * color[1], light * color[2]) : this.#color(av + s * bv + t * cv, light, slope);
      }
    }
  }

  /**
   * The colour of a pixel of the surface.
   * @param {number} t     the energy, as a share of lo … hi
   * @param {number} light
   * @param {number} slope of those shares, per pixel
   */
  #color(t, light, slope) {
    const level = levelAt(this.#table, t), steep = levelSlope(this.#table, t) * slope;
    const k = (level + 0.5) | 0;
    let color = this.#tones[toneOf(level)];
    if (k > 0 && steep > FLAT) color = withLine(color, this.#lines, k, Math.abs(level - k), steep, this.#unit);
    const more = 12.75 * (light - 1);
    return pack((color & 255) * light + more, ((color >> 8) & 255) * light + more, ((color >> 16) & 255) * light + more);
  }
}
