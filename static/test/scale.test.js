import test from 'node:test';
import assert from 'node:assert/strict';
import { decimalsFor, format, nextPosition, positionOf, plain, signed, track, valueAt } from '../js/scale.js';

/** @param {object} parts @returns {import('../js/types.js').Knob} */
const knob = (parts) => /** @type {any} */ ({ name: 'x', symbol: 'x', kind: 'float', default: 1, min: 0, max: 1, scale: 'linear', help: '', restart: false, ...parts });

const knobs = {
  kick: knob({ min: 0.02, max: 1, default: 0.3 }),
  k: knob({ kind: 'int', min: 1, max: 100, default: 32 }),
  lr: knob({ min: 1e-4, max: 1e-1, scale: 'log', default: 1e-2 }),
  r: knob({ min: 1e-4, max: 1e-1, scale: 'log', zero: true, default: 0.03 }),
  batch: knob({ kind: 'int', min: 8, max: 1024, scale: 'log2', default: 128 }),
  chain: knob({ kind: 'int', min: 1, max: 100, scale: 'log', default: 10 }),
};

test('every value of a slider is a value that the knob may take', () => {
  for (const [name, k] of Object.entries(knobs)) {
    const { min, max } = track(k);
    for (let i = 0; i <= 500; i++) {
      const v = valueAt(k, min + ((max - min) * i) / 500);
      assert.ok((v >= k.min && v <= k.max) || (k.zero && v === 0), `${name}: ${v}`);
      if (k.kind === 'int') assert.equal(v, Math.round(v), name);
    }
    assert.equal(valueAt(k, max), k.max, `${name} reaches its upper end`);
    assert.equal(valueAt(k, min), k.zero ? 0 : k.min, `${name} reaches its lower end`);
  }
});

test('positionOf and valueAt are inverses', () => {
  for (const [name, k] of Object.entries(knobs)) {
    assert.equal(valueAt(k, positionOf(k, Number(k.default))), k.default, name);
  }
  assert.equal(valueAt(knobs.r, positionOf(knobs.r, 0)), 0);
});

test('the middle of a log slider is the geometric mean, of a log2 slider a doubling', () => {
  assert.equal(valueAt(knobs.lr, (-4 + -1) / 2), 0.00316);
  const { min, max } = track(knobs.batch);
  assert.deepEqual([min, max], [3, 10]);
  assert.equal(valueAt(knobs.batch, 5), 32);
});

test('a key moves every slider, and both ways', () => {
  for (const [name, k] of Object.entries(knobs)) {
    let value = Number(k.default);
    const seen = new Set([value]);
    for (let i = 0; i < 200; i++) value = valueAt(k, nextPosition(k, value, 1)), seen.add(value);
    assert.equal(value, k.max, `${name} goes up to its end`);
    for (let i = 0; i < 400; i++) value = valueAt(k, nextPosition(k, value, -1)), seen.add(value);
    assert.equal(value, k.zero ? 0 : k.min, `${name} goes down to its end`);
    assert.ok(seen.size > 5, name);
  }
});

test('all values of a slider are written with the same decimals', () => {
  assert.equal(format(knobs.kick, 0.3), '0.30');
  assert.equal(format(knobs.kick, 1), '1.00');
  assert.equal(format(knobs.kick, 0.123), '0.123');
  assert.equal(format(knobs.k, 32), '32');
  assert.equal(format(knobs.lr, 0.01), '0.010');
  assert.equal(format(knobs.lr, 0.0001), '0.00010');
  assert.equal(format(knobs.r, 0), '0');
  assert.equal(format(knob({ kind: 'choice' }), 'mala'), 'mala');
});

test('numbers are written with a true minus and few digits', () => {
  assert.equal(plain(1234567), '1.2e6');
  assert.equal(plain(0.00001), '1.0e−5');
  assert.equal(signed(-1.837), '−1.84');
  assert.equal(signed(-0.001), '0.00');
  assert.equal(signed(NaN), '–');
  assert.deepEqual([[0, 14], [0, 1], [0, 0.07], [3, 3]].map(([lo, hi]) => decimalsFor(lo, hi)), [2, 2, 4, 2]);
});
