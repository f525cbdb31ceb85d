// The 3-D surface as a mesh over the plane: the height, energy and light of every vertex. The mesh
// lies over y1 and y2, or over angle and radius.

/** @import {Frame} from '../types.js' */
import { BANDS, levelAt } from '../landscape/levels.js';
import { stencil } from '../landscape/surface.js';
import { HEIGHT } from './camera.js';

/** @typedef {'linear'|'log'|'level'} HeightScale how energy becomes height */

/** The direction to the light: left, a little from the front, above. */
const LIGHT = { u: -0.62, v: -0.22, h: 0.75 };
/** How much of the brightness depends on the slope. */
const SHADE = 0.6;
/** The limits of the brightness. */
const DARK = 0.66, BRIGHT = 1.14;
/** From this share of the range on the height eases into the plateau. */
const SHOULDER = 0.85;
/** Energies above this share of the range are drawn like it. */
const MAX_SHARE = 2;
/** How strongly the logarithm stretches the valleys. */
const STRETCH = 30;

/**
 * The height, 0 to 1, of an energy.
 * @param {number} t      its share of lo … hi; below 0 or above 1 outside them
 * @param {number} level  its level number
 * @param {HeightScale} scale
 */
export function height(t, level, scale) {
  if (scale === 'level') return Math.min(1, Math.max(0, level / BANDS));
  const eased = t < SHOULDER ? Math.max(0, t) : 1 - (1 - SHOULDER) * Math.exp((SHOULDER - t) / (1 - SHOULDER));
  return scale === 'log' ? Math.log1p(STRETCH * eased) / Math.log1p(STRETCH) : eased;
}

export class Mesh {
  /** @param {number} n vertices per side */
  constructor(n) {
    this.n = n;
    const all = n * n;
    /** Rows from front to back: heights, energies (or what else is painted) as shares of lo … hi, light. */
    this.heights = new Float32Array(all);
    this.shares = new Float32Array(all);
    this.light = new Float32Array(all);
    /** The position of each vertex over the picture of the plane, 0 to 1, in pairs. */
    this.at = new Float32Array(2 * all);
    this.polar = false;
    this.#first = new Int32Array(all);
    this.#weights = new Float64Array(8 * all);
  }

  /** The first of the grid's cells that make the energy at a vertex, and their weights. */
  #first;
  #weights;
  #key = '';
  #box = { x0: -1.5, x1: 1.5, y0: -1.5, y1: 1.5 };

  /** The radius at which the mesh over angle and radius ends: that of the circle inside the plane's box. */
  get radius() {
    const { x0, x1, y0, y1 } = this.#box;
    return Math.min(-x0, x1, -y0, y1);
  }

  /** The point of the plane at a position on the mesh. @param {number} u @param {number} v @returns {[number, number]} */
  toPlane(u, v) {
    const { x0, x1, y0, y1 } = this.#box;
    if (!this.polar) return [x0 + ((u + 1) / 2) * (x1 - x0), y0 + ((v + 1) / 2) * (y1 - y0)];
    const r = ((v + 1) / 2) * this.radius;
    return [r * Math.cos(Math.PI * u), r * Math.sin(Math.PI * u)];
  }

  /** The position of a point of the plane on the mesh; outside -1 … 1 it is not on it. @param {number} a y1 @param {number} b y2 @returns {[number, number]} */
  toMesh(a, b) {
    const { x0, x1, y0, y1 } = this.#box;
    if (!this.polar) return [(2 * (a - x0)) / (x1 - x0) - 1, (2 * (b - y0)) / (y1 - y0) - 1];
    return [Math.atan2(b, a) / Math.PI, (2 * Math.hypot(a, b)) / this.radius - 1];
  }

