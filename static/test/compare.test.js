import assert from 'node:assert/strict';
import test from 'node:test';
import { at, differing } from '../js/instruments/compare-pane.js';
import { STEPS, difference, divergingMap, writeColors, colorRange } from '../js/landscape/change.js';

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

test('the difference of two landscapes does not depend on constants added to them', () => {
  const a = Float32Array.of(1, 2, 3, 6), b = Float32Array.of(12, 12, 13, 15), out = new Float32Array(4);
  difference(out, a, b);
  assert.deepEqual([...out], [1, 0, 0, -1]);
  difference(out, a, a.map((v) => v + 100));
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

test('a few outliers do not set the range', () => {
  const values = Float32Array.from({ length: 3000 }, (_, i) => (i < 9 ? 1e6 : (i % 2) - 0.5));
  assert.equal(colorRange(values), 0.5);
});
