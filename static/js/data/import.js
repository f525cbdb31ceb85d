// import.js: points from a table, by file, drop or paste, or from a curve by its formula; and
// checkpoints, which are resumed.
/** @import {Resources} from '../resources.js' */
/** @import {Store} from '../store.js' */
/** @import {UserPoints} from './user-points.js' */
/** @import {Column, Fit} from './table.js' */
import { byId, dialogHead, hint, make, toast, write } from '../dom.js';
import { load } from '../formula.js';
import { say, words } from '../strings.js';
import { curveForm } from './curve-form.js';
import { bestFit, layOut, readTable } from './table.js';

/** The largest file that is read, in bytes: as large as a checkpoint may be. */
const LARGEST = 16 << 20;

/** @type {Record<Fit, 'fitAsIs'|'fitSame'|'fitEach'>} */
const FITS = { 'as-is': 'fitAsIs', same: 'fitSame', each: 'fitEach' };

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
  const file = make('input', { type: 'file', accept: '.csv,.tsv,.txt,.json,text/csv,application/json', 'data-own': 'file', 'aria-label': words.tableFile });
  const error = make('p', { class: 'wrong', role: 'alert' });
  const first = choice('first', words.tableFirst);
  const second = choice('second', words.tableSecond);
  const fit = choice('fit', words.tableFit);
  fit.select.append(...Object.entries(FITS).map(([value, word]) => make('option', { value, text: words[word] })));
  const result = make('p', { class: 'why', role: 'status' });
  const use = make('button', { class: 'button', 'data-own': 'use', text: words.tableUse, disabled: true });
  const picks = make('div', { class: 'picks', hidden: true }, first.node, second.node, fit.node);
  const save = make('a', { class: 'button', 'data-own': 'save', download: '', text: words.pointsSave });
  const curve = curveForm(userPoints, () => dialog.close());
  hint(save, words.pointsSaveTip);
  const parts = [
    dialogHead(dialog, words.pointsTitle),
    make('section', {}, make('h3', { text: words.tableTitle }), make('p', { class: 'why', text: words.tableHow }), text, file, error, picks, result, use),
    make('section', {}, make('h3', { text: words.curveTitle }), ...curve.parts),
    make('section', {}, make('h3', { text: words.pointsSaveTitle }), save)];
  dialog.append(...parts);
  resources.nodes(...parts);
  resources.defer(() => {
    dialog.close();
    document.body.removeAttribute('data-dropping');
  });

  /** @type {Column[]} */
  let columns = [];
  /** @type {import('./link-code.js').Point[]} */
  let points = [];

  /** @param {string} name @param {string} label */
  function choice(name, label) {
    const select = make('select', { 'data-own': name });
    select.addEventListener('change', () => makePoints());
    return { select, node: make('label', {}, label, select) };
  }
  const chosen = () => [columns[Number(first.select.value)], columns[Number(second.select.value)]];

  /** Reads the table; its first two columns of numbers are chosen. */
  async function read() {
    const { limits } = store.catalog;
    columns = [];
    points = [];
    write(error, '');
    write(result, '');
    picks.hidden = use.disabled = true;
    if (!text.value.trim()) return;
    try {
      await load('script', 'vendor/papaparse/papaparse.min.js');
      if (!window.Papa) throw new Error(words.pointsUnsent);
      columns = readTable(text.value, window.Papa.parse, limits.points);
    } catch (e) {
      return write(error, /** @type {Error} */ (e).message);
    }
    for (const [k, { select }] of [first, second].entries()) {
      select.replaceChildren(...columns.map(({ name }, i) => make('option', { value: i, text: name })));
      select.value = String(k);
    }
    const [a, b] = chosen();
    fit.select.value = bestFit(a, b, limits.box);
    picks.hidden = false;
    makePoints();
  }

  /** Makes points of the chosen columns, and says how. */
  function makePoints() {
    const [a, b] = chosen();
    points = [];
    write(error, '');
    write(result, '');
    try {
      const how = /** @type {Fit} */ (fit.select.value);
      const laid = layOut(a, b, how, store.catalog.limits);
      points = laid.points;
      write(result, say.laidOut(points.length, laid.left, how === 'as-is' ? [] : [a, b].map(({ name }, k) => [name, laid.middle[k], laid.scale[k]])));
    } catch (e) {
      write(error, /** @type {Error} */ (e).message);
    }
    use.disabled = !points.length || !store.driving;
  }

  text.addEventListener('input', read);
  file.addEventListener('change', () => file.files?.[0] && readFile(file.files[0]));
  use.addEventListener('click', async () => {
    if (await userPoints.send(points)) dialog.close();
  });

  /** Reads a file: a checkpoint is resumed at once, a table is shown. @param {File} given */
  async function readFile(given) {
    if (given.size > LARGEST) return refuse(say.fileLarge(given.name, given.size, LARGEST));
    let content = '';
    try {
      content = await given.text();
    } catch {
      return refuse(say.fileUnreadable(given.name)); // it was moved, or must not be read
    }
    if (isCheckpoint(content)) return resume(content);
    if (content.includes('\0')) return refuse(say.fileBinary(given.name));
    show(content);
  }
  /** @param {string} sentence */
  function refuse(sentence) {
    if (dialog.open) write(error, sentence);
    else toast(sentence);
  }

  /** Shows a table in the dialog. @param {string} content */
  function show(content) {
    if (!dialog.open) open();
    text.value = content;
    return read();
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
    else if (dropped.getData('text/plain')) show(dropped.getData('text/plain'));
  }, { signal });
  document.addEventListener('paste', (e) => {
    if (e.target instanceof HTMLInputElement || e.target instanceof HTMLTextAreaElement || !store.driving) return;
    const given = e.clipboardData?.files[0];
    const content = e.clipboardData?.getData('text/plain') ?? '';
    if (given) readFile(given);
    else if (/\d/.test(content)) isCheckpoint(content) ? resume(content) : show(content);
  }, { signal });
  // The sidebar makes its button again after a reconnection.
  document.addEventListener('click', (e) => e.target instanceof Element && e.target.closest('[data-action="bring"]') && open(), { signal });
}

/** @param {string} content */
const isCheckpoint = (content) => /^\s*\{/.test(content) && content.includes('"ebmviz/1"');
