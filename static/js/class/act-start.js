// act-start.js: the place where the owner of a class starts an act: four buttons, and a form for each.
import { hint, make, write } from '../dom.js';
import { words } from '../strings.js';
import { KINDS, LETTERS } from './act-card.js';
import { LONG, LONG_CHOICE, trimmed } from './act-state.js';

/** @typedef {'question'|'pins'|'drawing'|'marbles'} Kind */

/** Answers of a question: at least and at most. */
const LEAST = 2, MOST = 6;

/** @type {Record<Kind, {how:string, text:string}>} */
const FORMS = {
  question: { how: words.actStartQuestion, text: '' },
  pins: { how: words.actStartPins, text: words.actPinsText },
  drawing: { how: words.actStartDrawing, text: words.actDrawingText },
  marbles: { how: words.actStartMarbles, text: words.actMarblesText },
};

export class StartPanel {
  /** @type {Kind} */
  #kind = 'question';
  #texts = new Map(Object.entries(FORMS).map(([kind, { text }]) => [kind, text]));

  /**
   * @param {import('../store.js').Store} store
   * @param {(start:Record<string, any>, right:number[]) => unknown} start
   */
  constructor(store, start) {
    this.store = store;
    this.kinds = /** @type {Kind[]} */ (Object.keys(FORMS)).map((kind) => {
      const button = make('button', { class: 'tool', 'data-act-kind': kind, type: 'button', text: KINDS[kind] });
      button.addEventListener('click', () => this.#choose(kind));
      return button;
    });
    this.how = make('p', { class: 'why' });
    this.text = make('textarea', { rows: 2, maxlength: LONG, 'data-act-text': true, placeholder: words.actText, 'aria-label': words.actText });
    this.by = make('select', { 'data-act-by': true, 'aria-label': words.actAnswers }, make('option', { value: 'choices', text: words.actByChoice }), make('option', { value: 'place', text: words.actByPlace }));
    this.choices = make('ol');
    this.add = make('button', { class: 'opener', type: 'button', 'data-act': 'addChoice', text: words.actAddChoice });
    this.ticks = make('p', { class: 'why', text: words.actTickRight });
    this.go = make('button', { class: 'button main', 'data-act': 'start', text: words.actStart });
    this.missing = make('p', { class: 'why', role: 'status' });
    this.now = make('p', { class: 'why', text: words.actNow, hidden: true });
    this.form = make('form', {}, this.how, this.text, make('label', { class: 'by' }, `${words.actAnswers}: `, this.by), this.choices, this.add, this.ticks, make('div', { class: 'go' }, this.go, this.missing));
    this.node = make('section', { class: 'act-start', 'aria-label': words.actAsk }, make('h2', { text: words.actAsk }), make('div', { class: 'kinds', role: 'group', 'aria-label': words.actAsk }, ...this.kinds), this.now, this.form, make('p', { class: 'why', text: words.actLessonAsks }));
    for (let k = 0; k < LEAST; k++) this.#addChoice();
    this.add.addEventListener('click', () => this.#addChoice()?.focus());
    this.by.addEventListener('change', () => this.#update());
    this.form.addEventListener('input', () => this.#update());
    this.form.addEventListener('submit', async (e) => {
      e.preventDefault();
      const missing = this.#missing();
      write(this.missing, missing);
      if (missing) return;
      const { value, right } = this.#start();
      if (await start(value, right)) this.#clear();
    });
    this.#choose('question');
  }

  /** @param {Kind} kind */
  #choose(kind) {
    this.#texts.set(this.#kind, this.text.value);
    this.#kind = kind;
    for (const button of this.kinds) button.ariaPressed = String(button.dataset.actKind === kind);
    write(this.how, FORMS[kind].how);
    this.text.value = this.#texts.get(kind) ?? '';
    this.#update();
  }

  #update() {
    const question = this.#kind === 'question', list = question && this.by.value === 'choices';
    if (this.by.parentElement) this.by.parentElement.hidden = !question;
    this.choices.hidden = this.ticks.hidden = !list;
    this.add.hidden = !list || this.choices.childElementCount >= MOST;
    write(this.missing, '');
  }

  /** Adds a line for an answer. */
  #addChoice() {
    const n = this.choices.childElementCount;
    if (n >= MOST) return null;
    const text = make('input', { type: 'text', maxlength: LONG_CHOICE, 'data-act-answer': n, 'aria-label': `${words.actAnswers} ${LETTERS[n]}` });
    const right = make('input', { type: 'checkbox', 'aria-label': `${LETTERS[n]}: ${words.actRight}` });
    this.choices.append(make('li', {}, make('span', { class: 'letter', 'aria-hidden': 'true', text: LETTERS[n] }), text, right));
    hint(right, words.actTickRight);
    this.#update();
    return text;
  }

  /** What has been written: answers that are empty are left out. */
  #written() {
    return [...this.choices.children].flatMap((li) => {
      const [text, right] = li.querySelectorAll('input');
      return trimmed(text.value) ? [{ text: trimmed(text.value), right: right.checked }] : [];
    });
  }

  #missing() {
    if (!trimmed(this.text.value)) return this.#kind === 'question' && this.by.value === 'choices' ? words.actFewWords : words.actWrite;
    return this.#kind === 'question' && this.by.value === 'choices' && this.#written().length < LEAST ? words.actFewWords : '';
  }

  #start() {
    const text = trimmed(this.text.value), kind = this.#kind;
    if (kind !== 'question') return { value: { kind, text }, right: [] };
    if (this.by.value === 'place') return { value: { kind, text, place: true }, right: [] };
    const all = this.#written();
    return { value: { kind, text, choices: all.map((c) => c.text) }, right: all.flatMap((c, k) => (c.right ? [k] : [])) };
  }

  #clear() {
    if (this.#kind !== 'question') return;
    this.text.value = '';
    this.choices.replaceChildren();
    for (let k = 0; k < LEAST; k++) this.#addChoice();
    this.#update();
  }

  /** Puts it into the class's panel, once that is there. @param {boolean} asking  something is being asked */
  show(asking) {
    const slot = document.getElementById('class-acts');
    if (slot && this.node.parentElement !== slot) slot.append(this.node);
    this.now.hidden = !asking;
  }

  close() {
    this.node.remove();
  }
}
