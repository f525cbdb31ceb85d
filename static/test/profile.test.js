import assert from 'node:assert/strict';
import test from 'node:test';
import { between, innerMinima, range } from '../js/instruments/profile.js';
import { STEPS, divergingMap, writeColors } from '../js/landscape/change.js';

test('a curve is read between its points', () => {
  assert.equal(between([0, 1, 2], [0, 10, 30], 1.5), 20);
  assert.equal(between([0, 1, 2], [0, 10, 30], -1), 0);
  assert.equal(between([0, 1, 2], [0, 10, 30], 9), 30);
});

test('an end of the plane to which the energy falls is no minimum', () => {
  const x = [0, 1, 2, 3, 4];
  for (const [F, minima, inner, ends] of /** @type {[number[], number[], number[], number[]][]} */ ([
    [[3, 1, 2, 1, 3], [1, 3], [1, 3], []],
    [[3, 1, 2, 1, 0], [1, 4], [1], [4]],
    [[0, 1, 2, 1, 3], [0, 3], [3], [0]],
    [[0, 2, 3, 2, 1], [0, 4], [], [0, 4]],
    [[3, 1, 2, 0, 0], [1, 3.5], [1], [4]], // the middle of a level stretch at the end
    [[2, 2, 2, 2, 2], [], [], []],
  ])) assert.deepEqual(innerMinima(x, F, minima), { inner, ends }, F.join());
});

test('a steep edge does not flatten the valleys', () => {
  const F = [...Array(99)].map((_, i) => i / 98);
  const [lo, hi] = range([...F, 1e6]);
  assert.ok(lo < 0 && lo > -0.2 && hi > 0.85 && hi < 1.2);
  assert.deepEqual(range([]), [0, 1]);
});

test('the map has one colour for lower, one for higher, and the card for no change', () => {
  for (const theme of /** @type {const} */ (['light', 'dark'])) {
    const map = divergingMap(theme);
    assert.equal(map.length, 4 * STEPS);
    const pixels = new Uint8ClampedArray(16);
    writeColors(pixels, Float32Array.of(-5, 0, 5, 0.1), 2, 1, map);
    assert.deepEqual([...pixels.subarray(8, 11)], [...map.subarray(0, 3)]); // y2 counts upwards
    assert.deepEqual([...pixels.subarray(12, 15)], [...map.subarray(4 * 127, 4 * 127 + 3)]);
    assert.deepEqual([...pixels.subarray(0, 3)], [...map.subarray(4 * 254, 4 * 254 + 3)]);
  }
});

