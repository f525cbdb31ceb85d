// card.js: a step of a lesson on the panel: its text, the prediction it asks for, and, once the run has
// come to its telling moment, what was to be seen and what there is to try.
/** @import {Lesson, LessonStep} from '../types.js' */
/** @import {Answer} from './question.js' */
import { byId, hint, make, write } from '../dom.js';
import { richLine, richText } from '../rich-text.js';
import { say, words } from '../strings.js';
import { figure } from './figure.js';
import { titleOf } from './mine.js';
import { explanation, isRight, shuffled } from './question.js';
import { namesReport } from './watch.js';

/**
 * Where a step is: a prediction is asked for, the model learns, it has come to the telling moment.
 * @typedef {'asking'|'running'|'seen'} Phase
 */

export class LessonCard {
  /**
   * @param {{go:(by:number) => void, again:() => void, predict:(answer:Answer|null) => void, perform:() => void, close:() => void}} acts
   */
  constructor(acts) {
    this.acts = acts;
    this.progress = make('small');
    this.head = make('h2');
    this.text = make('div', { class: 'said' });
    this.question = make('fieldset');
    this.seen = make('div', { class: 'seen', role: 'status' });
    this.body = make('div', { class: 'body', tabindex: 0 }, this.head, this.text, this.question, this.seen);
    this.back = this.#button('lessonBack', () => acts.go(-1));
    this.again = this.#button('lessonAgain', acts.again);
    this.next = this.#button('lessonNext', () => acts.go(1));
    this.perform = this.#button('lessonPerform', acts.perform);
    const close = this.#button('lessonClose', acts.close);
    close.className = 'opener';
    this.node = make('section', { class: 'lesson', id: 'lesson', 'aria-label': words.lesson, hidden: true },
      make('header', {}, this.progress, close), this.body, make('div', { class: 'group' }, this.back, this.again, this.next));
    this.panel = byId('panel', HTMLElement);
    this.panel.prepend(this.node);
  }

  /** @param {'lessonBack'|'lessonAgain'|'lessonNext'|'lessonPerform'|'lessonStart'|'lessonClose'} word @param {() => void} act */
  #button(word, act) {
    const button = make('button', { class: 'button', 'data-lesson': word, text: words[word] });
    hint(button, words[/** @type {const} */ (`${word}Tip`)]);
    button.addEventListener('click', act);
    return button;
  }

  hide() {
    this.node.hidden = true;
    for (const name of ['data-lesson', 'data-report']) this.panel.removeAttribute(name);
  }

  /** Shows a step from its beginning. @param {Lesson} lesson @param {number} n the index of the step */
  begin(lesson, n) {
    const step = lesson.steps[n];
    write(this.progress, say.lesson(titleOf(lesson), n + 1, lesson.steps.length));
    write(this.head, titleOf(step));
    this.text.replaceChildren(...richText(step.say), ...(step.figure ? [figure(step.figure)] : []));
    this.#ask(step, `${lesson.id}.${n + 1}`);
    this.back.disabled = n === 0;
    write(this.next, n + 1 < lesson.steps.length ? words.lessonNext : words.lessonEnd);
    this.node.hidden = false;
    this.panel.setAttribute('data-lesson', '');
    this.panel.toggleAttribute('data-report', step.watch === 'step' || namesReport([step.say, step.seen, step.try?.text ?? '']));
    this.body.scrollTo(0, 0);
  }

  /** @param {LessonStep} step @param {string} link */
  #ask({ question }, link) {
    const { choices = [], place } = question ?? {};
    const buttons = shuffled(choices.length, link).map((k) => {
      const choice = make('button', { class: 'choice', 'data-choice': k, 'aria-pressed': 'false' }, ...richLine(choices[k].text));
      choice.addEventListener('click', () => choice.ariaDisabled !== 'true' && this.acts.predict(k));
      return choice;
    });
    const parts = [...buttons, ...(place ? [make('p', { class: 'why', text: words.lessonPlace })] : [])];
    if (!parts.length) parts.push(this.#button('lessonStart', () => this.acts.predict(null)));
    this.question.replaceChildren(...(question ? [make('legend', {}, ...richLine(question.ask))] : []), ...parts);
  }

  /** Shows the question as a class is asked it. @param {HTMLElement} node */
  ask(node) {
    this.question.replaceChildren(node);
    this.seen.replaceChildren();
  }

  /** The answers of this page's own question. @returns {HTMLButtonElement[]} */
  get #answers() {
    return [...this.question.querySelectorAll('button')].filter((button) => !button.closest('.act'));
  }

  /**
   * Shows where the step is.
   * @param {LessonStep} step
   * @param {Phase} phase
   * @param {Answer|null} answer  what was predicted
   */
  show(step, phase, answer) {
    this.node.dataset.phase = phase;
    if (phase !== 'asking') this.question.querySelector(':scope > .why')?.remove();
    this.again.disabled = phase === 'asking';
    for (const node of this.#answers) {
      node.setAttribute('aria-pressed', String(Number(node.dataset.choice) === answer));
      if (phase !== 'asking') node.setAttribute('aria-disabled', 'true');
    }
    if (phase !== 'seen') {
      const text = phase === 'running' ? words.lessonRunning : step.question ? words.lessonPredict : '';
      this.seen.replaceChildren(make('p', { class: 'why', text }));
      return;
    }
    const { question } = step;
    for (const node of this.#answers) node.toggleAttribute('data-right', question?.choices?.[Number(node.dataset.choice)]?.right === true);
    const parts = richText(step.seen);
    if (question && answer !== null) {
      const right = isRight(question, answer);
      const verdict = make('b', { class: 'verdict', text: right ? words.lessonRight : words.lessonWrong });
      const why = [explanation(question, answer), question.place ? words.lessonCircles : ''].filter(Boolean).join(' ');
      if (why || parts[0]?.tagName !== 'P') parts.unshift(make('p', {}, verdict, ' ', ...richLine(why)));
      else parts[0].prepend(verdict, ' ');
      const others = question.choices?.filter(({ why }, k) => why && k !== answer) ?? [];
      if (others.length) parts.push(make('details', { class: 'others' }, make('summary', { text: words.lessonOthers }), make('ul', {}, ...others.map(otherAnswer))));
    }
    if (step.try) {
      const text = make('div', { class: 'try' }, ...richText(step.try.text));
      text.firstElementChild?.prepend(make('b', { text: words.lessonTry }), ' ');
      if (step.try.do?.length) text.append(this.perform);
      parts.push(text);
    }
    this.seen.replaceChildren(...parts);
    this.performing('');
  }

  /** Shows whether what there is to try is being carried out, or has been. @param {''|'doing'|'done'} state */
  performing(state) {
    this.node.dataset.try = state;
    this.perform.ariaDisabled = String(state === 'doing'); // it keeps the focus
  }

  /** Scrolls the verdict to the top of the card, or what the class answered. */
  showSeen() {
    (this.question.querySelector('.act') ?? this.seen).scrollIntoView({ block: 'start' });
  }
}

/** An answer that was not given, with what is said about it. @param {import('../types.js').Choice} choice */
const otherAnswer = ({ text, why = '' }) => make('li', {}, make('i', {}, ...richLine(text)), ' ', ...richLine(why));
