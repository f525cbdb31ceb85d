// packed-picture.js: draws frames in the encodings compact and small, and prints how far each
// picture is from that of the same frame in f32. A test of sim/wire runs it:
//
//   node packed-picture.js DIR      where DIR has NAME.f32, NAME.compact and NAME.small
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BANDS, Levels } from '../js/landscape/levels.js';
import { Raster } from '../js/landscape/raster.js';
import { surfaceStyle } from '../js/landscape/surface-style.js';
import { decodeFrame } from '../js/wire.js';
import { sceneOf } from './landscape-frames.js';

const SIZE = 390;
/** Differences that a reader may see, out of 255. */
const SEEN = 12;

/** @param {import('../js/types.js').Frame} frame @param {boolean} contours */
function draw(frame, contours) {
  let data = new Uint8ClampedArray(0);
  const canvas = { width: SIZE, height: SIZE, getContext: () => context };
  const context = {
    canvas,
    createImageData: (/** @type {number} */ w, /** @type {number} */ h) => ({ data: new Uint8ClampedArray(4 * w * h) }),
    putImageData: (/** @type {ImageData} */ image) => { data = image.data; },
  };
  const scene = sceneOf();
  scene.layers = { ...scene.layers, contours };
  const levels = new Levels();
  levels.follow(frame, scene, 0);
  new Raster(/** @type {any} */ (canvas)).draw(frame, levels.table, levels.lo, levels.hi, surfaceStyle(scene), 1);
  return { data, levels };
}

/** The mean difference of the colours, out of 255, and the share of pixels that look different. @param {Uint8ClampedArray} a @param {Uint8ClampedArray} b */
function difference(a, b) {
  let sum = 0, seen = 0;
  for (let p = 0; p < a.length; p += 4) {
    const most = Math.max(Math.abs(a[p] - b[p]), Math.abs(a[p + 1] - b[p + 1]), Math.abs(a[p + 2] - b[p + 2]));
    sum += most;
    if (most > SEEN) seen++;
  }
  return { mean: sum / (a.length / 4), seen: seen / (a.length / 4) };
}

const dir = process.argv[2];
const read = (/** @type {string} */ name) => decodeFrame(new Uint8Array(readFileSync(join(dir, name))).buffer);
const out = [];
for (const file of readdirSync(dir).filter((f) => f.endsWith('.f32')).sort()) {
  const name = file.slice(0, -4);
  const frame = read(file);
  const plain = draw(frame, false), lines = draw(frame, true);
  for (const enc of ['compact', 'small']) {
    const packed = read(`${name}.${enc}`);
    const area = draw(packed, false), all = draw(packed, true);
    const width = plain.levels.hi - plain.levels.lo;
    let level = 0;
    for (let k = 0; k <= BANDS; k++) level = Math.max(level, Math.abs(area.levels.values[k] - plain.levels.values[k]) / width);
    out.push({ name, enc, ...difference(plain.data, area.data), lines: difference(lines.data, all.data).seen, level });
  }
}
console.log(JSON.stringify(out));
