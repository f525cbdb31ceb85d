// bring.js: points that somebody brings: a table by file, drop or paste, or a curve by its formula; and
// a checkpoint, which goes on where it was saved.
/** @import {Store} from '../store.js' */
/** @import {UserPoints} from './user-points.js' */
/** @import {Column, Fit} from './table.js' */
import { byId, hint, make, toast, write } from '../dom.js';
import { load } from '../formula.js';
import { answered } from '../room.js';
import { say, words } from '../strings.js';
import { fitting, layOut, readTable } from './table.js';
import { curveForm } from './curve-form.js';

/** The largest file that is read, in bytes: a checkpoint may be this long. */
const LARGEST = 16 << 20;

/** @type {Record<Fit, 'fitAsIs'|'fitSame'|'fitEach'>} */
const FITS = { 'as-is': 'fitAsIs', same: 'fitSame', each: 'fitEach' };

/**
 * @param {Store} store
 * @param {UserPoints} own
 */
export function startImport(store, own) {
  const dialog = byId('own', HTMLDialogElement);
  const close = make('button', { class: 'button', text: words.close });
  close.addEventListener('click', () => dialog.close());
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
  const keep = make('a', { class: 'button', 'data-own': 'save', download: '', text: words.ownSave });
  hint(keep, words.ownSaveTip);
  dialog.append(
    make('div', { class: 'top' }, make('h2', { id: 'own-title', text: words.ownTitle }), close),
    make('section', {}, make('h3', { text: words.tableTitle }), make('p', { class: 'why', text: words.tableHow }), text, file, error, picks, result, use),
    make('section', {}, make('h3', { text: words.curveTitle }), ...curveForm(own, () => dialog.close())),
    make('section', {}, make('h3', { text: words.ownSaveTitle }), keep));

  /** @type {Column[]} */
  let columns = [];
  /** @type {import('./link-code.js').Point[]} */
  let points = [];

  /** @param {string} name @param {string} label */
  function choice(name, label) {
    const select = make('select', { 'data-own': name });
    select.addEventListener('change', () => lay());
    return { select, node: make('label', {}, label, select) };
  }
  const chosen = () => [columns[Number(first.select.value)], columns[Number(second.select.value)]];

  /** Reads the table; its first two columns of numbers are chosen. */
  async function read() {
    columns = [];
    points = [];
    write(error, '');
    write(result, '');
    picks.hidden = use.disabled = true;
    if (!text.value.trim()) return;
    try {
      await load('script', 'vendor/papaparse/papaparse.min.js');
      if (!window.Papa) throw new Error(words.ownLost);
      columns = readTable(text.value, window.Papa.parse);
    } catch (e) {
      return write(error, /** @type {Error} */ (e).message);
    }
    for (const [k, { select }] of [first, second].entries()) {
      select.replaceChildren(...columns.map(({ name }, i) => make('option', { value: i, text: name })));
      select.value = String(k);
    }
    const [a, b] = chosen();
    fit.select.value = fitting(a, b);
    picks.hidden = false;
    lay();
  }

  /** Lays the chosen columns out, and says how. */
  function lay() {
    const [a, b] = chosen();
    points = [];
    write(error, '');
    write(result, '');
    try {
      const how = /** @type {Fit} */ (fit.select.value);
      const laid = layOut(a, b, how);
      points = laid.points;
      write(result, say.laidOut(points.length, laid.left, how === 'as-is' ? [] : [a, b].map(({ name }, k) => [name, laid.middle[k], laid.scale[k]])));
    } catch (e) {
      write(error, /** @type {Error} */ (e).message);
    }
    use.disabled = !points.length || !store.driving;
  }

  text.addEventListener('input', read);
  file.addEventListener('change', () => file.files?.[0] && take(file.files[0]));
  use.addEventListener('click', async () => {
    if (await own.send(points)) dialog.close();
  });

  /** Takes a file: a checkpoint goes on at once, a table is shown. @param {File} given */
  async function take(given) {
    if (given.size > LARGEST) return refuse(say.fileLarge(given.name, given.size, LARGEST));
    const content = await given.text();
    if (/^\s*\{/.test(content) && content.includes('"ebmviz/1"')) return resume(content);
    if (content.includes('\0')) return refuse(say.fileBinary(given.name));
    paste(content);
  }
  /** @param {string} sentence */
  function refuse(sentence) {
    if (dialog.open) write(error, sentence);
    else toast(sentence);
  }

  /** Shows what was pasted or dropped. @param {string} content */
  function paste(content) {
    if (!dialog.open) open();
    text.value = content;
    return read();
  }

  /** Goes on from a checkpoint. @param {string} body */
  async function resume(body) {
    try {
      await answered(fetch(`api/rooms/${store.room}/checkpoint`, { method: 'PUT', headers: { Authorization: `Bearer ${own.commands.socket.token}` }, body }));
      dialog.close();
      toast(words.resumed);
    } catch (e) {
      refuse(/** @type {Error} */ (e).message);
    }
  }

  function open() {
    if (!store.driving) return toast(words.viewer);
    keep.href = `api/rooms/${store.room}/files/points.csv`;
    dialog.showModal();
  }

  document.addEventListener('dragover', (e) => {
    if (!e.dataTransfer?.types.some((t) => t === 'Files' || t === 'text/plain')) return;
    e.preventDefault();
    document.body.setAttribute('data-dropping', '');
  });
  document.addEventListener('dragleave', (e) => e.relatedTarget === null && document.body.removeAttribute('data-dropping'));
  document.addEventListener('drop', (e) => {
    document.body.removeAttribute('data-dropping');
    const dropped = e.dataTransfer;
    if (!dropped) return;
    e.preventDefault(); // or the browser leaves the page for the file
    if (!store.driving) return toast(words.viewer);
    if (dropped.files.length) take(dropped.files[0]);
    else if (dropped.getData('text/plain')) paste(dropped.getData('text/plain'));
  });
  document.addEventListener('paste', (e) => {
    if (e.target instanceof HTMLInputElement || e.target instanceof HTMLTextAreaElement || !store.driving) return;
    const given = e.clipboardData?.files[0];
    const content = e.clipboardData?.getData('text/plain') ?? '';
    if (given) take(given);
    else if (/\d/.test(content)) /^\s*\{/.test(content) && content.includes('"ebmviz/1"') ? resume(content) : paste(content);
  });
  // The rail builds its button anew when the line was cut.
  document.addEventListener('click', (e) => e.target instanceof Element && e.target.closest('[data-action="bring"]') && open());
}
