// brush.js: the tools that draw points: a brush that adds them along its path, a spray, an eraser.

import { NO_GROUP } from '../landscape/groups.js';
import { rounded } from './link-code.js';

/** @typedef {import('./link-code.js').Point} Point */
/** @typedef {import('./link-code.js').Limits} Limits */
/** @typedef {'brush'|'spray'|'eraser'} Tool */

/** The distance of two points along a stroke, and how far off it they may lie, in radii of the brush. */
const GAP = 0.02, JITTER = 0.35;
/** Points that the spray adds in a second. */
const SPRAY = 240;

export class Brush {
  /** @type {Point[]} */
  points = [];
  /** The group of each point that has one; null where the points have no label. @type {WeakMap<Point, number>|null} */
  #groups = null;
  /** @type {Point} */
  #last = [0, 0];
  /** How much of the path, or how many points of the spray, are still to be added. */
  #due = 0;

  /**
   * @param {() => Limits} limits
   * @param {() => number} [random]  numbers from 0 to 1
   * @param {number} [gap]  the distance of two points along a stroke
   */
  constructor(limits, random = Math.random, gap = GAP) {
    this.limits = limits;
    this.random = random;
    this.gap = gap;
  }

  get full() {
    return this.points.length >= this.limits().points;
  }

  /** Begins with points, and the group of each if they have a label. @param {Point[]} points @param {number[]} [of] */
  begin(points, of) {
    this.points = points.slice();
    this.#groups = of ? new WeakMap(points.map((y, i) => [y, of[i]])) : null;
  }

  /** The group of each point, NO_GROUP of those that were drawn; undefined without a label. */
  get of() {
    const groups = this.#groups;
    return groups ? this.points.map((y) => groups.get(y) ?? NO_GROUP) : undefined;
  }

  /** Adds a point, rounded as a link has it; one that falls outside the plane is left out. @param {Point} y @param {number} r  how far from there it may lie */
  #add([y1, y2], r) {
    if (this.full) return;
    const { box } = this.limits();
    const angle = 2 * Math.PI * this.random();
    const far = r * Math.sqrt(this.random());
    const [a, b] = [y1 + far * Math.cos(angle), y2 + far * Math.sin(angle)];
    if (Math.abs(a) <= box && Math.abs(b) <= box) this.points.push(rounded([a, b], box));
  }

  /** Begins a stroke. @param {Point} y @param {Tool} tool @param {number} radius */
  down(y, tool, radius) {
    this.#last = y;
    this.#due = 0;
    if (tool === 'brush') this.#add(y, JITTER * radius);
    else if (tool === 'spray') for (let i = 0; i < 8; i++) this.#add(y, radius);
    else this.#erase(y, radius);
  }

  /** Continues it. @param {Point} y @param {Tool} tool @param {number} radius */
  move(y, tool, radius) {
    const [a, b] = this.#last;
    const path = Math.hypot(y[0] - a, y[1] - b);
    if (tool === 'brush') {
      for (this.#due += path; this.#due >= this.gap; this.#due -= this.gap) {
        const u = path === 0 ? 1 : 1 - (this.#due - this.gap) / path;
        this.#add([a + u * (y[0] - a), b + u * (y[1] - b)], JITTER * radius);
      }
    } else if (tool === 'eraser') {
      const stops = Math.max(1, Math.ceil(path / (radius / 2)));
      for (let i = 1; i <= stops; i++) this.#erase([a + ((y[0] - a) * i) / stops, b + ((y[1] - b) * i) / stops], radius);
    }
    this.#last = y;
  }

  /** The pointer rests for so many seconds: the spray adds points. @param {Tool} tool @param {number} radius @param {number} seconds */
  hold(tool, radius, seconds) {
    if (tool !== 'spray') return false;
    for (this.#due += SPRAY * seconds; this.#due >= 1; this.#due--) this.#add(this.#last, radius);
    return true;
  }

  /** @param {Point} y @param {number} radius */
  #erase([y1, y2], radius) {
    this.points = this.points.filter(([a, b]) => Math.hypot(a - y1, b - y2) > radius);
  }

  /** Adds points uniformly over the plane. @param {number} n */
  outliers(n) {
    const { box } = this.limits();
    for (let i = 0; i < n && !this.full; i++) this.points.push(rounded([box * (2 * this.random() - 1), box * (2 * this.random() - 1)], box));
  }
}
