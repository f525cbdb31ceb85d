import assert from 'node:assert/strict';
import { test } from 'node:test';
import { histogram, pad, sample, weights } from '../js/landscape/surface.js';
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

test('pad continues the grid straight into its ghosts', () => {
  const frame = frameOf(4, (a, b) => a + 10 * b);
  const out = new Float32Array(64);
  pad(out, frame, 1, 2);
  const h = 3 / 4;
  for (let j = 0; j < 8; j++) {
    for (let i = 0; i < 8; i++) {
      const want = 2 * (-1.5 + (i - 1.5) * h + 10 * (-1.5 + (j - 1.5) * h) - 1);
      assert.ok(Math.abs(out[8 * j + i] - want) < 1e-4, `${i} ${j}: ${out[8 * j + i]} for ${want}`);
    }
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
