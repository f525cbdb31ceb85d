// Where the texts of notes stand: beside their points, inside the square, and not over each other.

/** @import {Note} from '../types.js' */

/** The size of type, and the space between a note and its point, in units. */
export const TYPE = 13;
const GAP = 9;
/** A text is broken into lines of this share of the square's width, and lines are so high, relative to their type. */
const WIDEST = 0.34, LINE = 1.25;
/** The distance of a text from the edge of the square, in units. */
const MARGIN = 6;

/**
 * A note as it is drawn, in CSS pixels.
 * @typedef {object} PlacedNote
 * @property {Note} note
 * @property {number} x       its point
 * @property {number} y
 * @property {number} r       of its ring; 0 without one
 * @property {string[]} lines
 * @property {number} left    of its text
 * @property {number} top
 * @property {number} width
 * @property {number} height
 */

/** The sides of a point at which a text may stand, the best first where two are as good: of 1 to -1, across and along. */
const SIDES = [[1, 0], [-1, 0], [0, -1], [0, 1], [1, -1], [-1, -1], [1, 1], [-1, 1]];
/** How many gaps away it may stand. */
const FAR = [1, 2.5, 5, 9];

/**
 * Places notes; the first are placed first.
 * @param {Note[]} notes
 * @param {(note:Note) => {x:number, y:number, r:number}|null} project  where its point is, and the radius of its ring; null where it cannot be seen
 * @param {{width:number, height:number, unit:number}} view
 * @param {(text:string) => number} measure  the width of a text
 * @returns {PlacedNote[]}
 */
export function placeNotes(notes, project, { width, height, unit }, measure) {
  const placed = notes.flatMap((note) => {
    const at = project(note);
    if (!at) return [];
    const lines = note.text ? broken(note.text, WIDEST * width, measure) : [];
    return [{ note, lines, ...at, left: 0, top: 0, width: Math.max(0, ...lines.map(measure)), height: lines.length * TYPE * LINE * unit }];
  });
  placed.forEach((one, i) => {
    if (!one.lines.length) return;
    let least = Infinity, [left, top] = [0, 0];
    for (const far of FAR) {
      for (const [dx, dy] of SIDES) {
        // In a diagonal the text's corner is on the ring.
        const away = (one.r + far * GAP * unit) * (dx && dy ? 0.75 : 1);
        const l = clamp(one.x + dx * away - ((1 - dx) / 2) * one.width, MARGIN * unit, width - one.width - MARGIN * unit);
        const t = clamp(one.y + dy * away - ((1 - dy) / 2) * one.height, MARGIN * unit, height - one.height - MARGIN * unit);
        const box = { left: l, top: t, width: one.width, height: one.height };
        const inward = dx * Math.sign(width / 2 - one.x) + 1; // points move inwards from where they start
        let cost = 0.02 * (far + 2 * inward) * one.width;
        placed.forEach((other, j) => {
          if (j < i && other.lines.length) cost += overlap(box, other);
          const r = Math.max(other.r, 5 * unit);
          cost += 2 * overlap(box, { left: other.x - r, top: other.y - r, width: 2 * r, height: 2 * r });
        });
        if (cost < least - 1e-6) [least, left, top] = [cost, l, t];
      }
    }
    Object.assign(one, { left, top });
  });
  return placed;
}

const clamp = (/** @type {number} */ v, /** @type {number} */ lo, /** @type {number} */ hi) => Math.max(lo, Math.min(hi, v));

/** @typedef {{left:number, top:number, width:number, height:number}} Box */

/** The area that two boxes share. @param {Box} a @param {Box} b */
function overlap(a, b) {
  const w = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const h = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  return w > 0 && h > 0 ? w * h : 0;
}

/**
 * A text in lines no wider than `widest`, of about the same length.
 * @param {string} text
 * @param {number} widest
 * @param {(text:string) => number} measure
 */
function broken(text, widest, measure) {
  const count = Math.max(1, Math.ceil(measure(text) / widest));
  const even = Math.max(measure(text) / count, 0) * 1.12;
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(/\s+/)) {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length && measure(longer) <= even) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
