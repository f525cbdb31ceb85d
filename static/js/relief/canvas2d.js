// The body without a graphics card: every triangle is filled pixel by pixel, with how near each pixel is.

/** @import {Frame} from '../types.js' */
/** @import {Ground} from '../landscape/surface-style.js' */
/** @import {Triple} from '../landscape/palette.js' */
/** @import {Camera} from './camera.js' */
/** @import {Mesh} from './mesh.js' */
import { context } from '../landscape/canvas.js';
import { BANDS, MAJOR, TABLE, TOP } from '../landscape/levels.js';
import * as look from '../landscape/shading.js';
import { walls } from './skirt.js';

/**
 * What is to be drawn, besides the body's shape.
 * @typedef {object} Picture
 * @property {Frame} frame
 * @property {Float32Array} table  level numbers, from Levels
 * @property {number} lo
 * @property {number} hi
 * @property {Ground} ground
 * @property {number} unit         pixels of this canvas per CSS pixel, times the scene's scale
 * @property {Triple} back         the colour behind the body
 * @property {Triple} side         that of its walls
 * @property {boolean} raised      the body has another shape than in the last picture
 */

/** @param {number} red @param {number} green @param {number} blue 0 to 255 or a little beyond */
const pack = (red, green, blue) =>
  (255 << 24) | ((blue > 255 ? 255 : blue < 0 ? 0 : blue) << 16) | ((green > 255 ? 255 : green < 0 ? 0 : green) << 8) | (red > 255 ? 255 : red < 0 ? 0 : red);

export class CanvasBody {
  /** Knots per side. */
  static KNOTS = 89;

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
  /** Of every knot the place in the picture, how near it is, its energy's share of lo … hi, its light. */
  #knots = new Float64Array(5 * CanvasBody.KNOTS ** 2);
  #sides = new Float32Array(4 * 2 * CanvasBody.KNOTS * 4);
  #corners = new Float64Array(5 * 4 * 2 * CanvasBody.KNOTS);
  #spot = { x: 0, y: 0, near: 0 };
  #unit = 1;
  /** @type {Ground|null} */
  #ground = null;
  /** @type {Triple} */
  #side = [0, 0, 0];
  /** @type {Float32Array} */
  #table = new Float32Array(TABLE);

