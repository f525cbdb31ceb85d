import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawing } from '../js/export/svg.js';
import { GROUPS } from '../js/landscape/groups.js';
import { BANDS, Levels } from '../js/landscape/levels.js';
import { THEMES } from '../js/landscape/palette.js';
import { bandColor, lineStroke, surfaceStyle } from '../js/landscape/surface-style.js';
import { frameOf, sceneOf } from './landscape-frames.js';

/** @param {import('../js/types.js').Frame} frame @param {import('../js/types.js').Scene} scene */
function svgOf(frame, scene) {
  const levels = new Levels();
  levels.follow(frame, scene, 0);
  return drawing({ frame, scene, pushes: undefined, levels: [...levels.values], axes: [{ name: 'y₁', numbers: ['0', '1'], at: [0, 1] }, { name: 'y₂', numbers: ['0', '1'], at: [0, 1] }], marbles: new Float32Array(0), shapes: [], side: 560, title: 'a < b', detail: 'd' });
}

test('the SVG has the colours and lines of the screen', () => {
  for (const theme of /** @type {const} */ (['light', 'dark'])) {
    const scene = sceneOf({ theme, spacing: 'linear' }), style = surfaceStyle(scene);
    const svg = svgOf(frameOf(64, (a, b) => a * a + b * b, { lo: 0, hi: 2 }), scene);
    for (const k of [1, 4, 11, 20]) {
      assert.ok(svg.includes(`fill="${bandColor(style, k + 0.5)}"`), `${theme}: band ${k}`);
      const { color, width } = lineStroke(style, k);
      assert.ok(svg.includes(`stroke="${color}"`) && svg.includes(`stroke-width="${width}"`), `${theme}: line ${k}`);
    }
    assert.equal([...svg.matchAll(/class="band"/g)].length, BANDS + 1);
    assert.ok(svg.includes('a &#60; b'));
  }
});

test('the names of axes are text in the SVG, and groups have their colours and shapes', () => {
  const scene = sceneOf({ theme: 'light', points: new Float32Array(6), groups: Uint8Array.from([0, 1, 255]) });
  const levels = new Levels();
  const frame = frameOf(8, (a) => a);
  levels.follow(frame, scene, 0);
  const [long, evil] = ['endless '.repeat(20), '"/><script>x</script>'];
  const svg = drawing({ frame, scene, pushes: undefined, levels: [...levels.values], axes: [{ name: evil, numbers: ['1.6', '5.1'], at: [0.05, 0.95] }, { name: long, numbers: ['43', '664,159'], at: [0, 1] }], marbles: new Float32Array(0), shapes: [], side: 560, title: 't', detail: 'd' });
  assert.ok(!svg.includes('<script') && svg.includes('&#60;script&#62;') && svg.includes('endless endless endless…'));
  for (const text of ['1.6', '5.1', '43', '664,159']) assert.ok(svg.includes(`>${text}</text>`), text);
  const points = svg.match(/<g class="data".*?<\/g>/)?.[0] ?? '';
  assert.deepEqual([...points.matchAll(/<(circle|path)[^>]* fill="([^"]*)"/g)].map(([, shape, fill]) => [shape, fill]), [['circle', GROUPS.light[0]], ['path', GROUPS.light[1]], ['circle', THEMES.light.data]]);
});

test('the SVG has the range that the screen has', () => {
  const frame = frameOf(32, (a, b) => a * a + b * b, { lo: 0, hi: 0.5 });
  const bar = (/** @type {Partial<import('../js/types.js').Scene>} */ scene) => [...svgOf(frame, sceneOf({ spacing: 'linear', ...scene })).matchAll(/font-size="11"[^>]*>([^<]*)</g)].map((m) => m[1]);
  assert.deepEqual(bar({}).filter((_, i) => i % 6 === 0), ['0.00', '≥\u20090.50']);
  assert.deepEqual(bar({ range: [-1, 2] }).filter((_, i) => i % 6 === 0), ['≤\u2009−1.0', '≥\u20092.0']);
  assert.equal(bar({ range: 'plane' }).at(-1), '≥\u20094.2');
});

test('lines that crowd fade, and hidden lines are not in the SVG', () => {
  const opacities = (/** @type {string} */ svg) => [...svg.matchAll(/stroke-opacity="([\d.]+)"/g)].map((m) => Number(m[1]));
  const wide = opacities(svgOf(frameOf(64, (a) => a), sceneOf({ spacing: 'linear' })));
  assert.ok(Math.min(...wide) >= 0.38 && Math.max(...wide) === 0.95, wide.join());
  const crowded = opacities(svgOf(frameOf(64, (a) => Math.min(1, Math.max(0, 30 * a))), sceneOf({ spacing: 'linear' })));
  const mean = (/** @type {number[]} */ v) => v.reduce((a, b) => a + b) / v.length;
  assert.ok(mean(crowded) < 0.8 * mean(wide), crowded.join());
  const { layers } = sceneOf();
  assert.deepEqual(opacities(svgOf(frameOf(64, (a) => a), sceneOf({ layers: { ...layers, contours: false } }))), []);
});

test('an SVG has the stories of the points that are pushed up, the followed one large, and the notes', () => {
  const frame = frameOf(16, (a, b) => a * a + b * b);
  const scene = sceneOf();
  const levels = new Levels();
  levels.follow(frame, scene, 0);
  const up = { path: [0, 0, 0.5, 0.5, 0.25, 0], kick: [0, 0, 0.5, 0.5], walk: [0.5, 0.5, 0.4, 0.25, 0.25, 0], denoises: false, amount: 0.01, share: 1 };
  const pushes = { frame, shownAt: 0, fadedAt: Infinity, ups: [up], downs: [], paths: [] };
  const followed = { frame, up, atData: true, parts: { kick: 1, walk: 1, push: 1 } };
  const notes = [{ note: { at: /** @type {[number, number]} */ ([0, 0]), text: 'a < b', tone: 'down', ring: 0.1 }, lines: ['a <', 'b'], x: 280, y: 280, r: 20, left: 310, top: 260, width: 40, height: 32 }];
  const subject = { frame, scene, pushes, levels: [...levels.values], axes: /** @type {[import('../js/axes.js').AxisTexts, import('../js/axes.js').AxisTexts]} */ (['a', 'b'].map((name) => ({ name, numbers: ['0', '1'], at: [0, 1] }))), marbles: new Float32Array(0), shapes: [], side: 560, title: 't', detail: 'd' };
  const plain = drawing({ ...subject, followed: null });
  const [, group] = /** @type {RegExpMatchArray} */ (plain.match(/<g class="up"[^>]*>(.*?)<\/g>/s));
  assert.equal(group.match(/stroke-dasharray/g)?.length, 1, 'the kick is dashed');
  assert.equal(group.match(/<circle/g)?.length, 3, 'two stops and the ring');
  assert.ok(group.includes('Z"'), 'a triangle');
  assert.ok(!plain.includes('class="notes"'));
  const both = drawing({ ...subject, followed, notes });
  assert.equal(both.match(/<g class="up"/g)?.length, 2);
  assert.ok(both.includes('opacity="0.22"'));
  assert.ok(both.includes('>a &#60;</text>') && both.includes('>b</text>') && both.includes('r="20"'));
});