  /**
   * Lays the mesh over the plane.
   * @param {Frame} frame
   * @param {boolean} polar
   * @param {boolean} exact
   * @returns {boolean} whether it lies differently from before
   */
  fit({ nx, ny, x0, x1, y0, y1 }, polar, exact) {
    const key = `${nx} ${ny} ${x0} ${x1} ${y0} ${y1} ${polar} ${exact}`;
    if (key === this.#key) return false;
    this.#key = key;
    this.#box = { x0, x1, y0, y1 };
    this.polar = polar;
    const w = [0, 0, 0, 0];
    for (let j = 0, p = 0; j < this.n; j++) {
      for (let i = 0; i < this.n; i++, p++) {
        const [a, b] = this.toPlane((2 * i) / (this.n - 1) - 1, (2 * j) / (this.n - 1) - 1);
        const s = (a - x0) / (x1 - x0), t = (b - y0) / (y1 - y0);
        this.at[2 * p] = s;
        this.at[2 * p + 1] = t;
        this.#first[p] = stencil(w, 0, s * nx - 0.5, nx, exact);
        this.#weights.set(w, 8 * p);
        this.#first[p] += nx * stencil(w, 0, t * ny - 0.5, ny, exact);
        this.#weights.set(w, 8 * p + 4);
      }
    }
    return true;
  }

  /**
   * Sets the heights of a frame.
   * @param {Frame} frame
   * @param {number} lo
   * @param {number} hi
   * @param {Float32Array} table level numbers, from Levels
   * @param {HeightScale} scale
   * @param {{values:Float32Array, lo:number, hi:number}} [paint]  what the colours show, if not the energy
   */
  setHeights({ grid, nx }, lo, hi, table, scale, paint) {
    const w = this.#weights, inv = 1 / (hi - lo);
    for (let p = 0; p < this.heights.length; p++) {
      const k = 8 * p, f = this.#first[p];
      let energy = 0;
      for (let b = 0; b < 4; b++) {
        const g = f + b * nx;
        energy += w[k + 4 + b] * (w[k] * grid[g] + w[k + 1] * grid[g + 1] + w[k + 2] * grid[g + 2] + w[k + 3] * grid[g + 3]);
      }
      const t = (energy - lo) * inv;
      this.shares[p] = Math.min(MAX_SHARE, Math.max(-1, t));
      this.heights[p] = HEIGHT * height(t, levelAt(table, t), scale);
    }
    if (paint) this.#paint(paint, nx);
    this.#illuminate();
  }

  /** Sets the shares to those of other values than the energy. @param {{values:Float32Array, lo:number, hi:number}} paint @param {number} nx */
  #paint({ values, lo, hi }, nx) {
    const w = this.#weights, inv = 1 / (hi - lo);
    for (let p = 0; p < this.shares.length; p++) {
      let value = 0;
      for (let b = 0, k = 8 * p, g = this.#first[p]; b < 4; b++, g += nx) {
        value += w[k + 4 + b] * (w[k] * values[g] + w[k + 1] * values[g + 1] + w[k + 2] * values[g + 2] + w[k + 3] * values[g + 3]);
      }
      this.shares[p] = Math.min(MAX_SHARE, Math.max(-1, (value - lo) * inv));
    }
  }

  /** Computes the brightness of each vertex; 1 where the surface is flat. */
  #illuminate() {
    const { n, heights, light } = this;
    for (let j = 0, p = 0; j < n; j++) {
      const down = j > 0 ? n : 0, up = j < n - 1 ? n : 0;
      for (let i = 0; i < n; i++, p++) {
        const left = i > 0 ? 1 : 0, right = i < n - 1 ? 1 : 0;
        const du = ((heights[p + right] - heights[p - left]) * (n - 1)) / (2 * (left + right));
        const dv = ((heights[p + up] - heights[p - down]) * (n - 1)) / (2 * ((down + up) / n));
        const cosine = (LIGHT.h - du * LIGHT.u - dv * LIGHT.v) / (LIGHT.h * Math.sqrt(1 + du * du + dv * dv));
        light[p] = Math.min(BRIGHT, Math.max(DARK, 1 + SHADE * (cosine - 1)));
      }
    }
  }

  /** The height at a position on the mesh, bilinear between vertices. @param {number} u @param {number} v */
  heightAt(u, v) {
    const { n, heights } = this;
    const x = Math.min(1, Math.max(0, (u + 1) / 2)) * (n - 1.0001), y = Math.min(1, Math.max(0, (v + 1) / 2)) * (n - 1.0001);
    const i = x | 0, j = y | 0, f = x - i, p = j * n + i;
    const front = heights[p] + f * (heights[p + 1] - heights[p]);
    const back = heights[p + n] + f * (heights[p + n + 1] - heights[p + n]);
    return front + (y - j) * (back - front);
  }
}
