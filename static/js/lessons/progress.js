// progress.js: how long a lesson takes, and which of its steps have been seen in this browser.
/** @import {Lesson} from '../types.js' */
import { store, stored } from '../settings.js';

/** Words that are read in a minute. */
const READING = 150;
/** Minutes for each step besides its words: the prediction, the run, and what there is to try. */
const STEP = 1;

/** How many minutes a lesson takes. @param {Lesson} lesson */
export function minutes({ about, steps }) {
  const texts = [about, ...steps.flatMap((s) => [s.title, s.say, s.seen, s.try?.text ?? '', s.question?.ask ?? '', ...(s.question?.choices ?? []).map((c) => c.text)])];
  const words = texts.join(' ').split(/\s+/).filter(Boolean).length;
  return Math.max(1, Math.round(words / READING + STEP * steps.length));
}

/** The indices of the steps that have been seen, by the id of their lesson. @returns {Record<string, number[]>} */
function read() {
  try {
    const seen = JSON.parse(stored('lessons') ?? '{}');
    return seen && typeof seen === 'object' ? seen : {};
  } catch {
    return {};
  }
}

/** Records that a step has been seen. @param {string} id @param {number} n */
export function stepSeen(id, n) {
  const all = read();
  all[id] = [...new Set([...(Array.isArray(all[id]) ? all[id] : []), n])].sort((a, b) => a - b);
  store('lessons', JSON.stringify(all));
}

/**
 * How many steps of a lesson have been seen, and the index of the first that has not.
 * @param {Lesson} lesson
 */
export function progress({ id, steps }) {
  const known = read()[id];
  const seen = steps.map((_, n) => Array.isArray(known) && known.includes(n));
  return { seen: seen.filter(Boolean).length, next: seen.indexOf(false) };
}
