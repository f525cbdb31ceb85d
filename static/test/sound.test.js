import assert from 'node:assert/strict';
import test from 'node:test';
import { pitch } from '../js/instruments/sound.js';

test('equal heights are equal intervals, and what the colours do not show sounds as their ends', () => {
  assert.deepEqual([-2, 0, 2, 4].map((f) => Number(pitch(f, -2, 4).toFixed(6))), [110, 220, 440, 880]);
  assert.equal(pitch(-9, -2, 4), 110);
  assert.equal(pitch(99, -2, 4), 880);
  assert.equal(pitch(1, 1, 1), 110);
});
