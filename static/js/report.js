// report.js: what one step did, read from its frame, as sentences with numbers.
import { signed } from './scale.js';

/** @typedef {import('./types.js').Frame} Frame */
/** @typedef {{text:string, tone:string}} Tone */

/**
 * How many points were pushed down and up, and the mean distance of those pushed up from the
 * points where their chains started.
 * @param {Float32Array} pushes  rows of x, y, fromx, fromy, amount
 */
export function tally(pushes) {
  let down = 0, up = 0, far = 0;
  for (let i = 0; i < pushes.length; i += 5) {
    if (pushes[i + 4] > 0) {
      up++;
      far += Math.hypot(pushes[i] - pushes[i + 2], pushes[i + 1] - pushes[i + 3]);
    } else down++;
  }
  return { down, up, far: up ? far / up : 0 };
}

/**
 * The report of a frame: plain text, and words in the colour of their push.
 * @param {Frame} frame
 * @param {number} low  share of the plane that is low; NaN where it is not known
 * @param {[string, number][]} others  the method's other numbers of this step, NaN where one does not apply
 * @returns {(string|Tone)[]}
 */
export function stepReport(frame, low, others = []) {
  const { down, up, far } = tally(frame.pushes);
  /** @type {(string|Tone)[]} */
  const parts = [];
  if (down) parts.push({ text: `${points(down)} pushed down`, tone: 'down' });
  if (down && up) parts.push(', ');
  if (up) parts.push({ text: `${points(up)} pushed up`, tone: 'up' }, far > 0.0005 ? `, on average ${signed(far, 2)} from their data points` : '');
  if (down || up) parts.push('. ');
  if (Number.isFinite(low)) parts.push('Low region: ', { text: `${Math.round(100 * low)}\u202f%`, tone: '' }, ' of the plane.');
  const known = others.filter(([, value]) => Number.isFinite(value));
  if (known.length && parts.length) parts.push(' ');
  for (const [i, [name, value]] of known.entries()) {
    const word = name.replaceAll('_', ' ');
    parts.push(`${i ? word : word[0].toUpperCase() + word.slice(1)} `, { text: Number.isInteger(value) ? String(value) : value.toPrecision(3).replace('-', '−'), tone: '' }, i < known.length - 1 ? ', ' : '.');
  }
  return parts;
}

/** @param {number} n */
function points(n) {
  return n === 1 ? '1 point' : `${n} points`;
}
