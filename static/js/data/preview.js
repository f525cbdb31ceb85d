// preview.js: how a table was understood, with all that corrects it: separator, decimal sign, header,
// columns, groups, values that are left out, and how it fits the plane.
/** @import {Answer, Choices, Column, Fit, Table} from './table.js' */
import { make, write } from '../dom.js';
import { say, words } from '../strings.js';
import { short, trimmed } from '../units.js';
import { clickedColumns, numeric } from './table.js';

/** @type {Record<string, string>} */
const SEPARATORS = { ',': words.separatorComma, ';': words.separatorSemicolon, '\t': words.separatorTab, '|': words.separatorBar, ' ': words.separatorBlank };
/** @type {Record<string, string>} */
const DECIMALS = { '.': words.decimalPoint, ',': words.decimalComma };
/** @type {Record<string, string>} */
const HEADERS = { yes: words.headerYes, no: words.headerNo };
/** @type {Record<Fit, string>} */
const FITS = { none: words.fitNone, same: words.fitSame, each: words.fitEach };
/** The names of the formats that are not simply their names in capitals. @type {Record<string, string>} */
const FORMATS = { delimited: words.formatDelimited, array: words.formatArray, markdown: 'Markdown', latex: 'LaTeX' };
/** Formats in which separator, decimal sign and names are always the same. */
const FIXED = ['json', 'arff', 'npy', 'npz'];

export class Preview {
  /** @type {Table|null} */
  #table = null;
  /** The columns that the heads are those of. */
  #headsKey = '';

  /**
   * @param {Choices} choices       changed here
   * @param {() => void} changed    another choice was made
   */
  constructor(choices, changed) {
    this.choices = choices;
    this.changed = changed;
    const { node: separator, select: separators } = this.#pick('separator', words.tableSeparator, (v) => Object.assign(choices, { separator: v, x: null, y: null, label: null, group: null })); // the columns are others
    const { node: decimal, select: decimals } = this.#pick('decimal', words.tableDecimal, (v) => (choices.decimal = v));
    const { node: header, select: headers } = this.#pick('header', words.tableHeader, (v) => (choices.header = /** @type {'yes'|'no'} */ (v)));
    fill(separators, Object.entries(SEPARATORS));
    fill(decimals, Object.entries(DECIMALS));
    fill(headers, Object.entries(HEADERS));
    this.format = make('span');
    this.selects = { separator: separators, decimal: decimals, header: headers };
    this.lines = { separator, decimal, header };
    this.understood = make('div', { class: 'understood' }, this.format, separator, decimal, header);

    this.heads = make('tr');
    this.rows = make('tbody');
    this.grid = make('div', { class: 'grid', role: 'region', 'aria-label': words.tablePreview, tabindex: 0 }, make('table', {}, make('thead', {}, this.heads), this.rows));
    this.how = make('p', { class: 'why', text: words.tableClick });

    this.x = this.#pick('x', words.tableFirst, (v) => this.#choose('x', Number(v)), true);
    this.y = this.#pick('y', words.tableSecond, (v) => this.#choose('y', Number(v)), true);
    this.label = this.#pick('label', words.tableLabel, (v) => this.#labelled(Number(v)), true);
    this.group = this.#pick('group', words.tableGroup, (v) => (choices.group = v === '' ? null : v.slice(1)), true);
    this.fit = this.#pick('fit', words.tableFit, (v) => (choices.fit = /** @type {Fit} */ (v)), true);
    fill(this.fit.select, Object.entries(FITS));
    this.clip = make('input', { type: 'checkbox', 'data-own': 'clip' });
    this.clip.addEventListener('change', () => {
      choices.clip = this.clip.checked;
      changed();
    });
    this.clipText = make('span');
    this.clipLine = make('label', { class: 'tick' }, this.clip, this.clipText);
    this.picks = make('div', { class: 'picks' }, this.x.node, this.y.node, this.label.node, this.group.node, this.fit.node, this.clipLine);
    this.notes = make('ul', { class: 'notes' });
    this.buttons = make('div', { class: 'picks' });
    this.node = make('div', { class: 'preview', hidden: true }, this.understood, this.grid, this.how, this.picks, this.notes, this.buttons);
  }

