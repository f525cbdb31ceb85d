import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Trails } from '../js/landscape/trails.js';
import { frameOf } from './landscape-frames.js';

/** A frame with points of the model. @param {number} step @param {number[][]} at @param {Partial<import('../js/types.js').Frame>} [rest] */
const frame = (step, at, rest = {}) => frameOf(4, (a) => a, { step, marks: Float32Array.from(at.flatMap(([x, y], k) => [0, k, x, y])), ...rest });

test('a trail has the positions of its point; small moves are none, and a long one at once begins a new trail', () => {
  const trails = new Trails();
  for (let i = 0; i <= 10; i++) trails.follow(frame(i, [[-1 + i / 8, 0], [0.5 + (i % 2) / 100, 0.5]]), 33 * i);
  assert.equal(trails.count, 2);
  assert.deepEqual([...trails.trail(0)], Array.from({ length: 11 }, (_, i) => [-1 + i / 8, 0]).flat());
  assert.equal(trails.trail(1).length, 2);
  assert.equal(trails.opacity(0), 1);
  assert.equal(trails.opacity(1), 0, 'it has not moved');
  trails.follow(frame(11, [[-1, 1], [0.5, 0.5]]), 400);
  assert.deepEqual([...trails.trail(0)], [-1, 1]);
});

test('a trail fades when its point has come to rest, and not while paused', () => {
  const trails = new Trails();
  for (let i = 0; i <= 4; i++) trails.follow(frame(i, [[i / 8, 0]]), 33 * i);
  const last = frame(5, [[0.5, 0]]);
  trails.follow(last, 60000);
  trails.follow(last, 120000);
  assert.equal(trails.opacity(0), 1, 'a pause is no time');
  for (let i = 6; i < 200; i++) trails.follow(frame(i, [[0.5, 0]]), 120000 + 33 * i);
  assert.equal(trails.opacity(0), 0);
});

test('a step back, another run and another number of points begin anew; other parts of a model have no trails', () => {
  const trails = new Trails();
  const walk = () => {
    for (let i = 1; i <= 4; i++) trails.follow(frame(i, [[i / 8, 0]]), 33 * i);
    assert.ok(trails.trail(0).length >= 8);
  };
  for (const other of [frame(2, [[0, 0.25]]), frame(9, [[0.5, 0]], { generation: 2 })]) {
    walk();
    trails.follow(other, 200);
    assert.equal(trails.trail(0).length, 2);
    trails.follow(frame(0, [[0, 0]]), 233);
  }
  walk();
  trails.follow(frame(9, [[0.5, 0], [1, 1]]), 300);
  assert.deepEqual([trails.count, trails.trail(0).length], [2, 2]);
  trails.follow(frame(10, [], { marks: Float32Array.of(1, 0, 0, 0, 1, 0, 1, 1) }), 333);
  assert.equal(trails.count, 0);
});

test('a long trail keeps its whole length in bounded memory', () => {
  const trails = new Trails();
  for (let i = 0; i < 1000; i++) trails.follow(frame(i, [[Math.cos(i / 10), Math.sin(i / 10)]]), 33 * i);
  const at = trails.trail(0);
  assert.ok(at.length <= 128, `${at.length}`);
  assert.deepEqual([at[0], at[1]], [1, 0]);
  const [x, y] = at.slice(-2);
  assert.ok(Math.hypot(x - Math.cos(99.9), y - Math.sin(99.9)) < 1e-6);
  // Of a longer one every second is left out, and again: the gaps are of the same order everywhere.
  const long = new Trails();
  for (let i = 0; i < 1000; i++) long.follow(frame(i, [[1.4 * Math.sin(i / 9), i / 400]]), 33 * i);
  const times = [...long.trail(0)].filter((_, i) => i % 2 === 1).map((y) => Math.round(400 * y));
  const gaps = times.slice(1).map((time, i) => time - times[i]);
  assert.ok(Math.min(...gaps) > 0 && Math.max(...gaps) <= 4 * Math.max(...gaps.slice(0, 20)) && Math.max(...gaps.slice(0, 20)) >= 4, gaps.join());
  const many = Array.from({ length: 500 }, (_, k) => [k / 500, 0]);
  trails.follow(frame(1000, many), 40000);
  assert.equal(trails.count, 128);
});
