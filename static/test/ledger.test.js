import assert from 'node:assert/strict';
import test from 'node:test';
import { density } from '../js/instruments/ledger.js';

test('a density sums to 1 and follows e^(−βF)', () => {
  const grid = Float32Array.of(-1000, -999, -998, 5);
  const out = new Float32Array(4);
  density(out, grid, 2);
  assert.ok(Math.abs(out.reduce((a, b) => a + b) - 1) < 1e-6);
  assert.ok(Math.abs(out[1] / out[0] - Math.exp(-2)) < 1e-6);
  assert.equal(out[3], 0);
});
