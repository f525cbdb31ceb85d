// editor-steps.js: the steps of a lesson that is being written: a new one, the list, and what of them
// goes into the file.
/** @import {Lesson, LessonStep} from '../types.js' */

/** A step with nothing written yet. @param {string} title @param {Pick<LessonStep, 'open'|'log'|'stop'|'view'>} view @returns {LessonStep} */
export const newStep = (title, view) => ({ title, ...view, say: '', question: { ask: '', choices: [{ text: '', right: true }, { text: '' }] }, seen: '' });

/** A lesson with no steps yet. @param {string} id @param {string} title @returns {Lesson} */
export const newLesson = (id, title) => ({ id, title, about: '', steps: [] });

/** @param {string|undefined} text */
const empty = (text) => !text?.trim();

/** @param {object|undefined} parts */
const none = (parts) => !parts || Object.keys(parts).length === 0;

/** A step without the parts that are empty. @param {LessonStep} step @returns {LessonStep} */
function cleanStep(step) {
  const { question, try: tried, ...rest } = structuredClone(step);
  for (const name of /** @type {const} */ (['log', 'view', 'notes', 'claim', 'show'])) if (none(rest[name])) delete rest[name];
  if (empty(rest.watch)) delete rest.watch;
  const choices = question?.choices?.filter(({ text }) => !empty(text)).map(({ text, right, why }) => ({ text, ...(right && { right }), ...(why && { why }) }));
  const asked = question && !(empty(question.ask) && !choices?.length && !question.place?.length);
  if (tried && none(tried.do)) delete tried.do;
  if (tried && none(tried.expect)) delete tried.expect;
  return {
    ...rest,
    ...(asked && { question: { ...question, ...(choices && { choices }) } }),
    ...(tried && !(empty(tried.text) && !tried.do) && { try: tried }),
  };
}

/** A lesson as it is played and saved: without the parts that are empty. @param {Lesson} lesson @returns {Lesson} */
export const clean = (lesson) => ({ ...lesson, title: lesson.title.trim(), steps: lesson.steps.map(cleanStep) });

/** The texts of a step, in which the words of a bound are to be found. @param {LessonStep} step */
export const textsOf = ({ title, say, seen, question, try: tried }) => [title, say, seen, question?.ask ?? '', ...(question?.choices ?? []).flatMap(({ text, why = '' }) => [text, why]), tried?.text ?? ''].join('\n');
