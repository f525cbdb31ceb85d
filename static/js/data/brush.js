// brush.js: what a hand does to points: it lays them along its way, sprays them, or takes them away.
import { BOX, MOST } from './link-code.js';

/** @typedef {import('./link-code.js').Point} Point */
/** @typedef {'brush'|'spray'|'eraser'} Means */

/** The distance of two points along a stroke, and how far they stray from it, in radii of the brush. */
const GAP = 0.02, STRAY = 0.35;
/** Points that a spray can throws in a second. */
const SPRAY = 240;

const clamp = (/** @type {number} */ y) => Math.min(BOX, Math.max(-BOX, y));

export class Brush {
  /** @param {() => number} [chance]  numbers from 0 to 1 */
  constructor(chance = Math.random) {
    this.chance = chance;
    /** @type {Point[]} */
    this.points = [];
    /** @type {Point} */
    this.last = [0, 0];
    this.owed = 0;
  }

  get full() {
    return this.points.length >= MOST;
  }

  /** @param {Point} y @param {number} r  how far it may lie from there */
  #lay([y1, y2], r) {
    if (this.full) return;
    const angle = 2 * Math.PI * this.chance();
    const far = r * Math.sqrt(this.chance());
    this.points.push([clamp(y1 + far * Math.cos(angle)), clamp(y2 + far * Math.sin(angle))]);
  }

  /** Sets the brush down. @param {Point} y @param {Means} means @param {number} radius */
  down(y, means, radius) {
    this.last = y;
    this.owed = 0;
    if (means === 'brush') this.#lay(y, STRAY * radius);
    else if (means === 'spray') for (let i = 0; i < 8; i++) this.#lay(y, radius);
    else this.#erase(y, radius);
  }

  /** Moves it on. @param {Point} y @param {Means} means @param {number} radius */
  move(y, means, radius) {
    const [a, b] = this.last;
    const way = Math.hypot(y[0] - a, y[1] - b);
    if (means === 'brush') {
      for (this.owed += way; this.owed >= GAP; this.owed -= GAP) {
        const u = way === 0 ? 1 : 1 - (this.owed - GAP) / way;
        this.#lay([a + u * (y[0] - a), b + u * (y[1] - b)], STRAY * radius);
      }
    } else if (means === 'eraser') {
      const stops = Math.max(1, Math.ceil(way / (radius / 2)));
      for (let i = 1; i <= stops; i++) this.#erase([a + ((y[0] - a) * i) / stops, b + ((y[1] - b) * i) / stops], radius);
    }
    this.last = y;
  }

  /** Holds it for so many seconds: a spray goes on. @param {Means} means @param {number} radius @param {number} seconds */
  hold(means, radius, seconds) {
    if (means !== 'spray') return false;
    for (this.owed += SPRAY * seconds; this.owed >= 1; this.owed--) this.#lay(this.last, radius);
    return true;
  }

  /** @param {Point} y @param {number} radius */
  #erase([y1, y2], radius) {
    this.points = this.points.filter(([a, b]) => Math.hypot(a - y1, b - y2) > radius);
  }

  /** Throws points all over the plane. @param {number} n */
  outliers(n) {
    for (let i = 0; i < n && !this.full; i++) this.points.push([BOX * (2 * this.chance() - 1), BOX * (2 * this.chance() - 1)]);
  }
}
