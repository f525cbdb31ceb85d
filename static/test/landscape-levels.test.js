import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barTexts } from '../js/landscape/bar.js';
import { BANDS, Levels, TABLE, TOP, fillTable, format, levelAt, targets } from '../js/landscape/levels.js';
import { frameOf, sceneOf, spiral } from './landscape-frames.js';

/** @type {('quantile'|'log'|'linear')[]} */
const spacings = ['quantile', 'log', 'linear'];
const landscapes = {
  spiral: frameOf(64, spiral),
  bowl: frameOf(64, (a, b) => a * a + b * b),
  constant: frameOf(16, () => 0.5),
  rounding: frameOf(32, (a) => -3 + 1e-7 * a),
  huge: frameOf(32, (a, b) => -1e6 + 1e3 * Math.hypot(a, b)),
  steps: frameOf(32, (a) => Math.sign(a)),
  cliff: frameOf(32, (a) => (a < 0 ? 0 : 1e6), { lo: 0, hi: 1 }),
  smallest: frameOf(16, (a, b) => 1e-5 * a * b),
  'no range': frameOf(16, (a) => a, { lo: NaN, hi: Infinity }),
};

test('levels increase strictly from lo to hi, and the table is monotone, on every landscape and spacing', () => {
  for (const [name, frame] of Object.entries(landscapes)) {
    for (const spacing of spacings) {
      const levels = new Levels();
      levels.follow(frame, sceneOf({ spacing }), 0);
      for (let k = 1; k <= BANDS; k++) assert.ok(levels.values[k] > levels.values[k - 1], `${name} ${spacing}: level ${k} ${levels.values[k - 1]} ${levels.values[k]}`);
      for (let i = 1; i < TABLE; i++) assert.ok(levels.table[i] >= levels.table[i - 1], `${name} ${spacing}: entry ${i} ${levels.table[i - 1]} ${levels.table[i]}`);
      assert.equal(levels.table[0], 0);
      assert.ok(levels.table[TABLE - 1] < BANDS + 0.5, 'the plateau lies on no line');
      assert.ok(levels.table[TABLE - 1] > BANDS, 'the line at hi is crossed');
    }
  }
});

test('the table has the level number at every level', () => {
  const values = new Float64Array(BANDS + 1);
  const table = new Float32Array(TABLE);
  for (const spacing of spacings) {
    targets(values, landscapes.spiral, spacing);
    fillTable(table, values);
    for (let k = 0; k <= BANDS; k++) {
      const v = levelAt(table, (values[k] - values[0]) / (values[BANDS] - values[0]));
      assert.ok(Math.abs(v - k) < 0.03, `${spacing}: ${v} for level ${k}`);
    }
  }
});

test('quantile levels divide the plane about equally, log levels grow, linear ones do not', () => {
  const { grid } = landscapes.bowl;
  const frame = { ...landscapes.bowl, lo: 0, hi: 2 };
  const values = new Float64Array(BANDS + 1);
  targets(values, frame, 'quantile');
  const inRange = grid.filter((e) => e < 2).length;
  for (let k = 1; k <= BANDS; k++) {
    const share = grid.filter((e) => e >= values[k - 1] && e < values[k]).length / inRange;
    assert.ok(share > 0.4 / BANDS && share < 1.8 / BANDS, `band ${k} holds ${share}`);
  }
  targets(values, frame, 'linear');
  for (let k = 0; k <= BANDS; k++) assert.ok(Math.abs(values[k] - (2 * k) / BANDS) < 1e-12);
  targets(values, frame, 'log');
  for (let k = 2; k <= BANDS; k++) assert.ok(values[k] - values[k - 1] > values[k - 1] - values[k - 2]);
});

test('levels glide to those of a new frame and then rest', () => {
  const levels = new Levels();
  const first = landscapes.bowl, next = frameOf(64, (a, b) => 2 * a * a + b * b, { step: 2 });
  levels.follow(first, sceneOf(), 0);
  assert.ok(levels.settled, 'the first frame is not glided to');
  const from = levels.hi;
  levels.follow(next, sceneOf(), 16);
  levels.follow(next, sceneOf(), 32);
  assert.ok(!levels.settled && levels.hi > from && levels.hi < next.hi, `${from} ${levels.hi} ${next.hi}`);
  for (let now = 48; now < 3000; now += 16) levels.follow(next, sceneOf(), now);
  assert.ok(levels.settled);
  assert.ok(Math.abs(levels.hi - next.hi) < 1e-9);
  assert.equal(levels.follow(next, sceneOf(), 3016), false, 'nothing moves any more');
});

