// Points of one's own: the code of a link, tables, and the brush.
import test from 'node:test';
import assert from 'node:assert/strict';
import { Brush } from '../js/data/brush.js';
import { NO_GROUP } from '../js/landscape/groups.js';
import { asText, encode as encodeIn, rounded } from '../js/data/link-code.js';
import { Choices, clickedColumns, numeric, query } from '../js/data/table.js';

const LIMITS = { box: 1.5, points: 20_000, linkPoints: 1500 };
/** @param {[number, number][]} points */
const encode = (points) => encodeIn(points, LIMITS.box);

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

/** @param {string} name @param {object} [more] */
const column = (name, more) => ({ name, kind: /** @type {const} */ ('number'), numbers: 3, min: 0, max: 1, unit: '', named: true, ...more });
/** @param {Partial<import('../js/data/table.js').Table>} [more] @returns {import('../js/data/table.js').Table} */
const table = (more) => ({
  format: 'delimited', encoding: 'UTF-8', separator: ',', decimal: '.', header: true, columns: ['a', 'b', 'c'].map((name) => column(name)), x: 0, y: 1, label: -1,
  rows: 3, leftOut: { count: 0, first: null }, suspects: null, groups: null, preview: null, warnings: null, ...more,
});

test('what is not chosen is not asked', () => {
  assert.equal(query('', new Choices(), null), '');
  assert.equal(query('a b.csv', Object.assign(new Choices(), { separator: '\t', header: 'no', clip: true, fit: 'each' }), null), 'name=a+b.csv&separator=%09&header=no&clip=on&fit=each');
});

test('columns are asked by number, by name where a number is the name of another', () => {
  const choices = Object.assign(new Choices(), { x: 1, y: 2, label: 0, group: 'a=b', missing: ['-200', '9999'] });
  assert.equal(query('', choices, table()), 'x=2&y=3&label=1&where=1%3Da%3Db&missing=-200&missing=9999');
  const years = table({ columns: ['0', '1', '2'].map((name) => column(name)) });
  assert.equal(query('', Object.assign(new Choices(), { x: 0, y: 1 }), years), 'x=0&y=1'); // column 1 has the name 0
  assert.equal(query('', Object.assign(new Choices(), { label: -1 }), years), 'label=none');
  assert.equal(query('', Object.assign(new Choices(), { group: 'dino' }), table({ label: 2 })), 'where=3%3Ddino');
});

test('the last two columns that were clicked are chosen, in that order', () => {
  /** From columns 0 and 1 to any two, in at most two clicks. @param {number} x @param {number} y */
  const clicks = (x, y) => {
    let at = table();
    for (let n = 0; ; n++) {
      if (at.x === x && at.y === y) return n;
      const { x: a, y: b } = clickedColumns(at, n === 0 && at.y !== x ? x : y);
      at = table({ x: a, y: b ?? -1 });
      if (n > 3) return Infinity;
    }
  };
  for (let x = 0; x < 4; x++) for (let y = 0; y < 4; y++) if (x !== y) assert.ok(clicks(x, y) <= 2, `${x} ${y}`);
  assert.deepEqual(clickedColumns(table({ x: -1, y: -1 }), 2), { x: 2, y: null });
});

test('a column of words or dates is no coordinate', () => {
  assert.deepEqual([column(''), column('', { kind: 'word' }), column('', { kind: 'date' }), column('', { kind: 'index' }), column('', { numbers: 0 })].map(numeric), [true, false, false, true, false]);
});

test('a brush lays points along its path, evenly and near it', () => {
  const brush = new Brush(() => LIMITS, () => 0.5);
  brush.down([-1, 0], 'brush', 0.1);
  for (let x = -1; x <= 1; x += 0.13) brush.move([x, 0], 'brush', 0.1);
  assert.ok(brush.points.length > 80 && brush.points.length < 105, String(brush.points.length));
  for (const [, y2] of brush.points) assert.ok(Math.abs(y2) < 0.1);
});

test('what a brush or a spray throws outside the plane is left out', () => {
  const brush = new Brush(() => LIMITS);
  for (const tool of /** @type {const} */ (['brush', 'spray'])) {
    brush.down([1.45, -1.5], tool, 0.4);
    for (let y = -1.5; y <= 1.5; y += 0.05) brush.move([1.45, y], tool, 0.4);
    for (let i = 0; i < 20; i++) brush.hold(tool, 0.4, 0.05);
  }
  assert.ok(brush.points.length > 100);
  const onTheRim = brush.points.filter((y) => y.some((v) => Math.abs(v) >= LIMITS.box));
  assert.ok(onTheRim.length < 3, `${onTheRim.length} of ${brush.points.length} points lie on the rim`);
  assert.ok(brush.points.every((y) => y.every((v) => Math.abs(v) <= LIMITS.box)));
});

test('points stay what they are under a stroke, with their groups', () => {
  const brush = new Brush(() => LIMITS);
  const given = /** @type {[number, number][]} */ ([[0.123456789, 0.5], [-1, -1], [1, 1]]);
  brush.begin(given, [0, 1, 0]);
  brush.down([-1, -1], 'eraser', 0.1);
  brush.down([0.9, -0.9], 'brush', 0.1);
  assert.deepEqual(brush.points.slice(0, 2), [given[0], given[2]]);
  assert.deepEqual(brush.of, [0, 0, NO_GROUP]);
  assert.deepEqual(rounded(brush.points[2], LIMITS.box), brush.points[2]);
  brush.begin(given);
  assert.equal(brush.of, undefined);
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
  assert.ok(sprayed.every(([a, b]) => Math.hypot(a, b) <= 0.301)); // points are rounded to 12 bits
});

test('there are never more points than can be learned from', () => {
  const brush = new Brush(() => LIMITS);
  brush.outliers(30_000);
  assert.equal(brush.points.length, LIMITS.points);
});
