// table.js: reads a table of numbers, and makes points of the plane from two of its columns.
import { say, words } from '../strings.js';
import { rounded } from './link-code.js';

/** @typedef {import('./link-code.js').Point} Point */
/** @typedef {import('./link-code.js').Limits} Limits */
/** @typedef {{name:string, values:number[], numbers:number}} Column  a cell that is not a number is NaN; `numbers` counts the rest */
/** @typedef {'as-is'|'same'|'each'} Fit  how columns become coordinates: unchanged, with one scale for both, or a scale for each */
/** @typedef {(text:string, options:object) => {data:string[][], meta:{delimiter:string}}} Parse  Papa.parse */

/** Columns that are scaled fill this share of the plane. */
const FILL = 0.9;

/**
 * Reads CSV, TSV and the like, or JSON: [[1, 2], …] or [{"a": 1, "b": 2}, …]. Throws a sentence.
 * @param {string} text
 * @param {Parse} parse
 * @param {number} most  rows
 * @returns {Column[]}
 */
export function readTable(text, parse, most) {
  if (!text.trim()) throw new Error(words.tableEmpty);
  const rows = /^\s*\[/.test(text) ? json(text) : lines(text, parse, most);
  if (rows.length > most + 1) throw new Error(say.tableLong(rows.length, most));
  const first = rows[0];
  const headed = first.every((cell) => cell.trim() !== '' && Number.isNaN(number(cell, true))) && rows.length > 1;
  const body = headed ? rows.slice(1) : rows;
  const width = Math.max(...body.map((row) => row.length));
  const columns = [];
  for (let c = 0; c < width; c++) {
    const comma = !body.some((row) => (row[c] ?? '').includes('.'));
    const values = body.map((row) => number(row[c] ?? '', comma));
    columns.push({ name: (headed && first[c]?.trim()) || say.column(c + 1), values, numbers: values.filter((v) => Number.isFinite(v)).length });
  }
  const numeric = columns.filter((c) => c.numbers > 0);
  if (numeric.length < 2) throw new Error(say.tableText(numeric.length));
  return numeric;
}

/** @param {string} text @param {Parse} parse @param {number} most */
function lines(text, parse, most) {
  const { data } = parse(text.trim(), { skipEmptyLines: 'greedy', preview: most + 2 });
  return data;
}

/** @param {string} text @returns {string[][]} */
function json(text) {
  let all;
  try {
    all = JSON.parse(text);
  } catch {
    throw new Error(words.tableJSON);
  }
  const named = all[0] && !Array.isArray(all[0]) && typeof all[0] === 'object';
  const names = named ? Object.keys(all[0]) : [];
  const cell = (/** @type {unknown} */ v) => (typeof v === 'number' || typeof v === 'string' ? String(v) : '');
  /** @type {string[][]} */
  const rows = all.map((/** @type {any} */ row) => (named ? names.map((k) => cell(row?.[k])) : Array.isArray(row) ? row.map(cell) : [cell(row)]));
  if (!rows.length) throw new Error(words.tableEmpty);
  return named ? [names, ...rows] : rows;
}

/**
 * Reads a cell: where a column has no decimal point, a comma may be one.
 * @param {string} cell
 * @param {boolean} comma
 */
function number(cell, comma) {
  const text = cell.trim();
  const plain = comma && /^[-+]?\d+,\d+(e[-+]?\d+)?$/i.test(text) ? text.replace(',', '.') : text;
  return plain !== '' && /^[-+.\d]/.test(plain) && !/^[-+]?0[xbo]/i.test(plain) ? Number(plain) : NaN;
}

/**
 * Makes points of two columns. Rows in which one is not a number are left out. Throws a sentence
 * where no model could learn from them.
 * @param {Column} a
 * @param {Column} b
 * @param {Fit} how
 * @param {Limits} limits
 * @returns {{points:Point[], left:number, scale:[number, number], middle:[number, number]}}  y = (x − middle) / scale
 */
export function layOut(a, b, how, { points: most, box }) {
  /** @type {Point[]} */
  const pairs = [];
  for (let i = 0; i < a.values.length; i++) if (Number.isFinite(a.values[i]) && Number.isFinite(b.values[i])) pairs.push([a.values[i], b.values[i]]);
  if (pairs.length > most) throw new Error(say.tableLong(pairs.length, most));
  if (pairs.length < 2) throw new Error(say.tableFew(pairs.length));
  const spread = [0, 1].map((k) => {
    let lo = Infinity, hi = -Infinity;
    for (const pair of pairs) {
      lo = Math.min(lo, pair[k]);
      hi = Math.max(hi, pair[k]);
    }
    return { middle: lo / 2 + hi / 2, half: hi / 2 - lo / 2 };
  });
  if (spread[0].half === 0 && spread[1].half === 0) throw new Error(say.tableSame(pairs.length));
  const half = spread.map(({ half: h }) => (how === 'same' ? Math.max(spread[0].half, spread[1].half) : h || 1));
  const scale = /** @type {Point} */ (how === 'as-is' ? [1, 1] : half.map((h) => h / (box * FILL)));
  const middle = /** @type {Point} */ (how === 'as-is' ? [0, 0] : spread.map((s) => s.middle));
  const points = pairs.map(([x1, x2]) => rounded([(x1 - middle[0]) / scale[0], (x2 - middle[1]) / scale[1]], box));
  if (points.every((y) => y[0] === points[0][0] && y[1] === points[0][1])) throw new Error(say.tableSame(pairs.length));
  return { points, left: a.values.length - pairs.length, scale, middle };
}

/** How two columns fit best: unchanged if they fill the plane. @param {Column} a @param {Column} b @param {number} box @returns {Fit} */
export function bestFit(a, b, box) {
  const all = [...a.values, ...b.values].filter(Number.isFinite);
  const far = all.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
  return far <= box && far > box / 4 ? 'as-is' : 'each';
}
