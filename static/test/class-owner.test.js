// The owner's side of a class: what is listed, ordered, typed and sent.
import assert from 'node:assert/strict';
import test from 'node:test';

/** @typedef {import('../js/class/class-data.js').Person} Person */

/** @param {string} name @param {Partial<Person>} [more] @returns {Person} */
const person = (name, more) => ({ id: name, name, where: 'following', ...more });
const people = [person('Otter 10'), person('Otter 9'), person('Ape 3', { where: 'away' }), person('Toad 1', { chalk: true }), person('Wren 2', { where: 'lobby' }), person('Lynx 4', { where: 'forked', room: 'f' })];

/** Modules that build elements need a document while they are loaded. */
Object.assign(globalThis, {
  document: { documentElement: { hasAttribute: () => false, toggleAttribute() {}, dataset: {} }, addEventListener() {} },
  matchMedia: () => ({ matches: false, addEventListener() {} }), location: { hash: '' },
});

test('members are counted by place, and listed: who waits, who leads, then by name and number, who is away last', async () => {
  const { counts, listed } = await import('../js/class/people.js');
  assert.deepEqual(counts(people), { lobby: 1, following: 3, detached: 0, forked: 1, away: 1 });
  const names = (/** @type {Person[]} */ all) => all.map(({ name }) => name);
  assert.deepEqual(names(listed(people)), ['Wren 2', 'Toad 1', 'Lynx 4', 'Otter 9', 'Otter 10', 'Ape 3']);
  assert.deepEqual(names(listed(people, { text: ' oTT ' })), ['Otter 9', 'Otter 10']);
  assert.deepEqual(names(listed(people, { where: 'forked' })), ['Lynx 4']);
});

test('forks are ordered by name, measure, step, or whether they play', async () => {
  const { ordered } = await import('../js/class/board.js');
  const picture = (/** @type {number} */ step, /** @type {number} */ measure, /** @type {number} */ status) => ({ index: 1, step, measure, status, nx: 0, ny: 0, lo: 0, hi: 1, cells: new Uint8Array(0) });
  const forks = [{ person: person('Otter 10'), picture: picture(5, 0.7, 1) }, { person: person('Otter 9'), picture: picture(9, -1, 0) }, { person: person('Ape 3'), picture: null }];
  const by = (/** @type {'name'|'measure'|'step'|'status'} */ order) => ordered(forks, order).map((f) => f.person.name);
  assert.deepEqual(by('name'), ['Ape 3', 'Otter 9', 'Otter 10']);
  assert.deepEqual(by('measure'), ['Otter 10', 'Ape 3', 'Otter 9']);
  assert.deepEqual(by('step'), ['Otter 9', 'Otter 10', 'Ape 3']);
  assert.deepEqual(by('status'), ['Otter 10', 'Ape 3', 'Otter 9']);
});

test('an address is written as it is typed, and a code in two groups', async () => {
  const { grouped, typed } = await import('../js/class/letting-in.js');
  assert.equal(typed('http://192.168.1.5:8080/'), '192.168.1.5:8080');
  assert.equal(typed('http://10.0.0.2/viz/'), '10.0.0.2/viz');
  assert.equal(typed('https://ebm.example.org/'), 'https://ebm.example.org');
  assert.equal(typed('http://[fd00::5]:8080/'), '[fd00::5]:8080');
  assert.deepEqual(grouped('K7MX2Q'), ['K7M', 'X2Q']);
});