  /** @param {string} name @param {string} label @param {(value:string) => void} put @param {boolean} [shown]  whether its label is */
  #pick(name, label, put, shown = false) {
    const select = make('select', { 'data-own': name, 'aria-label': shown ? undefined : label });
    select.addEventListener('change', () => {
      put(select.value);
      this.changed();
    });
    return { select, node: make('label', {}, ...(shown ? [label] : []), select) };
  }

  /** Chooses a column as one coordinate; the other stays, or if it was that column the two change places. @param {'x'|'y'} axis @param {number} column */
  #choose(axis, column) {
    const now = this.#columns;
    const other = axis === 'x' ? 'y' : 'x';
    if (now[other] === column) now[other] = now[axis];
    Object.assign(this.choices, { ...now, [axis]: column });
  }

  /** The two columns: those chosen, also where the server has not yet answered, or those it chose. */
  get #columns() {
    const { x, y } = this.choices;
    return { x: x ?? this.#table?.x ?? -1, y: y ?? this.#table?.y ?? -1 };
  }

  /** @param {number} column */
  #labelled(column) {
    this.choices.label = column;
    this.choices.group = null;
  }

  clear() {
    this.#table = null;
    this.node.hidden = true;
  }

  /** The last answer, which has the columns. */
  get table() {
    return this.#table;
  }

  /** Shows what was understood, as far as it was. @param {Table & Partial<Answer>} understood */
  show(understood) {
    const { x, y } = this.choices;
    const table = understood.points ? understood : { ...understood, x: x ?? -1, y: y ?? -1 }; // the server chose none
    this.#table = table;
    this.node.hidden = false;
    this.#showUnderstood(table);
    this.#showRows(table);
    this.#showPicks(table);
    this.notes.replaceChildren(...notes(table).map((text) => make('li', { text })));
    this.notes.hidden = !this.notes.children.length;
    this.#showButtons(table);
  }

  /** @param {Table} table */
  #showUnderstood({ format, encoding, separator, decimal, header }) {
    const { choices, lines, selects } = this;
    const coded = encoding && encoding !== 'UTF-8' && encoding !== 'ASCII';
    write(this.format, [FORMATS[format] ?? format.toUpperCase(), ...(coded ? [encoding] : [])].join(', '));
    set(selects.separator, separator || choices.separator);
    set(selects.decimal, decimal || choices.decimal || '.');
    set(selects.header, header ? 'yes' : 'no');
    lines.separator.hidden = !separator && !choices.separator;
    lines.decimal.hidden = lines.header.hidden = FIXED.includes(format);
  }

  /** @param {Table} table */
  #showRows(table) {
    const { columns, preview, x, y, label } = table;
    const roles = columns.map((_, i) => (i === x ? words.roleX : i === y ? words.roleY : i === label ? words.roleLabel : ''));
    this.#showHeads(columns);
    [...this.heads.children].forEach((th, i) => {
      const button = th.querySelector('button'), role = th.querySelector('small');
      if (!button || !role) return; // a column that cannot be chosen
      const chosen = roles[i] !== '';
      write(role, roles[i] || words.roleNone);
      role.toggleAttribute('data-role', chosen);
      button.ariaPressed = String(chosen);
      th.toggleAttribute('data-chosen', chosen);
    });
    this.rows.replaceChildren(...(preview ?? []).map((row) => make('tr', {}, ...columns.map((_, i) => make('td', { text: row[i] ?? '', 'data-chosen': roles[i] !== '' })))));
    this.grid.hidden = !columns.length;
    this.how.hidden = columns.filter(numeric).length < 3;
  }

  /**
   * Makes the heads of the columns, unless there are the same already: a button that is replaced while it is
   * pressed is not clicked.
   * @param {Column[]} columns
   */
  #showHeads(columns) {
    const key = JSON.stringify(columns.map((column, i) => [nameOf(column, i), numeric(column), column.kind]));
    if (key === this.#headsKey) return;
    this.#headsKey = key;
    const focused = [...this.heads.children].findIndex((th) => th.contains(document.activeElement));
    this.heads.replaceChildren(...columns.map((column, i) => {
      const text = nameOf(column, i);
      const name = make('span', { text, title: short(text) === text ? undefined : text });
      const role = make('small', { text: words.roleNone });
      const act = numeric(column) ? () => this.#click(i) : column.kind === 'word' ? () => this.#labelled(i === this.#table?.label ? -1 : i) : null;
      if (!act) return make('th', { scope: 'col' }, name, role);
      const button = make('button', { 'data-column': i }, name, role);
      button.addEventListener('click', () => {
        act();
        this.changed();
      });
      return make('th', { scope: 'col' }, button);
    }));
    this.heads.children[focused]?.querySelector('button')?.focus();
  }

  /** @param {number} column */
  #click(column) {
    Object.assign(this.choices, clickedColumns(this.#columns, column));
  }

  /** @param {Table & Partial<Answer>} table */
  #showPicks({ columns, x, y, label, fit, points, outliers = 0, groups }) {
    const { choices } = this;
    const numbers = columns.map((column, i) => ({ column, i })).filter(({ column }) => numeric(column));
    for (const [pick, chosen] of /** @type {const} */ ([[this.x, x], [this.y, y]])) {
      fill(pick.select, numbers.map(({ column, i }) => [String(i), say.columnRange(nameOf(column, i), trimmed(column.min), trimmed(column.max))]));
      set(pick.select, String(chosen));
    }
    const labels = columns.map((column, i) => ({ column, i })).filter(({ column, i }) => i !== x && i !== y && (column.kind === 'word' || i === label));
    fill(this.label.select, [['-1', words.labelNone], .../** @type {[string, string][]} */ (labels.map(({ column, i }) => [String(i), nameOf(column, i)]))]);
    set(this.label.select, String(label));
    this.label.node.hidden = !labels.length;
    // Group names are any words: a letter before them keeps them apart from "all".
    fill(this.group.select, [['', words.groupAll], .../** @type {[string, string][]} */ ((groups ?? []).map(({ name, count }) => [`=${name}`, say.group(name, count)]))]);
    set(this.group.select, choices.group === null ? '' : `=${choices.group}`);
    this.group.node.hidden = label < 0 || (groups?.length ?? 0) < 2;
    if (fit) set(this.fit.select, fit);
    this.fit.node.hidden = !points;
    this.picks.hidden = numbers.length < 2;
    this.clip.checked = choices.clip;
    write(this.clipText, say.outliers(outliers));
    this.clipLine.hidden = !outliers && !choices.clip;
  }

  /** The values that may mean "missing". @param {Table} table */
  #showButtons({ columns, suspects }) {
    const { choices } = this;
    /** @param {string} text @param {string} value @param {() => void} act */
    const button = (text, value, act) => {
      const node = make('button', { class: 'button', 'data-missing': value, text });
      node.addEventListener('click', () => {
        act();
        this.changed();
      });
      return node;
    };
    const values = [...new Set((suspects ?? []).map(({ value }) => value))].filter((value) => !choices.missing.includes(value));
    this.buttons.replaceChildren(
      ...values.map((value) => {
        const those = (suspects ?? []).filter((s) => s.value === value);
        const count = those.reduce((n, s) => n + s.count, 0);
        return button(say.leaveOut(value, count, those.map((s) => nameOf(columns[s.column], s.column))), value, () => choices.missing.push(value));
      }),
      ...choices.missing.map((value) => button(say.keep(value), value, () => choices.missing.splice(choices.missing.indexOf(value), 1))));
    this.buttons.hidden = !this.buttons.children.length;
  }
}

/** @param {Column} column @param {number} i */
export const nameOf = (column, i) => (column?.named && column.name ? column.name : say.column(i + 1)) + (column?.unit ? ` (${column.unit})` : '');

/** What was left out and what may be wrong, a sentence each. @param {Table} table */
function notes({ rows, leftOut, warnings }) {
  return [...(leftOut.count ? [say.leftOut(leftOut.count, rows, leftOut.first ?? [])] : []), ...(warnings ?? [])];
}

/** Replaces the options of a select, if they differ. @param {HTMLSelectElement} select @param {[value:string, text:string][]} options */
function fill(select, options) {
  if (options.length === select.options.length && options.every(([value, text], i) => select.options[i].value === value && select.options[i].text === text)) return;
  select.replaceChildren(...options.map(([value, text]) => make('option', { value, text })));
}

/** @param {HTMLSelectElement} select @param {string} value */
function set(select, value) {
  if (select.value !== value) select.value = value;
}
