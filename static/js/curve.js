// curve.js: a scalar over the steps with a bounded number of points: when there are too many, every
// second point is dropped, and from then on only every second step is added.

const MAX_POINTS = 800;

export class Curve {
  constructor() {
    /** @type {[number, number][]} step and value, in the order of steps */
    this.points = [];
    this.stride = 1;
  }

  /** The last step; -1 if there is none. */
  get last() {
    return this.points.length ? this.points[this.points.length - 1][0] : -1;
  }

  /**
   * Starts with the server's history: pairs, or objects that hold a pair as `value`.
   * @param {(({value:[number, number|null]})|[number, number|null])[]} data
   */
  begin(data) {
    this.cut(-1);
    for (const entry of data) {
      const [step, value] = Array.isArray(entry) ? entry : entry.value;
      if (value !== null) this.add(step, value);
    }
  }

  /**
   * Appends the value of a step after the last; what is not finite is left out.
   * @param {number} step
   * @param {number} value
   */
  add(step, value) {
    if (!Number.isFinite(value) || (this.points.length && step < this.last + this.stride)) return;
    this.points.push([step, value]);
    if (this.points.length <= MAX_POINTS) return;
    this.points = this.points.filter((_, i) => i % 2 === 0);
    this.stride = Math.max(1, Math.ceil((2 * (this.last - this.points[0][0])) / MAX_POINTS));
  }

  /** Removes all points after a step. @param {number} step */
  cut(step) {
    while (this.last > step) this.points.pop();
    if (!this.points.length) this.stride = 1;
  }
}
