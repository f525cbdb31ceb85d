// marble-motion.js: how marbles roll on the energy. Each has a position y and a velocity v; friction
// damps its momentum, and noise at temperature T adds to it:
//
//   dy = v dt,   dv = -G ∇u dt - γ v dt + √(2 γ G T/S) dW,
//
// where u is F in units of S, the energy range that the colours show. At T = 0 a marble rolls into a
// valley and comes to rest. Above, this is the underdamped Langevin equation: the stationary density
// of the marbles is proportional to e^(-F/T), and each component of v has the variance G T/S.
// Integrated by the BAOAB splitting (B. Leimkuhler and C. Matthews, "Rational construction of
// stochastic numerical methods for molecular sampling", 2013).

/** @import {Frame} from '../types.js' */
import { gradient, sample } from '../landscape/surface.js';

/** The most marbles that there can be; beyond, the oldest are removed. */
export const MAX_MARBLES = 200;
/** G: the acceleration by a slope of the whole range within a unit of the plane, per second². */
export const GRAVITY = 6;
/** γ: the rate at which a marble loses its momentum, per second. */
export const FRICTION = 2.5;
/** The step of the integration, in seconds. */
const STEP = 1 / 240;
/** Slopes are clipped to this, in ranges per unit: steeper ones the integration cannot follow. */
const MAX_SLOPE = 40;
/** The fastest throw, in units of the plane per second. */
const MAX_SPEED = 8;
/** At T = 0 a marble rests when it is slower than the first and accelerated less than the second. */
const REST_SPEED = 0.02, REST_ACCELERATION = 0.02;

export class Marbles {
  /**
   * @param {number} seed of the noise and of the random positions: any whole number
   * @param {number} [most]  how many there can be
   * @param {number} [step]  of the integration, in seconds
   */
  constructor(seed, most = MAX_MARBLES, step = STEP) {
    this.#seed = seed >>> 0;
    this.most = most;
    this.#dt = step;
    this.y = new Float32Array(2 * most);
    this.v = new Float64Array(2 * most);
    this.#at = new Float64Array(2 * most);
    this.#acceleration = new Float64Array(2 * most);
  }

  count = 0;
  /** Positions, rows of y1 and y2. @type {Float32Array} */
  y;
  /** Velocities, in units per second. @type {Float64Array} */
  v;
  /** Whether a marble moves. */
  moving = false;
  /** @type {Float64Array} */
  #at;
  /** @type {Float64Array} */
  #acceleration;
  #slope = [0, 0];
  #dt;
  #seed;
  #spare = NaN;
  #pending = 0;

  /** Adds a marble. @param {number} y1 @param {number} y2 @param {number} [v1] @param {number} [v2] */
  drop(y1, y2, v1 = 0, v2 = 0) {
    if (this.count === this.most) this.remove(0);
    const p = 2 * this.count++;
    const factor = Math.min(1, MAX_SPEED / (Math.hypot(v1, v2) || 1));
    this.#at[p] = this.y[p] = y1;
    this.#at[p + 1] = this.y[p + 1] = y2;
    this.v[p] = v1 * factor;
    this.v[p + 1] = v2 * factor;
    this.moving = true;
  }

