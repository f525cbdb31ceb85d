// The trails of the model's own points, such as prototypes: where each has come from, frame by frame.
// A trail fades when its point has come to rest; a point that is put elsewhere begins a new one.

/** @import {Frame} from '../types.js' */

/** Points that have trails, and the most positions of one; a longer one loses every second. */
const POINTS = 128, LENGTH = 64;
/** Shares of the plane's width: smaller moves are noise, longer ones at once are no walk. */
const LEAST = 0.012, JUMP = 0.22;
/** Milliseconds of frames after its last move for which a trail stays, and in which it fades then. */
const STAY = 2600, FADE = 1400;
/** The longest time between two frames that counts: a pause is none. */
const MAX_GAP = 100;

export class Trails {
  /** Rows of LENGTH positions, y1, y2, one for each point. */
  #at = new Float32Array(POINTS * LENGTH * 2);
  #lengths = new Int32Array(POINTS);
  /** When each last moved, on the clock of the frames. */
  #moved = new Float64Array(POINTS);
  #clock = 0;
  #last = 0;
  #count = 0;
  /** @type {Frame|null} */
  #frame = null;

  /** How many there are. */
  get count() { return this.#count; }

  /** Takes in a frame; the same one again changes nothing. @param {Frame} frame @param {number} now  milliseconds */
  follow(frame, now) {
    const last = this.#frame;
    if (frame === last) return;
    this.#frame = frame;
    this.#clock += Math.min(MAX_GAP, now - this.#last);
    this.#last = now;
    const count = pointsOf(frame.marks);
    const fresh = !last || frame.generation !== last.generation || frame.step < last.step || count !== this.#count;
    this.#count = count;
    const width = frame.x1 - frame.x0;
    for (let k = 0; k < count; k++) {
      const x = frame.marks[4 * k + 2], y = frame.marks[4 * k + 3];
      const row = 2 * LENGTH * k, end = row + 2 * (this.#lengths[k] - 1);
      const d = fresh ? Infinity : Math.hypot(x - this.#at[end], y - this.#at[end + 1]);
      if (d > JUMP * width) {
        this.#lengths[k] = 0;
        this.#moved[k] = -Infinity;
      } else if (d < LEAST * width) continue;
      else this.#moved[k] = this.#clock;
      if (this.#lengths[k] === LENGTH) this.#thin(k);
      const p = row + 2 * this.#lengths[k]++;
      this.#at[p] = x;
      this.#at[p + 1] = y;
    }
  }

  /** Keeps every second position of a trail. @param {number} k */
  #thin(k) {
    const row = 2 * LENGTH * k;
    for (let i = 1; i < LENGTH / 2; i++) this.#at.copyWithin(row + 2 * i, row + 4 * i, row + 4 * i + 2);
    this.#lengths[k] = LENGTH / 2;
  }

  /** The positions of trail k, y1, y2, …: to be read, not written. @param {number} k */
  trail(k) {
    const row = 2 * LENGTH * k;
    return this.#at.subarray(row, row + 2 * this.#lengths[k]);
  }

  /** The opacity of trail k, 0 to 1. @param {number} k */
  opacity(k) {
    return Math.min(1, Math.max(0, 1 - (this.#clock - this.#moved[k] - STAY) / FADE));
  }
}

/** How many points a model has, if points are all that it has in the plane. @param {Float32Array} marks */
function pointsOf(marks) {
  const count = Math.min(POINTS, marks.length / 4);
  for (let k = 0; k < count; k++) if (marks[4 * k] !== 0) return 0;
  return count;
}
