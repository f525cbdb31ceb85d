// A member of a class: the code, what the server sends, following, and the ways in and out of a copy.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readCode } from '../js/class/join.js';
import { Membership } from '../js/class/membership.js';
import { downhill, gridAnswer } from '../js/instruments/grid-answer.js';
import { Store } from '../js/store.js';
import { words } from '../js/strings.js';
import { followView, shownView } from '../js/view.js';

class Square {
  dataset = {};
}
globalThis.HTMLElement = /** @type {any} */ (Square);
globalThis.document = /** @type {any} */ ({ getElementById: () => new Square(), querySelectorAll: () => [] });

const BANNER = { here: 2, members: 2, lead: '', locked: false, lobby: false, names: false, paused: false, between: null, gathered: 0, class: 'home' };
const ME = { id: '01', name: 'Otter 7' };

/** @param {string} room @param {string} role */
const welcome = (room, role) => ({ welcome: { room, role, class: 'home', member: ME, catalog: new Store().catalog } });

/** A store of a member in the class's own room. */
function joined() {
  const store = new Store();
  store.receive(welcome('home', 'member'));
  store.receive({ banner: BANNER });
  return store;
}

/** @param {Partial<import('../js/class/class-data.js').Person>} [more] */
const own = (more) => ({ people: [{ ...ME, where: 'following', you: true, ...more }] });

test('a code is read as it was typed, and a sign that none has is named', () => {
  assert.deepEqual(readCode('k7m-x2q '), { code: 'K7MX2Q', wrong: '' });
  assert.match(readCode('K7MO2Q').wrong, /^No code has O: /);
  assert.match(readCode('k7m1').wrong, /^No code has 1: /);
  assert.match(readCode('K7!').wrong, /“!”/);
  assert.equal(readCode('K7MO2Q').code, 'K7MO2Q', 'nothing is guessed');
});

test('what the class sends outlasts the way into a fork and back, and ends with the class', () => {
  const store = joined();
  store.receive({ shown: { room: 'home', hide: ['up'] } });
  store.receive({ act: { id: 3, kind: 'pins', phase: 'open' } });
  store.receive(own());
  store.classroom.following = false;
  store.receive(welcome('fork', 'driver'));
  const { classroom } = store;
  assert.deepEqual([store.room, classroom.room, classroom.following, classroom.act?.id], ['fork', 'home', false, 3]);
  assert.deepEqual([store.driving, store.led, store.owns], [true, false, false]);
  store.receive({ act: null });
  assert.equal(classroom.act, null);
  store.receive({ welcome: { room: 'other', role: 'driver', catalog: store.catalog } });
  assert.deepEqual([classroom.room, classroom.me, classroom.shown, classroom.people], ['', null, null, []]);
});

test('a refusal is kept until the page is let in; other errors are none', () => {
  const store = joined();
  store.receive({ error: { code: 'limit', message: 'slower' } });
  assert.equal(store.classroom.refusal, null);
  store.receive({ error: { code: 'lobby', message: 'wait' } });
  assert.equal(store.classroom.refusal?.code, 'lobby');
  store.receive(welcome('home', 'member'));
  assert.equal(store.classroom.refusal, null);
});

test('with the class ends what it was asked', () => {
  const store = joined();
  store.receive({ act: { id: 3, kind: 'pins', phase: 'open' } });
  store.receive({ error: { code: 'removed', message: '' } });
  assert.equal(store.classroom.act?.id, 3);
  store.receive({ error: { code: 'ended', message: 'The class has ended.' } });
  assert.equal(store.classroom.act, null);
});

test('the chalk makes a member the driver of the class while it lasts', () => {
  const store = joined();
  assert.deepEqual([store.role, store.driving, store.led], ['member', false, true]);
  store.receive(own({ chalk: true }));
  assert.deepEqual([store.role, store.driving, store.led], ['chalk', true, false]);
  store.receive(own());
  assert.deepEqual([store.role, store.driving, store.led], ['member', false, true]);
  store.receive(welcome('fork', 'driver'));
  store.receive(own({ chalk: true }));
  assert.equal(store.role, 'driver', 'in a fork one is its driver');
});

test('the owner follows while a member has the chalk', () => {
  const store = new Store();
  store.receive({ welcome: { room: 'home', role: 'driver', class: 'home', catalog: store.catalog } });
  store.receive({ banner: { ...BANNER, lead: 'Otter 7' } });
  assert.deepEqual([store.led, store.owner, store.driving], [true, true, true]);
  store.receive({ banner: BANNER });
  assert.equal(store.led, false);
});

