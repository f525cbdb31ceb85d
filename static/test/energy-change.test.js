// The change of a step: a density, weights, and the stages of a step.
import assert from 'node:assert/strict';
import test from 'node:test';
import { density } from '../js/instruments/exact-phase.js';
import { pushSums } from '../js/report.js';
import { marksAt, stepOf } from '../js/instruments/step-stages.js';
import { inForce } from '../js/room-data.js';
import { sentenceOf } from '../js/instruments/stage-sentences.js';
import { side } from '../js/landscape/layers/amounts.js';
import { catalog } from './catalog.js';
import { frameOf, spiral } from './landscape-frames.js';

/** @import {ModelCard} from '../js/types.js' */
/** @import {StageName} from '../js/instruments/step-stages.js' */

const KICK = { name: 'kick', when: { knob: 'variant', is: ['lecture'] } };
/** The card of the catalogue. @param {string} id */
const listed = (id) => /** @type {ModelCard} */ (catalog.models.find((m) => m.id === id));
/** @param {string} id @param {object[]} [knobs] */
const card = (id, knobs = []) => /** @type {ModelCard} */ (/** @type {unknown} */ ({ id, knobs }));
/** Four points, pushed down where they are and up where `land` has brought them. @param {(x:number, y:number) => [number, number]} [land] */
const pushed = (land) => [[1, 0], [0, 1], [-1, 0], [0, -1]].flatMap(([x, y]) => [x, y, x, y, -0.25, ...(land ? [...land(x, y), x, y, 0.25] : [])]);
/** @param {number[]} pushes @param {object} [rest] */
const frame = (pushes, rest = {}) => frameOf(16, spiral, { pushes: Float32Array.from(pushes), ...rest });
/** @param {(x:number, y:number) => number[]} way */
const paths = (way) => Float32Array.from([[1, 0], [0, 1], [-1, 0], [0, -1]].flatMap(([x, y], k) => {
  const w = way(x, y);
  return w.flatMap((c, i) => (i % 2 ? [] : [k, c, w[i + 1]]));
}));

test('a density sums to 1 and follows e^(−βF)', () => {
  const grid = Float32Array.of(-1000, -999, -998, 5);
  const out = new Float32Array(4);
  density(out, grid, 2);
  assert.ok(Math.abs(out.reduce((a, b) => a + b) - 1) < 1e-6);
  assert.ok(Math.abs(out[1] / out[0] - Math.exp(-2)) < 1e-6);
  assert.equal(out[3], 0);
});

test('a density integrates to 1 over the plane of any landscape', () => {
  const f = frameOf(128, spiral);
  const out = new Float32Array(f.grid.length);
  for (const beta of [0.1, 1, 10]) {
    density(out, f.grid, beta);
    const cell = (3 / 128) ** 2;
    assert.ok(Math.abs(out.reduce((a, p) => a + (p / cell) * cell, 0) - 1) < 1e-5);
  }
});

test('a triangle\'s area is its weight', () => {
  assert.ok(Math.abs((side(0.02) / side(0.005)) ** 2 - 4) < 1e-9);
  assert.equal(side(-0.01), side(0.01));
  assert.equal(side(1), side(0.5), 'the largest ones are all drawn alike');
});

test('the weights of both sides are added up', () => {
  const { downs, downWeight, ups, upWeight } = pushSums(Float32Array.from(pushed(() => [0, 0])));
  assert.deepEqual({ downs, downWeight, ups, upWeight }, { downs: 4, downWeight: 1, ups: 4, upWeight: 1 });
});

test('a knob that has no effect is not in force', () => {
  const c = card('cd', [KICK]);
  assert.equal(inForce(c, { kick: 0.2, variant: 'lecture' }, 'kick'), 0.2);
  assert.equal(inForce(c, { kick: 0.2, variant: 'mala' }, 'kick'), undefined);
  assert.equal(inForce(c, { kick: 0.2 }, 'beta'), undefined);
});

