// report.js: what one step did, read from its frame, as sentences with numbers.
import { signed } from './scale.js';
import { numberMeaning, numberNames, say, words } from './strings.js';

/** @typedef {import('./types.js').Frame} Frame */
/** @typedef {{text:string, tone:string}} Tone */

/**
 * The sums of a step's pushes: how many points it pushed down and up, the sums of their weights, and
 * the mean distance of those pushed up from the points where their chains started.
 * @param {Float32Array} pushes  rows of x, y, fromx, fromy, amount
 */
export function pushSums(pushes) {
  const sums = { downs: 0, downWeight: 0, ups: 0, upWeight: 0, distance: 0 };
  for (let i = 0; i < pushes.length; i += 5) {
    const amount = pushes[i + 4];
    if (amount > 0) {
      sums.ups++;
      sums.upWeight += amount;
      sums.distance += Math.hypot(pushes[i] - pushes[i + 2], pushes[i + 1] - pushes[i + 3]);
    } else {
      sums.downs++;
      sums.downWeight -= amount;
    }
  }
  if (sums.ups) sums.distance /= sums.ups;
  return sums;
}

/**
 * The report of a frame: plain text, and words in the colour of their push.
 * @param {Frame} frame
 * @param {number} low  share of the plane that is low; NaN where it is not known
 * @param {[string, number][]} others  the method's other numbers of this step, NaN where one does not apply
 * @returns {(string|Tone)[]}
 */
export function stepReport(frame, low, others = []) {
  const { downs, ups, distance } = pushSums(frame.pushes);
  /** @type {(string|Tone)[]} */
  const parts = [];
  if (downs) parts.push({ text: say.pushedDown(downs), tone: 'down' });
  if (downs && ups) parts.push(', ');
  if (ups) parts.push({ text: say.pushedUp(ups), tone: 'up' }, distance > 0.0005 ? `, ${say.meanDistance(signed(distance, 2))}` : '');
  if (downs || ups) parts.push('. ');
  if (Number.isFinite(low)) parts.push(`${words.lowRegion} `, { text: say.shareOfPlane(Math.round(100 * low)), tone: '' }, '.');
  const known = others.filter(([, value]) => Number.isFinite(value));
  if (known.length && parts.length) parts.push(' ');
  for (const [i, [name, value]] of known.entries()) {
    const word = numberNames[name] ?? name.replaceAll('_', ' ');
    const meaning = numberMeaning(name, value);
    parts.push(`${i ? word : word[0].toUpperCase() + word.slice(1)} `, { text: Number.isInteger(value) ? String(value) : value.toPrecision(3).replace('-', '−'), tone: '' }, `${meaning && ` (${meaning})`}${i < known.length - 1 ? ', ' : '.'}`);
  }
  return parts;
}
