// What a class is asked: the numbers of the bars, what a pointer does, quotas, the questions of lessons,
// and one's own answer.
import assert from 'node:assert/strict';
import test from 'node:test';
import { OwnAnswer } from '../js/class/act-answer.js';
import { ClassMarbles } from '../js/class/act-marbles.js';
import { buttonsOf, mainOf } from '../js/class/act-owner.js';
import { centredChange, changed, hits, limitOf, modeOf, orderIn, revealOf, rose, startOf, stepsOn, tally, withPin, withoutLastStroke } from '../js/class/act-state.js';
import { RequestError } from '../js/request.js';

/** @typedef {import('../js/class/class-data.js').Act} Act */
/** @typedef {import('../js/class/class-data.js').Point} Point */

/** @param {Partial<Act>} [act] @returns {Act} */
const act = (act) => ({ id: 1, kind: 'question', phase: 'open', text: '', answered: 0, here: 0, ...act });

test('bars have the shares of those who answered, and of the first vote', () => {
  assert.equal(tally(act({ choices: ['a', 'b'] })), null);
  const rows = tally(act({ choices: ['a', 'b', 'c'], counts: [3, 1, 0], earlier: [1, 0, 1] }));
  assert.deepEqual(rows?.map(({ n, share }) => [n, share]), [[3, 0.75], [1, 0.25], [0, 0]]);
  assert.deepEqual(rows?.map(({ before }) => before?.share), [0.5, 0, 0.5]);
  assert.deepEqual(tally(act({ choices: ['a'], counts: [0] }))?.[0].share, 0); // nobody has answered
});

test('what a pointer does depends on the act, its phase, and who looks', () => {
  assert.equal(modeOf(null, 'member'), null);
  assert.equal(modeOf(act({ choices: ['a', 'b'] }), 'member'), null);
  assert.equal(modeOf(act({ place: true }), 'member'), 'place');
  assert.equal(modeOf(act({ kind: 'pins' }), 'member'), 'pins');
  assert.equal(modeOf(act({ kind: 'pins' }), 'owner'), null);
  assert.equal(modeOf(act({ kind: 'drawing' }), 'owner'), 'drawing');
  assert.equal(modeOf(act({ place: true }), 'owner'), null);
  assert.equal(modeOf(act({ place: true, phase: 'closed' }), 'owner'), 'place', 'the owner marks the right place');
  assert.equal(modeOf(act({ place: true, phase: 'closed' }), 'member'), null);
  for (const kind of /** @type {const} */ (['pins', 'drawing', 'marbles'])) {
    assert.equal(modeOf(act({ kind, phase: 'closed' }), 'member'), null);
    assert.equal(modeOf(act({ kind }), 'watcher'), null);
  }
});

test('the buttons of the owner follow the phases', () => {
  const at = { lesson: false, step: 10 };
  assert.equal(buttonsOf(act(), at)[0], 'actClose');
  assert.ok(!buttonsOf(act(), at).includes('actReveal'), 'nothing shows before its time');
  assert.equal(mainOf(buttonsOf(act({ phase: 'closed' }), at)), 'actReveal');
  assert.equal(mainOf(buttonsOf(act({ phase: 'closed' }), { lesson: true, step: 0 })), 'actPlayOn');
  assert.equal(mainOf(buttonsOf(act({ phase: 'revealed' }), at)), undefined);
  // Pins are judged by the run's future: there must be some.
  assert.equal(mainOf(buttonsOf(act({ kind: 'pins', phase: 'closed', from: 10 }), at)), 'actPlayOn');
  assert.equal(mainOf(buttonsOf(act({ kind: 'pins', phase: 'closed', from: 5 }), at)), 'actRevealPins');
  assert.ok(buttonsOf(act({ kind: 'drawing', phase: 'closed' }), at).includes('actThaw'));
});

test('a second click meets neither the result nor the end', () => {
  for (const kind of /** @type {const} */ (['question', 'pins', 'drawing', 'marbles'])) {
    for (const phase of /** @type {const} */ (['open', 'closed', 'revealed'])) {
      const buttons = buttonsOf(act({ kind, phase, from: 5 }), { lesson: false, step: 10 });
      assert.equal(buttons.at(-1), 'actEnd', `${kind} ${phase}`);
      assert.ok(!['actReveal', 'actRevealPins', 'actEnd'].includes(buttons[0]) || buttons.length === 1, `${kind} ${phase}: ${buttons}`);
    }
  }
});

test('a pin is set, removed by a tap on it, and replaces the oldest beyond the limit', () => {
  /** @type {Point[]} */
  let pins = [];
  for (const y of /** @type {Point[]} */ ([[0, 0], [1, 1], [-1, 0]])) pins = withPin(pins, y, 3, 0.1);
  assert.equal(pins.length, 3);
  assert.deepEqual(withPin(pins, [1.05, 1], 3, 0.1), [[0, 0], [-1, 0]]);
  assert.deepEqual(withPin(pins, [0.5, 0.5], 3, 0.1), [[1, 1], [-1, 0], [0.5, 0.5]]);
  assert.equal(limitOf(act({ kind: 'marbles' })), 5);
  assert.equal(limitOf(act({ kind: 'pins', limit: 1 })), 1);
});

test('undo removes the last stroke of one’s own', () => {
  const drawn = { points: /** @type {Point[]} */ ([[0, 0], [0, 1], [1, 1]]), strokes: [1, 2] };
  assert.deepEqual(withoutLastStroke(drawn), { points: [[0, 0]], strokes: [1] });
  assert.deepEqual(withoutLastStroke(withoutLastStroke(drawn)), { points: [], strokes: [] });
  assert.deepEqual(withoutLastStroke({}), { points: [], strokes: [] });
});

