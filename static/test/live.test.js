// Coalescing, delays, curves, and the report of a step.
import test from 'node:test';
import assert from 'node:assert/strict';
import { delay } from '../js/backoff.js';
import { Coalescer } from '../js/coalesce.js';
import { Curve } from '../js/curve.js';
import { pushSums, stepReport } from '../js/report.js';

test('the first value goes at once, of the rest the newest, none is lost', () => {
  /** @type {[string, number, number][]} */
  const sent = [];
  const c = new Coalescer((name, /** @type {number} */ value, time) => sent.push([name, value, time]), 20);
  c.put('k', 1, 100);
  c.put('k', 2, 105);
  c.put('k', 3, 110);
  c.put('sigma', 9, 110);
  assert.deepEqual(sent, [['k', 1, 100], ['sigma', 9, 110]]);
  assert.ok(c.waits('k'));
  c.flush(115);
  assert.equal(sent.length, 2, 'not yet');
  c.flush(121);
  assert.deepEqual(sent[2], ['k', 3, 110], 'the newest, with the time of its own event');
  c.flush(150);
  assert.equal(sent.length, 3);
});

test('a slider dragged for a second stays well under 60 commands', () => {
  let sent = 0;
  const c = new Coalescer(() => sent++, 20);
  for (let ms = 0; ms < 1000; ms++) {
    c.put('k', ms, ms);
    if (ms % 17 === 0) c.flush(ms);
  }
  assert.ok(sent > 20 && sent <= 50, `${sent} commands`);
});

test('a value put after a held one is not overtaken by it', () => {
  /** @type {number[]} */
  const sent = [];
  const c = new Coalescer((_, /** @type {number} */ v) => sent.push(v), 20);
  c.put('k', 1, 0);
  c.put('k', 2, 5);
  c.put('k', 3, 30);
  c.flush(100);
  assert.deepEqual(sent, [1, 3]);
});

test('delays grow up to a limit and are spread', () => {
  for (let n = 0; n < 40; n++) {
    const [low, high] = [delay(n, () => 0), delay(n, () => 1)];
    assert.equal(low * 2, high);
    assert.ok(high <= 8000 && low >= 125);
    if (n > 0) assert.ok(high >= delay(n - 1, () => 1));
  }
});

test('a curve stays short, in order, and can be cut', () => {
  const curve = new Curve();
  for (let step = 0; step < 50000; step++) curve.add(step, Math.sin(step));
  assert.ok(curve.points.length <= 801 && curve.points.length >= 300, `${curve.points.length} points`);
  assert.ok(curve.points.every(([s], i) => i === 0 || s > curve.points[i - 1][0]));
  curve.cut(1000);
  assert.ok(curve.last <= 1000 && curve.last > 900);
  curve.add(900, 1);
  assert.ok(curve.last > 900, 'a step that is known is not added again');
  curve.add(5000, NaN);
  assert.ok(curve.last <= 1000, 'what is no number is left out');
});

test('a curve takes what the server has', () => {
  const curve = new Curve();
  curve.begin([{ value: [0, 2] }, { value: [1, null] }, [2, 1]]);
  assert.deepEqual(curve.points, [[0, 2], [2, 1]]);
});

test('the report counts pushes and their mean distance', () => {
  const pushes = Float32Array.from([0, 0, 0, 0, -0.5, 1, 1, 1, 1, -0.5, 3, 4, 0, 0, 1]);
  assert.deepEqual(pushSums(pushes), { downs: 2, downWeight: 1, ups: 1, upWeight: 1, distance: 5 });
  const text = stepReport(/** @type {any} */ ({ pushes }), 0.154).map((p) => (typeof p === 'string' ? p : p.text)).join('');
  assert.equal(text, '2 points pushed down, 1 point pushed up, on average 5.00 from their data points. Low region: 15\u202f% of the plane.');
  assert.deepEqual(stepReport(/** @type {any} */ ({ pushes: new Float32Array(0) }), NaN), []);
  const own = stepReport(/** @type {any} */ ({ pushes: new Float32Array(0) }), NaN, [['acceptance', NaN], ['gap', -4.3127], ['reseeded', 2]]);
  assert.equal(own.map((p) => (typeof p === 'string' ? p : p.text)).join(''), 'Gap −4.31, reseeded 2.');
  const meant = stepReport(/** @type {any} */ ({ pushes: new Float32Array(0) }), NaN, [['step', 0.0007], ['gradient_cosine', -0.6], ['gradient_ratio', 2.5]]);
  assert.equal(meant.map((p) => (typeof p === 'string' ? p : p.text)).join(''), 'Step size 0.000700, gradient cosine −0.600 (points away from the exact gradient), gradient ratio 2.50 (times the length of the exact gradient).');
});
