// import.js: the dialog that imports points: from a table, by file, drop or paste, which the server
// reads and of which a preview is shown, or from a curve by its formula. A checkpoint is resumed.
/** @import {Resources} from '../resources.js' */
/** @import {RequestError} from '../request.js' */
/** @import {Store} from '../store.js' */
/** @import {Answer} from './table.js' */
/** @import {UserPoints} from './user-points.js' */
import { byId, dialogHead, hint, make, toast, write } from '../dom.js';
import { saveOnClick } from '../export/save.js';
import { say, words } from '../strings.js';
import { trimmed, Units } from '../units.js';
import { curveForm } from './curve-form.js';
import { Preview } from './preview.js';
import { Choices, query } from './table.js';

/** The largest table, checkpoint and lesson that the server reads, in bytes. */
const LARGEST = 64 << 20, LARGEST_CHECKPOINT = 16 << 20, LARGEST_LESSON = 1 << 20;
/** A checkpoint and a lesson are recognised by their first bytes. */
const HEAD = 4096;
/** Milliseconds after which typed text is read, and after which the page says that a table is being read. */
const TYPED = 250, SLOW = 300;

/**
 * @param {Store} store
 * @param {UserPoints} userPoints
 * @param {Resources} resources
 */
export function startImport(store, userPoints, resources) {
  const { signal } = resources;
  const { client } = userPoints.commands;
  const dialog = byId('own', HTMLDialogElement);
  const text = make('textarea', { rows: 5, spellcheck: 'false', 'aria-label': words.tableText, placeholder: words.tablePlaceholder, 'data-own': 'text' });
  const file = make('input', { type: 'file', class: 'sr', 'data-own': 'file' });
  const fileName = make('span', { class: 'why' });
  const other = make('button', { class: 'button', 'data-own': 'other', text: words.tableOther, hidden: true });
  const source = make('div', { class: 'picks' }, make('label', { class: 'button' }, words.tableFile, file), fileName, other);
  const error = make('p', { class: 'wrong', role: 'alert' });
  const status = make('p', { class: 'why', role: 'status' });
  const refit = make('button', { class: 'button', 'data-own': 'refit', text: words.tableRefit, hidden: true });
  const use = make('button', { class: 'button main', 'data-own': 'use', text: words.tableUse, disabled: true });
  const choices = new Choices();
  const preview = new Preview(choices, () => read());
  const save = make('a', { class: 'button', 'data-own': 'save', download: '', text: words.pointsSave });
  const curve = curveForm(userPoints, () => dialog.close());
  hint(save, words.pointsSaveTip);
  saveOnClick(save, client, 'files/points.csv');
  const fromTable = make('section', { 'data-own': 'table' }, make('h3', { text: words.tableTitle }), make('p', { class: 'why', text: words.tableHow }), text, source,
    preview.node, error, make('div', { class: 'act' }, status, refit, use));
  const parts = [
    dialogHead(dialog, words.pointsTitle),
    fromTable,
    make('section', {}, make('h3', { text: words.curveTitle }), ...curve.parts),
    make('section', {}, make('h3', { text: words.pointsSaveTitle }), save)];
  dialog.append(...parts);
  resources.nodes(...parts);
  resources.defer(() => {
    reading?.abort();
    clearTimeout(typed);
    dialog.close();
    document.body.removeAttribute('data-dropping');
  });

  /** What is read: typed or pasted text, or a file. @type {{name:string, table:string|Blob}|null} */
  let given = null;
  /** @type {AbortController|null} */
  let reading = null;
  /** @type {Answer|null} */
  let answer = null;
  let typed = 0;

  /** Has the server read the table, as chosen. The answer to an older question is not awaited. */
  async function read() {
    reading?.abort();
    const mine = (reading = new AbortController());
    answer = null;
    use.disabled = true;
    const slow = setTimeout(() => show(say.reading(given?.name || words.tableYours)), SLOW);
    try {
      if (given) answer = await client.query({ table: { query: query(given.name, choices, preview.table), table: given.table, signal: mine.signal } });
      if (mine.signal.aborted) return;
      if (answer) preview.show(answer);
      else preview.clear();
      show();
    } catch (e) {
      if (mine.signal.aborted) return;
      const { message, answer: { table } } = /** @type {RequestError} */ (e);
      if (table?.columns) preview.show(table);
      show('', message);
    } finally {
      clearTimeout(slow);
    }
  }

  /** Shows what there is to learn from, or why there is nothing. @param {string} [sentence] @param {string} [wrong] */
  function show(sentence = '', wrong = '') {
    const busy = sentence !== '';
    fromTable.setAttribute('aria-busy', String(busy));
    const n = answer?.points.length ?? 0;
    const refusal = wrong || (answer ? refusalOf(answer) : '');
    write(error, refusal);
    write(status, busy ? sentence : answer && !refusal ? say.understood(n, ...fromTo(answer)) : '');
    refit.hidden = !answer?.outside;
    use.disabled = !n || refusal !== '' || busy || !store.driving;
    text.hidden = given !== null && typeof given.table !== 'string';
    text.rows = given ? 3 : 5;
    write(fileName, given && typeof given.table !== 'string' ? say.file(given.name, given.table.size) : '');
    other.hidden = !given;
  }

  /** Why no model can learn from the points; '' if one can. @param {Answer} of */
  function refusalOf({ points, outside }) {
    const { box } = store.catalog.limits;
    if (points.length < 2) return words.tableFew;
    if (outside) return say.outside(outside, points.length, box);
    return points.every((y) => y[0] === points[0][0] && y[1] === points[0][1]) ? say.tableSame(points.length) : '';
  }

  /** The names of the two columns and the range of the points that were made of them. @param {Answer} of @returns {[string, string][]} */
  function fromTo({ points, axes }) {
    const units = new Units(axes, store.catalog.limits.box);
    return /** @type {const} */ ([0, 1]).map((i) => {
      let low = Infinity, high = -Infinity;
      for (const y of points) [low, high] = [Math.min(low, y[i]), Math.max(high, y[i])];
      return [units.names[i], [low, high].map((end) => trimmed(units.value(end, i))).join(' to ')];
    });
  }

  text.addEventListener('input', () => {
    given = text.value.trim() ? { name: '', table: text.value } : null;
    clearTimeout(typed);
    typed = window.setTimeout(read, TYPED);
  });
  file.addEventListener('change', () => file.files?.[0] && readFile(file.files[0]));
  other.addEventListener('click', () => {
    begin(null);
    text.focus();
  });
  refit.addEventListener('click', () => {
    choices.fit = 'each';
    read();
  });
  use.addEventListener('click', async () => {
    if (!answer) return;
    const { points: y, axes, label: column, groups, groupOf, columns } = answer;
    // Points of one group need no label.
    const label = groupOf && groups && groups.length > 1 && choices.group === null
      ? { name: columns[column].name, groups: groups.map(({ name }) => name), of: groupOf } : undefined;
    if (await userPoints.send({ y, axes: plain(axes) ? undefined : axes, label })) dialog.close();
    else write(error, userPoints.refusal); // the dialog is over the toast
  });

  /** Begins with another table, or none. @param {{name:string, table:string|Blob}|null} table */
  function begin(table) {
    given = table;
    clearTimeout(typed);
    Object.assign(choices, new Choices());
    preview.clear();
    text.value = typeof table?.table === 'string' ? table.table : '';
    file.value = '';
    write(error, '');
    return read();
  }

  /** Reads a file: a checkpoint is resumed and a lesson opened at once, of a table the preview is shown. @param {File} chosen */
  async function readFile(chosen) {
    const { name, size } = chosen;
    if (size > LARGEST) return refuse(say.fileLarge(name, size, LARGEST));
    try {
      const head = await chosen.slice(0, HEAD).text();
      if (isLesson(head) && store.openLesson) {
        if (size > LARGEST_LESSON) return refuse(say.lessonLarge(name, size, LARGEST_LESSON));
        dialog.close();
        return store.openLesson(name, await chosen.text());
      }
      if (isCheckpoint(head)) {
        if (size > LARGEST_CHECKPOINT) return refuse(say.checkpointLarge(name, size, LARGEST_CHECKPOINT));
        return resume(await chosen.text());
      }
    } catch {
      return refuse(say.fileUnreadable(name)); // it was moved, or must not be read
    }
    open();
    return begin({ name, table: chosen });
  }
  /** @param {string} sentence */
  function refuse(sentence) {
    if (dialog.open) write(error, sentence);
    else toast(sentence);
  }

  /** Shows a table of text in the dialog. @param {string} content */
  function readText(content) {
    open();
    return begin({ name: '', table: content });
  }

  /** Resumes a checkpoint. @param {string} checkpoint */
  async function resume(checkpoint) {
    try {
      await client.command({ checkpoint });
      dialog.close();
      toast(words.resumed);
    } catch (e) {
      refuse(/** @type {Error} */ (e).message);
    }
  }

  function open() {
    if (dialog.open) return;
    if (!store.driving) return toast(words.viewer);
    save.href = client.file('files/points.csv');
    curve.limit(store.catalog.limits.points);
    dialog.showModal();
  }

  document.addEventListener('dragover', (e) => {
    if (!e.dataTransfer?.types.some((t) => t === 'Files' || t === 'text/plain')) return;
    e.preventDefault();
    document.body.setAttribute('data-dropping', '');
  }, { signal });
  document.addEventListener('dragleave', (e) => e.relatedTarget === null && document.body.removeAttribute('data-dropping'), { signal });
  document.addEventListener('drop', (e) => {
    document.body.removeAttribute('data-dropping');
    const dropped = e.dataTransfer;
    if (!dropped) return;
    e.preventDefault(); // or the browser leaves the page for the file
    if (!store.driving) return toast(words.viewer);
    if (dropped.files.length) readFile(dropped.files[0]);
    else if (dropped.getData('text/plain')) readText(dropped.getData('text/plain'));
  }, { signal });
  document.addEventListener('paste', (e) => {
    if (e.target instanceof HTMLInputElement || e.target instanceof HTMLTextAreaElement || !store.driving) return;
    const pasted = e.clipboardData?.files[0];
    const content = e.clipboardData?.getData('text/plain') ?? '';
    // What is copied from a spreadsheet is both text and a picture of it.
    if (/\d/.test(content)) isCheckpoint(content) ? resume(content) : readText(content);
    else if (pasted) readFile(pasted);
  }, { signal });
  // The sidebar makes its button again after a reconnection.
  document.addEventListener('click', (e) => e.target instanceof Element && e.target.closest('[data-action="bring"]') && open(), { signal });
}

/** @param {string} content  or its beginning */
const isCheckpoint = (content) => /^\s*\{/.test(content) && content.includes('"ebmviz/1"');

/** @param {string} content  or its beginning */
const isLesson = (content) => /^\s*\{/.test(content) && (/"format"\s*:\s*\d/.test(content) || /"steps"\s*:\s*\[\s*\{/.test(content));

/** Whether the units are those of the plane. @param {import('../types.js').Axes} axes */
const plain = ({ names, scale, offset }) => !names?.[0] && !names?.[1] && scale.every((s) => s === 1) && offset.every((o) => o === 0);
