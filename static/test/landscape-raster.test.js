import assert from 'node:assert/strict';
import { test } from 'node:test';
import { surfaceStyle } from '../js/landscape/surface-style.js';
import { Levels } from '../js/landscape/levels.js';
import { Raster } from '../js/landscape/raster.js';
import { fragment } from '../js/landscape/shader.js';
import { frameOf, sceneOf, spiral } from './landscape-frames.js';

/**
 * Draws without a browser: the pixels are the result.
 * @param {import('../js/types.js').Frame} frame
 * @param {Partial<import('../js/types.js').Scene>} [rest]
 * @param {number} [size]
 * @param {number} [hillshade]
 */
function drawn(frame, rest, size = 300, hillshade = 1) {
  /** @type {Uint8ClampedArray} */
  let data = new Uint8ClampedArray(0);
  const canvas = { width: size, height: size, getContext: () => context };
  const context = {
    canvas,
    createImageData: (/** @type {number} */ w, /** @type {number} */ h) => ({ data: new Uint8ClampedArray(4 * w * h) }),
    putImageData: (/** @type {ImageData} */ image) => { data = image.data; },
  };
  const scene = sceneOf(rest);
  const levels = new Levels();
  levels.follow(frame, scene, 0);
  const style = { ...surfaceStyle(scene), hillshade };
  const raster = new Raster(/** @type {any} */ (canvas));
  raster.draw(frame, levels.table, levels.lo, levels.hi, style, 1);
  return { get data() { return data; }, again: (/** @type {typeof frame} */ f) => raster.draw(f, levels.table, levels.lo, levels.hi, style, 1) };
}

const bare = { ...sceneOf().layers, contours: false };

test('a bowl has its minimum where it is, to the pixel', () => {
  for (const n of [16, 61, 128]) {
    for (const exact of [false, true]) {
      const frame = frameOf(n, (a, b) => (a - 0.3) ** 2 + (b + 0.2) ** 2);
      const { data } = drawn(frame, { layers: bare, spacing: 'linear', exact }, 600, 0);
      // The middle of all that is as dark as the darkest, to a few tones.
      let x = 0, y = 0, count = 0, least = Infinity;
      const light = (/** @type {number} */ p) => data[4 * p] + data[4 * p + 1] + data[4 * p + 2];
      for (let p = 0; p < 360000; p++) least = Math.min(least, light(p));
      for (let p = 0; p < 360000; p++) {
        if (light(p) > least + 20) continue;
        x += (p % 600) + 0.5;
        y += Math.floor(p / 600) + 0.5;
        count++;
      }
      // Bilinear over 16 cells, the bottom itself is a cell wide.
      const near = exact ? 300 / n : 1;
      assert.ok(Math.abs(x / count - 360) < near && Math.abs(y / count - 340) < near, `${n} ${exact}: ${x / count}, ${y / count}`);
    }
  }
});

test('no landscape leaves a pixel undrawn, or lines where there is no slope', () => {
  for (const [name, frame] of Object.entries({
    constant: frameOf(16, () => 0.5),
    rounding: frameOf(32, (a, b) => -3 + 1e-7 * Math.sin(99 * a) * b),
    'on a level': frameOf(32, (a, b) => 12 + 1e-4 * Math.sin(9 * a) * b, { lo: 0, hi: 24 }),
    cliff: frameOf(32, (a) => (a < 0 ? 0 : 1e6), { lo: 0, hi: 1 }),
    least: frameOf(16, (a, b) => -1e5 + a * b),
    spiral: frameOf(128, spiral),
  })) {
    const { data } = drawn(frame, { spacing: 'linear' });
    for (let p = 3; p < data.length; p += 4) assert.equal(data[p], 255, name);
    const colors = new Set(new Uint32Array(data.buffer)).size;
    if (name === 'constant') assert.equal(colors, 1, `${colors} colours`);
    if (name === 'constant' || name === 'rounding' || name === 'on a level') assert.deepEqual(data, drawn(frame, { spacing: 'linear', layers: bare }).data, `${name}: lines where it is flat`);
    if (name === 'spiral') assert.ok(colors > 500, `${colors} colours`);
  }
});

test('a contour line is drawn, on its circle and nowhere else', () => {
  const frame = frameOf(128, (a, b) => a * a + b * b, { lo: 0, hi: 2 });
  const lines = drawn(frame, { spacing: 'linear' }, 600).data;
  const none = drawn(frame, { spacing: 'linear', layers: bare }, 600).data;
  let on = 0, between = 0;
  for (let p = 0; p < 360000; p++) {
    const a = -1.5 + ((p % 600) + 0.5) / 200, b = 1.5 - (Math.floor(p / 600) + 0.5) / 200;
    const level = (a * a + b * b) * 12;
    const pixels = Math.abs(level - Math.round(level)) / (24 * Math.hypot(a, b)) * 200;
    const differs = lines[4 * p] !== none[4 * p] || lines[4 * p + 1] !== none[4 * p + 1];
    if (level > 1.5 && level < 24) {
      if (pixels < 0.4 && differs) on++;
      if (pixels > 2 && differs) between++;
      if (pixels < 0.4) assert.ok(differs, `no line at ${a}, ${b}`);
    }
  }
  assert.ok(on > 1000);
  assert.equal(between, 0);
});

test('a second frame of the same shape makes no new buffers', () => {
  const frame = frameOf(128, spiral);
  const picture = drawn(frame);
  const { buffer } = picture.data;
  picture.again({ ...frame });
  assert.equal(picture.data.buffer, buffer);
});

test('the shader has every constant filled in', () => {
  for (const linear of [true, false]) assert.doesNotMatch(fragment(linear), /undefined|NaN|\[object/);
});
