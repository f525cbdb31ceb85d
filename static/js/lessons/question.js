// question.js: the prediction that a step of a lesson asks for: the order of its choices, which answer
// is right, and when its run has come to the telling moment.
/** @import {Bounds, Question} from '../types.js' */

/** An answer: the index of a choice, or a point of the landscape. @typedef {number|[number, number]} Answer */

/** Differs from visit to visit, so that the order of the choices does. */
const visit = Math.floor(Math.random() * 2 ** 32);

/**
 * The indices of a question's choices in the order in which they are shown.
 * @param {number} n
 * @param {string} step  a link to the step: collapse.2
 * @param {number} [seed]
 */
export function shuffled(n, step, seed = visit) {
  const random = randomNumbers(`${step} ${seed}`);
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor((i + 1) * random());
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** Uniform random numbers of a text: mulberry32 on its FNV-1a hash. @param {string} text */
function randomNumbers(text) {
  let state = 0x811c9dc5;
  for (const c of text) state = Math.imul(state ^ (c.codePointAt(0) ?? 0), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Whether an answer is right. @param {Question} question @param {Answer} answer */
export function isRight({ choices, place }, answer) {
  if (typeof answer === 'number') return choices?.[answer]?.right === true;
  return place?.some(([y1, y2, radius]) => Math.hypot(answer[0] - y1, answer[1] - y2) <= radius) === true;
}

/** What is said about an answer besides whether it is right; '' for nothing. @param {Question} question @param {Answer} answer */
export function explanation(question, answer) {
  return (typeof answer === 'number' ? question.choices?.[answer]?.why : question.why) ?? '';
}

/** Whether all numbers lie within their bounds; NaN lies within none. @param {Bounds} bounds @param {(name:string) => number} value */
export function hold(bounds, value) {
  for (const name in bounds) {
    const { above = -Infinity, below = Infinity } = bounds[name];
    const v = value(name);
    if (!(v > above && v < below)) return false;
  }
  return true;
}
