// player.js: plays a lesson. A step opens its configuration and asks for a prediction; then the model
// learns until the telling moment. It learns on when a knob is turned, and the player carries out what
// there is to try.
/** @import {Page} from '../instruments/index.js' */
/** @import {Bounds, Lesson, LessonStep, RoomState} from '../types.js' */
/** @import {Phase} from './card.js' */
/** @import {Place} from './place.js' */
/** @import {Answer} from './question.js' */
import { byId } from '../dom.js';
import { press } from '../toggles.js';
import { applyView, changeView, paceOf, roomView, viewParts } from '../view.js';
import { LessonCard } from './card.js';
import { stepSeen } from './progress.js';
import { hold } from './question.js';
import { bringIntoSight, mark } from './watch.js';

/** Seconds that a run to the telling moment takes. */
const RUN = 8;
/** Seconds that a run takes which is carried out for the reader. */
const PERFORMED = 4;
/** What of the view is as before the lesson when it is left: how the colours show the energy. */
const COLOURS = ['spacing', 'map', 'range'];
/** Steps per second at least: a run of a few steps does not keep one waiting. */
const LEAST_SPEED = 1;

export class Player {
  /** @type {Lesson|null} */
  lesson = null;
  /** The index of the step. */
  n = 0;
  /** @type {Phase} */
  phase = 'asking';
  /** @type {Answer|null} */
  answer = null;
  /**
   * The speed, as a multiple of the method's usual one or 'auto', and the colours before the lesson,
   * and the method and data that they were for.
   * @type {{speed:number|'auto', colours:Record<string, string>, model?:string, data?:string}}
   */
  #before = { speed: 'auto', colours: {} };
  /** Whether the configuration is the step's, at step 0. */
  #ready = false;
  /** Where the run stops, and where it began: at which step, and with which frame on the screen. @type {{step:number, bounds?:Bounds, from:number, seq:number}|null} */
  #goal = null;
  /** Called when it has stopped there. */
  #arrived = () => {};
  /** The run and its knobs at the telling moment. @type {RoomState|null} */
  #stopped = null;
  /** Grows with every step that is begun: what was begun in an earlier one ends. */
  #begun = 0;
  #performing = false;
  /** The parts of the page that it points at. @type {(string|undefined)[]} */
  #watched = [];
  /** The question as it is asked of a class; null while it is not. @type {ReturnType<NonNullable<Page['store']['askClass']>>|null} */
  #asked = null;
  /** The knobs of the room as known, and how often this page had changed them then. */
  #known = { knobs: '', rewrites: 0 };
  #scalar = (/** @type {string} */ name) => this.store.scalar(name);

  /** @param {Page} page @param {Place} place */
  constructor({ store, commands }, place) {
    this.store = store;
    this.commands = commands;
    this.place = place;
    this.card = new LessonCard({
      go: (by) => this.lesson && (this.lesson.steps[this.n + by] ? this.enter(this.lesson, this.n + by) : this.leave()),
      again: () => this.lesson && this.enter(this.lesson, this.n),
      predict: (answer) => this.#predict(answer),
      perform: () => this.#perform(),
      close: () => this.leave(),
    });
  }

  /** The step that is played. @returns {LessonStep|undefined} */
  get step() {
    return this.lesson?.steps[this.n];
  }

  /** Opens a step of a lesson. @param {Lesson} lesson @param {number} n */
  enter(lesson, n) {
    const { store } = this;
    const step = lesson.steps[n];
    if (!store.driving || !step) return;
    if (!this.lesson) this.#remember();
    this.#begun++;
    this.#endAsked();
    Object.assign(this, { lesson, n, phase: 'asking', answer: null });
    this.#ready = this.#performing = false;
    this.#goal = this.#stopped = null;
    store.view.lesson = `${lesson.id}.${n + 1}`;
    this.place.clear();
    if (store.panes.size) {
      store.view.compare = '';
      store.markChanged('compare');
    }
    this.#show();
    this.#open(step, 0);
    this.#ask(lesson, n, step);
    this.askClass();
    this.#mark(step.watch);
    this.#setStop(typeof step.stop === 'number' ? step.stop : 0);
    document.querySelector('.app')?.setAttribute('data-sheet', 'panel');
    this.#focus(step);
  }

