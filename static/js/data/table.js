// table.js: how the server reads a table of points (POST api/table): what can be chosen, how that is
// asked, and what it answers.

/** @typedef {'none'|'same'|'each'} Fit  how columns become coordinates: unchanged, with one scale for both, or a scale for each */
/** @typedef {{name:string, kind:'number'|'word'|'index'|'date'|'constant', numbers:number, min:number, max:number, unit:string, named:boolean}} Column */

/**
 * What was understood.
 * @typedef {object} Table
 * @property {string} format
 * @property {string} encoding
 * @property {string} separator
 * @property {string} decimal
 * @property {boolean} header
 * @property {Column[]} columns
 * @property {number} x      of the columns
 * @property {number} y
 * @property {number} label  -1 for none
 * @property {number} rows
 * @property {{count:number, first:{line:number, reason:string}[]|null}} leftOut
 * @property {number} [outliers]
 * @property {{column:number, value:string, count:number}[]|null} suspects
 * @property {{name:string, count:number}[]|null} groups
 * @property {string[][]|null} preview
 * @property {string[]|null} warnings
 */

/** The points of a table. @typedef {Table & {points:[number, number][], groupOf?:number[], axes:import('../types.js').Axes, fit:Fit, outside:number}} Answer */

/** What is chosen; what is missing is guessed by the server. Columns are given by their place. */
export class Choices {
  separator = '';
  decimal = '';
  /** @type {''|'yes'|'no'} */
  header = '';
  /** @type {number|null} */
  x = null;
  /** @type {number|null} */
  y = null;
  /** A column, -1 for none. @type {number|null} */
  label = null;
  /** The one group that is read. @type {string|null} */
  group = null;
  /** Values that mean "missing". @type {string[]} */
  missing = [];
  clip = false;
  /** @type {Fit|''} */
  fit = '';
}

/**
 * The query of an address.
 * @param {string} name  of the file, '' for none
 * @param {Choices} choices
 * @param {Table|null} last  the last answer, which has the columns
 */
export function query(name, choices, last) {
  const { separator, decimal, header, x, y, label, group, missing, clip, fit } = choices;
  const column = (/** @type {number} */ i) => reference(last?.columns ?? [], i);
  const all = new URLSearchParams();
  /** @param {string} key @param {string} value */
  const add = (key, value) => value && all.append(key, value);
  add('name', name);
  add('separator', separator);
  add('decimal', decimal);
  add('header', header);
  if (x !== null && x >= 0) add('x', column(x));
  if (y !== null && y >= 0) add('y', column(y));
  if (label !== null) add('label', label < 0 ? 'none' : column(label));
  const of = label ?? last?.label ?? -1;
  if (group !== null && of >= 0) add('where', `${column(of)}=${group}`);
  for (const value of missing) add('missing', value);
  if (clip) add('clip', 'on');
  add('fit', fit);
  return all.toString();
}

/** A column by its number from 1, or by its name where another column has that number as its name. @param {Column[]} columns @param {number} i */
function reference(columns, i) {
  const number = String(i + 1);
  const taken = columns.some(({ name }) => name.trim() === number);
  return taken && columns.filter(({ name }) => name === columns[i]?.name).length === 1 ? columns[i].name : number;
}

/** Whether a column can be a coordinate. @param {Column} column */
export const numeric = ({ kind, numbers }) => numbers > 0 && kind !== 'word' && kind !== 'date';

/**
 * The two columns after a click on another: the last two that were clicked, in that order.
 * @param {{x:number, y:number}} now  -1 for none
 * @param {number} clicked
 * @returns {{x:number, y:number|null}}
 */
export function clickedColumns({ x, y }, clicked) {
  if (x < 0 || y < 0) return { x: clicked, y: null };
  return clicked === y ? { x, y } : { x: y, y: clicked };
}
