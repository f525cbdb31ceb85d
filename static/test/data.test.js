// Points of one's own: the code of a link, tables, and the brush.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import vm from 'node:vm';
import { Brush } from '../js/data/brush.js';
import { asText, encode as encodeIn, rounded } from '../js/data/link-code.js';
import { bestFit, layOut as layOutIn, readTable } from '../js/data/table.js';

/** Papa Parse as the page has it. */
vm.runInThisContext(readFileSync(new URL('../vendor/papaparse/papaparse.min.js', import.meta.url), 'utf8'));
const { parse } = /** @type {any} */ (globalThis).Papa;
const LIMITS = { box: 1.5, points: 20_000, linkPoints: 1500 };
/** @param {[number, number][]} points */
const encode = (points) => encodeIn(points, LIMITS.box);
/** @type {(...columns:any[]) => ReturnType<typeof layOutIn>} */
const layOut = (a, b, how) => layOutIn(a, b, how, LIMITS);
/** @param {string} text */
const table = (text) => readTable(text, parse, LIMITS.points);
/** @param {string} text */
const columns = (text) => table(text).map(({ name, values }) => [name, values]);

test('a code has the letters that sim/wire/points.go reads', () => {
  assert.equal(encode([[-1.5, -1.5], [1.5, 1.5]]), 'p.AAAA____');
  assert.equal(encode([[-9, 9]]), 'p.AA__'); // what lies outside lies at the edge
  assert.equal(encode([]), 'p.');
});

test('a rounded point is where its code says, and stays', () => {
  for (const y of /** @type {[number, number][]} */ ([[0, 0], [0.123456, -1.4999], [1.5, -1.5]])) {
    const at = rounded(y, LIMITS.box);
    assert.ok(Math.hypot(at[0] - y[0], at[1] - y[1]) < 0.0006);
    assert.deepEqual(rounded(at, LIMITS.box), at);
    assert.equal(encode([at]), encode([y]));
  }
});

test('few points are in the address, many are named', () => {
  const few = { id: 'h.x', y: /** @type {[number, number][]} */ ([[0, 0]]) };
  assert.match(asText(few, 'h.x', LIMITS) ?? '', /^p\./);
  assert.equal(asText(few, 'h.other', LIMITS), 'h.other');
  assert.equal(asText(few, undefined, LIMITS), undefined);
  assert.equal(asText({ id: 'h.x', y: new Array(1501).fill([0, 0]) }, 'h.x', LIMITS), 'h.x');
});

test('readTable reads the usual kinds of tables', () => {
  const want = [['a', [1, 3]], ['b', [2.5, -4]]];
  for (const text of ['a,b\n1,2.5\n3,-4\n', 'a\tb\n1\t2.5\n3\t-4', 'a;b\n1;2,5\n3;-4', 'a, b\r\n1, 2.5\r\n\r\n3, -4', '"a","b"\n"1","2.5"\n3,-4', '[{"a":1,"b":2.5},{"a":3,"b":-4}]', '\ufeffa,b\n1,2.5\n3,-4']) {
    assert.deepEqual(columns(text), want, text);
  }
  assert.deepEqual(columns('[[1,2],[3,4]]'), [['column 1', [1, 3]], ['column 2', [2, 4]]]);
  assert.deepEqual(columns('1 2\n3 4'.replaceAll(' ', '\t')), [['column 1', [1, 3]], ['column 2', [2, 4]]]);
  const mixed = table('who,x,y\nann,1,2\nbob,3,\nNaN,oops,6\n');
  assert.deepEqual(mixed.map(({ name, numbers }) => [name, numbers]), [['x', 2], ['y', 2]]);
  assert.deepEqual(layOut(mixed[0], mixed[0], 'as-is').left, 1);
});

test('readTable rejects what is no table with a sentence', () => {
  for (const [text, want] of /** @type {[string, RegExp][]} */ ([
    ['', /no number/], ['hello\nworld\n', /two columns/], ['name,age\nann,young\n', /two columns of numbers; this table has none/],
    ['x\n1\n2\n', /has one/], ['[[1,2],', /begins like JSON/], ['[]', /no number/], ['[null]', /two columns/], ['NaN,NaN\nNaN,Infinity\n', /two columns/],
    ['<b>,<i>\n<script>,2', /two columns/],
    ['1,2\n'.repeat(100_000), /more than 20000 rows; 20000 points are allowed/],
  ])) assert.throws(() => table(text), want, text.slice(0, 40));
});

test('layOut rejects points that no model can learn from with a sentence', () => {
  const of = (/** @type {string} */ text) => { const [a, b] = table(text); return () => layOut(a, b, 'each'); };
  assert.throws(of('1,2\n'), /Only one row has/);
  assert.throws(of('1,2\n1,2\n1,2\n'), /All 3 points lie in the same place/);
  assert.throws(of('1,x\nx,2\n'), /No row has/);
});

test('columns are laid out to fit', () => {
  const [a, b] = table('x,y\n100,0.1\n300,0.3\n200,0.2\n');
  const each = layOut(a, b, 'each');
  assert.deepEqual(each.points.map((y) => y.map((v) => +v.toFixed(2) + 0)), [[-1.35, -1.35], [1.35, 1.35], [0, 0]]);
  assert.ok(Math.abs((300 - each.middle[0]) / each.scale[0] - 1.35) < 1e-9);
  assert.equal(bestFit(a, b, LIMITS.box), 'each');
  const same = layOut(a, b, 'same');
  assert.deepEqual(same.points.map((y) => y.map((v) => +v.toFixed(2) + 0)), [[-1.35, 0], [1.35, 0], [0, 0]]);
  const [c, d] = table('-1,0.5\n1,1.25\n');
  assert.equal(bestFit(c, d, LIMITS.box), 'as-is');
  assert.ok(Math.abs(layOut(c, d, 'as-is').points[1][1] - 1.25) < 0.0006);
  assert.throws(() => layOut(...table('5,5\n6,6\n7,7'), 'as-is'), /same place/); // all at the corner
});

test('a brush lays points along its path, evenly and near it', () => {
  const brush = new Brush(() => LIMITS, () => 0.5);
  brush.down([-1, 0], 'brush', 0.1);
  for (let x = -1; x <= 1; x += 0.13) brush.move([x, 0], 'brush', 0.1);
  assert.ok(brush.points.length > 80 && brush.points.length < 105, String(brush.points.length));
  for (const [, y2] of brush.points) assert.ok(Math.abs(y2) < 0.1);
});

test('an eraser removes what lies under its path, a spray goes on while it is held', () => {
  const brush = new Brush(() => LIMITS);
  brush.outliers(2000);
  brush.down([-1.5, 0], 'eraser', 0.2);
  brush.move([1.5, 0], 'eraser', 0.2);
  assert.ok(brush.points.length > 1000 && brush.points.every(([, y2]) => Math.abs(y2) > 0.19));
  const before = brush.points.length;
  brush.down([0, 0], 'spray', 0.3);
  for (let i = 0; i < 10; i++) brush.hold('spray', 0.3, 0.05);
  const sprayed = brush.points.slice(before);
  assert.ok(sprayed.length > 100 && sprayed.length < 140, String(sprayed.length));
  assert.ok(sprayed.every(([a, b]) => Math.hypot(a, b) <= 0.3));
});

test('there are never more points than can be learned from', () => {
  const brush = new Brush(() => LIMITS);
  brush.outliers(30_000);
  assert.equal(brush.points.length, LIMITS.points);
});
