// range.js: the range of energies that the colours cover, as an address has it: data, plane, or two
// numbers.

/** @typedef {import('./types.js').Range} Range */

/** The greatest energy of a landscape: with a greater one, a run has diverged. */
export const MOST = 1e6;

/**
 * Reads a range; '' for what is none.
 * @param {string} [text]
 * @returns {Range|''}
 */
export function readRange(text = '') {
  if (text === 'data' || text === 'plane') return text;
  const ends = text.split(',').map((end) => (end.trim() ? Number(end) : NaN));
  return ends.length === 2 && ends.every((end) => Math.abs(end) <= MOST) && ends[0] < ends[1] ? [ends[0], ends[1]] : '';
}

/** @param {Range|''} range */
export const rangeText = (range) => (typeof range === 'string' ? range : range.join(','));

/** An end of a range, to a thousandth of the range or finer. @param {number} value @param {number} span */
export function rounded(value, span) {
  const digits = Math.ceil(3 - Math.log10(span));
  return digits > 15 ? value : digits >= 0 ? Number(value.toFixed(digits)) : Math.round(value);
}