test('pins are right where the energy rose more than on average', () => {
  const plane = { nx: 2, ny: 2, x0: 0, x1: 2, y0: 0, y1: 2 };
  const change = centredChange(Float32Array.of(0, 0, 0, 0), Float32Array.of(1, 2, 3, 6));
  assert.deepEqual([...change], [-2, -1, 0, 3]);
  assert.ok(rose(change, plane, [1.5, 1.5]));
  assert.ok(!rose(change, plane, [0.5, 1.5])); // as the average
  assert.ok(!rose(change, plane, [1.5, 0.5]));
  assert.ok(rose(change, plane, [2, 2]), 'the edge belongs to the last cell');
  assert.deepEqual(hits({ points: [[0, 0], [1, 1], [2, 2]], share: 2 / 3 }), { hit: 2, of: 3 });
  assert.equal(hits({ points: [[0, 0]] }), null);
  assert.equal(hits(undefined), null);
});

test('steps to play on are a tenth of the run, rounded', () => {
  assert.deepEqual([800, 2000, 12500, 4, 0].map(stepsOn), [80, 200, 1000, 1, 1]);
});

test('a question of a lesson is known again, in whatever order its choices are', () => {
  const question = { ask: 'Which?', choices: [{ text: 'a', why: 'no' }, { text: 'b', right: true, why: 'yes' }, { text: 'c' }] };
  const order = [2, 0, 1];
  const asked = act(/** @type {Partial<Act>} */ (startOf(question, order)));
  assert.deepEqual(asked.choices, ['c', 'a', 'b']);
  assert.deepEqual(orderIn(question, asked), order);
  assert.equal(orderIn(question, act({ ...asked, text: 'Another?' })), null);
  assert.equal(orderIn(question, act({ ...asked, choices: ['c', 'a'] })), null);
  assert.equal(orderIn(question, null), null);
  assert.deepEqual(revealOf(question, order), { right: [2], why: ['', 'no', 'yes'] });
  /** @type {import('../js/types.js').Question} */
  const place = { ask: 'Where?', place: [[0, 0, 0.2]], why: 'there' };
  assert.deepEqual(startOf(place, []), { kind: 'question', text: 'Where?', place: true });
  assert.deepEqual(orderIn(place, act({ text: 'Where?', place: true })), []);
  assert.deepEqual(revealOf(place, []), { circles: [[0, 0, 0.2]], why: ['there'] });
});

test('marbles that are there roll on; others come and go', () => {
  assert.deepEqual(changed([[0, 0], [1, 1], [0, 0]], [[0, 0], [2, 2]]), { gone: [1, 2], added: [[2, 2]] });
  const all = new ClassMarbles();
  all.follow([[0, 0], [1, 1]], [[1, 1]]);
  assert.equal(all.count, 2);
  assert.deepEqual([...all.own.slice(0, 2)], [0, 1]);
  all.marbles.y[2] = 0.5; // it has rolled
  assert.ok(!all.follow([[1, 1], [0, 0]], [[1, 1]]), 'the order tells nothing');
  all.follow([[1, 1]], [[1, 1]]);
  assert.deepEqual([all.count, all.y[0], all.own[0]], [1, 0.5, 1]);
});

/** A page's store and client, as far as an answer needs them. */
function page() {
  const store = /** @type {any} */ ({ connection: { now: 'open' }, classroom: { act: act({ kind: 'pins' }) } });
  /** @type {Record<string, any>[]} */
  const sent = [];
  /** @type {Error|null} */
  let failure = null;
  const client = { command: async (/** @type {Record<string, any>} */ m) => {
    if (failure) throw failure;
    sent.push(m.act.answer);
    return {};
  } };
  const answer = new OwnAnswer(store, client, () => {});
  answer.follow();
  return { store, sent, answer, fail: (/** @type {Error|null} */ e) => (failure = e) };
}

/** @param {() => boolean} holds */
async function until(holds) {
  for (const end = Date.now() + 5000; !holds();) {
    assert.ok(Date.now() < end, 'it still does not hold');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('of several answers the newest is sent, as a whole', async () => {
  const { answer, sent } = page();
  answer.set({ points: [[0, 0]] });
  answer.set({ points: [[0, 0], [1, 1]] });
  await until(() => answer.sent);
  assert.deepEqual(sent, [{ act: 1, points: [[0, 0], [1, 1]] }]);
  answer.set({ points: [] });
  await until(() => answer.sent);
  assert.deepEqual(sent[1], { act: 1 }, 'an empty answer withdraws it');
});

test('an answer that was not sent is sent when the connection is back', async () => {
  const { answer, sent, store, fail } = page();
  fail(new RequestError('offline', ''));
  store.connection.now = 'lost';
  answer.set({ points: [[0, 0]] });
  await new Promise((resolve) => setImmediate(resolve));
  answer.follow(); // the act as the server has it, without the answer
  assert.deepEqual(answer.value.points, [[0, 0]]);
  await until(() => !answer.busy);
  fail(null);
  store.connection.now = 'open';
  answer.connected();
  await until(() => answer.sent);
  assert.deepEqual(sent, [{ act: 1, points: [[0, 0]] }]);
});

test('after a reload the answer is what the server has; another act begins without one', () => {
  const { answer, store } = page();
  store.classroom.act = act({ id: 2, kind: 'pins', mine: { points: [[1, 0]] } });
  answer.follow();
  assert.deepEqual(answer.value.points, [[1, 0]]);
  store.classroom.act = act({ id: 3, kind: 'pins' });
  answer.follow();
  assert.deepEqual(answer.value, {});
});