  /** Removes a marble; those after it move up. @param {number} i */
  remove(i) {
    for (const list of [this.y, this.v, this.#at]) list.copyWithin(2 * i, 2 * i + 2);
    this.count--;
  }

  /** Adds marbles at random positions. @param {Frame} frame @param {number} n */
  rain({ x0, x1, y0, y1 }, n) {
    for (let k = 0; k < n; k++) this.drop(x0 + (x1 - x0) * this.#random(), y0 + (y1 - y0) * this.#random());
  }

  clear() {
    this.count = 0;
    this.moving = false;
  }

  /**
   * Simulates some time.
   * @param {Frame} frame whose energies they roll on
   * @param {number} seconds
   * @param {number} heat T/S: the temperature in units of the range that the colours show
   */
  advance(frame, seconds, heat) {
    this.#pending += seconds;
    const n = Math.floor(this.#pending / this.#dt);
    this.#pending -= n * this.#dt;
    if (n === 0) return;
    const damping = Math.exp(-FRICTION * this.#dt), noise = Math.sqrt((1 - damping * damping) * GRAVITY * heat);
    for (let p = 0; p < 2 * this.count; p += 2) this.#accelerate(frame, p);
    for (let k = 0; k < n; k++) {
      for (let p = 0; p < 2 * this.count; p += 2) this.#step(frame, p, damping, noise);
    }
    this.moving = heat > 0 && this.count > 0;
    for (let p = 0; p < 2 * this.count; p += 2) {
      this.moving ||= !this.#rests(p);
      this.y[p] = this.#at[p];
      this.y[p + 1] = this.#at[p + 1];
    }
  }

  /** The mean energy at the marbles. @param {Frame} frame */
  mean(frame) {
    let sum = 0;
    for (let p = 0; p < 2 * this.count; p += 2) sum += sample(frame, this.y[p], this.y[p + 1]);
    return sum / this.count;
  }

  /** One step of one marble. @param {Frame} frame @param {number} p @param {number} damping @param {number} noise */
  #step(frame, p, damping, noise) {
    const { v } = this;
    if (noise === 0 && this.#rests(p)) {
      v[p] = v[p + 1] = 0;
      return;
    }
    for (let i = p; i < p + 2; i++) {
      v[i] += (this.#dt / 2) * this.#acceleration[i];
      this.#move(frame, i, noise > 0);
      v[i] *= damping;
      if (noise > 0) v[i] += noise * this.#normal();
      this.#move(frame, i, noise > 0);
    }
    this.#accelerate(frame, p);
    v[p] += (this.#dt / 2) * this.#acceleration[p];
    v[p + 1] += (this.#dt / 2) * this.#acceleration[p + 1];
  }

  /** Whether a marble rests. @param {number} p */
  #rests(p) {
    return Math.hypot(this.v[p], this.v[p + 1]) < REST_SPEED && Math.hypot(this.#acceleration[p], this.#acceleration[p + 1]) < REST_ACCELERATION;
  }

  /** Half a step in a straight line, reflected at the plane's edge. @param {Frame} frame @param {number} i @param {boolean} noisy */
  #move(frame, i, noisy) {
    const lo = i & 1 ? frame.y0 : frame.x0, hi = i & 1 ? frame.y1 : frame.x1;
    let at = this.#at[i] + (this.#dt / 2) * this.v[i];
    if (at < lo || at > hi) {
      // With noise the reflection is perfect, or the density would not be e^(-F/T); without, it damps.
      const slow = !noisy && Math.abs(this.v[i]) < 10 * REST_SPEED;
      at = slow ? at : at < lo ? 2 * lo - at : 2 * hi - at;
      at = Math.min(hi, Math.max(lo, at));
      this.v[i] *= slow ? 0 : noisy ? -1 : -0.6;
    }
    this.#at[i] = at;
  }

  /**
   * Computes the acceleration of a marble. Above the range that the colours show, u grows as the
   * logarithm of F: there a landscape may be a thousand times as steep as in the range.
   * @param {Frame} frame
   * @param {number} p
   */
  #accelerate(frame, p) {
    const y1 = this.#at[p], y2 = this.#at[p + 1];
    gradient(this.#slope, frame, y1, y2);
    const span = frame.hi - frame.lo;
    let factor = span > 0 ? 1 / Math.max(span, sample(frame, y1, y2) - frame.lo) : 0;
    factor *= Math.min(1, MAX_SLOPE / (factor * Math.hypot(this.#slope[0], this.#slope[1]) || 1));
    for (let i = p; i < p + 2; i++) {
      const acceleration = -GRAVITY * factor * this.#slope[i - p];
      const edge = acceleration < 0 ? (i & 1 ? frame.y0 : frame.x0) : (i & 1 ? frame.y1 : frame.x1);
      this.#acceleration[i] = this.#at[i] === edge ? 0 : acceleration; // it rests against the edge
    }
  }

  /** A uniform number from 0 to 1: mulberry32 (T. Ettinger, 2017). */
  #random() {
    this.#seed = (this.#seed + 0x6d2b79f5) >>> 0;
    let t = this.#seed;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** A standard normal number, by the polar method of Marsaglia. */
  #normal() {
    const spare = this.#spare;
    this.#spare = NaN;
    if (!Number.isNaN(spare)) return spare;
    for (;;) {
      const a = 2 * this.#random() - 1, b = 2 * this.#random() - 1, s = a * a + b * b;
      if (s >= 1 || s === 0) continue;
      const r = Math.sqrt((-2 * Math.log(s)) / s);
      this.#spare = b * r;
      return a * r;
    }
  }
}
