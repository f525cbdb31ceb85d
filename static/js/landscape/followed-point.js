// One point that is followed: it is shown large from the training point it starts at, along the way
// that it is perturbed and moved, to the push up at its end. When that has been seen, the newest update's
// sample of the same training point is next, or the nearest there is.

/** @import {Frame, Scene} from '../types.js' */
/** @import {Up} from './push-animation.js' */
/** @import {Parts} from './layers/story.js' */
import { upOf } from './push-animation.js';
import { pathsByNumber } from './sample-paths.js';

/** Milliseconds of the parts: the ring alone, the kick, each step of a walk, the push, and the whole at rest. */
const RING = 350, KICK = 700, STEP = 110, PUSH = 450, REST = 900;
/** The shortest and longest time of a walk. */
const WALK = [600, 1500];

/**
 * @typedef {object} Followed
 * @property {Frame} frame
 * @property {Up} up
 * @property {boolean} atData  it starts at a training point
 * @property {Parts} parts     how much of each is drawn
 */

/** Whether one point is followed: as chosen, or on the projector. @param {Scene} scene */
export const follows = ({ follow, scale }) => follow ?? scale > 1;

/** The point that is followed. */
export class FollowedPoint {
  /** Null while none is followed, or the method pushes nothing up. @type {Followed|null} */
  shown = null;
  /** True while it moves. */
  moving = false;
  /** True while a newer frame waits to be shown. */
  waiting = false;

  #startedAt = 0;
  #length = 0;

  /**
   * Follows a frame for the moment `now`.
   * @param {Frame} frame
   * @param {Scene} scene
   * @param {number} now  milliseconds
   * @returns {boolean} whether what is shown changed since the last moment
   */
  follow(frame, scene, now) {
    const before = this.moving;
    const had = this.shown;
    const jump = had && (frame.generation !== had.frame.generation || frame.step < had.frame.step);
    if (!follows(scene)) {
      this.shown = null;
      this.moving = this.waiting = false;
      return had !== null;
    }
    if (!had || jump || (frame !== had.frame && now - this.#startedAt >= this.#length)) {
      this.shown = next(frame, scene, jump ? null : had);
      this.#startedAt = now;
      this.#length = this.shown ? duration(this.shown.up) : 0;
    }
    const { shown } = this;
    this.waiting = shown !== null && shown.frame !== frame;
    if (!shown) {
      this.moving = false;
      return had !== null;
    }
    const passed = scene.reducedMotion ? Infinity : now - this.#startedAt;
    this.moving = passed < this.#length - REST;
    if (this.moving || before || shown !== had) shown.parts = partsAfter(shown.up, passed);
    return this.moving || before || shown !== had;
  }
}

/** @param {Up} up */
const kickTime = ({ kick }) => (kick.length ? KICK : 0);
/** @param {Up} up */
const walkTime = ({ walk }) => (walk.length > 2 ? Math.min(WALK[1], Math.max(WALK[0], (walk.length / 2 - 1) * STEP)) : 0);
/** @param {Up} up */
const duration = (up) => RING + kickTime(up) + walkTime(up) + PUSH + REST;

/** How much of each part is drawn after so many milliseconds. @param {Up} up @param {number} passed @returns {Parts} */
function partsAfter(up, passed) {
  const share = (/** @type {number} */ start, /** @type {number} */ time) => (time > 0 ? Math.min(1, Math.max(0, (passed - start) / time)) : 1);
  const smooth = (/** @type {number} */ p) => p * p * (3 - 2 * p);
  const walk = RING + kickTime(up), push = walk + walkTime(up);
  return { kick: smooth(share(RING, kickTime(up))), walk: smooth(share(walk, walkTime(up))), push: smooth(share(push, PUSH)) };
}

/**
 * The point that is followed next: of a chain, the one nearest to where the last ended; else the one
 * nearest to where the last started. The first is at the note that marks a training point, if there is
 * one; else it is one that moves far.
 * @param {Frame} frame
 * @param {Scene} scene
 * @param {Followed|null} last
 * @returns {Followed|null}
 */
function next(frame, { perturbed = false, notes }, last) {
  const { pushes, x0, x1, y0, y1 } = frame;
  const paths = pathsByNumber(frame.paths);
  const note = notes?.find(({ tone, ring }) => tone === 'down' && ring);
  const target = last ? (last.atData ? last.up.path.slice(0, 2) : last.up.path.slice(-2)) : note?.at;
  let row = -1, number = 0, least = Infinity, largest = 0, k = 0;
  for (let p = 0; p < pushes.length; p += 5) {
    const [x, y, fromX, fromY, amount] = pushes.subarray(p, p + 5);
    if (!(amount > 0)) continue;
    largest = Math.max(largest, amount);
    const inside = x > x0 && x < x1 && y > y0 && y < y1;
    const badness = target ? Math.hypot(fromX - target[0], fromY - target[1]) : -amount * (0.1 + Math.hypot(x - fromX, y - fromY)) * (inside ? 1 : 0);
    if (badness < least && (paths.size === 0 || paths.has(k))) [row, number, least] = [p, k, badness];
    k++;
  }
  if (row < 0) return null;
  const push = pushes.subarray(row, row + 5);
  const up = upOf(frame, push, paths.get(number), perturbed, largest);
  let atData = false;
  for (let p = 0; p < pushes.length && !atData; p += 5) atData = pushes[p + 4] < 0 && pushes[p] === push[2] && pushes[p + 1] === push[3];
  return { frame, up, atData, parts: { kick: 0, walk: 0, push: 0 } };
}