  /**
   * @param {Camera} camera
   * @param {Mesh} mesh
   * @param {Picture} picture
   */
  draw(camera, mesh, { table, ground, unit, back, side }) {
    const { width, height } = this.#ctx.canvas;
    if (!this.#image || width !== this.#width || height !== this.#height) {
      this.#image = this.#ctx.createImageData(width, height);
      this.#pixels = new Uint32Array(this.#image.data.buffer);
      this.#near = new Float32Array(width * height);
      [this.#width, this.#height] = [width, height];
    }
    this.#pixels.fill(pack(back[0], back[1], back[2]));
    this.#near.fill(0);
    [this.#unit, this.#ground, this.#side, this.#table] = [unit, ground, side, table];
    this.#surface(camera, mesh);
    this.#walls(camera, mesh);
    this.#ctx.putImageData(this.#image, 0, 0);
  }

  /** @param {Camera} camera @param {Mesh} mesh */
  #surface(camera, { n, heights, shares, light }) {
    const k = this.#knots;
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
  #walls(camera, mesh) {
    const { n } = mesh, s = this.#sides, k = this.#corners;
    walls(s, mesh);
    for (let p = 0; p < 8 * n; p++) this.#put(k, p, camera, s[4 * p], s[4 * p + 1], s[4 * p + 2], 0, s[4 * p + 3]);
    for (let p = 0; p < 8 * n - 2; p++) if (p % (2 * n) < 2 * n - 2) this.#fill(k, 5 * p, 5 * p + 5, 5 * p + 10, true);
  }

  /**
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
    const { x, y, near } = camera.project(this.#spot, u, v, h);
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
   * @param {boolean} wall
   */
  #fill(of, a, b, c, wall) {
    const ax = of[a], ay = of[a + 1], bx = of[b] - ax, by = of[b + 1] - ay, cx = of[c] - ax, cy = of[c + 1] - ay;
    const area = bx * cy - cx * by;
    if (area === 0) return;
    const left = Math.max(0, Math.ceil(ax + Math.min(0, bx, cx) - 0.5)), right = Math.min(this.#width - 1, Math.floor(ax + Math.max(0, bx, cx) - 0.5));
    const top = Math.max(0, Math.ceil(ay + Math.min(0, by, cy) - 0.5)), foot = Math.min(this.#height - 1, Math.floor(ay + Math.max(0, by, cy) - 0.5));
    const an = of[a + 2], bn = of[b + 2] - an, cn = of[c + 2] - an;
    const al = of[a + 4], bl = of[b + 4] - al, cl = of[c + 4] - al;
    const av = of[a + 3], bv = of[b + 3] - av, cv = of[c + 3] - av;
    const slope = Math.hypot(bv * cy - cv * by, cv * bx - bv * cx) / Math.abs(area);
    const near = this.#near, pixels = this.#pixels;
    // The shares s of b and t of c at a pixel's middle, and their steps from pixel to pixel.
    const sx = cy / area, tx = -by / area;
    for (let y = top; y <= foot; y++) {
      const py = y + 0.5 - ay, px = left + 0.5 - ax;
      let s = (px * cy - cx * py) / area, t = (bx * py - px * by) / area;
      for (let x = left, i = y * this.#width + left; x <= right; x++, i++, s += sx, t += tx) {
        if (s < -1e-9 || t < -1e-9 || s + t > 1 + 1e-9) continue;
        const n = an + s * bn + t * cn;
        if (n <= near[i]) continue;
        near[i] = n;
        const light = al + s * bl + t * cl;
        pixels[i] = wall ? pack(light * this.#side[0], light * this.#side[1], light * this.#side[2]) : this.#tone(av + s * bv + t * cv, light, slope);
      }
    }
  }

  /**
   * The colour of the surface: that of the map, and its lines, as in landscape/shader.js.
   * @param {number} t     the energy, as a share of lo … hi
   * @param {number} light
   * @param {number} slope of those shares, per pixel
   */
  #tone(t, light, slope) {
    const { map, inks, rim, lines } = /** @type {Ground} */ (this.#ground);
    const at = (t < 0 ? 0 : t > TOP ? 1 : t / TOP) * (TABLE - 1.001), e = at | 0;
    const rise = this.#table[e + 1] - this.#table[e];
    const v = this.#table[e] + (at - e) * rise, steep = ((rise * (TABLE - 1)) / TOP) * slope;
    const m = 4 * ((v >= BANDS ? 255 : (v / BANDS) * 255 + 0.5) | 0);
    let red = map[m], green = map[m + 1], blue = map[m + 2];
    const k = (v + 0.5) | 0;
    if (lines) {
      if (v < 1) {
        red += look.RIM_FILL * (rim[0] - red);
        green += look.RIM_FILL * (rim[1] - green);
        blue += look.RIM_FILL * (rim[2] - blue);
      }
      if (k > 0 && steep > look.LEVEL_GROUND) {
        const lowest = k === 1, major = lowest || k % MAJOR === 0;
        const cover = (major ? look.MAJOR_WIDTH : look.MINOR_WIDTH) * this.#unit * 0.5 + 0.5 - Math.abs(v - k) / steep;
        if (cover > 0) {
          const [from, to] = major ? look.MAJOR_CROWD : look.MINOR_CROWD;
          const crowd = (steep * Math.max(this.#unit, 1) - from) / (to - from);
          const fade = crowd < 0 ? 1 : crowd > 1 ? 0 : 1 - crowd;
          const strength = (lowest ? look.RIM_INK : major ? look.MAJOR_INK : look.MINOR_INK) * fade * (cover > 1 ? 1 : cover);
          red += strength * ((lowest ? rim[0] : inks[4 * k]) - red);
          green += strength * ((lowest ? rim[1] : inks[4 * k + 1]) - green);
          blue += strength * ((lowest ? rim[2] : inks[4 * k + 2]) - blue);
        }
      }
    }
    const more = 12.75 * (light - 1);
    return pack(red * light + more, green * light + more, blue * light + more);
  }
}
