// worksheet.js: a lesson on paper: its steps with their questions, the link and its QR code, and the
// answers on a page of their own.
/** @import {Lesson} from '../types.js' */
import { onlyHere } from '../address.js';
import { make } from '../dom.js';
import { coloured } from '../panel.js';
import { say, words } from '../strings.js';
import { figure } from './figure.js';

/** Lays the lesson out and prints it. @param {Lesson} lesson */
export async function printWorksheet(lesson) {
  document.querySelector('#worksheet')?.remove();
  const link = new URL(`#view.lesson=${lesson.id}.1`, location.href).href;
  const code = onlyHere(link) ? null : make('img', { alt: link, src: `api/qr?text=${encodeURIComponent(link)}` });
  const steps = lesson.steps.map((step, k) => make('section', {},
    make('h2', { text: `${k + 1}. ${step.title}` }),
    ...step.say.map((text) => make('p', {}, ...coloured(text))),
    ...(step.figure ? [figure(step.figure)] : []),
    make('p', { class: 'question', text: step.question.ask }), make('ul', {}, ...step.question.choices.map((text) => make('li', { text: `☐ ${text}` }))), make('div', { class: 'lines' }),
    make('p', {}, make('b', { text: words.lessonTry }), ' ', ...coloured(step.try))));
  const answers = lesson.steps.map((step, k) => make('li', {},
    make('b', { text: `${k + 1}. ${step.question.choices[step.question.right]}. ` }), ...coloured(step.seen)));
  const sheet = make('article', { id: 'worksheet' },
    make('header', {}, make('div', {}, make('h1', { text: lesson.title }), make('p', { text: lesson.about }), make('p', { class: 'link', text: link })), ...(code ? [code] : [])),
    ...steps, make('section', { class: 'answers' }, make('h2', { text: say.answers(lesson.title) }), make('ul', {}, ...answers)));
  document.body.append(sheet);
  await code?.decode().catch(() => code.remove());
  addEventListener('afterprint', () => sheet.remove(), { once: true });
  print();
}
