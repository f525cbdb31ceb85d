// entry.js: what a pupil sees before the landscape: the form for the code, the lobby, and why the way
// in is closed. It covers the page.
import { make, write } from '../dom.js';
import { RequestError } from '../request.js';
import { say, words } from '../strings.js';
import { join, LENGTH, readCode } from './join.js';

/** @typedef {import('../rooms.js').Key} Key */

/** What is said instead of the server's sentence. @type {Record<string, string>} */
const SENTENCES = { code: words.joinWrong, locked: words.joinLocked, full: words.joinFull, ended: words.classEnded, removed: words.classRemoved, unreachable: words.unreachable };

/** The sentence for a refusal. @param {{code:string, message:string}} refusal */
export const refusalSentence = ({ code, message }) => SENTENCES[code] ?? message;

/** The card over the page; it exists while it is shown. @type {HTMLDialogElement|null} */
let card = null;

/** Shows the card with those contents. @param {string} kind @param {...Node} contents */
function show(kind, ...contents) {
  if (!card) {
    card = make('dialog', { class: 'entry', 'aria-labelledby': 'entry-title' });
    card.addEventListener('cancel', (e) => e.preventDefault()); // there is nothing behind it yet
    document.body.append(card);
    card.showModal();
  }
  card.dataset.entry = kind;
  card.replaceChildren(make('div', { class: 'entry-card' }, make('p', { class: 'brand', text: 'ebmviz' }), ...contents));
}

/** Removes the card. */
export function closeEntry() {
  card?.remove();
  card = null;
}

/** @param {string} text */
const title = (text) => make('h1', { id: 'entry-title', text });

/**
 * Shows the form until a code has opened a class; resolves with the key.
 * @param {string} [given]  a code, which is tried at once
 * @param {string} [why]    a sentence that is shown at first
 * @returns {Promise<Key>}
 */
export function askForCode(given = '', why = '') {
  const field = make('input', { id: 'join-code', type: 'text', inputmode: 'text', autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false', maxlength: 12, enterkeyhint: 'go', 'aria-describedby': 'join-status' });
  const button = make('button', { class: 'button', 'data-action': 'join', text: words.join });
  const status = make('p', { id: 'join-status', role: 'status', text: why });
  const form = make('form', {}, make('label', { for: 'join-code', text: words.joinHow }), make('div', { class: 'join-row' }, field, button), status);
  form.noValidate = true;
  show('code', title(words.joinTitle), form);
  field.focus();
  return new Promise((resolve) => {
    let trying = false;
    const attempt = async () => {
      const { code, wrong } = readCode(field.value);
      if (trying) return;
      if (wrong || code.length !== LENGTH) return write(status, wrong || say.joinLength(LENGTH));
      trying = button.disabled = field.readOnly = true;
      write(status, words.joining);
      try {
        const key = await join(code);
        closeEntry();
        resolve(key);
      } catch (e) {
        write(status, e instanceof RequestError ? refusalSentence(e) : String(e));
        field.select();
      }
      trying = button.disabled = field.readOnly = false;
    };
    let tried = '';
    field.addEventListener('input', () => {
      const { code, wrong } = readCode(field.value);
      if (field.value !== code) field.value = code;
      write(status, wrong);
      button.disabled = wrong !== '';
      if (code === tried || wrong || code.length !== LENGTH) return;
      tried = code; // once by itself; again by the button
      attempt();
    });
    form.addEventListener('submit', (e) => {
      e.preventDefault();
      attempt();
    });
    if (!given) return;
    field.value = readCode(given).code;
    tried = field.value;
    attempt();
  });
}

/** Shows that one waits to be let in. @param {string} name  '' where it is not known */
export function showLobby(name) {
  if (card?.dataset.entry === 'lobby') return;
  show('lobby', title(words.lobbyTitle), ...(name ? [make('p', { class: 'name', text: name })] : []), make('p', { text: words.lobbyHow, role: 'status' }), make('p', { class: 'waits', 'aria-hidden': 'true' }, make('i'), make('i'), make('i')));
}

/**
 * Shows why the way in is closed, with a button.
 * @param {{code:string, message:string}} refusal
 * @param {string} text    of the button
 * @param {() => void} act
 */
export function showClosed(refusal, text, act) {
  const button = make('button', { class: 'button', 'data-action': 'entry', text });
  button.addEventListener('click', act);
  show('closed', title(refusalSentence(refusal)), button);
  button.focus();
}
