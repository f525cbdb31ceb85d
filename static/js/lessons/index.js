// The lessons: a guided path through the theory. A step opens a configuration, asks for a prediction,
// lets the model learn to a certain step, and says what was to be seen. Their content comes from the
// server.
/** @import {Instrument, Page} from '../instruments/index.js' */
/** @import {Lesson} from '../types.js' */
import { byId, dialogHead, hint, make, toast } from '../dom.js';
import { chooseTool } from '../instruments/tool.js';
import { Resources } from '../resources.js';
import { say, words } from '../strings.js';
import { LAYERS } from '../tab-view.js';
import { LessonCard } from './card.js';
import { printWorksheet } from './worksheet.js';

/** Seconds that a run of a step takes. */
const RUN = 8;

/** The parts of the page that a step may mark. @type {Record<string, string>} */
const PARTS = {
  landscape: '#square', marks: '#square', bar: '#bar', loss: '.curve', auc: '#figure', histogram: '#histogram',
  up: '[data-layer="up"]', slice: '[data-tool="slice"]',
};
/** The buttons of the instruments that a step may switch on. @type {Record<string, string>} */
const BUTTONS = { ledger: 'ledger', exact: 'exact-phase', relief: 'relief' };

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startLessons({ store, commands, client }) {
  const resources = new Resources();
  const { signal } = resources;
  const dialog = byId('lessons', HTMLDialogElement);
  const list = make('div', { class: 'lessons' });
  const parts = [dialogHead(dialog, words.lessonsTitle), make('p', { text: words.lessonsText }), list];
  dialog.append(...parts);
  resources.nodes(...parts);

  /** @type {Promise<Lesson[]>|null} */
  let fetched = null;
  /** All lessons; where they could not be fetched, the next call fetches them again. */
  const all = () => (fetched ??= client.query({ lessons: {} }).catch((e) => {
    fetched = null;
    throw e;
  }));

  /** @type {Lesson|null} */
  let lesson = null;
  let n = 0;
  /** @type {import('./card.js').Phase} */
  let phase = 'asking';
  let ready = false; // the configuration is the step's, at step 0
  const card = new LessonCard({
    go: (by) => lesson && (lesson.steps[n + by] ? enter(lesson, n + by) : leave()),
    again: () => lesson && enter(lesson, n),
    predict: () => turn('running'),
    close: leave,
  });
  resources.nodes(card.node);

  /** @param {import('./card.js').Phase} to */
  function turn(to) {
    phase = to;
    if (lesson) card.show(lesson.steps[n], phase);
  }

  /** Opens a step of a lesson. @param {Lesson} of @param {number} at */
  function enter(of, at) {
    if (!store.driving) return;
    lesson = of;
    n = at;
    ready = false;
    store.view.lesson = `${of.id}.${at + 1}`;
    const step = of.steps[at];
    const { scene } = store;
    for (const tool of Object.keys(BUTTONS)) press(tool, false); // first, because an instrument restores the layers that it changed
    for (const { id, on } of LAYERS) scene.layers[id] = on || (step.show?.includes(id) ?? false);
    scene.relief = false;
    chooseTool(store, 'ask');
    store.markChanged('scene');
    const { model, data, seed = 1, knobs = {} } = step.open;
    commands.open({ model, data, seed, knobs, step: 0 });
    card.begin(of, at);
    turn('asking');
    mark(step.watch);
    document.querySelector('.app')?.setAttribute('data-sheet', 'panel');
  }

  function leave() {
    if (!lesson) return;
    lesson = null;
    store.view.lesson = '';
    store.markChanged('scene');
    card.hide();
    mark();
  }

  /** Switches the button of an instrument. @param {string} tool @param {boolean} on */
  function press(tool, on) {
    const button = document.querySelector(`[data-action="${BUTTONS[tool]}"]`);
    if (button instanceof HTMLElement && !button.hidden && (button.ariaPressed === 'true') !== on) button.click();
  }

  /** Marks a part of the page. @param {string} [part] */
  function mark(part) {
    for (const node of document.querySelectorAll('[data-watched]')) node.removeAttribute('data-watched');
    if (!part) return;
    const knob = part.startsWith('knob:') ? document.querySelector(`[data-knob="${part.slice(5)}"]`)?.closest('.knob') : null;
    (knob ?? document.querySelector(PARTS[part] ?? '#square'))?.setAttribute('data-watched', '');
  }

  /** Lists the lessons. @param {Lesson[]} lessons */
  function build(lessons) {
    for (const l of lessons) {
      const open = make('button', { class: 'opener', 'data-lesson-id': l.id, text: l.title });
      open.addEventListener('click', () => {
        dialog.close();
        enter(l, 0);
      });
      const print = make('button', { class: 'opener print', 'data-sheet-of': l.id, 'aria-label': say.printLesson(l.title), text: words.lessonPrint });
      hint(print, words.lessonPrintTip);
      print.addEventListener('click', () => printWorksheet(l));
      list.append(make('article', {}, open, make('small', { text: say.steps(l.steps.length) }), print, make('p', { text: l.about })));
    }
  }
  document.querySelector('[data-action="lessons"]')?.addEventListener('click', async () => {
    try {
      const lessons = await all();
      if (signal.aborted || dialog.open) return;
      if (!list.childElementCount) build(lessons);
    } catch {
      return toast(words.lessonsLost);
    }
    for (const button of list.querySelectorAll('button')) if (button.dataset.lessonId) button.disabled = !store.driving;
    dialog.showModal();
  }, { signal });

  /** A link to a step: collapse.2. @param {string} link */
  async function follow(link) {
    const [id, at = '1'] = link.split('.');
    const of = (await all()).find((/** @type {Lesson} */ l) => l.id === id);
    if (of?.steps[Number(at) - 1]) enter(of, Number(at) - 1);
    else toast(say.noLesson(link));
  }
  const followAddress = () => store.view.lesson && follow(store.view.lesson).catch(() => toast(words.lessonsLost));
  followAddress();
  store.on('lesson', followAddress, signal);

  return {
    numbers() {
      const { frame, state, model } = store;
      if (!lesson || !frame || !state || !model || commands.opening > 0 || frame.generation !== state.generation) return;
      const step = lesson.steps[n];
      const end = step.steps || model.steps;
      if (!ready) {
        ready = true;
        commands.view({ speed: end / RUN });
        mark(step.watch); // its knobs are there now
        if (step.tool && step.tool !== 'slice' && step.tool !== 'marble') press(step.tool, true);
      } else if (phase === 'running' && frame.step >= end) {
        if (state.playing) commands.act('pause');
        if (state.playing || frame.step > end) commands.seek(end); // the room may be further than the frame
        if (step.tool === 'slice' || step.tool === 'marble') chooseTool(store, step.tool);
        turn('seen');
      } else if (phase === 'running' && !state.playing && frame.step === 0) {
        if (!store.scene.reducedMotion) commands.act('play');
        else if (!commands.seeking) commands.seek(end); // no motion that nobody asked for
      }
    },
    close() {
      leave();
      dialog.close();
      resources.release();
    },
  };
}
