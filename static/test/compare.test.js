import assert from 'node:assert/strict';
import test from 'node:test';
import { at, differing } from '../js/instruments/compare-pane.js';
import { changeTexts } from '../js/landscape/bar.js';
import { STEPS, cellsNear, colorRange, difference, divergingMap, writeColors } from '../js/landscape/change.js';
import { frameOf } from './landscape-frames.js';

const knob = (name, label) => ({ name, label, kind: 'int', min: 1, max: 100, default: 1 });
const model = { id: 'cd', title: 'Contrastive divergence', knobs: [knob('chain', 'steps'), knob('width')] };
const state = (knobs, model = 'cd') => ({ model, knobs: { chain: 1, width: 32, ...knobs } });

test('a copy shows how the run differs from it', () => {
  const store = { state: state({ chain: 10 }) };
  assert.equal(differing(store, { state: state({}), model }), 'steps 1 → 10');
  assert.equal(differing(store, { state: state({ width: 8 }), model }), 'steps 1 → 10 · width 8 → 32');
  assert.equal(differing(store, { state: state({ chain: 10 }), model }), 'same settings as B');
  assert.equal(differing({ state: state({}, 'dae') }, { state: state({}), model }), 'Contrastive divergence');
});

test('numbers that a method does not have are left out', () => {
  assert.match(at(run(NaN, NaN)), /step 7$/);
  assert.match(at(run(0.9, 0.123)), /step 7 · AUC 0\.900 · 12\u202f%\u00a0low/);
  assert.match(at(run(0.9, 0.123, 'training')), /step 7 · AUC 0\.900 \(training\) · 12\u202f%\u00a0low/);
});

/** A run with these scalars. @param {number} auc @param {number} vol95 @param {string} measuredOn */
function run(auc, vol95, measuredOn = '') {
  return /** @type {any} */ ({ frame: { step: 7 }, measuredOn, scalar: (/** @type {string} */ name) => ({ auc, vol95 })[name] });
}

test('the difference of two landscapes has the mean 0 near the data, and does not depend on constants added to them', () => {
  const a = Float32Array.of(1, 2, 3, 6), b = Float32Array.of(12, 12, 13, 15), out = new Float32Array(4);
  difference(out, a, b, Uint32Array.of(0, 1, 2, 3));
  assert.deepEqual([...out], [1, 0, 0, -1]);
  difference(out, a, b, Uint32Array.of(1, 2));
  assert.deepEqual([...out], [1, 0, 0, -1]);
  difference(out, a, b, Uint32Array.of(0, 3));
  assert.deepEqual([...out], [1, 0, 0, -1]);
  difference(out, Float32Array.of(0, 1, 2, 3), Float32Array.of(10, 11, 12, 1e6), Uint32Array.of(0, 1, 2));
  assert.deepEqual([...out], [0, 0, 0, 1e6 - 13], 'a corner does not shift the rest');
  difference(out, a, a.map((v) => v + 100), Uint32Array.of(0, 2));
  assert.deepEqual([...out], [0, 0, 0, 0]);
});

test('higher is green, lower the colour of the data, and the middle nothing', () => {
  for (const theme of /** @type {const} */ (['light', 'dark'])) {
    const map = divergingMap(theme), pixels = new Uint8ClampedArray(16);
    writeColors(pixels, Float32Array.of(-1, 1, 0, 5), 2, 1, map);
    const pixel = (i) => [...pixels.slice(4 * i, 4 * i + 4)];
    const entry = (i) => [...map.slice(4 * i, 4 * i + 4)];
    assert.deepEqual(pixel(2), entry(0)); // the lowest y2 is the last row
    assert.deepEqual(pixel(3), entry(STEPS - 1));
    assert.deepEqual(pixel(0), entry((STEPS - 1) / 2));
    assert.deepEqual(pixel(1), entry(STEPS - 1)); // beyond the range is its end
  }
});

test('the cells near the data are those within a twentieth of the width of the plane', () => {
  const frame = frameOf(40, () => 0);
  const [y1, y2] = [0.3, -0.9];
  const near = new Set(cellsNear(frame, Float32Array.of(y1, y2, 9, 9)));
  for (let p = 0; p < 1600; p++) {
    const x = -1.5 + (((p % 40) + 0.5) * 3) / 40, y = -1.5 + ((Math.floor(p / 40) + 0.5) * 3) / 40;
    const distance = Math.hypot(x - y1, y - y2);
    if (Math.abs(distance - 0.15) > 1e-6) assert.equal(near.has(p), distance < 0.15, `cell ${p} at ${distance}`);
  }
  assert.equal(cellsNear(frame, new Float32Array(0)).length, 1600, 'without data, all');
});

test('the range of a change is what it is near the data: neither corners nor a few outliers set it', () => {
  const frame = frameOf(60, (a, b) => a + b);
  const cells = cellsNear(frame, Float32Array.from({ length: 400 }, (_, i) => (i % 2 ? Math.sin(i / 9) : Math.cos(i / 9))));
  const values = new Float32Array(3600).fill(50);
  cells.forEach((c, i) => (values[c] = i < 5 ? 1e6 : (i % 2) - 0.5));
  assert.equal(colorRange(values, cells, frame), 0.5);
  const all = Uint32Array.from({ length: 3000 }, (_, i) => i);
  const one = new Float32Array(3000).map((_, i) => (i === 300 ? 1e6 : Math.sin(i)));
  assert.ok(colorRange(one, all, frame) <= 1);
});

test('where two landscapes differ by no more than rounding the range is 0, its only number is 0, and no colour shows', () => {
  const frame = frameOf(20, (a, b) => 30 * a * b), other = frame.grid.map((v) => Math.fround(v * (1 + 1e-7)));
  const cells = cellsNear(frame, new Float32Array(0)), out = new Float32Array(400);
  difference(out, frame.grid, other, cells);
  const range = colorRange(out, cells, frame);
  assert.equal(range, 0);
  assert.deepEqual(changeTexts(range), ['0']);
  const map = divergingMap('light'), pixels = new Uint8ClampedArray(1600);
  writeColors(pixels, out, 20, range, map);
  const middle = [...map.slice(4 * 127, 4 * 128)];
  for (let p = 0; p < 1600; p += 4) assert.deepEqual([...pixels.slice(p, p + 4)], middle);
  assert.deepEqual(changeTexts(0.5), ['−0.50', '−0.25', '0', '+0.25', '+0.50']);
  assert.deepEqual(changeTexts(1e-5), ['−1.0e−5', '−5.0e−6', '0', '+5.0e−6', '+1.0e−5']);
});
