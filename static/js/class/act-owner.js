// act-owner.js: what the owner of a class does with an act: starts one, closes it, plays on, shows the
// result. The buttons are at the foot of the act's card; what can be started is in the class's panel.
/** @import {Page} from '../instruments/index.js' */
/** @import {Question} from '../types.js' */
/** @import {Act} from './class-data.js' */
import { hint, make, toast } from '../dom.js';
import { Resources } from '../resources.js';
import { store as keep, stored, tab } from '../settings.js';
import { words } from '../strings.js';
import { shuffled } from '../lessons/question.js';
import { RunOn } from './act-run.js';
import { orderIn, revealOf, startOf, stepsOn } from './act-state.js';
import { StartPanel } from './act-start.js';

/** @typedef {'actClose'|'actClosePins'|'actFreeze'|'actThaw'|'actReopen'|'actPlayOn'|'actAgain'|'actReveal'|'actRevealPins'|'actShowNames'|'actClear'|'actTrain'|'actEnd'} Button */

/** Milliseconds in which buttons that are new do nothing: a second click was meant for those before. */
const QUIET = 400;
/** The main one is the first of these that there is. @type {Button[]} */
const MAIN = ['actReveal', 'actRevealPins', 'actClose', 'actClosePins', 'actPlayOn', 'actTrain'];

/** The main one of the buttons. @param {Button[]} buttons */
export const mainOf = (buttons) => MAIN.find((name) => buttons.includes(name));

/**
 * The buttons of an act, in their order. Those that show the result and that end the act are at the right,
 * where nothing else comes to lie.
 * @param {Pick<Act, 'kind'|'phase'|'from'|'names'>} act
 * @param {{lesson:boolean, step:number}} at  whether it is a question of a lesson, and the step of the run
 * @returns {Button[]}
 */
export function buttonsOf({ kind, phase, from = 0, names }, { lesson, step }) {
  if (kind === 'drawing') return ['actTrain', phase === 'open' ? 'actFreeze' : 'actThaw', 'actClear', 'actEnd'];
  if (kind === 'marbles') return ['actClear', 'actEnd'];
  if (phase === 'open') return [kind === 'pins' ? 'actClosePins' : 'actClose', ...(lesson ? [] : /** @type {const} */ (['actEnd']))];
  if (kind === 'pins') {
    if (phase === 'revealed') return ['actEnd'];
    return step > from ? ['actPlayOn', 'actRevealPins', 'actEnd'] : ['actReopen', 'actPlayOn', 'actEnd'];
  }
  if (lesson) return phase === 'closed' ? ['actReopen', 'actPlayOn', 'actAgain'] : [];
  if (phase === 'closed') return ['actReopen', 'actAgain', 'actPlayOn', 'actReveal', 'actEnd'];
  return ['actAgain', ...(names ? [] : /** @type {const} */ (['actShowNames'])), 'actEnd'];
}

export class OwnerActs {
  #resources = new Resources();
  /** The question of a lesson that is asked now. @type {{question:Question, order:number[], play:() => void}|null} */
  #lesson = null;
  /** @type {Map<Button, HTMLButtonElement>} */
  #buttons = new Map();
  /** The right place of the present question, and which it is. @type {{act:number, circle:[number, number, number]}|null} */
  #right = null;
  #steps = make('input', { type: 'number', min: 1, max: 100000, value: 100, class: 'steps', 'aria-label': words.actSteps });
  #stepsLabel = make('label', {}, this.#steps, ` ${words.actStepsUnit}`);
  #stepsOf = '';
  #quiet = 0;

  /**
   * @param {Page} page
   * @param {import('./act-card.js').ActCard} card
   */
  constructor(page, card) {
    this.page = page;
    this.card = card;
    this.run = new RunOn(page);
    this.panel = new StartPanel(page.store, (start, key) => this.#start(start, key));
    card.foot.hidden = false;
    /** @type {Record<Button, () => unknown>} */
    const acts = {
      actClose: () => this.#send({ close: true }), actClosePins: () => this.#send({ close: true }), actFreeze: () => this.#send({ close: true }),
      actThaw: () => this.#send({ open: true }), actReopen: () => this.#send({ open: true }), actPlayOn: () => this.#playOn(), actAgain: () => this.#again(),
      actReveal: () => this.#reveal(), actRevealPins: () => this.#send({ reveal: {} }), actShowNames: () => this.#reveal(true),
      actClear: () => this.#send({ clear: true }), actTrain: () => this.#train(), actEnd: () => this.#send({ end: true }),
    };
    for (const name of /** @type {Button[]} */ (Object.keys(acts))) {
      const button = make('button', { class: 'button', 'data-act': name, text: words[name] });
      hint(button, words[/** @type {'actEndTip'} */ (`${name}Tip`)]);
      button.addEventListener('click', () => button.ariaDisabled !== 'true' && acts[name]());
      this.#buttons.set(name, button);
    }
    this.#resources.nodes(...this.#buttons.values(), this.#stepsLabel);
    const { store } = page;
    store.askClass = (question, link, play) => this.#askLesson(question, link, play);
    this.#resources.defer(() => {
      clearTimeout(this.#quiet);
      store.askClass = null;
      card.foot.hidden = true;
      this.panel.close();
    });
  }

