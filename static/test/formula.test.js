// How formulas are cut into clauses.
import test from 'node:test';
import assert from 'node:assert/strict';
import { clauses } from '../js/formula.js';

test('a formula is cut where a quad parts its clauses', () => {
  assert.deepEqual(clauses('y=x+n,\\quad n\\sim\\mathcal N(0,1),\\;s=1'), ['y=x+n,', 'n\\sim\\mathcal N(0,1),\\;s=1']);
  assert.deepEqual(clauses('a\\qquad b\\quad c'), ['a', 'b', 'c']);
  assert.deepEqual(clauses('F(y)=1'), ['F(y)=1']);
});

test('never within a group, and nothing is lost', () => {
  for (const whole of ['\\down{a\\quad b}', '\\left(a\\quad b\\right)', '\\begin{cases}a\\quad b\\end{cases}', '\\quadrant', 'P=\\{v:\\ |v|\\le 1\\}', '\\leftarrow a']) {
    assert.deepEqual(clauses(whole), [whole], whole);
  }
  assert.deepEqual(clauses('\\Bigl\\{a\\quad b\\Bigr\\}'), ['\\Bigl\\{a', 'b\\Bigr\\}'], 'sizes are no groups: either part can be set');
  assert.deepEqual(clauses('z\\leftarrow a\\\\ b,\\quad c'), ['z\\leftarrow a\\\\ b,', 'c']);
});
