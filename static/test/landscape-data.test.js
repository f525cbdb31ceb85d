import assert from 'node:assert/strict';
import { test } from 'node:test';
import { data } from '../js/landscape/layers/data.js';
import { GROUPS } from '../js/landscape/groups.js';
import { fit } from '../js/landscape/view.js';
import { THEMES } from '../js/landscape/palette.js';
import { frameOf, sceneOf } from './landscape-frames.js';

/** The radii of all discs drawn for n points on a square of that side. @param {number} n @param {number} side */
function discs(n, side) {
  /** @type {Map<string, number[]>} */
  const drawn = new Map();
  const ctx = {
    fillStyle: '', globalAlpha: 1, beginPath() {}, fill() {},
    /** @param {number} x @param {number} y @param {number} r */
    arc(x, y, r) {
      const radii = drawn.get(ctx.fillStyle);
      if (radii) radii.push(r);
      else drawn.set(ctx.fillStyle, [r]);
    },
  };
  const view = { width: side, height: side, unit: 1, now: 0, colors: THEMES.light, labels: [], pushes: [] };
  data(/** @type {any} */ (ctx), frameOf(4, () => 0), sceneOf({ points: new Float32Array(2 * n) }), view);
  return drawn;
}

test('every training point is drawn, however many there are and however small the square', () => {
  for (const n of [1, 300, 1000, 2200, 5000, 20000]) {
    for (const side of [240, 560, 1000]) assert.equal(discs(n, side).get(THEMES.light.data)?.length, n, `${n} points on ${side} pixels`);
  }
});

test('points that are held out from training are hollow, the others are not', () => {
  /** @type {string[]} */
  const drawn = [];
  let at = 0;
  const ctx = {
    fillStyle: '', strokeStyle: '', lineWidth: 0, globalAlpha: 1, beginPath() {}, moveTo() {}, lineTo() {}, closePath() {},
    /** @param {number} x */
    arc(x) { at = x; },
    fill() { drawn.push(`${at} filled ${ctx.fillStyle}`); },
    stroke() { drawn.push(`${at} ring ${ctx.strokeStyle}`); },
  };
  const view = { width: 300, height: 300, unit: 1, now: 0, colors: THEMES.light, labels: [], pushes: [] };
  const frame = frameOf(4, () => 0, { x0: -1.5, x1: 1.5, y0: -1.5, y1: 1.5 });
  const points = Float32Array.of(-1, 0, 0, 0, 1, 0), held = Uint8Array.of(0, 1, 0);
  data(/** @type {any} */ (ctx), frame, sceneOf({ points, held }), view);
  const color = THEMES.light.data;
  assert.deepEqual(drawn.filter((d) => d.endsWith(color)).sort(), [`150 ring ${color}`, `250 filled ${color}`, `50 filled ${color}`]);
  drawn.length = 0;
  data(/** @type {any} */ (ctx), frame, sceneOf({ points, held, groups: Uint8Array.of(255, 255, 255) }), view);
  const hollow = drawn.filter((d) => d.startsWith('150 ')); // a rim and a ring, and nothing inside
  assert.equal(hollow.length, 2);
  assert.ok(hollow.every((d) => d.includes('ring')) && drawn.length === 6, drawn.join());
});

test('points are smaller on a phone and larger on a projector', () => {
  assert.ok(fit(285) < fit(560) && fit(560) < fit(1000));
  assert.ok(fit(10) > 0.6 && fit(4000) < 1.3);
});

test('points are drawn in the colour and the shape of their group', () => {
  /** @type {Map<string, number>} */
  const fills = new Map();
  let corners = 0;
  const ctx = {
    fillStyle: '', globalAlpha: 1, beginPath() {}, stroke() {}, moveTo() {}, closePath() {}, arc() {},
    lineTo() { corners++; },
    fill() { fills.set(this.fillStyle, (fills.get(this.fillStyle) ?? 0) + 1); },
  };
  const view = { width: 300, height: 300, unit: 1, now: 0, colors: THEMES.dark, labels: [], pushes: [] };
  data(/** @type {any} */ (ctx), frameOf(4, () => 0), sceneOf({ theme: 'dark', points: new Float32Array(10), groups: Uint8Array.from([0, 1, 1, 0, 255]) }), view);
  assert.deepEqual([...fills], [[GROUPS.dark[0], 2], [GROUPS.dark[1], 2], [THEMES.dark.data, 1]]);
  assert.equal(corners, 2 * 3); // two squares
});
