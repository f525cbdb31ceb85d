// scale.js: from the position of a slider to the value of its knob and back, and how a value is
// written. The position of a linear slider is the value itself, that of a log slider its logarithm.

/** @typedef {import('./types.js').Knob} Knob */

/** How far below the lowest value of a log slider its stop for 0 is, as a share of the range. */
const ZERO_GAP = 0.06;

/** @param {Knob} knob @returns {(x:number) => number} */
const logOf = (knob) => (knob.scale === 'log2' ? Math.log2 : knob.scale === 'log' ? Math.log10 : (x) => x);

/** @param {Knob} knob @returns {(x:number) => number} */
const powerOf = (knob) => (knob.scale === 'log2' ? (x) => 2 ** x : knob.scale === 'log' ? (x) => 10 ** x : (x) => x);

/** @param {Knob} knob */
const curved = (knob) => (knob.scale === 'log' || knob.scale === 'log2') && knob.min > 0;

/**
 * The range input of a knob: its ends and its step, in positions.
 * @param {Knob} knob
 * @returns {{min:number, max:number, step:number|'any'}}
 */
export function track(knob) {
  if (!curved(knob)) {
    const low = knob.zero ? Math.min(0, knob.min) : knob.min;
    return { min: low, max: knob.max, step: knob.kind === 'int' ? 1 : grain(knob.max - knob.min) };
  }
  const log = logOf(knob);
  const [lo, hi] = [log(knob.min), log(knob.max)];
  return { min: knob.zero ? lo - ZERO_GAP * (hi - lo) : lo, max: hi, step: 'any' };
}

/** The power of ten that divides a range into 100 to 1000 steps. @param {number} range */
function grain(range) {
  return range > 0 ? Number((10 ** Math.floor(Math.log10(range / 100) + 1e-9)).toPrecision(1)) : 1;
}

/**
 * The value at a position of the slider, inside the knob's range.
 * @param {Knob} knob
 * @param {number} position
 */
export function valueAt(knob, position) {
  if (!curved(knob)) {
    const near = knob.kind === 'int' ? Math.round(position) : Number(position.toPrecision(12));
    if (knob.zero && near < knob.min) return near < knob.min / 2 ? 0 : knob.min;
    return Math.min(knob.max, Math.max(knob.min, near));
  }
  const { min } = track(knob);
  if (knob.zero && position < (min + logOf(knob)(knob.min)) / 2) return 0;
  const raw = powerOf(knob)(position);
  const near = knob.kind === 'int' ? Math.round(raw) : Number(raw.toPrecision(3));
  return Math.min(knob.max, Math.max(knob.min, near));
}

/**
 * The position of a value on the slider.
 * @param {Knob} knob
 * @param {number} value
 */
export function positionOf(knob, value) {
  if (!curved(knob)) return value;
  return value <= 0 ? track(knob).min : logOf(knob)(value);
}

/**
 * The position that an arrow key moves to: the next whole number, a doubling, or a hundredth of the range.
 * @param {Knob} knob
 * @param {number} value
 * @param {number} direction  -1 or 1
 */
export function nextPosition(knob, value, direction) {
  const { min, max, step } = track(knob);
  const position = positionOf(knob, value);
  if (knob.zero && curved(knob) && direction < 0 && value <= knob.min) return min;
  if (knob.zero && value === 0 && direction > 0) return positionOf(knob, knob.min);
  if (knob.kind === 'int' && curved(knob) && knob.scale === 'log') {
    const moved = positionOf(knob, Math.max(knob.min, value + direction));
    const leap = position + (direction * (max - min)) / 40;
    return Math.min(max, Math.max(min, direction > 0 ? Math.max(moved, leap) : Math.min(moved, leap)));
  }
  const stride = knob.scale === 'log2' && curved(knob) ? 1
    : knob.kind === 'int' ? 1
    : step === 'any' ? (max - min) / 60
    : Math.max(step, Math.round((max - min) / 100 / step) * step);
  return Math.min(max, Math.max(min, position + direction * stride));
}

/**
 * A knob's value as text, with as many decimals at every position of the slider, so that its width
 * changes as little as possible.
 * @param {Knob} knob
 * @param {number|string|boolean} value
 */
export function format(knob, value) {
  if (typeof value !== 'number') return String(value);
  if (knob.kind === 'int' || value === 0) return String(value);
  if (curved(knob)) return plain(value);
  const { step } = track(knob);
  const decimals = step === 'any' || step >= 1 ? 0 : Math.min(6, -Math.floor(Math.log10(step) + 1e-9));
  const text = value.toFixed(Math.max(0, Math.min(2, decimals)));
  return Math.abs(Number(text) - value) < 1e-9 ? text : String(Number(value.toPrecision(4)));
}

/** A number to three digits without an exponent where it is readable. @param {number} value */
export function plain(value) {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 1e-4 || size >= 1e6) return value.toExponential(1).replace('-', '−').replace('+', '');
  const digits = Math.max(0, Math.min(7, (size < 1 ? 2 : 3) - 1 - Math.floor(Math.log10(size))));
  return value.toFixed(digits);
}

/**
 * How many decimals an energy needs so that three digits of the range lo..hi are seen.
 * @param {number} lo
 * @param {number} hi
 */
export function decimalsFor(lo, hi) {
  const range = hi - lo;
  return range > 0 ? Math.min(6, Math.max(2, 2 - Math.floor(Math.log10(range)))) : 2;
}

/**
 * An energy or a coordinate with a fixed number of decimals and a true minus sign.
 * @param {number} value
 * @param {number} [decimals]
 */
export function signed(value, decimals = 2) {
  if (!Number.isFinite(value)) return '–';
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? (0).toFixed(decimals) : text.replace('-', '−');
}
