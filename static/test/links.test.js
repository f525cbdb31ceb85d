// Links: the moves of a run as text, and every parameter of the view.
import test from 'node:test';
import assert from 'node:assert/strict';
import { decode, encode, LONGEST_LINK, VERSION } from '../js/address.js';
import { LandscapeLink } from '../js/landscape-link.js';
import { decodeLog, encodeLog, opening } from '../js/run-log.js';
import { Store } from '../js/store.js';
import { applyView, changeView, configuration } from '../js/view.js';
import { catalog } from './catalog.js';

/** @type {import('../js/run-log.js').RunLog} */
const LOG = {
  knobs: { kick: 0.3, variant: 'lecture', jitter: false },
  log: [{ step: 0, set: { knob: 'kick', value: 0.1 } }, { step: 250, set: { knob: 'data.noise', value: 1e-3 } }, { step: 250, set: { knob: 'variant', value: 'é "x"' } }],
};

test('a log is read as it was written', async () => {
  for (const log of [LOG, { knobs: {}, log: [] }, { ...LOG, model: 'dae' }]) {
    const text = await encodeLog(log);
    assert.match(text, /^[\w-]+$/);
    assert.deepEqual(await decodeLog(text), log);
  }
  const one = { knobs: {}, log: [{ step: 100, set: { knob: 'kick', value: 0.5 } }] };
  assert.ok((await encodeLog(one)).length < 40, 'a move takes few characters');
});

test('a log that cannot be read is null, and the link opens with its present values', async () => {
  const text = await encodeLog(LOG);
  const bomb = await encodeLog({ knobs: { a: 'a'.repeat(100_000) }, log: [] });
  for (const wrong of ['', 'x', '####', text.slice(4), text.slice(0, -4), bomb]) assert.equal(await decodeLog(wrong), null, wrong);
  const config = { ...decode('#model=cd&step=9&k.kick=0.7'), log: 'x' };
  assert.deepEqual(await opening(config), { ...decode('#model=cd&step=9&k.kick=0.7') });
  const { knobs, log } = await opening({ ...config, log: text });
  assert.deepEqual({ knobs, log }, LOG);
});

test('a link has its log only with a step, and where it fits', () => {
  const config = decode(`#v=${VERSION}&model=cd&data=spiral&step=9&log=abc`);
  assert.equal(encode(config), `#v=${VERSION}&model=cd&data=spiral&step=9&log=abc`);
  assert.doesNotMatch(encode({ ...config, step: undefined }), /log=/);
  const rest = encode({ ...config, log: undefined }).length + '&log='.length;
  assert.equal(encode({ ...config, log: 'a'.repeat(LONGEST_LINK - rest) }).length, LONGEST_LINK);
  assert.doesNotMatch(encode({ ...config, log: 'a'.repeat(LONGEST_LINK - rest + 1) }), /log=/);
});

/** A store with the state of a room. */
function storeOf(state = {}) {
  const store = new Store();
  store.catalog = /** @type {any} */ (catalog);
  store.room = 'abc';
  store.state = /** @type {any} */ ({ model: 'cd', data: 'spiral', seed: 1, step: 9, playing: false, knobs: {}, grid: 128, fps: 30, speed: 0, pace: 'auto', run: 1, revision: 1, ...state });
  return store;
}
/** @param {Store} store */
const viewOf = (store) => {
  const { view, hide } = configuration(store, /** @type {any} */ (store.state), decode(''));
  return { view, hide };
};

/** Each parameter that the address has of the view, with what may stand there. */
const PARAMETERS = {
  show: ['labels', 'paths,down,field'], spacing: ['log', 'linear'], map: ['cividis', 'grey'], exact: ['1'], frozen: ['1'], as: ['3d'],
  range: ['data', 'plane', '-3,12.5', '0.001,0.002'], camera: ['-35,47,1', '120.5,12,3.25'], follow: ['0', '1'],
};

test('every parameter of the view is read as it was written', () => {
  for (const [name, values] of Object.entries(PARAMETERS)) {
    for (const value of values) {
      const store = storeOf();
      applyView(store, decode(`#view.${name}=${value}`));
      assert.deepEqual(viewOf(store), { view: { [name]: value }, hide: [] });
      applyView(store, decode(''));
      assert.deepEqual(viewOf(store), { view: {}, hide: [] }, `${name} stays`);
    }
  }
  const all = Object.entries(PARAMETERS).map(([name, [value]]) => `view.${name}=${value}`).sort().join('&');
  const store = storeOf();
  applyView(store, decode(`#${all}&hide=data,up`));
  assert.equal(encode({ ...viewOf(store), knobs: {} }), `#v=${VERSION}&${all}&hide=data,up`);
});

test('what the instruments show is written too', () => {
  const store = storeOf({ grid: 64, fps: 15, speed: 7, pace: 'set' });
  Object.assign(store.view, { tool: 'slice', at: [0.25, -1], lesson: '' });
  const { view } = configuration(store, /** @type {any} */ (store.state), decode(''), { on: ['ledger', 'slow'], compare: '1.difference' });
  assert.deepEqual(view, { tool: 'slice', at: '0.25,-1', on: 'ledger,slow', compare: '1.difference', grid: '64', fps: '15', speed: '7' });
});

