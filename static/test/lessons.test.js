// The prediction of a lesson's step, and how long a lesson takes.
import assert from 'node:assert/strict';
import test from 'node:test';
import { explanation, hold, isRight, shuffled } from '../js/lessons/question.js';
import { minutes, progress } from '../js/lessons/progress.js';

test('choices are shuffled: each comes first as often as any other', () => {
  const first = [0, 0, 0];
  for (let seed = 0; seed < 3000; seed++) {
    const order = shuffled(3, 'collapse.2', seed);
    assert.deepEqual([...order].sort(), [0, 1, 2]);
    first[order[0]]++;
  }
  for (const n of first) assert.ok(Math.abs(n - 1000) < 100, String(first));
});

test('the order differs between steps and stays the same for one', () => {
  const orders = Array.from({ length: 40 }, (_, n) => shuffled(4, `collapse.${n}`, 1).join(''));
  assert.ok(new Set(orders).size > 10);
  assert.deepEqual(shuffled(4, 'collapse.3', 1).join(''), orders[3]);
});

test('an answer is right, and explained', () => {
  const choice = { ask: '', choices: [{ text: 'a', why: 'not a' }, { text: 'b', right: true }] };
  assert.ok(!isRight(choice, 0));
  assert.ok(isRight(choice, 1));
  assert.equal(explanation(choice, 0), 'not a');
  assert.equal(explanation(choice, 1), '');
  /** @type {import('../js/types.js').Question} */
  const place = { ask: '', place: [[0, 0, 0.2], [1, 1, 0.1]], why: 'there' };
  assert.ok(isRight(place, [0.1, -0.1]));
  assert.ok(isRight(place, [1, 1.09]));
  assert.ok(!isRight(place, [0.2, 0.2]));
  assert.equal(explanation(place, [0, 0]), 'there');
});

test('numbers hold within their bounds', () => {
  const value = (/** @type {string} */ name) => ({ auc: 0.9, gap: NaN })[name] ?? 5;
  assert.ok(hold({ auc: { above: 0.8 }, loss: { above: 4, below: 6 } }, value));
  assert.ok(!hold({ auc: { above: 0.8 }, loss: { below: 5 } }, value));
  assert.ok(!hold({ gap: { below: 5 } }, value));
});

/** @param {number} words @param {number} steps @returns {import('../js/types.js').Lesson} */
const lesson = (words, steps) => ({
  id: 'x', title: 'X', about: '', steps: Array.from({ length: steps }, () => ({ title: 'T', say: 'word '.repeat(words), seen: '', open: { model: 'cd' } })),
});

test('a lesson takes a minute for each step, and the time to read it', () => {
  assert.equal(minutes(lesson(0, 1)), 1);
  assert.equal(minutes(lesson(149, 4)), 8);
});

test('where nothing is stored no step has been seen', () => {
  assert.deepEqual(progress(lesson(1, 3)), { seen: 0, next: 0 });
});

/** An element of a page without a browser. */
class FakeNode {
  /** @type {Record<string, string>} */
  dataset = {};
  hidden = false;
  scrollTo = () => {};
  prepend = () => {};
  append = () => {};
  replaceChildren = () => {};
  setAttribute = () => {};
  getAttribute = () => null;
  removeAttribute = () => {};
  toggleAttribute = () => {};
  addEventListener = () => {};
  querySelector = () => null;
  querySelectorAll = () => [];
}

/** A player on a page whose room holds a run, and what it sends to the room. */
async function played() {
  Object.assign(globalThis, {
    HTMLElement: FakeNode,
    document: { createElement: () => new FakeNode(), getElementById: () => new FakeNode(), querySelector: () => null, querySelectorAll: () => [], activeElement: null },
  });
  const { Player } = await import('../js/lessons/player.js');
  /** @type {any[]} */
  const sent = [];
  /** @type {string[]} */
  const changed = [];
  const state = { model: 'cd', data: 'moons', seed: 1, pace: 'set', speed: 120, playing: false, step: 0, knobs: {} };
  /** @type {any} */
  const store = {
    driving: true, state, frame: null, model: { steps: 800 }, panes: new Set(['A']), catalog: {},
    view: { lesson: '', compare: 'log' }, scene: { layers: {}, map: 'cividis', spacing: 'quantile', range: 'plane' },
    usualSpeed: () => (state.model === 'cd' ? 60 : 2), markChanged: (/** @type {string} */ part) => changed.push(part), scalar: () => NaN,
  };
  const commands = {
    opening: 0, rewrites: 0,
    open: (/** @type {any} */ config) => sent.push({ open: config }),
    view: (/** @type {any} */ view) => sent.push({ view }),
    act: (/** @type {string} */ what) => sent.push({ do: what }),
  };
  /** @type {any} */
  const place = { clear: () => {}, ask: () => {}, draw: () => {} };
  const player = new Player(/** @type {any} */ ({ store, commands }), place);
  /** @type {import('../js/types.js').Lesson} */
  const lesson = { id: 'x', title: ' ', about: '', steps: [{ title: '', say: '', seen: '', open: { model: 'kmeans', data: 'rings' }, stop: 8, view: { map: 'grey', range: '0,1' } }] };
  player.enter(lesson, 0);
  return { player, store, state, sent, changed };
}

test('a lesson ends Compare, and when it is left its run, speed and colours', async () => {
  const { player, store, state, sent, changed } = await played();
  assert.equal(store.view.compare, '');
  assert.ok(changed.includes('compare'));
  assert.equal(player.card.progress.textContent, 'Untitled · 1\u00a0of\u00a01');
  assert.equal(player.card.head.textContent, 'Untitled');
  assert.equal(store.scene.map, 'grey');
  Object.assign(state, { model: 'kmeans', data: 'rings' });
  store.frame = { step: 0, seq: 1 };
  player.follow();
  player.card.acts.predict(null);
  assert.deepEqual(sent.splice(0).slice(-2), [{ view: { speed: 1 } }, { do: 'play' }]);
  state.playing = true;
  player.leave();
  assert.deepEqual(sent, [{ do: 'pause' }, { view: { speed: 4 } }]); // twice the usual speed, as before
  assert.deepEqual([store.scene.map, store.scene.range], ['cividis', 'plane']);
});

test('a prediction on other data is about the run of the step', async () => {
  const { player, store, state, sent } = await played();
  Object.assign(state, { model: 'kmeans', data: 'rings' });
  store.frame = { step: 0, seq: 1 };
  player.follow();
  state.data = 'spiral';
  sent.length = 0;
  player.card.acts.predict(null);
  assert.equal(sent.length, 1);
  assert.deepEqual([sent[0].open?.data, sent[0].open?.step], ['rings', 0]);
});
