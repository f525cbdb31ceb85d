// curve.js: a number over the steps, kept short: when it has grown too long, every second
// point goes, and from then on only every second step is taken.

const MOST = 800;

export class Curve {
  constructor() {
    /** @type {[number, number][]} step and value, in the order of steps */
    this.points = [];
    this.stride = 1;
  }

  /** The last step it knows; -1 if none. */
  get last() {
    return this.points.length ? this.points[this.points.length - 1][0] : -1;
  }

  /**
   * Starts from what the server has: pairs, or objects that hold a pair as `value`.
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
   * Adds the value of a step beyond those it knows; what is not finite is left out.
   * @param {number} step
   * @param {number} value
   */
  add(step, value) {
    if (!Number.isFinite(value) || (this.points.length && step < this.last + this.stride)) return;
    this.points.push([step, value]);
    if (this.points.length <= MOST) return;
    this.points = this.points.filter((_, i) => i % 2 === 0);
    this.stride = Math.max(1, Math.ceil((2 * (this.last - this.points[0][0])) / MOST));
  }

  /** Forgets all after a step. @param {number} step */
  cut(step) {
    while (this.last > step) this.points.pop();
    if (!this.points.length) this.stride = 1;
  }
}
