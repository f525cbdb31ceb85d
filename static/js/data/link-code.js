// link-code.js: the user's own points as the letters of a link, four a point: 12 bits of y1 and 12
// of y2 over the plane, as sim/wire/points.go reads them.

/** How many points fit into a message of 64 KiB. */
export const MESSAGE_POINTS = 16_000;

const STEPS = 4095;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** @typedef {[number, number]} Point */
/** @typedef {Pick<import('../types.js').Limits, 'box'|'points'|'linkPoints'>} Limits */

/** @param {number} y @param {number} box */
const codeOf = (y, box) => Math.round(((Math.min(box, Math.max(-box, y)) + box) / (2 * box)) * STEPS);

/** @param {number} n @param {number} box */
const valueOf = (n, box) => box * ((2 * n) / STEPS - 1);

/** The point as a code has it: rounded to 12 bits and inside the plane. @param {Point} y @param {number} box @returns {Point} */
export const rounded = ([y1, y2], box) => [valueOf(codeOf(y1, box), box), valueOf(codeOf(y2, box), box)];

/** @param {Point[]} points @param {number} box */
export function encode(points, box) {
  let code = 'p.';
  for (const [y1, y2] of points) {
    const n = codeOf(y1, box) * 4096 + codeOf(y2, box);
    code += LETTERS[n >> 18] + LETTERS[(n >> 12) & 63] + LETTERS[(n >> 6) & 63] + LETTERS[n & 63];
  }
  return code;
}

/**
 * The present points for an address: their code if they are few, else their name.
 * @param {{id:string, y:Point[]}} known  the points that the page knows
 * @param {string|undefined} id           the name of the present ones
 * @param {Limits} limits
 * @param {number} [most]
 */
export const asText = (known, id, limits, most = limits.linkPoints) => (id && known.id === id && known.y.length <= most ? encode(known.y, limits.box) : id);