test('what the driver shows is seen; colours, type and theme stay', () => {
  const driver = new Store(), page = new Store();
  Object.assign(driver.scene, { map: 'grey', theme: 'light', range: [-1, 2], relief: true, camera: { azimuth: 10, elevation: 40, zoom: 2 }, spacing: 'log', exact: true });
  Object.assign(driver.scene.layers, { up: false, labels: true });
  Object.assign(driver.view, { tool: 'slice', at: [0.25, -0.5] });
  Object.assign(page.scene, { map: 'cividis', theme: 'dark', scale: 1.5 });
  followView(page, JSON.parse(JSON.stringify(shownView(driver))));
  const { map, theme, scale, ...scene } = page.scene;
  assert.deepEqual([map, theme, scale], ['cividis', 'dark', 1.5]);
  assert.deepEqual([scene.range, scene.relief, scene.camera, scene.spacing, scene.exact], [[-1, 2], true, driver.scene.camera, 'log', true]);
  assert.deepEqual(page.scene.layers, driver.scene.layers);
  assert.deepEqual([page.view.tool, page.view.at], ['slice', [0.25, -0.5]]);
  followView(page, shownView(new Store()));
  assert.deepEqual([page.scene.relief, page.scene.range, page.view.tool, page.view.at, page.scene.map], [false, '', 'ask', null, 'cividis']);
  followView(page, { view: { tool: 'draw', at: '0,0' } });
  assert.deepEqual([page.view.tool, page.view.at], ['ask', null], 'tools that change the run are not followed');
});

/** A member whose client notes what it is asked. @param {Store} store */
function member(store) {
  /** @type {any[]} */
  const log = [];
  const client = {
    command: async (/** @type {any} */ body) => (log.push(body), { forked: { room: 'fork', token: 't' } }),
    enter: (/** @type {any} */ key) => log.push(key),
  };
  const room = { keyOf: (/** @type {string} */ id) => ({ room: id, member: 'k' }) };
  const all = new Membership(/** @type {any} */ ({ store, client, room }), (text) => log.push(text));
  return { log, all };
}

test('a member detaches, forks the step on the screen, and returns to what is shown', async () => {
  const store = joined();
  const { all, log } = member(store);
  store.receive(own());
  all.update();
  assert.equal(all.place, 'following');
  all.detach();
  assert.deepEqual([all.place, log.splice(0)], ['detached', [{ people: { follow: false } }]]);
  store.frame = /** @type {any} */ ({ step: 240 });
  await all.fork();
  assert.deepEqual(log.splice(0), [{ fork: { step: 240 } }, { room: 'fork', member: 'k' }]);
  store.receive(welcome('fork', 'driver'));
  assert.equal(all.place, 'forked');
  store.receive({ shown: { room: 'another' } });
  all.back();
  assert.deepEqual(log.splice(0), [{ people: { follow: true } }, { room: 'another', member: 'k' }]);
  store.receive(welcome('home', 'member'));
  store.receive(own({ room: 'fork' }));
  assert.deepEqual([all.place, all.copy], ['following', 'fork']);
});

test('called back, a member returns with a sentence, once', () => {
  const store = joined();
  const { all, log } = member(store);
  store.receive({ banner: { ...BANNER, gathered: 4 } });
  store.receive(welcome('fork', 'driver'));
  store.classroom.following = false;
  all.update();
  assert.deepEqual(log, [], 'calls before one was there are over');
  store.receive({ banner: { ...BANNER, gathered: 5 } });
  all.update();
  assert.deepEqual(log.splice(0), [words.gathered, { people: { follow: true } }, { room: 'home', member: 'k' }]);
  all.update();
  assert.deepEqual(log, []);
});

test('a page that was loaded again follows, and says so', () => {
  const store = joined();
  const { all, log } = member(store);
  store.receive(own({ where: 'detached' }));
  all.update();
  all.update();
  assert.deepEqual(log, [{ people: { follow: true } }]);
});

test('the chalk calls a member out of the own copy', () => {
  const store = joined();
  const { all, log } = member(store);
  store.receive(welcome('fork', 'driver'));
  store.classroom.following = false;
  store.receive(own({ where: 'forked', room: 'fork', chalk: true }));
  all.update();
  assert.deepEqual(log.splice(0), [words.chalkGiven, { room: 'home', member: 'k' }]);
  store.receive(welcome('home', 'chalk'));
  all.update();
  assert.deepEqual([all.place, log.length], ['leading', 0]);
  store.receive(own());
  all.update();
  assert.deepEqual([all.place, log], ['following', [words.ledBack]]);
});

/** A frame of an energy. @param {(a:number, b:number) => number} energy @returns {any} */
function frameOf(energy, nx = 64) {
  const grid = Float32Array.from({ length: nx * nx }, (_, i) => energy(-1.5 + (3 * ((i % nx) + 0.5)) / nx, -1.5 + (3 * (Math.floor(i / nx) + 0.5)) / nx));
  return { nx, ny: nx, x0: -1.5, x1: 1.5, y0: -1.5, y1: 1.5, grid };
}

test('the picture answers as the model would: energy, slope, minima, path downhill', () => {
  const frame = frameOf((a, b) => (a * a - 0.49) ** 2 + (b - 0.2) ** 2);
  const answer = gridAnswer(frame, [0.3, -0.6]);
  assert.ok(Math.abs(answer.F - ((0.09 - 0.49) ** 2 + 0.64)) < 0.01);
  assert.ok(Math.abs(answer.grad[1] + 1.6) < 0.02, String(answer.grad));
  assert.deepEqual(answer.slice.minima.map((m) => Number(m.toFixed(1))), [0.2]);
  assert.deepEqual(answer.across.minima.map((m) => Number(m.toFixed(1))), [-0.7, 0.7]);
  const end = answer.path[answer.path.length - 1];
  assert.ok(Math.hypot(end[0] - 0.7, end[1] - 0.2) < 0.05, String(end));
  assert.ok(downhill(frameOf(() => 1), [0, 0]).length === 1, 'a plain has no way down');
});
