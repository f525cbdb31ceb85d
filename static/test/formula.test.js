// How formulas are cut into clauses, and get the values of knobs.
import test from 'node:test';
import assert from 'node:assert/strict';
import { clauses, withValues } from '../js/formula.js';

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

test('two signs never meet: after an operator a negative value is in parentheses', () => {
  const written = (/** @type {string} */ name) => ({ m: '-0.5', c: '−940.5', s: '-1.5e−4', p: '2', w: 'k-means' })[name] ?? '';
  /** @type {[string, string][]} */
  const cases = [
    ['y-\\knob{m}', 'y-\\htmlClass{live}{(-0.5)}'],
    ['(y_1 -\\, \\knob{c})/\\knob{m}', '(y_1 -\\, \\htmlClass{live}{(-940.5)})/\\htmlClass{live}{(-0.5)}'],
    ['a+\\knob{s}', 'a+\\htmlClass{live}{(-1.5{\\times}10^{-4})}'],
    ['2\\cdot\\knob{m}', '2\\cdot\\htmlClass{live}{(-0.5)}'],
    ['e^{-\\knob{m}E}', 'e^{-\\htmlClass{live}{(-0.5)}E}'],
    ['b=\\knob{m}', 'b=\\htmlClass{live}{-0.5}'],
    ['y-\\knob{p}', 'y-\\htmlClass{live}{2}'],
    ['y-\\knob{w}', 'y-\\htmlClass{live}{\\text{k-means}}'],
  ];
  for (const [tex, want] of cases) assert.equal(withValues(tex, written), want);
});
