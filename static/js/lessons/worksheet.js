// worksheet.js: a lesson on paper: its steps with their questions and the landscape before the run,
// the link and its QR code, and on pages of their own the answers with the landscape after the run.
/** @import {Page} from '../instruments/index.js' */
/** @import {Lesson, LessonStep} from '../types.js' */
/** @import {Picture, StepPictures} from './pictures.js' */
import { onlyHere } from '../address.js';
import { byId, make, toast } from '../dom.js';
import { loadMath } from '../formula.js';
import { richLine, richText } from '../rich-text.js';
import { say, words } from '../strings.js';
import { figure } from './figure.js';
import { isMine, titleOf } from './mine.js';
import { explanation, isRight, shuffled } from './question.js';

/** Whether one is being made. */
let making = false;

/** Takes the pictures, lays the lesson out and prints it. @param {StepPictures} pictures @param {Lesson} lesson */
export async function printWorksheet(pictures, lesson) {
  if (making) return;
  making = true;
  try {
    const taken = [];
    for (const [n, step] of lesson.steps.entries()) {
      toast(say.drawingStep(n + 1, lesson.steps.length));
      taken.push(await pictures.take(step).catch(() => null));
    }
    await loadMath().catch(() => {}); // without KaTeX formulas are printed as TeX
    byId('toast', HTMLElement).hidden = true;
    await print(lesson, taken);
  } finally {
    pictures.close();
    making = false;
  }
}

/** @param {Lesson} lesson @param {({before:Picture, after:Picture}|null)[]} taken */
async function print(lesson, taken) {
  document.querySelector('#worksheet')?.remove();
  // The link to a lesson that only this browser has would open nothing elsewhere.
  const link = isMine(lesson.id) ? '' : new URL(`#view.lesson=${lesson.id}.1`, location.href).href;
  const code = !link || onlyHere(link) ? null : make('img', { alt: link, src: `api/qr?text=${encodeURIComponent(link)}` });
  const sheet = make('article', { id: 'worksheet' },
    make('header', {}, make('div', {}, make('h1', { text: titleOf(lesson) }), make('p', { text: lesson.about }), ...(link ? [make('p', { class: 'link', text: link })] : [])), ...(code ? [code] : [])),
    ...lesson.steps.map((step, n) => asked(lesson, n, step, taken[n]?.before)),
    make('section', { class: 'answers' }, make('h2', { text: say.answers(titleOf(lesson)) }), ...lesson.steps.map((step, n) => answered(lesson, n, step, taken[n]?.after))));
  document.body.append(sheet);
  await code?.decode().catch(() => code.remove());
  await document.fonts.ready;
  addEventListener('afterprint', () => sheet.remove(), { once: true });
  window.print();
}

/** @param {Picture|undefined} picture */
const shown = (picture) => (picture ? [make('figure', {}, picture.canvas, make('figcaption', { text: say.stepCaption(picture.step) }))] : []);

/** A letter for each choice. @param {number} k  its place on the sheet */
const letter = (k) => String.fromCharCode(65 + k);

/** A step before its run. @param {Lesson} lesson @param {number} n @param {LessonStep} step @param {Picture} [picture] */
function asked(lesson, n, step, picture) {
  const { question } = step;
  const choices = question?.choices ?? [];
  return make('section', {}, ...shown(picture),
    make('h2', {}, `${n + 1}. ${titleOf(step)}`),
    ...richText(step.say),
    ...(step.figure ? [figure(step.figure)] : []),
    ...(question ? [make('p', { class: 'question' }, ...richLine(question.ask))] : []),
    ...(choices.length ? [make('ul', { class: 'choices' }, ...order(lesson, n).map((i, k) => make('li', {}, `☐ ${letter(k)}. `, ...richLine(choices[i].text))))] : []),
    ...(question?.place ? [make('p', { text: words.printPlace })] : []),
    make('div', { class: 'lines' }),
    ...(step.try ? [make('div', { class: 'try' }, make('b', { text: words.lessonTry }), ' ', ...richText(step.try.text))] : []));
}

/** A step after its run. @param {Lesson} lesson @param {number} n @param {LessonStep} step @param {Picture} [picture] */
function answered(lesson, n, step, picture) {
  const { question } = step;
  if (picture && question?.place) circle(picture, question.place);
  const right = order(lesson, n).map((i, k) => ({ k, choice: question?.choices?.[i], i })).find(({ i }) => question && isRight(question, i));
  const why = question ? (right ? explanation(question, right.i) : question.why ?? '') : '';
  return make('section', {}, ...shown(picture),
    make('h3', {}, `${n + 1}. ${titleOf(step)}`),
    ...(right?.choice ? [make('p', { class: 'question' }, `${letter(right.k)}. `, ...richLine(right.choice.text))] : []),
    ...(question?.place ? [make('p', { text: words.printCircles })] : []),
    ...(why ? [make('p', {}, ...richLine(why))] : []),
    ...richText(step.seen));
}

/** The order of the choices, the same as on the page. @param {Lesson} lesson @param {number} n */
const order = ({ id, steps }, n) => shuffled(steps[n].question?.choices?.length ?? 0, `${id}.${n + 1}`);

/** Draws the right places. @param {Picture} picture @param {[number, number, number][]} circles */
function circle({ canvas, box: { x0, x1, y0, y1 } }, circles) {
  const ctx = canvas.getContext('2d');
  if (!ctx) return;
  const unit = canvas.width / (x1 - x0);
  for (const [width, color] of /** @type {const} */ ([[7, '#fff'], [3, '#000']])) {
    ctx.lineWidth = width;
    ctx.strokeStyle = color;
    for (const [cx, cy, r] of circles) {
      ctx.beginPath();
      ctx.arc((cx - x0) * unit, ((y1 - cy) / (y1 - y0)) * canvas.height, r * unit, 0, 2 * Math.PI);
      ctx.stroke();
    }
  }
}
