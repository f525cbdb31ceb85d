import assert from 'node:assert/strict';
import test from 'node:test';
import { History } from '../js/instruments/history.js';

const setting = (knobs = {}, more = {}) => ({ model: 'cd', data: 'spiral', seed: 1, knobs: { lr: 1, chain: 1, ...knobs }, ...more });

test('a change is undone and redone', () => {
  const h = new History();
  h.record(setting(), 0);
  assert.equal(h.before, false);
  h.record(setting({ lr: 2 }), 5000);
  h.record(setting({ lr: 2 }, { data: 'moons' }), 9000);
  assert.equal(h.go(-1).data, 'spiral');
  assert.equal(h.go(-1).knobs.lr, 1);
  assert.equal(h.go(-1), undefined);
  assert.equal(h.go(1).knobs.lr, 2);
  assert.equal(h.after, true);
});

test('a drag is one change, and another knob another', () => {
  const h = new History();
  h.record(setting(), 0);
  for (let t = 0; t < 10; t++) h.record(setting({ lr: 2 + t }), 1000 + 100 * t);
  h.record(setting({ lr: 11, chain: 5 }), 2100);
  assert.equal(h.go(-1).knobs.lr, 11);
  assert.equal(h.go(-1).knobs.lr, 1);
  assert.equal(h.before, false);
});

test('a new change discards what could be redone; the same setting is no change', () => {
  const h = new History();
  h.record(setting(), 0);
  h.record(setting({ lr: 2 }), 5000);
  h.go(-1);
  h.record(setting(), 6000);
  assert.equal(h.after, true);
  h.record(setting({ lr: 3 }), 7000);
  assert.equal(h.after, false);
  assert.equal(h.settings.length, 2);
});

test('a knob moved right after undo is a change of its own', () => {
  const h = new History();
  h.record(setting(), 0);
  h.record(setting({ lr: 2 }), 100);
  h.go(-1);
  h.record(setting({ lr: 3 }), 200);
  assert.equal(h.go(-1).knobs.lr, 1);
});
