// editor-preview.js: a step as its readers will see it, beside what is written of it.
/** @import {Lesson} from '../types.js' */
import { make } from '../dom.js';
import { richLine, richText } from '../rich-text.js';
import { say, words } from '../strings.js';
import { figure } from './figure.js';
import { titleOf } from './mine.js';

/**
 * @param {Lesson} lesson
 * @param {number} n  the index of the step
 */
export function preview({ title, steps }, n) {
  const step = steps[n];
  const { question } = step;
  const choices = (question?.choices ?? []).filter(({ text }) => text.trim());
  return [
    make('small', { text: say.preview(say.lesson(titleOf({ title }), n + 1, steps.length)) }),
    make('h2', { text: titleOf(step) }),
    make('div', { class: 'said' }, ...richText(step.say), ...(step.figure ? [figure(step.figure)] : [])),
    ...(question?.ask.trim() ? [make('fieldset', {}, make('legend', {}, ...richLine(question.ask)),
      ...choices.map(({ text, right, why }) => make('div', {}, make('span', { class: 'choice', 'data-right': right === true }, ...richLine(text)), ...(why ? [make('p', { class: 'why' }, ...richLine(why))] : []))),
      ...(question.place ? [make('p', { class: 'why', text: words.editPlaceShown })] : []), ...(question.place && question.why ? [make('p', { class: 'why' }, ...richLine(question.why))] : []))] : []),
    make('div', { class: 'seen' }, ...richText(step.seen)),
    ...(step.try?.text.trim() ? [make('div', { class: 'try' }, make('b', { text: words.lessonTry }), ...richText(step.try.text))] : []),
  ];
}
