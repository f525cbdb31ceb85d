// The prediction of a lesson's step, and how long a lesson takes.
import assert from 'node:assert/strict';
import test from 'node:test';
import { explanation, hold, isRight, shuffled } from '../js/lessons/question.js';
import { minutes, progress } from '../js/lessons/progress.js';

test('choices are shuffled: each comes first as often as any other', () => {
  const first = [0, 0, 0];
  for (let seed = 0; seed < 3000; seed++) {
    const order = shuffled(3, 'collapse.2', seed);
    assert.deepEqual([...order].sort(), [0, 1, 2]);
    first[order[0]]++;
  }
  for (const n of first) assert.ok(Math.abs(n - 1000) < 100, String(first));
});

test('the order differs between steps and stays the same for one', () => {
  const orders = Array.from({ length: 40 }, (_, n) => shuffled(4, `collapse.${n}`, 1).join(''));
  assert.ok(new Set(orders).size > 10);
  assert.deepEqual(shuffled(4, 'collapse.3', 1).join(''), orders[3]);
});

test('an answer is right, and explained', () => {
  const choice = { ask: '', choices: [{ text: 'a', why: 'not a' }, { text: 'b', right: true }] };
  assert.ok(!isRight(choice, 0));
  assert.ok(isRight(choice, 1));
  assert.equal(explanation(choice, 0), 'not a');
  assert.equal(explanation(choice, 1), '');
  /** @type {import('../js/types.js').Question} */
  const place = { ask: '', place: [[0, 0, 0.2], [1, 1, 0.1]], why: 'there' };
  assert.ok(isRight(place, [0.1, -0.1]));
  assert.ok(isRight(place, [1, 1.09]));
  assert.ok(!isRight(place, [0.2, 0.2]));
  assert.equal(explanation(place, [0, 0]), 'there');
});

test('numbers hold within their bounds', () => {
  const value = (/** @type {string} */ name) => ({ auc: 0.9, gap: NaN })[name] ?? 5;
  assert.ok(hold({ auc: { above: 0.8 }, loss: { above: 4, below: 6 } }, value));
  assert.ok(!hold({ auc: { above: 0.8 }, loss: { below: 5 } }, value));
  assert.ok(!hold({ gap: { below: 5 } }, value));
});

/** @param {number} words @param {number} steps @returns {import('../js/types.js').Lesson} */
const lesson = (words, steps) => ({
  id: 'x', title: 'X', about: '', steps: Array.from({ length: steps }, () => ({ title: 'T', say: 'word '.repeat(words), seen: '', open: { model: 'cd' } })),
});

test('a lesson takes a minute for each step, and the time to read it', () => {
  assert.equal(minutes(lesson(0, 1)), 1);
  assert.equal(minutes(lesson(149, 4)), 8);
});

test('where nothing is stored no step has been seen', () => {
  assert.deepEqual(progress(lesson(1, 3)), { seen: 0, next: 0 });
});
