// The range of energies that the colours cover.
import assert from 'node:assert/strict';
import test from 'node:test';
import { barTexts, energyAt } from '../js/landscape/bar.js';
import { BANDS, Levels, plane } from '../js/landscape/levels.js';
import { rangeText, readRange, rounded } from '../js/range.js';
import { frameOf, sceneOf } from './landscape-frames.js';

test('a range is read as it is written, and what is none is the card\'s', () => {
  for (const text of ['data', 'plane', '-1.5,20', '0,1e-7']) assert.equal(rangeText(readRange(text)), text.replace('1e-7', String(1e-7)));
  for (const text of [undefined, '', 'all', '3', '2,1', '1,1', '1,', ',', 'a,b', '1,2,3', 'NaN,1', '0,Infinity', '-1e308,1e308', '0,2e6']) assert.equal(readRange(text), '', String(text));
});

test('an end is written with as many digits as its range needs', () => {
  assert.equal(rounded(0.0165432, 0.03), 0.01654);
  assert.equal(rounded(9.65821, 10.7), 9.66);
  assert.equal(rounded(5796.3, 5800), 5796);
  assert.equal(rounded(1.23456789e-20, 1e-20), 1.23456789e-20);
});

/** Wells of K-means along a line: far from them the squared distance grows. @param {number} a @param {number} b */
const wells = (a, b) => Math.min(...[-0.8, -0.4, 0, 0.4].map((c) => (a - c) ** 2 + b * b));

test('the range of the plane covers its ridges and its growth, that of the data its valleys', () => {
  const frame = frameOf(96, wells, { lo: 0, hi: 0.05 });
  const of = (/** @type {Partial<import('../js/types.js').Scene>} */ scene) => {
    const levels = new Levels();
    levels.follow(frame, sceneOf(scene), 0);
    return levels;
  };
  const below = (/** @type {Levels} */ levels) => frame.grid.filter((e) => e <= levels.hi).length / frame.grid.length;
  for (const spacing of /** @type {const} */ (['quantile', 'log', 'linear'])) {
    const all = of({ range: 'plane', spacing });
    assert.ok(below(all) > 0.998, `${spacing}: ${below(all)} of the plane`);
    assert.ok(all.lo <= Math.min(...frame.grid) + 1e-6);
  }
  assert.ok(below(of({})) < 0.3);
  assert.equal(of({ cardRange: 'plane' }).hi, of({ range: 'plane' }).hi, 'what the card says, unless another is chosen');
  assert.equal(of({ cardRange: 'plane', range: 'data' }).hi, frame.hi);
  // Levels of equal areas tell the wells from the ridge between them (at 0.04), also over the whole plane.
  const { values } = of({ range: 'plane' });
  assert.ok(values[1] < 0.04, `the lowest band ends at ${values[1]}`);
});

test('some cells on a cliff do not set the range of the plane', () => {
  const frame = frameOf(100, (a) => a);
  for (let i = 0; i < 9; i++) frame.grid[1000 + 7 * i] = 1e6;
  const [lo, hi] = plane(frame.grid);
  assert.ok(lo < -1.48 && hi < 1.5, `${lo} to ${hi}`);
});

test('a range that is held stays whatever the landscape does, and its lower end says so', () => {
  const levels = new Levels(), range = /** @type {[number, number]} */ ([-1, 2.5]);
  for (let step = 1; step < 4; step++) {
    levels.follow(frameOf(32, (a, b) => step * (a + b), { step }), sceneOf({ range }), 100 * step);
    assert.deepEqual([levels.lo, levels.hi], range);
  }
  assert.match(barTexts(levels)[0], /^≤/);
  levels.follow(frameOf(32, (a) => a, { step: 5 }), sceneOf(), 500);
  assert.doesNotMatch(barTexts(levels)[0], /^≤/);
});

test('frozen levels follow another range when one is chosen', () => {
  const levels = new Levels(), frame = frameOf(32, (a) => a);
  levels.follow(frame, sceneOf({ frozen: true }), 0);
  levels.follow(frame, sceneOf({ frozen: true, range: [-3, 3] }), 10);
  assert.deepEqual([levels.lo, levels.hi], [-3, 3]);
});

test('along the bar the energy is that of its levels, and grows beyond its ends', () => {
  const values = Float64Array.from({ length: BANDS + 1 }, (_, k) => k ** 2);
  for (let k = 0; k <= BANDS; k++) assert.ok(Math.abs(energyAt(values, k / BANDS) - k ** 2) < 1e-9);
  let last = -Infinity;
  for (let share = -1; share < 2; share += 0.01) {
    const energy = energyAt(values, share);
    assert.ok(energy > last);
    last = energy;
  }
  assert.ok(last > 20 * BANDS ** 2);
});
