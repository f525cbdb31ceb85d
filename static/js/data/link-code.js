// code.js: somebody's own points as the letters of a link, four a point: 12 bits of y1 and 12 of y2
// over the box, as sim/own.go reads them.

/** The plane reaches from -BOX to BOX in both directions. */
export const BOX = 1.5;
/** So many points can be learned from. */
export const MOST = 20_000;
/** So many go into a link; more have their name in it, which the server must know. */
export const MOST_IN_LINK = 1500;
/** So many go into a message of 64 KiB. */
export const MOST_IN_MESSAGE = 16_000;

const STEPS = 4095;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** @typedef {[number, number]} Point */

/** @param {number} y */
const place = (y) => Math.round(((Math.min(BOX, Math.max(-BOX, y)) + BOX) / (2 * BOX)) * STEPS);

/** @param {number} n */
const value = (n) => BOX * ((2 * n) / STEPS - 1);

/** The point, as near as a code can say it. @param {Point} y @returns {Point} */
export const settle = ([y1, y2]) => [value(place(y1)), value(place(y2))];

/** @param {Point[]} points */
export function encode(points) {
  let code = 'p.';
  for (const [y1, y2] of points) {
    const n = place(y1) * 4096 + place(y2);
    code += LETTERS[n >> 18] + LETTERS[(n >> 12) & 63] + LETTERS[(n >> 6) & 63] + LETTERS[n & 63];
  }
  return code;
}

/**
 * The present points as an address says them: themselves where they are few, else their name.
 * @param {{id:string, y:Point[]}} own  the points that the page knows
 * @param {string|undefined} id         the name of the present ones
 * @param {number} [most]
 */
export const asText = (own, id, most = MOST_IN_LINK) => (id && own.id === id && own.y.length <= most ? encode(own.y) : id);
