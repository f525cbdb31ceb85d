// Which piece of the museum is open, and that its address says so.
import test from 'node:test';
import assert from 'node:assert/strict';
import { isOpen, shownExhibit } from '../js/card.js';
import { decode, encode } from '../js/address.js';
import { Store } from '../js/store.js';
import { applyView, configuration } from '../js/view.js';

/** @import {Catalog, Exhibit, Knob, ModelCard, RoomState} from '../js/types.js' */

/** @param {string} name @param {Knob['kind']} kind @param {number|boolean|string} value @returns {Knob} */
const knob = (name, kind, value) => ({ name, kind, default: value, symbol: '', min: 0, max: 100, help: '', restart: false });
/** @param {string} id @param {Knob[]} knobs @returns {ModelCard} */
const method = (id, knobs) => ({ id, title: id, family: 'architectural', strategy: 'A1', summary: '', formulas: [], source: '', data: 'spiral', steps: 80, speed: 10, knobs, scalars: [], nats: false });

/** One that fails with a knob turned, and one that fails as it is. @type {Exhibit[]} */
const exhibits = [
  { id: 'few', title: 'Too few', diagnosis: '…', open: { model: 'kmeans', data: 'spiral', knobs: { k: 8 } }, cures: [{ remedy: 'more', open: { model: 'kmeans' } }, { remedy: 'many', open: { model: 'kmeans', knobs: { k: 64 } } }] },
  { id: 'ghost', title: 'A ghost', diagnosis: '…', open: { model: 'dae', seed: 1 }, cures: [{ remedy: 'little noise', open: { model: 'dae', data: 'moons', seed: 7, knobs: { sigma: 0.1, 'data.n': 50 } } }] },
];

/**
 * The page on a room.
 * @param {Partial<RoomState>} state
 * @param {string} [exhibit]
 */
function page(state, exhibit = '') {
  const store = new Store();
  const axes = /** @type {import('../js/types.js').Axes} */ ({ scale: [1, 1], offset: [0, 0] });
  const n = knob('n', 'int', 1000);
  store.catalog = {
    strategies: [], exhibits, limits: { box: 1.5, points: 20_000, linkPoints: 1500, gridMin: 16, gridMax: 512 }, links: { version: 2, former: [] },
    models: [method('kmeans', [knob('k', 'int', 32), knob('reseed', 'bool', true)]), method('dae', [knob('sigma', 'float', 0.15)])],
    datasets: ['spiral', 'moons'].map((id) => ({ id, title: id, knobs: [n], axes })),
  };
  /** @type {RoomState['knobs']} */
  const defaults = state.model === 'dae' ? { sigma: 0.15 } : { k: 32, reseed: true };
  store.state = {
    model: 'kmeans', data: 'spiral', seed: 1, step: 0, playing: true, grid: 128, fps: 30, speed: 10, pace: 'auto', generation: 1, run: 1, revision: 1,
    ...state, knobs: { ...defaults, 'data.n': 1000, ...state.knobs },
  };
  store.view.exhibit = exhibit;
  return store;
}

test('isOpen compares the method, the data, the seed and every knob', () => {
  const few = exhibits[0].open;
  assert.ok(isOpen(page({ knobs: { k: 8 } }), few));
  const others = /** @type {Partial<RoomState>[]} */ ([
    { knobs: { k: 9 } }, { knobs: { k: 8, reseed: false } }, { knobs: { k: 8, 'data.n': 50 } },
    { knobs: { k: 8 }, seed: 2 }, { knobs: { k: 8 }, data: 'moons' }, { model: 'dae' },
  ]);
  for (const state of others) assert.ok(!isOpen(page(state), few), JSON.stringify(state));
  assert.ok(!isOpen(new Store(), few), 'and not before there is a room');
});

test('what a configuration does not name is the method\'s own: its data, its defaults, seed 1', () => {
  assert.ok(isOpen(page({}), { model: 'kmeans' }));
  assert.ok(!isOpen(page({ data: 'moons' }), { model: 'kmeans' }));
  assert.ok(isOpen(page({ model: 'dae', data: 'moons', seed: 7, knobs: { sigma: 0.1, 'data.n': 50 } }), exhibits[1].cures?.[0].open ?? { model: '' }));
});

test('an exhibit with a changed knob is recognised however it was opened, and so is its cure', () => {
  assert.deepEqual(shownExhibit(page({ knobs: { k: 8 } })), { exhibit: exhibits[0] });
  assert.equal(shownExhibit(page({ knobs: { k: 64 } }))?.cure?.remedy, 'many');
  assert.equal(shownExhibit(page({ knobs: { k: 9 } })), null);
  assert.equal(shownExhibit(page({ knobs: { k: 9 } }, 'few')), null, 'and gone with the next knob');
});

test('an exhibit or a cure of the defaults is shown only if it was opened from the museum', () => {
  assert.equal(shownExhibit(page({ model: 'dae' })), null);
  assert.deepEqual(shownExhibit(page({ model: 'dae' }, 'ghost')), { exhibit: exhibits[1] });
  assert.equal(shownExhibit(page({})), null);
  assert.equal(shownExhibit(page({}, 'few'))?.cure?.remedy, 'more');
  assert.equal(shownExhibit(page({}, 'ghost')), null, 'it is the other piece that it cures');
});

test('the address has the exhibit that is open, and no other', () => {
  /** @param {Store} store */
  const address = (store) => store.state && encode(configuration(store, store.state, decode('')));
  const shared = address(page({ model: 'dae' }, 'ghost')) ?? '';
  assert.match(shared, /view\.exhibit=ghost/);
  assert.doesNotMatch(address(page({ model: 'dae' })) ?? '', /exhibit/);
  assert.doesNotMatch(address(page({ knobs: { k: 9 } }, 'few')) ?? '', /exhibit/);
  const other = page({ model: 'dae' });
  applyView(other, decode(shared));
  assert.equal(shownExhibit(other)?.exhibit.id, 'ghost');
});
