import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PushAnimation, arrowsOn, growth, opacity, selectPushes } from '../js/landscape/push-animation.js';
import { frameOf, sceneOf } from './landscape-frames.js';

/** A step that moves 128 points of a circle outwards along kinked paths. @param {number} step */
function movedOut(step) {
  const pushes = [], paths = [];
  for (let k = 0; k < 128; k++) {
    const a = 2.4 * k + step;
    const [x, y] = [Math.fround(0.8 * Math.cos(a)), Math.fround(0.8 * Math.sin(a))];
    const [u, v] = [Math.fround(1.1 * Math.cos(a + 0.1)), Math.fround(1.1 * Math.sin(a + 0.1))];
    pushes.push(x, y, x, y, -1 / 128, u, v, x, y, 1 / 128);
    if (k < 100) paths.push(k, x, y, k, u, y, k, u, v);
  }
  return frameOf(16, (a, b) => a * b, { step, pushes: Float32Array.from(pushes), paths: Float32Array.from(paths) });
}

test('selectPushes returns a readable number of arrows that lie apart, each with its own path', () => {
  const { ups, downs } = selectPushes(movedOut(1), 0);
  assert.deepEqual([240, 400, 560, 800, 1600].map(arrowsOn), [3, 4, 9, 10, 10], 'fewer where there is less room');
  assert.ok(ups.length >= 8 && ups.length <= 10, `${ups.length}`);
  for (const [i, a] of ups.entries()) {
    for (const b of ups.slice(0, i)) assert.ok(Math.hypot(a.path[0] - b.path[0], a.path[1] - b.path[1]) > 0.05);
  }
  const bent = ups.filter((u) => u.path.length === 6);
  assert.equal(bent.length, ups.length);
  for (const { path } of bent) assert.ok(Math.hypot(path[4], path[5]) > 1.05 && Math.hypot(path[0], path[1]) < 0.85);
  assert.equal(downs.length, ups.length, 'each with the push down where it came from');
});

test('a path that leads elsewhere is not the arrow\'s: the arrow is straight', () => {
  const frame = frameOf(16, (a) => a, { pushes: Float32Array.of(0.5, 0.5, 0, 0, 1), paths: Float32Array.of(0, 0.5, 0.5, 0, 0.1, 0.2) });
  const shown = selectPushes(frame, 0);
  assert.deepEqual(shown.ups[0].path, [0, 0, 0.5, 0.5]);
  assert.equal(shown.paths.length, 1);
});

test('pushes down without any up, paths without pushes, and nothing at all', () => {
  const down = selectPushes(frameOf(16, (a) => a, { pushes: Float32Array.of(0.5, 0.5, 0.25, 0, -1) }), 0);
  assert.deepEqual(down.downs, [{ x: 0.5, y: 0.5, fromX: 0.25, fromY: 0, share: 1 }]);
  assert.equal(selectPushes(frameOf(16, (a) => a, { paths: Float32Array.of(3, 0, 0, 3, 1, 1) }), 0).paths.length, 1);
  assert.deepEqual(selectPushes(frameOf(16, (a) => a), 0).ups, []);
});

test('at thirty frames a second arrows stay for a second, and the old fade as the new come', () => {
  const animation = new PushAnimation();
  const shown = new Set();
  for (let i = 0; i <= 90; i++) {
    animation.follow(movedOut(1 + i), sceneOf(), i * 33);
    assert.ok(animation.shown.length <= 2);
    shown.add(animation.shown.at(-1)?.frame.step);
  }
  assert.ok(shown.size >= 3 && shown.size <= 4, `${shown.size} sets of arrows in three seconds`);
});

test('arrows grow, stay for ever when paused, and then nothing moves', () => {
  const animation = new PushAnimation();
  const frame = movedOut(1);
  animation.follow(frame, sceneOf(), 0);
  assert.ok(animation.moving);
  const [pushes] = animation.shown;
  assert.equal(growth(pushes, 0, sceneOf(), 0), 0);
  assert.ok(growth(pushes, 0, sceneOf(), 100) > 0.2);
  animation.follow(frame, sceneOf(), 60000);
  assert.equal(animation.moving, false);
  assert.equal(growth(pushes, 19, sceneOf(), 60000), 1);
  assert.equal(opacity(pushes, 60000), 1);
});

test('with reduced motion arrows are whole at once and nothing moves', () => {
  const animation = new PushAnimation();
  animation.follow(movedOut(1), sceneOf({ reducedMotion: true }), 0);
  assert.equal(growth(animation.shown[0], 5, sceneOf({ reducedMotion: true }), 0), 1);
  assert.equal(animation.moving, false);
});

test('one step after a pause is shown at once; another run removes what was shown', () => {
  const animation = new PushAnimation();
  animation.follow(movedOut(1), sceneOf(), 0);
  animation.follow(movedOut(2), sceneOf(), 5000);
  assert.equal(animation.shown.at(-1)?.frame.step, 2);
  animation.follow(movedOut(0), sceneOf(), 5010);
  assert.deepEqual(animation.shown.map((p) => p.frame.step), [0]);
});

