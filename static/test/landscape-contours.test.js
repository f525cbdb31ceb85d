import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeLabels } from '../js/landscape/labels.js';
import { BANDS, targets } from '../js/landscape/levels.js';
import { contourArea, contourLines } from '../js/landscape/contours.js';
import { frameOf, spiral } from './landscape-frames.js';

/** @param {number[]} line @param {number} n the plane's points of a line in grid coordinates */
const inPlane = (line, n) => Array.from({ length: line.length / 2 }, (_, k) => [line[2 * k], line[2 * k + 1]].map((g) => -1.5 + ((g + 0.5) * 3) / n));

test('contourLines finds a circle: closed, on its radius, of its length, the higher side on its left', () => {
  for (const [n, stride, near] of [[64, 1, 2e-3], [128, 1, 5e-4], [128, 2, 2e-3]]) {
    const lines = contourLines(frameOf(n, (a, b) => a * a + b * b).grid, n, n, 0.81, stride);
    assert.equal(lines.length, 1, 'one line');
    const points = inPlane(lines[0], n);
    assert.deepEqual(points[0], points.at(-1), 'closed');
    let long = 0, turned = 0;
    points.forEach(([a, b], i) => {
      assert.ok(Math.abs(Math.hypot(a, b) - 0.9) < near, `radius ${Math.hypot(a, b)}`);
      if (i === 0) return;
      const [c, d] = points[i - 1];
      long += Math.hypot(a - c, b - d);
      turned += c * b - d * a;
    });
    assert.ok(Math.abs(long - 2 * Math.PI * 0.9) < 0.01, `length ${long}`);
    // Higher outside, on the left: so round the middle clockwise.
    assert.ok(turned < 0);
  }
});

test('contourLines finds open lines whole, and all of several', () => {
  const straight = contourLines(frameOf(32, (a) => a).grid, 32, 32, 0.25);
  assert.equal(straight.length, 1);
  assert.equal(straight[0].length, 64);
  const wells = contourLines(frameOf(64, (a, b) => Math.min((a - 0.7) ** 2 + b * b, (a + 0.7) ** 2 + b * b)).grid, 64, 64, 0.1);
  assert.equal(wells.length, 2);
});

test('contourLines crosses a saddle one way or the other, never both', () => {
  for (const [a, b, z] of [[1, 0, 0.45], [1, 0, 0.55], [0, 1, 0.45], [0, 1, 0.55]]) {
    const lines = contourLines(Float32Array.of(a, b, b, a), 2, 2, z);
    assert.equal(lines.length, 2);
    const ends = lines.flatMap((l) => [`${l[0].toFixed(3)} ${l[1].toFixed(3)}`, `${l[2].toFixed(3)} ${l[3].toFixed(3)}`]);
    assert.equal(new Set(ends).size, 4);
  }
});

test('contourLines finds nothing where the grid is constant or beyond its range', () => {
  assert.deepEqual(contourLines(frameOf(16, () => 1).grid, 16, 16, 1), []);
  assert.deepEqual(contourLines(frameOf(16, (a) => a).grid, 16, 16, 9), []);
});

const view = { width: 600, height: 600, unit: 1 };
/** @param {import('../js/types.js').Frame} frame */
function levelsOf(frame) {
  const values = new Float64Array(BANDS + 1);
  targets(values, frame, 'quantile');
  return { values };
}

test('labels are on their lines, apart from each other and from the edge', () => {
  for (const unit of [1, 1.5]) {
    const frame = frameOf(128, spiral);
    const levels = levelsOf(frame);
    const shown = placeLabels([], frame, levels, { ...view, unit }, 0);
    assert.ok(shown.length >= 5, `${shown.length} labels`);
    shown.forEach((a, i) => {
      const [px, py] = [a.x * 600, a.y * 600];
      assert.ok(Math.min(px, py, 600 - px, 600 - py) >= 24 * unit);
      const energy = frame.grid[Math.round((1 - a.y) * 128 - 0.5) * 128 + Math.round(a.x * 128 - 0.5)];
      const gap = levels.values[Math.min(BANDS, a.level + 1)] - levels.values[a.level - 1];
      assert.ok(Math.abs(energy - levels.values[a.level]) < 2 * gap, `level ${a.level}: ${energy} for ${levels.values[a.level]}`);
      for (const b of shown.slice(0, i)) assert.ok(Math.hypot(a.x - b.x, a.y - b.y) * 600 >= 74 * unit - 1e-6, `${a.text} and ${b.text}`);
    });
  }
});

test('labels stay where they are when their lines hardly move, and fade when these are gone', () => {
  const before = frameOf(96, (a, b) => a * a + b * b);
  const shown = placeLabels([], before, levelsOf(before), view, 0);
  const after = frameOf(96, (a, b) => (a - 0.02) ** 2 + b * b);
  const next = placeLabels(shown, after, levelsOf(after), view, 300);
  const kept = next.filter((l) => shown.includes(l) && l.fadedAt === Infinity);
  assert.equal(kept.length, shown.length, 'all stay');
  for (const l of kept) assert.ok(Math.hypot(l.toX - l.x, l.toY - l.y) * 600 < 16, 'none jumps');
  const flat = frameOf(96, () => 0);
  assert.ok(placeLabels(next, flat, levelsOf(flat), view, 600).every((l) => l.fadedAt === 600), 'no lines, no labels');
});

/** The area that the nonzero rule fills, and how often it winds round a point. @param {number[][]} lines */
const areaOf = (lines) => lines.reduce((sum, l) => {
  for (let p = 2; p < l.length; p += 2) sum -= (l[p] * l[p - 1] - l[p - 2] * l[p + 1]) / 2;
  return sum;
}, 0);

test('contourArea closes every line, and holes run the other way round', () => {
  const n = 64, cell = 3 / n;
  const ring = contourArea(frameOf(n, (a, b) => 0.3 - Math.abs(Math.hypot(a, b) - 0.9)).grid, n, n, 0);
  assert.equal(ring.length, 2);
  for (const line of ring) assert.deepEqual(line.slice(0, 2), line.slice(-2), 'closed');
  const areas = ring.map((l) => areaOf([l]) * cell * cell).sort((a, b) => a - b);
  assert.ok(Math.sign(areas[0]) !== Math.sign(areas[1]), 'the hole runs the other way');
  assert.ok(Math.abs(Math.abs(areaOf(ring)) * cell * cell - Math.PI * (1.2 ** 2 - 0.6 ** 2)) < 0.02, `${areaOf(ring) * cell * cell}`);
});

test('contourArea reaches over the border of the grid where the area does', () => {
  const n = 16;
  const [line] = contourArea(frameOf(n, (a) => a).grid, n, n, 0);
  const xs = line.filter((_, i) => i % 2 === 0), ys = line.filter((_, i) => i % 2 === 1);
  assert.ok(Math.max(...xs) > n - 0.5 && Math.min(...ys) < -0.5 && Math.max(...ys) > n - 0.5, 'the edges of the box, at half a cell outside, are inside the area');
  assert.ok(Math.abs(Math.min(...xs) - (n / 2 - 0.5)) < 1e-6);
  const all = contourArea(frameOf(n, () => 1).grid, n, n, -5);
  assert.equal(all.length, 1, 'what is higher everywhere is one area');
  assert.deepEqual(contourArea(frameOf(n, () => 1).grid, n, n, 5), []);
});
