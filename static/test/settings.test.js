// What is stored in the browser.
import assert from 'node:assert/strict';
import test from 'node:test';
import { store, stored } from '../js/settings.js';

test('a setting is stored under the name of the program', () => {
  /** @type {Map<string, string>} */
  const items = new Map();
  const storage = /** @type {Storage} */ (/** @type {unknown} */ ({
    getItem: (/** @type {string} */ name) => items.get(name) ?? null,
    setItem: (/** @type {string} */ name, /** @type {string} */ text) => items.set(name, text),
  }));
  store('theme', 'dark', () => storage);
  assert.deepEqual([...items], [['ebmviz.theme', 'dark']]);
  assert.equal(stored('theme', () => storage), 'dark');
  assert.equal(stored('other', () => storage), null);
});

test('where storage is forbidden nothing throws', () => {
  const forbidden = () => {
    throw new Error('SecurityError');
  };
  store('theme', 'dark', forbidden);
  assert.equal(stored('theme', forbidden), null);
});
