// act-marbles.js: the marbles that the class has dropped. Each page lets them roll by itself, from where
// they were dropped; where they come to rest is the same on all.
/** @import {Frame} from '../types.js' */
/** @import {Point} from './class-data.js' */
import { Marbles } from '../instruments/marble-motion.js';
import { changed } from './act-state.js';

/** The most marbles: five of each of five hundred. */
export const MOST = 2500;
/** The step of the integration, in seconds: twice the usual one, because a phone moves all of them. */
const STEP = 1 / 120;
/** The longest time simulated between two pictures, in seconds; and the time between two under reduced motion. */
const LONGEST = 0.1, REDUCED = 1;

export class ClassMarbles {
  marbles = new Marbles(1, MOST, STEP);
  /** 1 for each that is one's own. */
  own = new Uint8Array(MOST);
  /** Where they were dropped, in the order of the marbles. @type {Point[]} */
  #dropped = [];
  /** @type {object|null} */
  #frame = null;
  #last = 0;

  get y() { return this.marbles.y; }
  get count() { return this.marbles.count; }

  /** Drops those that are new, and removes those that are gone. @param {Point[]} points @param {Point[]} mine */
  follow(points, mine) {
    const { gone, added } = changed(this.#dropped, points);
    for (const i of gone.reverse()) {
      this.marbles.remove(i);
      this.#dropped.splice(i, 1);
    }
    for (const y of added.slice(0, MOST - this.count)) {
      this.marbles.drop(y[0], y[1]);
      this.#dropped.push(y);
    }
    const own = new Set(mine.map(String));
    this.#dropped.forEach((y, i) => (this.own[i] = own.has(String(y)) ? 1 : 0));
    return gone.length + added.length > 0;
  }

  /** Lets them roll; reports whether they have moved. @param {Frame} frame @param {number} now  milliseconds @param {boolean} reducedMotion */
  advance(frame, now, reducedMotion) {
    const { marbles } = this;
    if (frame !== this.#frame) marbles.moving = marbles.count > 0; // the energy under them has changed
    this.#frame = frame;
    const passed = (now - this.#last) / 1000;
    if (!marbles.moving || (reducedMotion && passed < REDUCED)) {
      if (!marbles.moving) this.#last = now;
      return false;
    }
    this.#last = now;
    marbles.advance(frame, reducedMotion ? REDUCED : Math.min(LONGEST, passed), 0);
    return true;
  }
}
