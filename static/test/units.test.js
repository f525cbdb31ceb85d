// The units of the data's source.
import test from 'node:test';
import assert from 'node:assert/strict';
import { short, Units, written } from '../js/units.js';

const BOX = 1.5;
/** The axes that lay a column from lo to hi over nine tenths of the plane. @param {[number, number][]} columns @param {[string, string]} [names] */
const fitted = (columns, names) => new Units({
  names,
  scale: /** @type {[number, number]} */ (columns.map(([lo, hi]) => (hi - lo) / 2 / (0.9 * BOX))),
  offset: /** @type {[number, number]} */ (columns.map(([lo, hi]) => (lo + hi) / 2)),
}, BOX);
const EDGE = Math.fround(0.9 * BOX); // as the room sends it

test('the ends of an axis are the numbers of the table', () => {
  for (const [lo, hi, want] of /** @type {[number, number, [string, string]][]} */ ([
    [1.6, 5.1, ['1.6', '5.1']], [43, 96, ['43', '96']], [999, 12400, ['999', '12,400']], [1990, 1993, ['1990', '1993']],
    [-0.002, 0.0031, ['−0.0020', '0.0031']], [597173, 665845, ['597,173', '665,845']], [2e-9, 7.5e-9, ['2.0e−9', '7.5e−9']],
    [1e12, 3e12, ['1e12', '3e12']],
  ])) assert.deepEqual(fitted([[lo, hi], [0, 1]]).ends(-EDGE, EDGE, 0), want);
});

test('axes without units are those of the plane', () => {
  const plain = new Units(undefined, BOX);
  assert.deepEqual(plain.ends(-1.5, 1.5, 0), ['−1.5', '1.5']);
  assert.equal(plain.point([0.5, -1.25]), 'y = (0.50, −1.25)');
  assert.equal(plain.slope(-0.1234, 1), '−0.123');
  assert.deepEqual(plain.names, ['y₁', 'y₂']);
});

test('a point has the names and the decimals of its columns', () => {
  const units = fitted([[1.6, 5.1], [43, 96]], ['eruptions', 'waiting']);
  assert.equal(units.point([0, 0]), 'eruptions = 3.35, waiting = 69.5');
  assert.equal(units.pair([0, 0]), '(3.35, 69.5)');
  assert.ok(Math.abs(units.plane(units.value(0.7, 1), 1) - 0.7) < 1e-12);
  assert.equal(fitted([[0, 60000], [0, 1]]).number(0.9, 0), '50000');
  assert.equal(short('a'.repeat(30)), `${'a'.repeat(23)}…`);
});

test('a slope is one per unit of the axis', () => {
  const units = fitted([[0, 27000], [0, 1]]);
  assert.equal(units.slope(2, 0), '2.00e−4');
  assert.equal(units.slope(0, 0), '0.000');
});

test('what is no number is a dash, and zero has no sign', () => {
  assert.equal(written(NaN, 1, 200), '–');
  assert.equal(written(-0.0001, 3, 200), '0.00');
});
