import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeNotes } from '../js/landscape/notes.js';

/** The plane is 3 wide. @param {number} side @returns {(note:import('../js/types.js').Note) => {x:number, y:number, r:number}} */
const on = (side) => ({ at: [y1, y2], ring = 0 }) => ({ x: ((y1 + 1.5) / 3) * side, y: ((1.5 - y2) / 3) * side, r: (ring / 3) * side });
const measure = (/** @type {string} */ text) => 7 * text.length;
const view = { width: 560, height: 560, unit: 1 };
const low = 'points that should have low energy but have high energy';

/** Whether two boxes share an area. @param {import('../js/landscape/notes.js').PlacedNote} a @param {import('../js/landscape/notes.js').PlacedNote} b */
const meet = (a, b) => a.left < b.left + b.width - 0.01 && b.left < a.left + a.width - 0.01 && a.top < b.top + b.height - 0.01 && b.top < a.top + a.height - 0.01;

test('notes stand inside the square, beside their points and rings, and not over each other', () => {
  for (const side of [300, 560, 1000]) {
    for (const unit of [1, 1.5]) {
      /** @type {import('../js/types.js').Note[]} */
      const notes = [
        { at: [-0.52, 0.9], text: 'training example', tone: 'down', ring: 0.06 }, { at: [-0.45, 1.25], text: low, tone: 'down', ring: 0.3 },
        { at: [0.6, 0.6], text: low, tone: 'up' }, { at: [0.55, 0.55], text: 'sample' }, { at: [1.48, -1.48], text: 'a corner' }, { at: [-1.49, 0], text: 'an edge' },
      ];
      const placed = placeNotes(notes, on(side), { width: side, height: side, unit }, (text) => measure(text) * unit);
      placed.forEach((one, i) => {
        assert.equal(one.lines.join(' '), notes[i].text);
        if (side < 560) return;
        assert.ok(one.left >= 0 && one.top >= 0 && one.left + one.width <= side && one.top + one.height <= side, `${notes[i].text} at ${one.left}, ${one.top}`);
        for (const other of placed.slice(0, i)) assert.ok(!meet(one, other), `${notes[i].text} and ${other.note.text} at ${side}`);
        const beside = Math.hypot(Math.max(one.left - one.x, 0, one.x - one.left - one.width), Math.max(one.top - one.y, 0, one.y - one.top - one.height));
        assert.ok(beside > 0 && beside < one.r + 90 * unit, `${notes[i].text}: ${beside}`);
      });
    }
  }
});

test('a long text has lines of about the same length; a note without a text is its ring', () => {
  const [one, ring] = placeNotes([{ at: [0, 0], text: low }, { at: [0.5, 0.5], text: '', ring: 0.15 }], on(560), view, measure);
  assert.ok(one.lines.length >= 2 && one.lines.every((line) => measure(line) < 220), one.lines.join('|'));
  assert.ok(Math.abs(ring.r - 28) < 1e-9);
  assert.deepEqual(ring.lines, []);
});

test('a note whose point cannot be seen is left out', () => {
  assert.equal(placeNotes([{ at: [0, 0], text: low }, { at: [1, 1], text: 'b' }], ({ at }) => (at[0] ? null : { x: 9, y: 9, r: 0 }), view, measure).length, 1);
});