  /** @param {Record<string, unknown>} act */
  #send(act) {
    return this.page.commands.send({ act });
  }

  /** Starts an act; one that is on ends by that. @param {Record<string, any>} start @param {number[]} [right]  which choices are right */
  #start(start, right = []) {
    const { store, commands } = this.page;
    if ((start.kind === 'pins' || start.place) && store.state?.playing) commands.act('pause'); // one answers before it moves
    if (start.kind === 'question') keep('act', JSON.stringify({ text: start.text, right }), tab);
    return this.#send({ start });
  }

  /** Asks the class the question of a lesson, unless it is being asked. @param {Question} question @param {string} link @param {() => void} play */
  #askLesson(question, link, play) {
    const { act } = this.page.store.classroom;
    const known = act?.phase === 'revealed' ? null : orderIn(question, act);
    const order = known ?? shuffled(question.choices?.length ?? 0, link);
    this.#lesson = { question, order, play };
    const asked = this.#lesson;
    return {
      node: this.card.node,
      started: known ? Promise.resolve(true) : this.#start(startOf(question, order)),
      reveal: () => asked === this.#lesson && this.#send({ reveal: revealOf(question, order) }),
      end: () => {
        if (asked !== this.#lesson) return;
        this.#lesson = null;
        if (orderIn(question, this.page.store.classroom.act)) this.#send({ end: true });
      },
    };
  }

  /** Marks the right place. @param {[number, number, number]} circle */
  markRight(circle) {
    const { act } = this.page.store.classroom;
    if (act) this.#right = { act: act.id, circle };
  }

  /** The right place of the present question, once it is marked. */
  get right() {
    return this.#right?.act === this.page.store.classroom.act?.id ? this.#right?.circle : undefined;
  }

  /** Whether the act is a question of the lesson that is open. */
  get ofLesson() {
    return this.#lesson !== null && orderIn(this.#lesson.question, this.page.store.classroom.act) !== null;
  }

  #playOn() {
    if (this.#lesson && this.ofLesson) return this.#lesson.play();
    this.run.start(Math.max(1, Math.round(this.#steps.valueAsNumber || 1)));
  }

  #again() {
    const { act } = this.page.store.classroom;
    if (!act) return;
    const { kind, text, choices, place } = act;
    this.#send({ start: { kind, text, ...(choices?.length && { choices }), ...(place && { place }), again: true } });
  }

  /** @param {boolean} [names] */
  #reveal(names = false) {
    const { act } = this.page.store.classroom;
    if (this.#lesson && this.ofLesson) return this.#send({ reveal: { ...revealOf(this.#lesson.question, this.#lesson.order), ...(names && { names }) } });
    const { text, right } = keyOf();
    this.#send({ reveal: { ...(act?.choices && act.text === text && right.length && { right }), ...(this.right && { circles: [this.right] }), ...(names && { names }) } });
  }

  /** The points of the class become those of the room, once nobody can change them any more. */
  async #train() {
    const { store, commands, client } = this.page;
    if (store.classroom.act?.phase === 'open') {
      if (!(await this.#send({ close: true }))) return;
      await this.#closed();
    }
    const points = store.classroom.act?.points ?? [];
    if (points.length < 2) return; // all were taken back, or the act has ended
    commands.rewrites++;
    try {
      const { state } = await client.command({ points, learn: '' });
      store.userPoints = { id: state.own, y: points };
      if (!store.state?.playing) commands.act('play');
    } catch (e) {
      toast(/** @type {Error} */ (e).message);
    }
  }

  /** Resolved when the page knows that the act is not open any more, and so its last points. @returns {Promise<void>} */
  #closed() {
    const { store } = this.page;
    return new Promise((resolve) => {
      const look = () => {
        if (store.classroom.act?.phase === 'open') return;
        known.abort();
        resolve();
      };
      const known = new AbortController();
      store.on('class', look, known.signal);
      look();
    });
  }

  /** Shows the buttons that there are now. */
  show() {
    const { store } = this.page;
    const { act } = store.classroom;
    this.panel.show(act !== null);
    if (!act) return;
    const names = buttonsOf(act, { lesson: this.ofLesson, step: store.frame?.step ?? 0 });
    const usual = `${store.state?.model}`;
    if (usual !== this.#stepsOf) this.#steps.value = String(stepsOn(store.model?.steps ?? 1000));
    this.#stepsOf = usual;
    const nodes = names.flatMap((name) => {
      const button = /** @type {HTMLButtonElement} */ (this.#buttons.get(name));
      return name === 'actPlayOn' && !this.ofLesson ? [button, this.#stepsLabel] : [button];
    });
    const main = mainOf(names);
    for (const name of names) this.#buttons.get(name)?.classList.toggle('main', name === main);
    const train = this.#buttons.get('actTrain');
    if (train) train.disabled = (act.points?.length ?? 0) < 2;
    const { foot } = this.card;
    if (nodes.length === foot.childElementCount && nodes.every((node, i) => node === foot.children[i])) return;
    const focused = foot.contains(document.activeElement);
    if (foot.childElementCount) this.#wait();
    foot.replaceChildren(...nodes);
    if (focused && !foot.contains(document.activeElement)) (main ? this.#buttons.get(main) : foot.querySelector('button'))?.focus(); // the one that was pressed is gone
  }

  /** For a moment the buttons do nothing. */
  #wait() {
    const waits = (/** @type {boolean} */ on) => this.#buttons.forEach((button) => (button.ariaDisabled = on ? 'true' : null));
    waits(true);
    clearTimeout(this.#quiet);
    this.#quiet = window.setTimeout(() => waits(false), QUIET);
  }

  follow() {
    this.run.follow();
  }

  close() {
    this.#resources.release();
  }
}

/** Which choices of the question that was typed are right. @returns {{text:string, right:number[]}} */
function keyOf() {
  try {
    const { text = '', right = [] } = JSON.parse(stored('act', tab) ?? '{}');
    return { text, right };
  } catch {
    return { text: '', right: [] };
  }
}