test('the first step after a start is shown at once, for a start pushes nothing', () => {
  const animation = new PushAnimation();
  animation.follow(frameOf(16, (a) => a, { step: 0 }), sceneOf(), 0);
  animation.follow(movedOut(1), sceneOf(), 33);
  assert.deepEqual(animation.shown.map((p) => p.frame.step), [1]);
  animation.follow(movedOut(2), sceneOf(), 66);
  assert.equal(animation.shown.at(-1)?.frame.step, 1, 'and then it stays');
});

test('a point that is pushed up on all sides is shown with all of them, one that is moved far is not', () => {
  const points = Array.from({ length: 100 }, (_, i) => [2.8 * ((i * 0.618) % 1) - 1.4, 2.8 * ((i * 0.755) % 1) - 1.4].map(Math.fround));
  const stencils = points.flatMap(([x, y]) => [[1, 0], [-1, 0], [0, 1], [0, -1]].flatMap(([dx, dy]) => [x + 0.02 * dx, y + 0.02 * dy, x, y, 0.25]));
  const shown = selectPushes(frameOf(16, (a) => a, { pushes: Float32Array.from(stencils) }), 0);
  /** @type {Map<string, number>} */
  const sides = new Map();
  for (const { path } of shown.ups) sides.set(`${path[0]} ${path[1]}`, (sides.get(`${path[0]} ${path[1]}`) ?? 0) + 1);
  assert.ok(sides.size >= 10 && sides.size <= 20, `${sides.size} points`);
  assert.ok([...sides.values()].every((n) => n === 4), [...sides.values()].join());
  assert.equal(growth(shown, shown.ups.length - 1, sceneOf(), 640), 1, 'all are whole when the movement ends');

  const far = points.flatMap(([x, y]) => [0.01, 0.5].flatMap((d) => [x, y + d, x, y, 1]));
  assert.ok(selectPushes(frameOf(16, (a) => a, { pushes: Float32Array.from(far) }), 0).ups.length <= 20);
});

test('the next arrows start near those that were shown before, so that they do not flicker', () => {
  /** A batch of 128 points of 1000, another at each step. @param {number} step */
  const batch = (step) => {
    const pushes = [];
    for (let k = 0; k < 128; k++) {
      const a = 2.4 * ((k * 7919 + step * 104729) % 1000), [x, y] = [Math.cos(a), Math.sin(a)].map(Math.fround);
      pushes.push(1.2 * x, 1.2 * y, x, y, 1 / 128);
    }
    return frameOf(16, (a, b) => a * b, { step, pushes: Float32Array.from(pushes) });
  };
  const animation = new PushAnimation();
  const starts = () => animation.shown.at(-1)?.ups.map(({ path }) => path) ?? [];
  animation.follow(batch(1), sceneOf(), 0);
  for (let i = 1; i <= 5; i++) {
    const before = starts();
    animation.follow(batch(1 + i), sceneOf(), i * 2000);
    assert.equal(starts().length, before.length);
    for (const [x, y] of starts()) assert.ok(before.some(([u, v]) => Math.hypot(x - u, y - v) < 0.37), `${x} ${y}`);
  }
});

test('a push up tells how its point came there: perturbed, moved, drawn, or corrupted and denoised', () => {
  const pushes = Float32Array.of(0.5, 0.5, 0, 0, 0.25);
  const paths = (/** @type {number[]} */ ...at) => Float32Array.from({ length: at.length * 1.5 }, (_, i) => (i % 3 === 0 ? 0 : at[2 * Math.floor(i / 3) + (i % 3) - 1]));
  const up = (/** @type {Float32Array} */ of, perturbed = false) => selectPushes(frameOf(16, (a) => a, { pushes, paths: of }), 0, { perturbed }).ups[0];
  const walked = paths(0, 0, 0, 0.75, 0.25, 0.625, 0.5, 0.5);
  assert.deepEqual(up(walked, true).kick, [0, 0, 0, 0.75]);
  assert.deepEqual(up(walked, true).walk, [0, 0.75, 0.25, 0.625, 0.5, 0.5]);
  assert.deepEqual(up(walked).kick, []);
  assert.deepEqual(up(walked).walk, [0, 0, 0, 0.75, 0.25, 0.625, 0.5, 0.5]);
  const denoised = up(paths(0.5, 0.5, 0.125, 0));
  assert.deepEqual([denoised.kick, denoised.walk, denoised.denoises], [[0, 0, 0.5, 0.5], [0.5, 0.5, 0.125, 0], true]);
  const drawn = up(new Float32Array(0));
  assert.deepEqual([drawn.kick, drawn.walk, drawn.amount], [[0, 0, 0.5, 0.5], [], 0.25]);
});
