import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Waves, choose, drawn, opacity } from '../js/landscape/push-animation.js';
import { frameOf, sceneOf } from './landscape-frames.js';

/** A step that throws 128 points of a circle outwards along kinked paths. @param {number} step */
function thrown(step) {
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

test('choose takes a readable number of arrows that lie apart, each with its own path', () => {
  const { ups, downs } = choose(thrown(1), 0);
  assert.ok(ups.length >= 16 && ups.length <= 24, `${ups.length}`);
  for (const [i, a] of ups.entries()) {
    for (const b of ups.slice(0, i)) assert.ok(Math.hypot(a.way[0] - b.way[0], a.way[1] - b.way[1]) > 0.05);
  }
  const bent = ups.filter((u) => u.way.length === 6);
  assert.ok(bent.length > 10);
  for (const { way } of bent) assert.ok(Math.hypot(way[4], way[5]) > 1.05 && Math.hypot(way[0], way[1]) < 0.85);
  assert.equal(downs.length, ups.length, 'each with the push down where it came from');
});

test('a path that leads elsewhere is not the arrow\'s: the arrow is straight', () => {
  const frame = frameOf(16, (a) => a, { pushes: Float32Array.of(0.5, 0.5, 0, 0, 1), paths: Float32Array.of(0, 0.5, 0.5, 0, 0.1, 0.2) });
  const wave = choose(frame, 0);
  assert.deepEqual(wave.ups[0].way, [0, 0, 0.5, 0.5]);
  assert.equal(wave.paths.length, 1);
});

test('pushes down without any up, paths without pushes, and nothing at all', () => {
  const down = choose(frameOf(16, (a) => a, { pushes: Float32Array.of(0.5, 0.5, 0.25, 0, -1) }), 0);
  assert.deepEqual(down.downs, [{ x: 0.5, y: 0.5, fromX: 0.25, fromY: 0, share: 1 }]);
  assert.equal(choose(frameOf(16, (a) => a, { paths: Float32Array.of(3, 0, 0, 3, 1, 1) }), 0).paths.length, 1);
  assert.deepEqual(choose(frameOf(16, (a) => a), 0).ups, []);
});

test('at thirty frames a second arrows are held while one looks, and the old fade as the new come', () => {
  const waves = new Waves();
  const shown = new Set();
  for (let i = 0; i <= 90; i++) {
    waves.follow(thrown(1 + i), sceneOf(), i * 33);
    assert.ok(waves.shown.length <= 2);
    shown.add(waves.shown.at(-1)?.frame.step);
  }
  assert.ok(shown.size >= 3 && shown.size <= 4, `${shown.size} waves in three seconds`);
});

test('arrows draw themselves, stay for ever when paused, and then nothing moves', () => {
  const waves = new Waves();
  const frame = thrown(1);
  waves.follow(frame, sceneOf(), 0);
  assert.ok(waves.moving);
  const [wave] = waves.shown;
  assert.equal(drawn(wave, 0, sceneOf(), 0), 0);
  assert.ok(drawn(wave, 0, sceneOf(), 100) > 0.2);
  waves.follow(frame, sceneOf(), 60000);
  assert.equal(waves.moving, false);
  assert.equal(drawn(wave, 19, sceneOf(), 60000), 1);
  assert.equal(opacity(wave, 60000), 1);
});

test('still: arrows are whole at once and nothing moves', () => {
  const waves = new Waves();
  waves.follow(thrown(1), sceneOf({ still: true }), 0);
  assert.equal(drawn(waves.shown[0], 5, sceneOf({ still: true }), 0), 1);
  assert.equal(waves.moving, false);
});

test('one step after a pause is shown at once; another run leaves nothing behind', () => {
  const waves = new Waves();
  waves.follow(thrown(1), sceneOf(), 0);
  waves.follow(thrown(2), sceneOf(), 5000);
  assert.equal(waves.shown.at(-1)?.frame.step, 2);
  waves.follow(thrown(0), sceneOf(), 5010);
  assert.deepEqual(waves.shown.map((w) => w.frame.step), [0]);
});

test('the first step after a start is shown at once: a start pushes nothing', () => {
  const waves = new Waves();
  waves.follow(frameOf(16, (a) => a, { step: 0 }), sceneOf(), 0);
  waves.follow(thrown(1), sceneOf(), 33);
  assert.deepEqual(waves.shown.map((w) => w.frame.step), [1]);
  waves.follow(thrown(2), sceneOf(), 66);
  assert.equal(waves.shown.at(-1)?.frame.step, 1, 'and then one looks at it');
});

test('a point that is pushed up on all sides is shown with all of them, a thrown one is not', () => {
  const points = Array.from({ length: 100 }, (_, i) => [2.8 * ((i * 0.618) % 1) - 1.4, 2.8 * ((i * 0.755) % 1) - 1.4].map(Math.fround));
  const stencils = points.flatMap(([x, y]) => [[1, 0], [-1, 0], [0, 1], [0, -1]].flatMap(([dx, dy]) => [x + 0.02 * dx, y + 0.02 * dy, x, y, 0.25]));
  const wave = choose(frameOf(16, (a) => a, { pushes: Float32Array.from(stencils) }), 0);
  /** @type {Map<string, number>} */
  const sides = new Map();
  for (const { way } of wave.ups) sides.set(`${way[0]} ${way[1]}`, (sides.get(`${way[0]} ${way[1]}`) ?? 0) + 1);
  assert.ok(sides.size >= 10 && sides.size <= 20, `${sides.size} points`);
  assert.ok([...sides.values()].every((n) => n === 4), [...sides.values()].join());
  assert.equal(drawn(wave, wave.ups.length - 1, sceneOf(), 400), 1, 'however many, they are drawn when the moving ends');

  const thrown = points.flatMap(([x, y]) => [0.01, 0.5].flatMap((d) => [x, y + d, x, y, 1]));
  assert.ok(choose(frameOf(16, (a) => a, { pushes: Float32Array.from(thrown) }), 0).ups.length <= 20);
});
