import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BANDS, Levels, levelAt } from '../js/landscape/levels.js';
import { ALPHA, CHANGE_TABLE, LINE, changeStyle } from '../js/landscape/surface-style.js';
import { BASE, Camera, FIRST, HEIGHT } from '../js/relief/camera.js';
import { Mesh, height } from '../js/relief/mesh.js';
import { hidden, pick } from '../js/relief/pick.js';
import { skirt } from '../js/relief/skirt.js';
import { frameOf, spiral } from './landscape-frames.js';

const point = { x: 0, y: 0, near: 0 };
const close = (/** @type {number} */ a, /** @type {number} */ b, within = 1e-9) => assert.ok(Math.abs(a - b) <= within, `${a} for ${b}`);

test('all of the surface is in the picture at first and wherever the camera turns', () => {
  const camera = new Camera();
  camera.resize(400, 400, 18);
  for (let k = 0; k < 72; k++) {
    for (const u of [-1, 1]) {
      for (const v of [-1, 1]) {
        for (const h of [BASE, HEIGHT]) {
          const { x, y } = camera.project(point, u, v, h);
          assert.ok(x > 6 && x < 394 && y > 6 && y < 394, `${camera.azimuth}: ${x}, ${y}`);
        }
      }
    }
    camera.turn(5, k < 8 ? 5 : k < 24 ? -5 : 0);
  }
});

test('looking along an axis, right is right, far is up and away', () => {
  const camera = new Camera();
  camera.resize(400, 300);
  camera.turn(-FIRST.azimuth, 0);
  const left = { ...camera.project(point, -1, 0, 0) }, right = { ...camera.project(point, 1, 0, 0) };
  const front = { ...camera.project(point, 0, -1, 0) }, back = { ...camera.project(point, 0, 1, 0) }, high = { ...camera.project(point, 0, 0, 0.5) };
  close(left.x + right.x, 400);
  close(left.y, right.y);
  close(front.x, 200);
  assert.ok(right.x > left.x && back.y < front.y && back.near < front.near && high.y < left.y);
});

test('the GPU projects as the page does', () => {
  const camera = new Camera();
  camera.resize(640, 480);
  camera.turn(77, 20);
  camera.enlarge(1.7);
  const m = camera.matrix(new Float32Array(16));
  for (const [u, v, h] of [[0, 0, 0], [1, -1, 0.3], [-0.4, 0.9, 0.5]]) {
    const [x, y, z, w] = [0, 1, 2, 3].map((r) => m[r] * u + m[4 + r] * v + m[8 + r] * h + m[12 + r]);
    camera.project(point, u, v, h);
    close(320 + 320 * (x / w), point.x, 1e-3);
    close(240 - 240 * (y / w), point.y, 1e-3);
    close(1 / w, point.near, 1e-6);
    assert.ok(Math.abs(z / w) < 1);
  }
});

test('a pixel\'s ray passes through the point that is projected there', () => {
  const camera = new Camera();
  camera.resize(500, 500);
  camera.turn(130, -12);
  for (const [u, v, h] of [[0, 0, 0], [1, 1, 0.2], [-0.7, 0.3, 0.5]]) {
    camera.project(point, u, v, h);
    const ray = camera.ray(point.x, point.y), s = 1 / point.near;
    close(camera.eye.u + s * ray.u, u);
    close(camera.eye.v + s * ray.v, v);
    close(camera.eye.h + s * ray.h, h);
  }
});

test('the camera never goes below the surface, nor over the top', () => {
  const camera = new Camera();
  camera.turn(725, -500);
  assert.ok(camera.elevation > 5 && camera.eye.h > HEIGHT);
  camera.turn(0, 500);
  assert.ok(camera.elevation < 90);
  camera.enlarge(1e9);
  assert.ok(camera.zoom < 10);
  assert.ok(Math.abs(camera.azimuth) <= 180);
  camera.place();
  assert.deepEqual({ azimuth: camera.azimuth, elevation: camera.elevation, zoom: camera.zoom }, FIRST);
});

test('height grows with energy and eases into the plateau', () => {
  for (const kind of /** @type {const} */ (['linear', 'log', 'level'])) {
    let before = -1;
    for (let t = 0; t < 3; t += 0.01) {
      const h = height(t, 24 * Math.min(1, t), kind);
      assert.ok(h >= before && h >= 0 && h <= 1, `${kind} at ${t}`);
      before = h;
    }
    assert.ok(before > 0.99);
    close(height(-3, 0, kind), 0);
  }
  close(height(0.5, 9, 'linear'), 0.5);
  close(height(0.5, 12, 'level'), 0.5);
  assert.ok(height(0.1, 1, 'log') > 0.3);
});