test('contrastive divergence: points, a perturbation, a walk, up, down', () => {
  const f = frame(pushed((x, y) => [x / 2, y / 2]), { paths: paths((x, y) => [x, y, 1.2 * x, 1.2 * y, x, y, x / 2, y / 2]) });
  const step = stepOf(f, card('cd', [KICK]), { kick: 0.25, variant: 'lecture' });
  assert.deepEqual(step.stages, ['points', 'perturb', 'walk', 'up', 'down', 'change']);
  assert.equal(step.perturbed, 1);
  assert.equal(step.paths.length, 4);
  assert.match(sentenceOf(listed('cd'), 'walk', step, { down: 1, up: 1 }), /downhill, 2 steps/);
  assert.match(sentenceOf(listed('cd'), 'points', step, { down: 1, up: 1 }), /^Take 4 points of the data\.$/);
  const start = sentenceOf(listed('pcd'), 'points', { ...step, ringed: [1, 0], rejected: [] }, { down: 1, up: 1 });
  assert.equal(start, 'Take 4 points of the data; 1 of them are followed here.');
  const mala = stepOf(f, card('cd', [KICK]), { kick: 0.25, variant: 'mala' });
  assert.deepEqual(mala.stages, ['points', 'walk', 'up', 'down', 'change']);
  const short = stepOf(frame(pushed((x, y) => [x / 2, y / 2]), { paths: paths((x, y) => [x, y, x / 2, y / 2]) }), card('cd', [KICK]), { kick: 0.25, variant: 'lecture' });
  assert.deepEqual(short.stages, ['points', 'perturb', 'up', 'down', 'change'], 'no steps: the perturbation is all');
});

test('a denoising autoencoder: noise, and the reconstruction', () => {
  const step = stepOf(frame(pushed((x, y) => [1.2 * x, 1.2 * y]), { paths: paths((x, y) => [1.2 * x, 1.2 * y, x, y]) }), card('dae'), {});
  assert.deepEqual(step.stages, ['points', 'perturb', 'denoise', 'up', 'down', 'change']);
  assert.deepEqual(step.paths[0].map((c) => Math.abs(Number(c.toFixed(3)))), [1, 0, 1.2, 0, 1, 0]);
});

test('chains of their own are shown where they start; a rejected proposal belongs to its chain', () => {
  const at = (/** @type {number} */ x, /** @type {number} */ y) => /** @type {[number, number]} */ ([x / 2, y / 2]);
  const f = frame([[1, 0], [0, 1], [-1, 0], [0, -1]].flatMap(([x, y]) => [x, y, x, y, -0.25, ...at(x, y), x / 4, y / 4, 0.25]), {
    paths: paths((x, y) => [x / 4, y / 4, x / 2, y / 2]),
    proposals: Float32Array.from([0.7, 0, 0.5, 0, 0, 0.1, 0.1, 0.9, 0.9, 0, 0, 0.6, 0, 0.5, 1]),
  });
  const step = stepOf(f, card('pcd'), {});
  assert.deepEqual(step.stages, ['points', 'start', 'walk', 'up', 'down', 'change']);
  assert.equal(step.rejected.length, 4);
  assert.match(sentenceOf(listed('pcd'), 'walk', step, { down: 1, up: 1 }), /cross/);
});

test('of long walks fewer are followed', () => {
  const rows = Array.from({ length: 100 }, (_, k) => [1.4 * Math.cos(k), 1.4 * Math.sin(k)]);
  const pushes = rows.flatMap(([x, y]) => [x, y, x, y, -0.01, x / 2, y / 2, x, y, 0.01]);
  const long = (/** @type {number} */ n) => Float32Array.from(rows.flatMap(([x, y], k) => Array.from({ length: n }, (_, i) => [k, x * (1 - i / (n - 1) / 2), y * (1 - i / (n - 1) / 2)]).flat()));
  const ways = (/** @type {number} */ n) => stepOf(frame(pushes, { paths: long(n) }), card('mcmc'), {}).paths.length;
  assert.ok(ways(5) === 14 && ways(41) < 6 && ways(41) >= 3, `${ways(5)} and ${ways(41)}`);
});

test('pushes up without a path are scattered points or, apart from the data points, guesses', () => {
  const places = [[0.1, 0.2], [0.9, -0.4]].flatMap(([x, y]) => [x, y, x, y, 0.5]);
  const noise = stepOf(frame([...pushed(), ...places]), card('nce'), {});
  assert.deepEqual(noise.stages, ['points', 'scatter', 'up', 'down', 'change']);
  assert.equal(noise.ringed.length, 8, 'points of the data are ringed, not noise');
  const masked = stepOf(frame(pushed((x) => [x, 0.9])), card('masked'), {});
  assert.deepEqual(masked.stages, ['points', 'guess', 'up', 'down', 'change']);
  const close = stepOf(frame(pushed((x, y) => [x + 0.02, y])), card('scorematching'), {});
  assert.deepEqual(close.stages, ['points', 'up', 'down', 'change']);
});

