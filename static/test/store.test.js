// The store and its listeners.
import test from 'node:test';
import assert from 'node:assert/strict';
import { Resources } from '../js/resources.js';
import { safely } from '../js/safely.js';
import { Store } from '../js/store.js';

test('a listener that throws is reported once, and the others are called each time', (t) => {
  const reported = t.mock.method(console, 'error', () => {});
  const store = new Store();
  let calls = 0;
  store.on('state', () => { throw new Error('broken'); });
  store.on('state', () => calls++);
  for (let i = 0; i < 3; i++) {
    store.markChanged('state');
    store.flush();
  }
  assert.equal(calls, 3);
  assert.equal(reported.mock.callCount(), 1);
});

test('parts marked while listeners are called are reported by the next flush', () => {
  const store = new Store();
  let calls = 0;
  store.on('scene', () => {
    calls++;
    store.markChanged('scene');
  });
  store.markChanged('scene');
  store.flush();
  assert.equal(calls, 1);
  store.flush();
  assert.equal(calls, 2);
});

test('released resources leave no listener', () => {
  const store = new Store();
  const target = new EventTarget();
  let calls = 0;
  let deferred = 0;
  for (let i = 0; i < 50; i++) {
    const resources = new Resources();
    store.on('state', () => calls++, resources.signal);
    target.addEventListener('x', () => calls++, { signal: resources.signal });
    resources.defer(() => deferred++);
    resources.release();
  }
  store.markChanged('state');
  store.flush();
  target.dispatchEvent(new Event('x'));
  assert.equal(calls, 0);
  assert.equal(store.listeners, 0);
  assert.equal(deferred, 50);
});

test('safely passes values on', () => {
  /** @type {number[]} */
  const got = [];
  safely((/** @type {number} */ a, /** @type {number} */ b) => got.push(a, b), 1, 2);
  assert.deepEqual(got, [1, 2]);
});

test('marblePositions joins the marbles of all instruments', () => {
  const store = new Store();
  assert.equal(store.marblePositions.length, 0);
  const one = { count: 1, y: Float32Array.of(1, 2, 9, 9) };
  store.marbles.add(one);
  assert.deepEqual([...store.marblePositions], [1, 2]);
  store.marbles.add({ count: 2, y: Float32Array.of(3, 4, 5, 6) });
  assert.deepEqual([...store.marblePositions], [1, 2, 3, 4, 5, 6]);
});
