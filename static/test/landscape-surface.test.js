import assert from 'node:assert/strict';
import { test } from 'node:test';
import { histogram, sample, stencil, weights } from '../js/landscape/surface.js';
import { frameOf, spiral } from './landscape-frames.js';

test('the four weights sum to 1 and leave a straight line straight', () => {
  for (const exact of [true, false]) {
    for (let f = 0; f <= 1; f += 0.05) {
      const w = [0, 0, 0, 0];
      weights(w, 0, f, exact);
      assert.ok(Math.abs(w.reduce((a, b) => a + b) - 1) < 1e-12);
      assert.ok(Math.abs(-w[0] + w[2] + 2 * w[3] - f) < 1e-12);
    }
  }
});

test('sample is exact on a linear field, up to the very edge of the picture', () => {
  const f = (/** @type {number} */ a, /** @type {number} */ b) => 0.5 + 2 * a - 3 * b;
  for (const n of [16, 128]) {
    const frame = frameOf(n, f);
    for (const exact of [true, false]) {
      for (const [a, b] of [[0, 0], [0.3, -0.2], [1.49, 1.49], [-1.5, -1.5], [1.5, -1.5], [-1.5, 1.5], [-1.499, 0.7], [0.11, 1.5]]) {
        assert.ok(Math.abs(sample(frame, a, b, exact) - f(a, b)) < 2e-5, `${n} ${exact} at ${a}, ${b}: ${sample(frame, a, b, exact)} for ${f(a, b)}`);
      }
    }
  }
});

test('sample, exact, has every cell\'s own value at its centre', () => {
  const frame = frameOf(16, spiral);
  for (let p = 0; p < 256; p++) {
    const a = -1.5 + ((p % 16) + 0.5) * (3 / 16), b = -1.5 + (Math.floor(p / 16) + 0.5) * (3 / 16);
    assert.ok(Math.abs(sample(frame, a, b, true) - frame.grid[p]) < 1e-5);
  }
});

test('sample, smooth, is continuous across cells', () => {
  const frame = frameOf(16, spiral);
  for (let a = -1.5; a < 1.5; a += 3 / 64) {
    assert.ok(Math.abs(sample(frame, a - 1e-7, 0.2) - sample(frame, a + 1e-7, 0.2)) < 1e-4);
  }
});

test('sample outside the box is that of its nearest point, and finite', () => {
  const frame = frameOf(16, (a) => a);
  assert.equal(sample(frame, 9, 0), sample(frame, 1.5, 0));
  assert.equal(sample(frame, -9, -9), sample(frame, -1.5, -1.5));
});

test('a value takes four existing cells, and the grid is extrapolated linearly beyond the outer ones', () => {
  for (const exact of [true, false]) {
    for (const at of [-0.5, -0.2, 0, 0.3, 0.9, 1, 2.5, 4.4, 5, 6, 6.2, 7, 7.5]) {
      const w = [9, 0, 0, 0, 0, 9];
      const first = stencil(w, 1, at, 8, exact);
      assert.ok(first >= 0 && first <= 4, `${first} at ${at}`);
      const value = (/** @type {(i:number) => number} */ f) => [0, 1, 2, 3].reduce((sum, k) => sum + w[k + 1] * f(first + k), 0);
      assert.ok(Math.abs(value((i) => 2 - 3 * i) - (2 - 3 * at)) < 1e-12, `${exact} at ${at}`);
      assert.deepEqual([w[0], w[5]], [9, 9]);
    }
  }
  // The same as with two more cells on either side, extrapolated linearly.
  const cells = [3, 1, 4, 1, 5, 9];
  const longer = [3 + 2 * 2, 3 + 2, ...cells, 13, 17];
  for (const at of [-0.5, -0.3, 0, 0.4, 1.1, 2.5, 4.6, 5, 5.5]) {
    const a = [0, 0, 0, 0], b = [0, 0, 0, 0];
    const p = stencil(a, 0, at, 6, false), q = stencil(b, 0, at + 2, 10, false);
    const sum = (/** @type {number[]} */ w, /** @type {number[]} */ of, /** @type {number} */ from) => w.reduce((s, v, k) => s + v * of[from + k], 0);
    assert.ok(Math.abs(sum(a, cells, p) - sum(b, longer, q)) < 1e-12, `at ${at}`);
  }
});

test('histogram: shares of data and of plane sum to 1, the plateau is in the last bin', () => {
  const frame = frameOf(32, spiral, { lo: -2, hi: 5 });
  const points = Float32Array.from({ length: 100 }, (_, i) => Math.sin(i));
  const { edges, data, plane } = histogram(frame, points, 20);
  for (const shares of [data, plane]) assert.ok(Math.abs(shares.reduce((a, b) => a + b) - 1) < 1e-12);
  assert.deepEqual([edges.length, edges[0], edges[20]], [21, -2, 5]);
  const above = frame.grid.filter((e) => e >= 5 - 7 / 20).length / 1024;
  assert.ok(Math.abs(plane[19] - above) < 1e-9, `${plane[19]} ${above}`);
});

test('histogram of a flat landscape and of no data is finite', () => {
  const { data, plane } = histogram(frameOf(16, () => 3), new Float32Array(0), 10);
  assert.equal(data.reduce((a, b) => a + b), 0);
  assert.ok(Math.abs(plane.reduce((a, b) => a + b) - 1) < 1e-12);
});

test('histogram of a large grid counts a part of it, and can hardly be told from that of all', () => {
  const large = frameOf(256, spiral, { lo: -2, hi: 14 });
  const { plane } = histogram(large, new Float32Array(0), 20);
  assert.ok(Math.abs(plane.reduce((a, b) => a + b) - 1) < 1e-12);
  for (let k = 0; k < 19; k++) {
    const all = large.grid.filter((e) => Math.floor(((e + 2) / 16) * 20) === k).length / 65536;
    assert.ok(Math.abs(plane[k] - all) < 0.003, `bin ${k}: ${plane[k]} for ${all}`);
  }
});
