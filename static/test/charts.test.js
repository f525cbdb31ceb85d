import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Charts, bounds, runningMean } from '../js/charts.js';

/** Charts over a fake store, with what they did. @param {object} state */
function chartsOf(state) {
  /** @type {Map<string, (() => void)[]>} */
  const listeners = new Map();
  const store = {
    state, room: 'r', driving: true, frame: null, scene: { theme: 'light', scale: 1 },
    on(/** @type {string} */ part, /** @type {() => void} */ f) {
      listeners.set(part, [f]);
    },
  };
  const charts = new Charts(/** @type {any} */ (store), /** @type {any} */ ({ rewrites: 0 }));
  let restarts = 0;
  charts.restart = async () => void restarts++;
  const become = (/** @type {object} */ next) => {
    store.state = next;
    restarts = 0;
    listeners.get('state')?.forEach((f) => f());
    return restarts;
  };
  const load = () => void charts.charts.set('loss', /** @type {any} */ ({}));
  return { become, load };
}

const state = { model: 'cd', data: 'spiral', seed: 1, run: 1, step: 5, knobs: {} };

test('every run fetches its curves, also one of the same model, data and seed', () => {
  const { become, load } = chartsOf({ ...state, run: 1 });
  assert.equal(become({ ...state, run: 1 }), 0, 'before the library is loaded');
  load();
  assert.equal(become({ ...state, run: 1 }), 1, 'the first');
  assert.equal(become({ ...state, run: 1, step: 9 }), 0);
  assert.equal(become({ ...state, run: 2, step: 400 }), 1, 'a checkpoint');
  assert.equal(become({ ...state, run: 2, step: 3 }), 0, 'time may go back');
});

test('a curve with too few of the steps is fetched when the run rests', async () => {
  const store = { on() {}, driving: true, frame: null };
  /** @type {[number, number][]} */
  const all = Array.from({ length: 260 }, (_, step) => [step, step]);
  let asked = 0;
  const client = { query: async (/** @type {{chart:string}} */ { chart }) => ({ series: chart === 'loss' ? (asked++, [{ id: 'loss', data: all }]) : [] }) };
  const charts = new Charts(/** @type {any} */ (store), /** @type {any} */ ({ rewrites: 0, client }));
  charts.ready = true;
  const loss = charts.curves.get('loss');
  for (let step = 0; step < 260; step += 50) loss?.add(step, step);
  charts.complete();
  assert.equal(asked, 1);
  for (let i = 0; i < 5; i++) await Promise.resolve();
  await new Promise(setImmediate);
  assert.equal(loss?.points.length, 260);
  charts.complete();
  assert.equal(asked, 1, 'a curve of all steps is complete');
});

test('one outlier does not set the range, and the running mean is between its values', () => {
  const points = Array.from({ length: 200 }, (_, i) => /** @type {[number, number]} */ ([i, i === 100 ? 1e9 : Math.sin(i)]));
  const [lo, hi] = bounds(points);
  assert.ok(lo > -2 && hi < 2, `${lo} ${hi}`);
  assert.deepEqual(bounds([]), [0, 1]);
  assert.deepEqual(runningMean([[0, 4], [1, 2]]), [[0, 4], [1, 2]], 'a short curve is not smoothed');
});