  /** Puts the focus where the step is answered, unless it is on the card already. @param {LessonStep} step */
  #focus({ question }) {
    const { activeElement: focused } = document;
    if (!focused || focused === document.body || focused.matches('#lesson :not(:disabled)')) return;
    const target = question?.place ? byId('landscape', HTMLElement) : this.card.body;
    target.focus({ preventScroll: true });
  }

  /** Remembers the speed and the colours before the lesson. An address that names a lesson has the lesson's: then they are the usual ones. */
  #remember() {
    const { store } = this;
    const { state } = store;
    const pace = state && !store.view.lesson ? paceOf(state) : 'auto';
    this.#before = {
      speed: typeof pace === 'number' ? pace / store.usualSpeed() : pace,
      colours: viewParts(store, store.view.lesson ? [] : COLOURS),
      model: state?.model,
      data: state?.data,
    };
  }

  /** Restores the speed that was before the lesson, and the colours; ends of a range that are energies belong to their method and data. */
  #restore(colours = true) {
    const { store, commands } = this;
    const { speed, colours: { spacing = '', map = '', range = '' }, model, data } = this.#before;
    if (store.driving) commands.view({ speed: typeof speed === 'number' ? speed * store.usualSpeed() : speed });
    const same = store.state?.model === model && store.state?.data === data;
    if (colours) changeView(store, { spacing, map, range: same || !range.includes(',') ? range : '' });
  }

  /** Opens the configuration of a step, at a step of its run. @param {LessonStep} step @param {number} at */
  #open({ open, log }, at) {
    const { model, data, points, axes, seed = 1, knobs = {} } = open;
    return this.commands.open({ model, data, points, axes, seed, knobs, log, step: at });
  }

  /** Ends the lesson and its run. @param {boolean} [colours]  whether the colours are as before it again */
  leave(colours = true) {
    if (!this.lesson) return;
    if (this.#goal && this.store.driving) this.commands.act('pause');
    this.#begun++;
    this.#endAsked();
    this.lesson = this.#goal = null;
    this.store.view.lesson = '';
    this.store.scene.notes = [];
    this.store.markChanged('scene');
    this.#restore(colours);
    this.#setStop(0);
    this.place.clear();
    this.card.hide();
    this.#mark();
  }

  /** Shows the landscape as the step asks, without its instruments. */
  #show() {
    const { step, store } = this;
    /** @type {Record<string, string>} */
    const view = { lesson: store.view.lesson, ...step?.view };
    press([]); // first: an instrument restores the layers that it changed
    const show = [view.show, ...(step?.show ?? [])].filter(Boolean).join(',');
    const config = { view: { ...view, show }, hide: (view.hide ?? '').split(',') };
    applyView(store, config);
    changeView(store, { at: '', tool: '', marbles: '' });
    store.scene.notes = step?.notes ?? [];
    const { grid, fps } = roomView(config) ?? {};
    if (grid || fps) this.commands.view({ grid, fps });
  }

  /** Switches on the instruments of the step, of those that its method has. */
  #switchOn() {
    changeView(this.store, { on: this.step?.view?.on ?? '' });
  }

  /** Chooses the tool of the step: it answers about the landscape of the telling moment. */
  #showTool() {
    const { tool = '', at = '', marbles = '' } = this.step?.view ?? {};
    changeView(this.store, { tool, at, ...(marbles && { marbles }) });
  }

  /** Asks the class the question, where this page has one and somebody is there; its answers are then not this page's. */
  askClass() {
    const { store, step, lesson, n } = this;
    if (this.#asked && !store.askClass && this.phase === 'asking' && lesson && step) { // the class has ended
      this.#asked = null;
      this.#ask(lesson, n, step);
    }
    if (this.#asked || this.phase !== 'asking' || !lesson || !step?.question || !store.askClass || !store.classroom.banner?.here) return;
    const asked = (this.#asked = store.askClass(step.question, `${lesson.id}.${n + 1}`, () => this.#predict(null)));
    this.place.clear();
    this.card.ask(asked.node);
    asked.started.then((accepted) => {
      if (!accepted && asked === this.#asked && this.phase === 'asking') this.#ask(lesson, n, step);
    });
  }

  /** Asks the question of this page alone. @param {Lesson} lesson @param {number} n @param {LessonStep} step */
  #ask(lesson, n, step) {
    if (step.question?.place) {
      this.store.scene.relief = false; // the place is chosen on the map
      this.place.ask((y) => this.#predict(y));
    }
    this.card.begin(lesson, n);
    this.card.show(step, 'asking', null);
  }

  #endAsked() {
    this.#asked?.end();
    this.#asked = null;
  }

  /** @param {Answer|null} answer */
  #predict(answer) {
    const { step, store: { frame, state } } = this;
    if (this.phase !== 'asking' || !step) return;
    this.answer = answer;
    if (Array.isArray(answer) && frame) this.place.draw(frame, answer);
    this.#turn('running');
    const { model, data, seed = 1 } = step.open;
    if (state && (state.model !== model || (data && state.data !== data) || state.seed !== seed)) {
      this.#ready = false; // the question is about the step's own run
      this.#open(step, 0);
    }
    if (this.#ready) this.#begin();
  }

  /** @param {Phase} phase */
  #turn(phase) {
    this.phase = phase;
    if (this.step) this.card.show(this.step, phase, this.answer);
  }

  /** How many steps the run to the telling moment takes at most. */
  get #length() {
    const { stop } = this.step ?? {};
    return typeof stop === 'number' ? stop : this.store.model?.steps ?? 1;
  }

  /** Begins the run to the telling moment. */
  #begin() {
    const { stop } = this.step ?? {};
    this.#run(this.#length, RUN, typeof stop === 'object' ? stop : undefined);
  }

  /**
   * Has the model learn until a step, or until numbers hold. Resolved when it is there.
   * @param {number} step
   * @param {number} seconds  how long that takes
   * @param {Bounds} [bounds]
   * @returns {Promise<void>}
   */
  #run(step, seconds, bounds) {
    const { store, commands } = this;
    const from = store.state?.playing ? store.frame?.step ?? 0 : store.state?.step ?? 0;
    this.#goal = { step, bounds, from, seq: store.frame?.seq ?? -1 };
    if (store.scene.reducedMotion) this.#leap();
    else {
      commands.view({ speed: Math.max(LEAST_SPEED, (step - from) / seconds) });
      if (!store.state?.playing) commands.act('play');
    }
    return new Promise((resolve) => (this.#arrived = resolve));
  }

  /** Goes on without motion, where the reader wants none: in one leap, or in many if it may stop before. */
  #leap() {
    if (!this.#goal) return;
    const { step, bounds, from } = this.#goal;
    const now = Math.max(from, this.store.frame?.step ?? 0);
    this.commands.seek(bounds ? Math.min(step, now + Math.ceil((step - from) / 40)) : step);
  }

  /** Follows the run; called when a frame has been drawn, and now and then. */
  follow() {
    const { store, commands, step } = this;
    const { frame, state, model } = store;
    if (!step || !frame || !state || !model || commands.opening > 0 || frame.generation !== state.generation) return;
    if (!this.#ready) {
      if (frame.step > 0 && !state.playing) return;
      this.#ready = true;
      this.#know();
      this.#switchOn();
      this.#mark(step.watch); // its knobs are there now
      if (this.phase === 'running') this.#begin();
      return;
    }
    const goal = this.#goal;
    if (!goal || frame.seq === goal.seq) return;
    if (frame.step >= goal.step || (goal.bounds && frame.step > goal.from && hold(goal.bounds, this.#scalar))) this.#arrive(frame.step);
    else if (store.scene.reducedMotion && goal.bounds && !commands.seeking && !state.playing && frame.step === state.step) this.#leap();
  }

  /** The run is where it was to stop. @param {number} step */
  #arrive(step) {
    const { commands, store: { state } } = this;
    const at = Math.min(step, this.#goal?.step ?? step);
    this.#goal = null;
    if (state?.playing) commands.act('pause');
    if (state?.playing || this.phase === 'running' && step > at) commands.seek(at); // the room may be further than the frame
    if (this.phase === 'running') this.#tell(at);
    this.#arrived();
  }

  /** The telling moment. @param {number} at  the step */
  #tell(at) {
    const { step, lesson, store } = this;
    if (!step || !lesson) return;
    this.#setStop(at);
    this.#stopped = store.state && { ...store.state, step: at };
    this.#showTool();
    this.#turn('seen');
    this.#asked?.reveal();
    stepSeen(lesson.id, this.n);
    if (Array.isArray(this.answer) && store.frame) this.place.draw(store.frame, this.answer, step.question?.place);
    requestAnimationFrame(() => requestAnimationFrame(() => this.sight())); // after the layout
  }

  /** Brings into sight what the text says at the telling moment, and what it is about. */
  sight() {
    if (!this.lesson) return;
    mark(this.#watched); // another part may be visible now
    if (this.phase !== 'seen') return;
    this.card.showSeen();
    bringIntoSight();
  }

  /** Marks what it points at. @param {(string|undefined)[]} parts */
  #mark(...parts) {
    this.#watched = parts;
    mark(parts);
  }

  /** The state of the room has changed: where a knob was turned after the telling moment the model learns on. */
  stateChanged() {
    const { store: { state }, commands } = this;
    if (!this.lesson || !state || commands.opening > 0 || !this.#ready) return;
    const { knobs, rewrites } = this.#known;
    if (JSON.stringify(state.knobs) === knobs) return;
    this.#know();
    const turned = commands.rewrites !== rewrites; // going back in time changes knobs too
    if (turned && this.phase === 'seen' && !this.#performing && this.#same(state)) this.#goOn(state);
  }

  #know() {
    this.#known = { knobs: JSON.stringify(this.store.state?.knobs), rewrites: this.commands.rewrites };
  }

  /** Whether the run is still of the step's method and data. @param {RoomState} state */
  #same({ model, data, own, seed }) {
    const s = this.#stopped;
    return s !== null && s.model === model && s.data === data && s.own === own && s.seed === seed;
  }

  /** Learns on for as many steps again, at least for a quarter of the method's usual number; after a restart, as far as before. @param {RoomState} state */
  #goOn({ step, playing }) {
    const { store } = this;
    const now = playing ? store.frame?.step ?? step : step;
    this.place.clear(); // the landscape is another one now
    const more = Math.max(this.#length, (store.model?.steps ?? 1) / 4);
    this.#run(step === 0 ? this.#length : Math.round(now + more), RUN);
  }

  /** Carries out what there is to try, from the telling moment on. */
  async #perform() {
    const { step, store, commands } = this;
    const stopped = this.#stopped;
    if (!step?.try?.do || !stopped || this.#performing) return;
    const begun = this.#begun;
    this.#performing = true;
    this.card.performing('doing');
    this.#goal = null;
    this.place.clear();
    this.#show();
    await this.#return(step, stopped);
    this.#switchOn();
    this.#showTool();
    let last = /** @type {Record<string, any>} */ ({});
    for (const command of step.try.do) {
      if (begun !== this.#begun) return;
      last = command;
      await this.#carryOut(command);
    }
    if (begun !== this.#begun) return;
    this.#performing = false;
    this.#know();
    if (last.set && store.state) this.#goOn(store.state);
    if (store.state) this.#stopped = { ...stopped, model: store.state.model, data: store.state.data, own: store.state.own, seed: store.state.seed };
    this.card.performing('done');
  }

  /** Goes back to the telling moment, with its knobs. @param {LessonStep} step @param {RoomState} stopped */
  async #return(step, stopped) {
    const { store, commands } = this;
    const { state } = store;
    if (!state) return;
    if (state.playing) await commands.send({ do: 'pause' });
    if (state.run !== stopped.run) return this.#open(step, stopped.step);
    await commands.seek(stopped.step);
    for (const [knob, value] of Object.entries(stopped.knobs)) if (commands.value(knob) !== value) await commands.send({ set: { knob, value } });
  }

  /** @param {Record<string, any>} command */
  async #carryOut(command) {
    const { store, commands, step } = this;
    if (command.show) changeView(store, command.show);
    else if (command.open) await commands.open({ knobs: {}, ...command.open, step: 0 });
    else if (command.seek) {
      const to = command.seek.step;
      if (to > (store.state?.step ?? 0)) await this.#run(to, PERFORMED);
      await commands.seek(to);
    } else {
      await commands.send(command);
      if (command.set) this.#mark(step?.watch, `knob:${command.set.knob}`);
    }
  }

  /** Shows on the time line where the step stops; 0 where that is not known. @param {number} step */
  #setStop(step) {
    this.store.view.lessonStop = step;
  }
}