test('K-means: the nearest prototype is found and pulled, and nothing is pushed up', () => {
  const f = frame([1, 0, 0.5, 0, -1], { paths: Float32Array.from([0, 0.5, 0, 0, 0.6, 0]), marks: Float32Array.from([0, 0, 0.6, 0, 0, 1, -1, 0]) });
  const step = stepOf(f, card('kmeans'), {});
  assert.deepEqual(step.stages, ['points', 'near', 'pull', 'change']);
  for (const [share, x] of [[0, 0.5], [0.5, 0.55], [1, 0.6]]) {
    const marks = marksAt(f, share);
    assert.ok(Math.abs(marks[2] - x) < 1e-6 && marks[6] === -1, `${share}: ${marks}`);
  }
  assert.match(sentenceOf(listed('kmeans'), 'near', step, { down: 1, up: 1 }), /prototype that is nearest/);
});

test('autoencoders show how the answer varies about each point, in a stage of its own', () => {
  const pulled = [0, 1, 2].flatMap((i) => [i / 10, 0, i / 10, 0.5, -0.25]);
  const four = [0, 1].flatMap((i) => [[0.1, 0], [0.05, 0], [-0.05, 0], [-0.1, 0]].flatMap(([x, y]) => [i, i / 10 + x, y]));
  const cae = stepOf(frame([...pulled, 1, 1, 1, 0, -0.25], { paths: Float32Array.from(four) }), listed('cae'), {});
  assert.deepEqual(cae.stages, ['points', 'near', 'limit', 'pull', 'change']);
  assert.equal(cae.variants.length, 2, 'only points whose path is known are followed');
  assert.equal(cae.ringed.length, 4);
  for (const path of cae.variants) assert.equal(path.length, 8);
  assert.match(sentenceOf(listed('cae'), 'limit', cae, { down: 1, up: 0 }), /are 0\.10 apart on average/);
  const vae = stepOf(frame(pulled, { paths: Float32Array.from([0, 0, 0, 0, 0.4, 0, 0, 0.4, 0.3]) }), listed('vae'), {});
  assert.deepEqual(vae.variants.map((p) => p.length), [6]);
  assert.match(sentenceOf(listed('vae'), 'limit', vae, { down: 1, up: 0 }), /from the dot, by 0\.30 on average/);
  assert.deepEqual(stepOf(frame(pulled, { paths: Float32Array.from(four) }), listed('kmeans'), {}).variants, [], 'of K-means the paths are those of marks');
});

test('the sentences say that a step pushed nothing, or that the frame has a part of its pushes', () => {
  const rest = stepOf(frame([]), card('hinge'), {});
  assert.deepEqual(rest.stages, ['rest', 'change']);
  assert.match(sentenceOf(listed('hinge'), 'rest', rest, { down: 0, up: 0 }), /nothing is pushed/);
  assert.match(sentenceOf(listed('hinge'), 'change', rest, { down: 0, up: 0 }), /did not change/);
  assert.match(sentenceOf(listed('gmm'), 'points', stepOf(frame([1, 0, 0, 0, -0.3]), card('gmm'), {}), { down: 0, up: 0 }), /more than 1 points of/);
});

test('every sentence of every card can be filled in', () => {
  const step = stepOf(frame([1, 0, 0, 0, -1]), card('x'), {});
  let filled = 0;
  for (const model of catalog.models) {
    for (const [stage, template] of Object.entries(model.stages ?? {})) {
      for (const rejected of [[], [1, 1, 0, 0]]) {
        for (const perturbed of [0, 1]) {
          const text = sentenceOf(model, /** @type {StageName} */ (stage), { ...step, rejected, perturbed }, { down: 0.5, up: 0.25 });
          assert.match(text.replace(/\{(up|down)\|[^{}]+\}/g, 'push'), /^[^{}[\]|]+[.]$/, `${model.id}: ${template}`);
          assert.doesNotMatch(text, /undefined|NaN|\b1 [a-z]+s\b/, `${model.id}: ${template}`);
          filled++;
        }
      }
    }
  }
  assert.ok(filled > 100, String(filled));
  assert.equal(sentenceOf(card('x'), 'change', step, { down: 0.5, up: 0.25 }), 'The effect of the step: {down|down by up to 0.50}, {up|up by up to 0.25}. Along the thick line nothing changed.');
  const walk = { ...step, thrown: 0, ways: [[0, 0, 1, 1]] };
  assert.equal(sentenceOf(card('x'), 'walk', walk, { down: 1, up: 1 }), 'Each chain moves over the landscape, 1 step.');
});
