// editor.js: writes lessons. It stands in the sidebar, beside the landscape and the knobs: first the
// steps of the lesson, with the methods and data below them, and for each step a form that has the
// sidebar for itself, with a preview on the panel. Each change is stored in this browser at once.
/** @import {Page} from '../instruments/index.js' */
/** @import {Resources} from '../resources.js' */
/** @import {Lesson, LessonStep} from '../types.js' */
/** @import {Player} from './player.js' */
import { byId, make, toast, write } from '../dom.js';
import { save } from '../export/save.js';
import { say, words } from '../strings.js';
import { press } from '../toggles.js';
import { applyView, changeView } from '../view.js';
import { button, textField } from './editor-fields.js';
import { stepForm } from './editor-form.js';
import { preview } from './editor-preview.js';
import { clean, newStep } from './editor-steps.js';
import { takeView } from './editor-view.js';
import { file, fileName, keep, titleOf } from './mine.js';

/** Milliseconds after the last letter until a lesson is stored. */
const STORED = 300;
/** The widest page, in pixels, that shows the preview below the form. */
const NARROW = 960;

export class Editor {
  /** @type {Lesson|null} */
  lesson = null;
  /** The index of the step whose form is open; -1 for none. */
  n = -1;
  /** The step that was deleted last, and where it stood. @type {{step:LessonStep, at:number}|null} */
  #deleted = null;
  #timer = 0;
  /** Whether the player shows a step. */
  #playing = false;
  #preview = make('section', { class: 'lesson step-preview', 'aria-label': words.editPreview, tabindex: 0, hidden: true });
  #status = make('p', { class: 'why', role: 'status' });
  #node = make('section', { class: 'editor', id: 'editor', 'aria-label': words.editor, hidden: true });

