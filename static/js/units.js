// units.js: the units of the data's source. A coordinate y of the plane stands for
// y * scale + offset there, and each axis may have a name, such as the column of a table.

/** @import {Axes} from './types.js' */

/** The axes of data whose units are those of the plane. @type {Axes} */
const PLAIN = { scale: [1, 1], offset: [0, 0] };

/** A number is written so that about one in this many parts of the axis is seen; at its ends, fewer suffice. */
const PARTS = 200, END_PARTS = 20;
/** With more decimals, or from this size on, a number has an exponent. */
const MOST_DECIMALS = 6, LARGE = 1e9;
/** The most letters of a name that are written beside a number. */
const NAME = 24;

export class Units {
  /**
   * @param {Axes|undefined} axes
   * @param {number} box  the plane is [-box, box]²
   */
  constructor(axes, box) {
    this.axes = axes ?? PLAIN;
    this.box = box || 1;
    /** The names of the axes; y₁ and y₂ where they have none. @type {[string, string]} */
    this.names = [this.axes.names?.[0] || 'y₁', this.axes.names?.[1] || 'y₂'];
  }

  /** Whether the axes have names. */
  get named() {
    return Boolean(this.axes.names?.[0] && this.axes.names[1]);
  }

  /** A coordinate in units. @param {number} y @param {0|1} i */
  value(y, i) {
    return y * this.axes.scale[i] + this.axes.offset[i];
  }

  /** The coordinate of a value. @param {number} value @param {0|1} i */
  plane(value, i) {
    return (value - this.axes.offset[i]) / this.axes.scale[i];
  }

  /** A coordinate as a number to read. @param {number} y @param {0|1} i */
  text(y, i) {
    return written(this.value(y, i), this.#range(i), PARTS);
  }

  /** The same as a number to edit: without marks between the thousands. @param {number} y @param {0|1} i */
  number(y, i) {
    return this.text(y, i).replaceAll('−', '-').replaceAll(',', '');
  }

  /** A point: `y = (0.50, 1.20)`, or the names with their numbers. @param {ArrayLike<number>} y */
  point(y) {
    const [a, b] = [this.text(y[0], 0), this.text(y[1], 1)];
    return this.named ? `${short(this.names[0])} = ${a}, ${short(this.names[1])} = ${b}` : `y = (${a}, ${b})`;
  }

  /** A point without names. @param {ArrayLike<number>} y */
  pair(y) {
    return `(${this.text(y[0], 0)}, ${this.text(y[1], 1)})`;
  }

  /** A slope over a coordinate, as one per unit. @param {number} slope @param {0|1} i */
  slope(slope, i) {
    const value = slope / this.axes.scale[i];
    const size = Math.abs(value);
    if (size >= 0.001 && size < 1e4 || size === 0 || this.axes.scale[i] === 1) return written(value, 0.2, PARTS);
    return exponent(value, 2);
  }

  /** Two coordinates, such as the ends of an axis, with the decimals that both need. @param {number} low @param {number} high @param {0|1} i @returns {[string, string]} */
  ends(low, high, i) {
    const range = (high - low) * this.axes.scale[i] || this.#range(i);
    const [a, b] = [this.value(low, i), this.value(high, i)];
    let parts = END_PARTS;
    const whole = (/** @type {number} */ v) => Math.abs(v - Math.round(v)) < 1e-5 * range;
    if (this.axes !== PLAIN && range > 1 && whole(a) && whole(b)) parts = 1; // years, counts
    return [written(a, range, parts), written(b, range, parts)];
  }

  /** @param {0|1} i */
  #range(i) {
    return 2 * this.box * this.axes.scale[i];
  }
}

/**
 * A number with the decimals that show one in `parts` of a range, a true minus, and from five digits on a
 * comma between the thousands.
 * @param {number} value
 * @param {number} range
 * @param {number} parts
 */
export function written(value, range, parts) {
  if (!Number.isFinite(value)) return '–';
  const decimals = Math.max(0, Math.ceil(Math.log10(parts / range) - 1e-9));
  if (decimals > MOST_DECIMALS || Math.abs(value) >= LARGE || range >= LARGE) {
    const size = value === 0 ? range : Math.abs(value);
    return exponent(value, Math.round(Math.log10((size / range) * parts)));
  }
  const text = value.toFixed(decimals);
  if (Number(text) === 0) return (0).toFixed(decimals);
  const [whole, part] = text.replace('-', '').split('.');
  return `${value < 0 ? '−' : ''}${grouped(whole)}${part ? `.${part}` : ''}`;
}

/** A number to six digits, with no more decimals than it has. @param {number} value */
export function trimmed(value) {
  const size = Math.abs(value);
  if (size >= LARGE || (size < 1e-4 && size > 0)) return exponent(Number(value.toPrecision(6)), undefined);
  const [whole, part] = String(Number(value.toPrecision(6))).replace('-', '').split('.');
  return `${value < 0 ? '−' : ''}${grouped(whole)}${part ? `.${part}` : ''}`;
}

/** @param {string} whole  digits */
const grouped = (whole) => (whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, ',') : whole);

/** @param {number} value @param {number} [digits]  after the first; as many as it has if undefined */
const exponent = (value, digits) => value.toExponential(digits === undefined ? undefined : Math.min(15, Math.max(0, digits))).replaceAll('-', '−').replace('+', '');

/** The beginning of a name. @param {string} name */
export const short = (name) => (name.length > NAME ? `${name.slice(0, NAME - 1)}…` : name);