/** @param {boolean} polar */
function meshOf(polar) {
  const frame = frameOf(64, spiral);
  const levels = new Levels();
  const scene = /** @type {any} */ ({ spacing: 'quantile', reducedMotion: true });
  levels.follow(frame, scene, 0);
  const mesh = new Mesh(65);
  mesh.fit(frame, polar, false);
  mesh.setHeights(frame, levels.lo, levels.hi, levels.table, 'linear');
  return mesh;
}

test('over angle and radius a point of a spiral is where its angle and radius say', () => {
  const mesh = meshOf(true);
  for (const [angle, radius] of [[0, 0.5], [Math.PI / 2, 1], [-2, 1.4], [3, 0.1]]) {
    const [u, v] = mesh.toMesh(radius * Math.cos(angle), radius * Math.sin(angle));
    close(u, angle / Math.PI);
    close(v, (2 * radius) / 1.5 - 1);
  }
});

test('toMesh and toPlane are inverses', () => {
  for (const mesh of [meshOf(false), meshOf(true)]) {
    for (const [u, v] of [[0.1, -0.3], [-0.9, 0.8], [0.5, 0.5]]) {
      const [a, b] = mesh.toMesh(...mesh.toPlane(u, v));
      close(a, u);
      close(b, v);
    }
  }
});

test('a flat surface has the light 1, a slope that faces the light more than one that does not', () => {
  const mesh = new Mesh(9);
  const table = new Float32Array(2048);
  for (const [slope, sign] of [[0, 0], [1, 1], [-1, -1]]) {
    const frame = frameOf(16, (a) => slope * a);
    mesh.fit({ ...frame, x0: -1.5 + (slope - 1) * 1e-9 }, false, true);
    mesh.setHeights(frame, -2, 2, table, 'linear');
    assert.equal(Math.sign(Math.round(1e3 * (mesh.light[40] - 1))), sign);
  }
});

test('a painted surface keeps its heights, and its colours are those of what is painted', () => {
  const frame = frameOf(32, (a, b) => a * a + b * b), values = frameOf(32, (a) => a).grid;
  const table = new Levels().table, plain = new Mesh(17), painted = new Mesh(17);
  for (const mesh of [plain, painted]) mesh.fit(frame, false, false);
  plain.setHeights(frame, 0, 4, table, 'linear');
  painted.setHeights(frame, 0, 4, table, 'linear', { values, lo: -1.5, hi: 1.5 });
  assert.deepEqual(painted.heights, plain.heights);
  for (let p = 0; p < 17 * 17; p++) close(painted.shares[p], (p % 17) / 16, 1e-5);
  const { colors, lines } = changeStyle({ theme: 'dark', exact: false });
  const at = (/** @type {number} */ energy) => levelAt(CHANGE_TABLE, (energy + 1.5) / 3);
  for (const [energy, level] of [[-1.5, 0], [-0.75, BANDS / 4], [0, BANDS / 2], [0.75, (3 * BANDS) / 4], [1.5, BANDS]]) close(at(energy), level, 0.02);
  assert.ok(colors[0] > colors[1] && colors[4 * 255 + 1] > colors[4 * 255], 'lowered is magenta, raised is green');
  assert.equal(lines[LINE * (BANDS / 2) + ALPHA], 1, 'a line where nothing changed');
});

test('pick finds at a pixel what was projected there, unless it is hidden', () => {
  const camera = new Camera();
  camera.resize(560, 560);
  camera.turn(0, -22); // low, so that mountains hide valleys
  for (const mesh of [meshOf(false), meshOf(true)]) {
    let seen = 0, behind = 0;
    for (let u = -0.9; u < 1; u += 0.15) {
      for (let v = -0.9; v < 1; v += 0.15) {
        const h = mesh.heightAt(u, v);
        camera.project(point, u, v, h);
        const at = pick(camera, mesh, point.x, point.y);
        if (hidden(camera, mesh, u, v, h + 0.01)) behind++;
        else if (at && Math.hypot(at[0] - u, at[1] - v) < 0.05) seen++;
      }
    }
    assert.ok(seen > 60 && behind > 4 && seen + behind > 150, `${seen} seen, ${behind} hidden`);
  }
  assert.equal(pick(camera, meshOf(false), 3, 3), null);
});

test('the skirt goes from the edge of the surface to the base', () => {
  const mesh = meshOf(false), n = mesh.n;
  const out = new Float32Array(4 * 2 * n * 4);
  skirt(out, mesh);
  for (let k = 0; k < out.length; k += 8) {
    const [u, v, h] = out.subarray(k);
    assert.ok(Math.abs(u) === 1 || Math.abs(v) === 1);
    close(h, mesh.heightAt(u, v), 1e-3);
    close(out[k + 6], BASE, 1e-6);
  }
});
