import assert from 'node:assert/strict';
import { test } from 'node:test';
import { between } from '../js/chart-style.js';

test('ticks are as precise as their range, and the ends stand free', () => {
  /** @type {[number, number, number[], string[]][]} */
  const cases = [
    [1e-4, 0.0864, [1e-4, 0.03, 0.06, 0.0864], ['0', '0.03', '0.06', '0.086']],
    [-1.31, 9.63, [-1.31, 0, 3, 6, 9.63], ['−1.3', '', '3', '6', '9.6']],
    [-0.218, -0.094, [-0.218, -0.2, -0.15, -0.094], ['−0.218', '', '−0.15', '−0.094']],
    [-40.2, 123.4, [-40.2, 50, 123.4], ['−40', '50', '123']],
    [0, 2e-5, [0, 1e-5, 2e-5], ['0', '1e−5', '2e−5']],
    [1, 1, [1], ['1']],
  ];
  for (const [lo, hi, values, want] of cases) assert.deepEqual(values.map(between(lo, hi)), want, `${lo} to ${hi}`);
});
