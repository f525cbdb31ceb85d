import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FollowedPoint, follows } from '../js/landscape/followed-point.js';
import { frameOf, sceneOf } from './landscape-frames.js';

/**
 * A step whose samples start at the given points, are perturbed, and walk to the right.
 * @param {number} step
 * @param {number[][]} from
 * @param {Partial<import('../js/types.js').Frame>} [rest]
 */
function stepOf(step, from, rest = {}) {
  const pushes = [], paths = [];
  for (const [k, [x, y]] of from.entries()) {
    pushes.push(x, y, x, y, -1 / from.length, x + 0.5, y, x, y, 1 / from.length);
    paths.push(k, x, y, k, x, y + 0.25, k, x + 0.25, y, k, x + 0.5, y);
  }
  return frameOf(16, (a) => a, { step, pushes: Float32Array.from(pushes), paths: Float32Array.from(paths), ...rest });
}
const one = [[0.5, 0.5], [-0.5, 0.25], [-0.25, -0.75]];
const scene = sceneOf({ follow: true, perturbed: true });

test('one point is followed if that was chosen, else on the projector', () => {
  assert.deepEqual([null, undefined, true, false].map((follow) => follows(sceneOf({ follow }))), [false, false, true, false]);
  assert.deepEqual([null, false].map((follow) => follows(sceneOf({ follow, scale: 1.5 }))), [true, false]);
  const followed = new FollowedPoint();
  assert.equal(followed.follow(stepOf(1, one), sceneOf(), 0), false);
  assert.equal(followed.shown, null);
});

test('it is perturbed, then it walks, then the energy is pushed up; and all of it stays while paused', () => {
  const followed = new FollowedPoint();
  const frame = stepOf(1, one);
  const parts = [];
  for (let now = 0; now < 6000; now += 50) {
    followed.follow(frame, scene, now);
    assert.ok(followed.shown);
    parts.push({ ...followed.shown.parts });
  }
  const started = (/** @type {'kick'|'walk'|'push'} */ name) => parts.findIndex((p) => p[name] > 0);
  const ended = (/** @type {'kick'|'walk'|'push'} */ name) => parts.findIndex((p) => p[name] === 1);
  assert.ok(started('kick') > 0);
  assert.ok(ended('kick') <= started('walk') && ended('walk') <= started('push'), `${JSON.stringify(['kick', 'walk', 'push'].map((n) => [started(/** @type {any} */ (n)), ended(/** @type {any} */ (n))]))}`);
  assert.ok(ended('push') > 30 && ended('push') < 80, 'at a speed that the eye can follow');
  assert.deepEqual(parts.at(-1), { kick: 1, walk: 1, push: 1 });
  assert.equal(followed.moving, false);
  assert.equal(followed.waiting, false);
});

test('then the newest sample of the same training point is next, or the nearest', () => {
  const followed = new FollowedPoint();
  followed.follow(stepOf(1, one), scene, 0);
  const start = () => followed.shown?.up.path.slice(0, 2);
  const first = start();
  followed.follow(stepOf(2, one), scene, 500);
  assert.equal(followed.shown?.frame.step, 1, 'not before it has been seen');
  assert.equal(followed.waiting, true);
  followed.follow(stepOf(9, one.toReversed()), scene, 9000);
  assert.deepEqual([start(), followed.shown?.frame.step], [first, 9]);
  assert.equal(followed.shown?.atData, true);
  const [x, y] = /** @type {number[]} */ (first);
  followed.follow(stepOf(10, [[0, 0], [x + 0.125, y], [1, -1]]), scene, 18000);
  assert.deepEqual(start(), [x + 0.125, y]);
});

test('a chain goes on where it was; another run, and a step back, begin anew; without a push up there is none', () => {
  const followed = new FollowedPoint();
  const chains = { pushes: Float32Array.of(0.5, 0, 0, 0, 0.5, -0.5, 0, -1, 0, 0.5), paths: new Float32Array(0) };
  followed.follow(stepOf(1, [], chains), scene, 0);
  assert.deepEqual(followed.shown?.up.path, [0, 0, 0.5, 0]);
  assert.equal(followed.shown?.atData, false);
  followed.follow(stepOf(2, [], { ...chains, pushes: Float32Array.of(0, 1, 0, 0, 0.5, 1, 0, 0.5, 0, 0.5) }), scene, 9000);
  assert.deepEqual(followed.shown?.up.path, [0.5, 0, 1, 0], 'not the one that starts where the last started');
  followed.follow(stepOf(1, [], chains), scene, 9001);
  assert.equal(followed.shown?.frame.step, 1);
  followed.follow(frameOf(16, (a) => a, { generation: 2 }), scene, 9002);
  assert.equal(followed.shown, null);
});

test('the first is at the training point that a note marks', () => {
  const followed = new FollowedPoint();
  followed.follow(stepOf(1, one), { ...scene, notes: [{ at: [0, 0], text: 'a' }, { at: [-0.26, -0.74], text: 'training example', tone: 'down', ring: 0.06 }] }, 0);
  assert.deepEqual(followed.shown?.up.path.slice(0, 2), [-0.25, -0.75]);
});

test('a frame without a push up is looked at once', () => {
  const followed = new FollowedPoint();
  const empty = frameOf(16, (a) => a, { step: 1 });
  let read = 0;
  Object.defineProperty(empty, 'pushes', { get: () => (read++, new Float32Array(0)) });
  for (let now = 0; now < 100; now++) followed.follow(empty, scene, now);
  assert.equal(read, 1);
  followed.follow(stepOf(2, one), scene, 100);
  assert.equal(followed.shown?.frame.step, 2);
});

test('with reduced motion it is whole at once', () => {
  const followed = new FollowedPoint();
  assert.equal(followed.follow(stepOf(1, one), { ...scene, reducedMotion: true }, 0), true);
  assert.deepEqual([followed.shown?.parts.push, followed.moving], [1, false]);
});