  /**
   * @param {Page} page
   * @param {Resources} resources
   * @param {Player} player
   */
  constructor(page, resources, player) {
    this.page = page;
    this.player = player;
    /** Removes what the form of a step has added to the landscape. */
    this.release = () => {};
    this.sidebar = /** @type {HTMLElement} */ (document.querySelector('.sidebar'));
    this.sidebar.prepend(this.#node);
    resources.nodes(this.#node, this.#preview);
    resources.defer(() => this.close());
    addEventListener('pagehide', () => this.#store(), { signal: resources.signal });
  }

  /** Opens a lesson. @param {Lesson} lesson @param {number} [n]  a step of it */
  open(lesson, n = -1) {
    this.close();
    this.lesson = lesson;
    this.#deleted = null;
    this.#node.hidden = false;
    document.querySelector('.app')?.setAttribute('data-sheet', 'sidebar');
    document.querySelector('.app')?.toggleAttribute('data-editor', true);
    this.#goTo(n);
    this.#node.querySelector('input')?.select();
  }

  close() {
    if (!this.lesson) return;
    this.#store();
    this.release();
    this.lesson = null;
    this.n = -1;
    this.#node.hidden = this.#preview.hidden = true;
    document.querySelector('.app')?.setAttribute('data-sheet', 'panel');
    document.querySelector('.app')?.toggleAttribute('data-editor', false);
    this.sidebar.toggleAttribute('data-form', false);
  }

  /** The lesson has changed. */
  changed() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#store(), STORED);
    this.#showPreview();
  }

  #store() {
    clearTimeout(this.#timer);
    if (this.lesson) this.#say(keep(this.lesson) || words.editStored);
  }

  /** @param {string} sentence */
  #say(sentence) {
    write(this.#status, sentence);
  }

  /** Shows the steps, or the form of one. @param {number} n */
  #goTo(n) {
    const { lesson } = this;
    if (!lesson) return;
    this.release();
    this.release = () => {};
    this.n = n;
    this.#say('');
    const step = lesson.steps[n];
    this.sidebar.toggleAttribute('data-form', step !== undefined);
    if (step) this.#node.replaceChildren(...this.#form(lesson, step));
    else this.#node.replaceChildren(...this.#overview(lesson));
    this.sidebar.scrollTo(0, 0);
    this.#showPreview();
  }

  /** @param {Lesson} lesson */
  #overview(lesson) {
    const steps = lesson.steps.map((step, k) => make('li', {},
      button('editStep', () => this.#focusIn(k), { class: 'opener', 'data-step': k, text: titleOf(step) }),
      make('span', { class: 'group' },
        button('editUp', () => this.#move(k, -1), { class: 'opener', disabled: k === 0, 'aria-label': say.stepAct(words.editUpTip, k + 1), text: '↑' }),
        button('editDown', () => this.#move(k, 1), { class: 'opener', disabled: k === lesson.steps.length - 1, 'aria-label': say.stepAct(words.editDownTip, k + 1), text: '↓' }),
        button('editCopy', () => this.#copy(k), { class: 'opener', 'aria-label': say.stepAct(words.editCopyTip, k + 1) }),
        button('editDelete', () => this.#delete(k), { class: 'opener', 'aria-label': say.stepAct(words.editDeleteTip, k + 1) }))));
    const gone = this.#deleted;
    if (gone) {
      const back = make('li', { class: 'gone' }, say.stepDeleted(titleOf(gone.step)), ' ', button('editUndo', () => this.#restore()));
      steps.splice(gone.at, 0, back);
    }
    const has = lesson.steps.length > 0;
    return [
      make('header', {}, make('h2', { text: words.editor }), button('editClose', () => this.close())),
      textField('editTitle', lesson.title, (text) => {
        lesson.title = text;
        this.changed();
      }),
      textField('editAbout', lesson.about, (text) => {
        lesson.about = text;
        this.changed();
      }, { placeholder: words.editAboutHow }),
      ...(steps.length ? [make('ol', { class: 'steps' }, ...steps)] : [make('p', { class: 'why', text: words.editHow })]),
      make('div', { class: 'group' }, button('editAdd', () => this.#add(), { class: 'button main' })),
      make('div', { class: 'group' }, button('editPlay', () => this.#play(0), { disabled: !has }), button('editSave', () => this.#save(), { disabled: !has })),
      this.#status,
    ];
  }

  /** @param {Lesson} lesson @param {LessonStep} step */
  #form(lesson, step) {
    const { n } = this;
    const form = stepForm(this.page, step, {
      changed: () => this.changed(),
      again: () => this.#takeAgain(step),
      show: () => this.#show(step),
    });
    this.release = form.release;
    return [
      make('header', {},
        button('editSteps', () => {
          this.#goTo(-1);
          this.#node.querySelector(`[data-step="${n}"]`)?.scrollIntoView({ block: 'nearest' });
          /** @type {HTMLElement|null} */ (this.#node.querySelector(`[data-step="${n}"]`))?.focus();
        }, { class: 'opener' }),
        make('h2', { text: say.stepOf(n + 1, lesson.steps.length) }),
        make('span', { class: 'group' },
          button('editBefore', () => this.#goTo(n - 1), { disabled: n === 0, 'aria-label': words.lessonBackTip, text: '‹' }),
          button('editAfter', () => this.#goTo(n + 1), { disabled: n === lesson.steps.length - 1, 'aria-label': words.lessonNextTip, text: '›' }))),
      make('div', { class: 'fields' }, ...form.parts),
      make('div', { class: 'group act' }, button('editPlayStep', () => this.#play(n)), button('editDone', () => this.#goTo(-1)), this.#status),
    ];
  }

  /** Opens the form of a step, with the focus in it. @param {number} n */
  #focusIn(n) {
    this.#goTo(n);
    /** @type {HTMLInputElement|null} */ (this.#node.querySelector('[data-edit="editStepTitle"]'))?.select();
  }

  #showPreview() {
    const { lesson, n } = this;
    const node = this.#preview;
    node.hidden = !lesson || n < 0 || !byId('lesson', HTMLElement).hidden;
    if (node.hidden || !lesson) return;
    const panel = byId('panel', HTMLElement);
    if (document.body.clientWidth < NARROW) this.#node.querySelector('.fields')?.append(node);
    else if (node.parentElement !== panel) panel.prepend(node);
    node.replaceChildren(...preview(lesson, n));
  }

  /** Shows the preview while the player shows nothing; called a few times a second. */
  follow() {
    const playing = !byId('lesson', HTMLElement).hidden;
    if (playing === this.#playing) return;
    this.#playing = playing;
    this.#showPreview();
  }

  /** Adds what the page shows as a step. */
  async #add() {
    const { lesson, page: { store } } = this;
    this.player.leave(false); // the step is taken as it is shown
    const view = await this.#take();
    if (!view || !lesson || lesson !== this.lesson) return;
    const { model, data } = store.title;
    this.#deleted = null;
    lesson.steps.push(newStep(say.stepTitle(model, data), view));
    this.#store();
    this.#focusIn(lesson.steps.length - 1);
  }

  /** What the page shows; null where it cannot be taken. */
  async #take() {
    const { store, commands } = this.page;
    if (store.state?.playing && store.driving) commands.act('pause');
    try {
      const { view, missing } = await takeView(this.page);
      if (missing) toast(missing);
      return view;
    } catch (e) {
      toast(/** @type {Error} */ (e).message);
      return null;
    }
  }

  /** Replaces the run and the view of a step by those that the page shows. @param {LessonStep} step */
  async #takeAgain(step) {
    const view = await this.#take();
    if (!view || this.lesson?.steps[this.n] !== step) return;
    for (const part of /** @type {const} */ (['log', 'stop', 'view', 'show'])) delete step[part];
    Object.assign(step, view);
    this.#store();
    this.#goTo(this.n);
    this.#say(words.editTaken);
  }

  /** Shows the view of a step, where it stops. @param {LessonStep} step */
  #show(step) {
    const { store, commands } = this.page;
    if (!store.driving) return toast(words.viewer);
    const { view = {}, open: { knobs = {}, ...open }, log, stop } = step;
    const shown = [view.show, ...(step.show ?? [])].filter(Boolean).join(',');
    press([]);
    applyView(store, { view: { ...view, show: shown }, hide: (view.hide ?? '').split(',') });
    changeView(store, { on: view.on ?? '', at: view.at ?? '', tool: view.tool ?? '' });
    commands.open({ ...open, knobs, ...(log && { log }), step: typeof stop === 'number' ? stop : store.catalog.models.find((m) => m.id === open.model)?.steps ?? 0 });
  }

  /** Plays the lesson from a step on. @param {number} n */
  #play(n) {
    if (!this.lesson) return;
    this.#store();
    this.player.enter(clean(this.lesson), n);
    this.#showPreview();
  }

  /** Saves the lesson as a file, unless something in it is missing. */
  async #save() {
    const { lesson } = this;
    if (!lesson) return;
    this.#store();
    const text = JSON.stringify(file(clean(lesson)), null, 2);
    try {
      await this.page.client.query({ lessonFile: text });
      save(fileName(lesson), 'application/json', `${text}\n`);
      this.#say(say.lessonSaved(fileName(lesson)));
    } catch (e) {
      this.#say(say.lessonUnfinished(/** @type {Error} */ (e).message));
    }
  }

  /** Shows the steps after a change of their order. @param {string} [focus]  a selector of what has the focus then */
  #rearranged(focus) {
    this.#store();
    this.#goTo(-1);
    /** @type {HTMLElement|null} */ (this.#node.querySelector(focus ?? '[data-edit="editAdd"]'))?.focus();
  }

  /** @param {number} k @param {number} by */
  #move(k, by) {
    const { lesson } = this;
    if (!lesson) return;
    lesson.steps.splice(k + by, 0, ...lesson.steps.splice(k, 1));
    this.#deleted = null;
    this.#rearranged();
    const row = this.#node.querySelectorAll('.steps li')[k + by];
    const same = row?.querySelector(`[data-edit="${by < 0 ? 'editUp' : 'editDown'}"]:not(:disabled)`) ?? row?.querySelector('button');
    if (same instanceof HTMLElement) same.focus();
  }

  /** @param {number} k */
  #copy(k) {
    const { lesson } = this;
    if (!lesson) return;
    const step = structuredClone(lesson.steps[k]);
    step.title = say.copyOf(titleOf(step));
    lesson.steps.splice(k + 1, 0, step);
    this.#deleted = null;
    this.#rearranged(`[data-step="${k + 1}"]`);
  }

  /** @param {number} k */
  #delete(k) {
    const { lesson } = this;
    if (!lesson) return;
    const [step] = lesson.steps.splice(k, 1);
    this.#deleted = { step, at: k };
    this.#rearranged('[data-edit="editUndo"]');
  }

  #restore() {
    const { lesson } = this;
    const gone = this.#deleted;
    if (!lesson || !gone) return;
    lesson.steps.splice(gone.at, 0, gone.step);
    this.#deleted = null;
    this.#rearranged(`[data-step="${gone.at}"]`);
  }
}