test('what a parameter does not know is ignored', () => {
  const store = storeOf();
  applyView(store, decode('#view.spacing=x&view.map=x&view.exact=2&view.as=4d&view.range=3,1&view.camera=1,2&view.follow=x&view.other=1&view.show=x'));
  assert.deepEqual(viewOf(store), { view: {}, hide: [] });
  applyView(store, decode('#view.range=1,NaN&view.camera=1,2,x'));
  assert.deepEqual(viewOf(store), { view: {}, hide: [] });
});

test('a change of the view leaves the rest as it is', () => {
  const store = storeOf();
  applyView(store, decode('#view.spacing=log&view.show=labels&hide=up'));
  changeView(store, { as: '3d', show: 'paths,up', hide: 'labels' });
  assert.deepEqual(viewOf(store), { view: { spacing: 'log', as: '3d', show: 'paths' }, hide: [] });
});

/** A link to the landscape of a store, whose server answers with these openings by room. @param {Store} store @param {Record<string, any>} answers */
async function linkOf(store, answers) {
  Object.assign(globalThis, { location: { href: 'http://h/viz/#old' }, document: { querySelectorAll: () => [] } });
  const link = new LandscapeLink(store, /** @type {any} */ ({ query: async (/** @type {any} */ { opening: room }) => answers[room] }), decode(''));
  await link.update();
  return link;
}

test('a link has the moves of the run, those of its beginning by what differs from the defaults', async () => {
  const [knob] = catalog.models.find((/** @type {any} */ m) => m.id === 'cd').knobs;
  const log = [{ step: 3, set: { knob: 'kick', value: 0.5 } }];
  const link = await linkOf(storeOf(), { abc: { open: { model: 'cd', data: 'spiral', seed: 1, knobs: { [knob.name]: knob.default, 'data.n': 77 }, log } } });
  const { log: text = '' } = decode(new URL(link.address).hash);
  assert.deepEqual(await decodeLog(text), { knobs: { 'data.n': 77 }, log });
  assert.deepEqual(link.differences, []);
  assert.match(link.address, /^http:\/\/h\/viz\/#v=\d+&model=cd&data=spiral&step=9&log=/);
  assert.equal(link.room, 'http://h/viz/#room=abc');
});

test('a link that opens another landscape says what differs', async () => {
  const missing = await linkOf(storeOf(), { abc: { missing: 'the points were changed at step 40' } });
  assert.match(missing.differences.join(), /will differ: the points were changed at step 40\./);
  const log = Array.from({ length: 2000 }, (_, i) => ({ step: 7 * i, set: { knob: 'kick', value: Math.sin(i) } }));
  const long = await linkOf(storeOf(), { abc: { open: { model: 'cd', data: 'spiral', seed: 1, knobs: {}, log } } });
  assert.match(long.differences.join(), /^The 2000 knob moves of this run are too many for a link/);
  const none = { abc: { open: { model: 'cd', data: 'custom', seed: 1, knobs: {} } } };
  const own = storeOf({ data: 'custom', own: 'h.x' });
  own.userPoints = { id: 'h.x', y: [[1.5, -1.5]] };
  assert.deepEqual((await linkOf(own, none)).differences, []);
  own.userPoints.y = [[0.1, 0.2]];
  assert.match((await linkOf(own, none)).differences.join(), /rounds the coordinates/);
  own.userPoints.y = Array.from({ length: catalog.limits.linkPoints + 1 }, () => [1.5, 1.5]);
  assert.match((await linkOf(own, none)).differences.join(), /the name of your 1501 points/);
});

test('the moves of a copy are asked for as who may watch it', async () => {
  const store = storeOf();
  const move = { step: 3, set: { knob: 'kick', value: 0.5 } };
  const client = { query: async (/** @type {any} */ { opening: room }) => (room === 'copy' ? { open: { model: 'cd', data: 'spiral', seed: 1, knobs: {}, log: [move] } } : {}) };
  store.panes.add(/** @type {any} */ ({ client, data: { room: 'copy', state: { model: 'cd', run: 0, knobs: {} } } }));
  const link = await linkOf(store, { abc: { open: { model: 'cd', data: 'spiral', seed: 1, knobs: {} } } });
  assert.deepEqual(await decodeLog(link.shown.compare), { knobs: {}, log: [move], model: 'cd' });
});

test('the moves of another run are not written', async () => {
  const store = storeOf();
  const link = await linkOf(store, { abc: { open: { model: 'cd', data: 'spiral', seed: 1, knobs: {}, log: [{ step: 3, set: { knob: 'kick', value: 0.5 } }] } } });
  assert.match(link.address, /&log=/);
  store.state = /** @type {any} */ ({ ...store.state, run: 2 });
  assert.doesNotMatch(link.address, /&log=/);
});
