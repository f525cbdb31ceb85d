import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GRAVITY, MAX_MARBLES, Marbles } from '../js/instruments/marble-motion.js';
import { gradient, sample } from '../js/landscape/surface.js';
import { frameOf, spiral } from './landscape-frames.js';

const bowl = (/** @type {number} */ y1, /** @type {number} */ y2) => 2 * y1 * y1 + 8 * y2 * y2;

test('the gradient is that of the surface that sample reads', () => {
  const out = [0, 0];
  for (const frame of [frameOf(64, spiral), frameOf(40, (a, b) => Math.sin(3 * a) * b + a * a)]) {
    for (const [y1, y2] of [[0, 0], [0.3, -1.1], [-1.499, 0.2], [1.48, 1.49], [-1.2, -1.47], [0.703, 0.4]]) {
      gradient(out, frame, y1, y2);
      const h = 1e-5;
      const d1 = (sample(frame, y1 + h, y2) - sample(frame, y1 - h, y2)) / (2 * h);
      const d2 = (sample(frame, y1, y2 + h) - sample(frame, y1, y2 - h)) / (2 * h);
      for (const [got, want] of [[out[0], d1], [out[1], d2]]) assert.ok(Math.abs(got - want) < 1e-3 * (1 + Math.abs(want)), `${got} for ${want} at ${y1}, ${y2}`);
    }
  }
});

test('a thrown marble keeps moving and comes to rest in the valley', () => {
  const frame = frameOf(64, bowl);
  const marbles = new Marbles(1);
  marbles.drop(-1, 0.5, 1.5, 0);
  marbles.advance(frame, 0.1, 0);
  assert.ok(marbles.y[0] > -0.89 && marbles.y[0] < -0.83, `it is at ${marbles.y[0]}`);
  for (let k = 0; k < 1200 && marbles.moving; k++) marbles.advance(frame, 1 / 60, 0);
  assert.ok(!marbles.moving, 'it never rests');
  assert.ok(Math.hypot(marbles.y[0], marbles.y[1]) < 0.02, `it rests at ${marbles.y[0]}, ${marbles.y[1]}`);
});

test('without noise the total energy never grows', () => {
  const frame = frameOf(64, spiral);
  const span = frame.hi - frame.lo;
  const marbles = new Marbles(4);
  marbles.rain(frame, 40);
  const total = (/** @type {number} */ p) => (GRAVITY * sample(frame, marbles.y[p], marbles.y[p + 1])) / span + (marbles.v[p] ** 2 + marbles.v[p + 1] ** 2) / 2;
  const start = Array.from({ length: 40 }, (_, k) => total(2 * k));
  let before = start;
  for (let k = 0; k < 200; k++) {
    marbles.advance(frame, 1 / 20, 0);
    const now = before.map((_, i) => total(2 * i));
    for (let i = 0; i < 40; i++) assert.ok(now[i] < before[i] + 0.02, `after ${k / 20} s marble ${i} has ${now[i]}, before ${before[i]}`);
    before = now;
  }
  assert.ok(before.reduce((a, b) => a + b) < 0.3 * start.reduce((a, b) => a + b));
});

test('with noise the marbles are distributed as e^(-F/T), and their velocities as the temperature says', () => {
  // An asymmetric double well, so that the test covers more than the shape of one valley.
  const frame = frameOf(64, (a, b) => (a * a - 0.5) ** 2 * 4 + 0.25 * a + 1.5 * b * b);
  const span = frame.hi - frame.lo;
  const temperature = 0.7;
  const marbles = new Marbles(7);
  marbles.rain(frame, MAX_MARBLES);
  for (let k = 0; k < 600; k++) marbles.advance(frame, 1 / 60, temperature / span); // 10 s to reach the stationary density
  let n = 0, right = 0, a2 = 0, b2 = 0, v2 = 0, mean = 0;
  for (let k = 0; k < 6000; k++) {
    marbles.advance(frame, 1 / 60, temperature / span);
    if (k % 6) continue;
    mean += marbles.mean(frame);
    for (let p = 0; p < 2 * MAX_MARBLES; p += 2) {
      n++;
      right += marbles.y[p] > 0 ? 1 : 0;
      a2 += marbles.y[p] ** 2;
      b2 += marbles.y[p + 1] ** 2;
      v2 += marbles.v[p] ** 2 + marbles.v[p + 1] ** 2;
    }
  }
  // The same by sums over the plane.
  let z = 0, wantRight = 0, wantA2 = 0, wantB2 = 0, wantMean = 0;
  for (let i = 0; i < 300; i++) {
    for (let j = 0; j < 300; j++) {
      const a = -1.5 + (i + 0.5) / 100, b = -1.5 + (j + 0.5) / 100, f = sample(frame, a, b);
      const w = Math.exp(-f / temperature);
      z += w;
      wantRight += a > 0 ? w : 0;
      wantA2 += w * a * a;
      wantB2 += w * b * b;
      wantMean += w * f;
    }
  }
  const near = (/** @type {string} */ what, /** @type {number} */ got, /** @type {number} */ want, within = 0.04) => assert.ok(Math.abs(got / want - 1) < within, `${what}: ${got} for ${want}`);
  near('share of the right valley', right / n, wantRight / z);
  near('y1²', a2 / n, wantA2 / z);
  near('y2²', b2 / n, wantB2 / z);
  near('mean F', mean / 1000, wantMean / z);
  near('v²', v2 / n / 2, (GRAVITY * temperature) / span);
});

test('nothing leaves the plane, whatever the throw and the noise, and all numbers stay finite', () => {
  for (const frame of [frameOf(16, (a, b) => 1e6 * (a * a + b * b), { lo: 0, hi: 1 }), frameOf(16, () => 3), frameOf(32, spiral)]) {
    const marbles = new Marbles(2);
    for (let k = 0; k < MAX_MARBLES + 20; k++) marbles.drop(1.5, -1.5, 1e9, -1e9);
    assert.equal(marbles.count, MAX_MARBLES);
    for (let k = 0; k < 100; k++) marbles.advance(frame, 0.1, 0.5);
    for (let p = 0; p < 2 * MAX_MARBLES; p++) assert.ok(Math.abs(marbles.y[p]) <= 1.5, `${marbles.y[p]}`);
  }
});

test('beyond the limit the oldest are removed; the same seed gives the same motion', () => {
  const frame = frameOf(32, bowl);
  const a = new Marbles(9), b = new Marbles(9);
  for (const marbles of [a, b]) {
    for (let k = 0; k <= MAX_MARBLES; k++) marbles.drop(k === 0 ? 1 : -1, 0);
    assert.ok(marbles.y.every((y, p) => p % 2 || y === -1));
    marbles.advance(frame, 1, 0.1);
  }
  assert.deepEqual(a.y, b.y);
  a.clear();
  assert.equal(a.count, 0);
});