test('levels do not glide under reduced motion, nor from one run to another', () => {
  const next = frameOf(64, (a, b) => 9 * a * a + b * b, { step: 2 });
  for (const [scene, frame] of /** @type {const} */ ([
    [sceneOf({ reducedMotion: true }), next],
    [sceneOf(), { ...next, generation: 2 }],
    [sceneOf(), { ...next, step: 0 }],
    [sceneOf({ spacing: 'log' }), next],
  ])) {
    const levels = new Levels();
    levels.follow(landscapes.bowl, sceneOf({ reducedMotion: scene.reducedMotion }), 0);
    levels.follow(frame, scene, 1);
    assert.ok(levels.settled);
    assert.ok(Math.abs(levels.hi - next.hi) < 1e-9);
  }
});

test('frozen levels stay, whatever comes', () => {
  const levels = new Levels();
  levels.follow(landscapes.bowl, sceneOf({ frozen: true }), 0);
  const before = [...levels.values];
  levels.follow(frameOf(64, (a) => 100 * a, { step: 2 }), sceneOf({ frozen: true }), 500);
  assert.deepEqual([...levels.values], before);
  const gliding = new Levels();
  gliding.follow(landscapes.bowl, sceneOf(), 0);
  gliding.follow(landscapes.spiral, sceneOf(), 16);
  assert.ok(!gliding.settled);
  gliding.follow(landscapes.spiral, sceneOf({ frozen: true }), 32);
  assert.ok(gliding.settled, 'frozen while they glide, they stop at once');
});

test('levels allocate nothing that lasts while they follow', () => {
  const levels = new Levels();
  const { values, table } = levels;
  for (let step = 1; step < 5; step++) levels.follow({ ...landscapes.spiral, step }, sceneOf(), step * 30);
  assert.ok(levels.values === values && levels.table === table);
});

test('format: sensible decimals, one for all', () => {
  /** @type {[number[], string[]][]} */
  const cases = [
    [[-2.13, 0.41, 2.3, 5.12, 9.2, 14], ['−2.1', '0.4', '2.3', '5.1', '9.2', '14.0']],
    [[0, 0.021, 0.074, 0.3], ['0.00', '0.02', '0.07', '0.30']],
    [[0, 0.001, 0.3], ['0.000', '0.001', '0.300']],
    [[-0.04, 10, 90], ['0', '10', '90']],
    [[0.5, 0.5000001], ['0.5000000', '0.5000001']],
    [[2.7e-4, 2.71e-4, 2.72e-4], ['2.70e−4', '2.71e−4', '2.72e−4']],
    [[7, 7.0001, 7.0002], ['7.0000', '7.0001', '7.0002']],
    [[1e5, 2e6], ['1.0e+5', '2.0e+6']],
    [[0, 1e-6], ['0.0e+0', '1.0e−6']],
  ];
  for (const [values, want] of cases) assert.deepEqual(format(values), want);
});

test('the numbers beside the bar are distinct, whatever the range that the server sends', () => {
  let seed = 1;
  const random = () => (seed = (16807 * seed) % 2147483647) / 2147483647;
  for (let k = 0; k < 2000; k++) {
    const lo = Math.fround((random() - 0.5) * 10 ** (14 * random() - 8));
    // No range is narrower than a ten-thousandth (ebm/measure/colour.go).
    const hi = Math.fround(lo + 10 ** (4 * random() - 4) * Math.max(Math.abs(lo), 1e-3));
    const grid = Float32Array.from({ length: 64 }, () => lo + (hi - lo) * random() ** 20);
    for (const spacing of /** @type {const} */ (['quantile', 'log', 'linear'])) {
      const levels = new Levels();
      levels.follow({ ...frameOf(8, () => 0), grid, lo, hi }, sceneOf({ spacing }), 0);
      const texts = barTexts(levels);
      assert.equal(new Set(texts).size, texts.length, `${lo} to ${hi}, ${spacing}: ${texts}`);
    }
  }
});
