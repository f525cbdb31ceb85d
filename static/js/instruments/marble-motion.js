// marble-motion.js: how marbles roll on the energy. Each has a place y and a velocity v, friction
// takes its momentum away, and heat gives some back:
//
//   dy = v dt,   dv = -G ∇u dt - γ v dt + √(2 γ G T/S) dW,
//
// with u the height, F in units of the height that the colours show, S. Without heat (T = 0) a
// marble rolls into a valley and comes to rest. With heat this is the underdamped Langevin
// equation: in the long run the marbles are spread as e^(-F/T), and each component of v has the
// variance G T/S. Integrated by the BAOAB splitting (B. Leimkuhler and C. Matthews, "Rational
// construction of stochastic numerical methods for molecular sampling", 2013).

/** @import {Frame} from '../types.js' */
import { gradient, sample } from '../landscape/surface.js';

/** How many marbles there may be; of more, the oldest go. */
export const MOST = 200;
/** G: how strongly a slope of the whole height within a unit of the plane pulls, per second². */
export const PULL = 6;
/** γ: the share of its momentum that a marble loses, per second. */
export const FRICTION = 2.5;
/** Seconds of a step of the integration. */
const STEP = 1 / 240;
/** The steepest slope that counts, in heights per unit: what a step can follow. */
const STEEP = 40;
/** The fastest throw, in units of the plane per second. */
const FAST = 8;
/** Slower than this, and pulled less than that, a marble that is not heated rests: it sticks. */
const SLOW = 0.02, WEAK = 0.02;

export class Marbles {
  /** @param {number} seed of the heat and of the rain: any whole number */
  constructor(seed) {
    this.#seed = seed >>> 0;
  }

  count = 0;
  /** Places, rows of y1 and y2. */
  y = new Float32Array(2 * MOST);
  /** Velocities, in units per second. */
  v = new Float64Array(2 * MOST);
  /** Whether a marble moves. */
  moving = false;
  #at = new Float64Array(2 * MOST);
  #pull = new Float64Array(2 * MOST);
  #slope = [0, 0];
  #seed;
  #spare = NaN;
  #owed = 0;

  /** Lets one go. @param {number} y1 @param {number} y2 @param {number} [v1] @param {number} [v2] */
  drop(y1, y2, v1 = 0, v2 = 0) {
    if (this.count === MOST) {
      for (const list of [this.y, this.v, this.#at]) list.copyWithin(0, 2);
      this.count--;
    }
    const p = 2 * this.count++;
    const much = Math.min(1, FAST / (Math.hypot(v1, v2) || 1));
    this.#at[p] = this.y[p] = y1;
    this.#at[p + 1] = this.y[p + 1] = y2;
    this.v[p] = v1 * much;
    this.v[p + 1] = v2 * much;
    this.moving = true;
  }

  /** Lets so many fall all over the plane. @param {Frame} frame @param {number} n */
  rain({ x0, x1, y0, y1 }, n) {
    for (let k = 0; k < n; k++) this.drop(x0 + (x1 - x0) * this.#random(), y0 + (y1 - y0) * this.#random());
  }

  clear() {
    this.count = 0;
    this.moving = false;
  }

  /**
   * Lets time pass.
   * @param {Frame} frame whose energies are rolled on
   * @param {number} seconds
   * @param {number} heat T/S: the temperature in units of the height that the colours show
   */
  advance(frame, seconds, heat) {
    this.#owed += seconds;
    const n = Math.floor(this.#owed / STEP);
    this.#owed -= n * STEP;
    if (n === 0) return;
    const keep = Math.exp(-FRICTION * STEP), kick = Math.sqrt((1 - keep * keep) * PULL * heat);
    for (let p = 0; p < 2 * this.count; p += 2) this.#feel(frame, p);
    for (let k = 0; k < n; k++) {
      for (let p = 0; p < 2 * this.count; p += 2) this.#step(frame, p, keep, kick);
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

  /** One step of one marble. @param {Frame} frame @param {number} p @param {number} keep @param {number} kick */
  #step(frame, p, keep, kick) {
    const { v } = this;
    if (kick === 0 && this.#rests(p)) {
      v[p] = v[p + 1] = 0;
      return;
    }
    for (let i = p; i < p + 2; i++) {
      v[i] += (STEP / 2) * this.#pull[i];
      this.#glide(frame, i, kick > 0);
      v[i] *= keep;
      if (kick > 0) v[i] += kick * this.#normal();
      this.#glide(frame, i, kick > 0);
    }
    this.#feel(frame, p);
    v[p] += (STEP / 2) * this.#pull[p];
    v[p + 1] += (STEP / 2) * this.#pull[p + 1];
  }

  /** Whether one lies still. @param {number} p */
  #rests(p) {
    return Math.hypot(this.v[p], this.v[p + 1]) < SLOW && Math.hypot(this.#pull[p], this.#pull[p + 1]) < WEAK;
  }

  /** Half a step straight on; at the plane's edge it is thrown back. @param {Frame} frame @param {number} i @param {boolean} hot */
  #glide(frame, i, hot) {
    const lo = i & 1 ? frame.y0 : frame.x0, hi = i & 1 ? frame.y1 : frame.x1;
    let at = this.#at[i] + (STEP / 2) * this.v[i];
    if (at < lo || at > hi) {
      // Heated, the edge is a perfect mirror, or the spread would not be e^(-F/T); else it dampens.
      const slow = !hot && Math.abs(this.v[i]) < 10 * SLOW;
      at = slow ? at : at < lo ? 2 * lo - at : 2 * hi - at;
      at = Math.min(hi, Math.max(lo, at));
      this.v[i] *= slow ? 0 : hot ? -1 : -0.6;
    }
    this.#at[i] = at;
  }

  /**
   * Notes how a marble is pulled where it is. Above the height that the colours show, u grows as
   * its logarithm: there a landscape may be a thousand times as steep as where anything is seen.
   * @param {Frame} frame
   * @param {number} p
   */
  #feel(frame, p) {
    const y1 = this.#at[p], y2 = this.#at[p + 1];
    gradient(this.#slope, frame, y1, y2);
    const span = frame.hi - frame.lo;
    let much = span > 0 ? 1 / Math.max(span, sample(frame, y1, y2) - frame.lo) : 0;
    much *= Math.min(1, STEEP / (much * Math.hypot(this.#slope[0], this.#slope[1]) || 1));
    for (let i = p; i < p + 2; i++) {
      const pull = -PULL * much * this.#slope[i - p];
      const edge = pull < 0 ? (i & 1 ? frame.y0 : frame.x0) : (i & 1 ? frame.y1 : frame.x1);
      this.#pull[i] = this.#at[i] === edge ? 0 : pull; // the edge holds against it
    }
  }

  /** A number from 0 to 1: mulberry32 (T. Ettinger, 2017). */
  #random() {
    this.#seed = (this.#seed + 0x6d2b79f5) >>> 0;
    let t = this.#seed;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** A number of the normal distribution, by the polar method of Marsaglia. */
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
