// card.js: a step of a lesson on the panel: its text, the prediction it asks for, and, once the
// model has learnt, what was to be seen.
/** @import {Lesson, LessonStep} from '../types.js' */
import { byId, hint, make, write } from '../dom.js';
import { coloured } from '../panel.js';
import { say, words } from '../strings.js';
import { figure } from './figure.js';

/**
 * Where a step is: a prediction is asked for, the model learns, it has learnt.
 * @typedef {'asking'|'running'|'seen'} Phase
 */

export class LessonCard {
  /**
   * @param {{go:(by:number) => void, again:() => void, predict:() => void, close:() => void}} acts
   */
  constructor(acts) {
    this.acts = acts;
    this.progress = make('small');
    this.head = make('h2');
    this.text = make('div', { class: 'said' });
    this.question = make('fieldset');
    this.seen = make('div', { class: 'seen', role: 'status' });
    this.back = this.#button('lessonBack', () => acts.go(-1));
    this.again = this.#button('lessonAgain', acts.again);
    this.next = this.#button('lessonNext', () => acts.go(1));
    const close = this.#button('lessonClose', acts.close);
    close.className = 'opener';
    this.node = make('section', { class: 'lesson', id: 'lesson', 'aria-label': words.lesson, hidden: true },
      make('header', {}, this.progress, close), this.head, this.text, this.question, this.seen,
      make('div', { class: 'group' }, this.back, this.again, this.next));
    byId('panel', HTMLElement).prepend(this.node);
    /** What was predicted: the index of a choice, or -1. */
    this.predicted = -1;
  }

  /** @param {'lessonBack'|'lessonAgain'|'lessonNext'|'lessonClose'} word @param {() => void} act */
  #button(word, act) {
    const button = make('button', { class: 'button', 'data-lesson': word, text: words[word] });
    hint(button, words[/** @type {const} */ (`${word}Tip`)]);
    button.addEventListener('click', act);
    return button;
  }

  hide() {
    this.node.hidden = true;
    byId('panel', HTMLElement).removeAttribute('data-lesson');
  }

  /** Shows a step from its beginning. @param {Lesson} lesson @param {number} n the index of the step */
  begin(lesson, n) {
    const step = lesson.steps[n];
    this.predicted = -1;
    write(this.progress, say.lesson(lesson.title, n + 1, lesson.steps.length));
    write(this.head, step.title);
    this.text.replaceChildren(...step.say.map((text) => make('p', {}, ...coloured(text))), ...(step.figure ? [figure(step.figure)] : []));
    this.#ask(step);
    this.back.disabled = n === 0;
    write(this.next, n + 1 < lesson.steps.length ? words.lessonNext : words.lessonEnd);
    this.node.hidden = false;
    byId('panel', HTMLElement).setAttribute('data-lesson', '');
    this.node.scrollTo(0, 0);
  }

  /** @param {LessonStep} step */
  #ask({ question }) {
    const choices = question.choices.map((text, k) => {
      const choice = make('button', { class: 'choice', 'data-choice': k, 'aria-pressed': 'false', text });
      choice.addEventListener('click', () => {
        if (this.predicted >= 0) return;
        this.predicted = k;
        for (const node of choices) {
          node.setAttribute('aria-pressed', String(node === choice));
          node.setAttribute('aria-disabled', 'true');
        }
        this.acts.predict();
      });
      return choice;
    });
    this.question.replaceChildren(make('legend', { text: question.ask }), ...choices);
  }

  /** Shows where the step is. @param {LessonStep} step @param {Phase} phase */
  show(step, phase) {
    this.node.dataset.phase = phase;
    this.again.disabled = phase === 'asking';
    if (phase === 'asking') this.seen.replaceChildren(make('p', { class: 'why', text: words.lessonPredict }));
    else if (phase === 'running') this.seen.replaceChildren(make('p', { class: 'why', text: words.lessonRunning }));
    else {
      const { question } = step;
      for (const node of this.question.querySelectorAll('button')) node.toggleAttribute('data-right', Number(node.dataset.choice) === question.right);
      this.seen.replaceChildren(
        make('p', {}, make('b', { text: this.predicted === question.right ? words.lessonRight : words.lessonWrong }), ' ', ...coloured(step.seen)),
        make('p', { class: 'try' }, make('b', { text: words.lessonTry }), ' ', ...coloured(step.try)));
      // After the layout with the instrument of the step.
      requestAnimationFrame(() => requestAnimationFrame(() => this.next.parentElement?.scrollIntoView({ block: 'nearest' })));
    }
  }
}
