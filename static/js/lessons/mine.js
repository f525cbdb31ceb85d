// mine.js: the lessons that a user has written, or opened from a file. They are stored in this browser,
// each under an id of its own, my:….
/** @import {Lesson} from '../types.js' */
import { words } from '../strings.js';

const PREFIX = 'ebmviz.lesson.';
/** What an id of these lessons begins with. */
const MINE = 'my:';

/** Lessons that could not be stored: they last as long as the page. @type {Map<string, Lesson>} */
const unstored = new Map();

/** Whether a lesson, by its id, is one of these. @param {string} id */
export const isMine = (id) => id.startsWith(MINE);

/** An id that no lesson has yet. Later ones sort behind earlier ones. */
export function newId() {
  for (let n = Date.now(); ; n++) {
    const id = `${MINE}${n.toString(36)}`;
    if (!myLesson(id)) return id;
  }
}

/** All of them, the earliest first. @returns {Lesson[]} */
export function myLessons() {
  const ids = new Set(unstored.keys());
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) ids.add(key.slice(PREFIX.length));
  } catch {
    // Storage is forbidden.
  }
  return [...ids].sort().flatMap((id) => myLesson(id) ?? []);
}

/** The lesson of an id. @param {string} id @returns {Lesson|undefined} */
export function myLesson(id) {
  const known = unstored.get(id);
  if (known) return known;
  try {
    const lesson = JSON.parse(localStorage.getItem(PREFIX + id) ?? 'null');
    return Array.isArray(lesson?.steps) && typeof lesson.title === 'string' ? { ...lesson, id } : undefined;
  } catch {
    return undefined; // storage is forbidden, or something else has written there
  }
}

/** Stores a lesson under its id; returns why it could not be stored, '' if it is. @param {Lesson} lesson */
export function keep(lesson) {
  try {
    localStorage.setItem(PREFIX + lesson.id, JSON.stringify(file(lesson)));
    unstored.delete(lesson.id);
    return '';
  } catch {
    unstored.set(lesson.id, lesson);
    return words.lessonNotStored;
  }
}

/** @param {string} id */
export function forget(id) {
  unstored.delete(id);
  try {
    localStorage.removeItem(PREFIX + id);
  } catch {
    // Storage is forbidden: nothing was stored.
  }
}

/** A lesson as its file has it: without an id, which is the file's name. @param {Lesson} lesson */
export function file({ id: _, ...lesson }) {
  return { format: 1, ...lesson };
}

/** The title of a lesson or a step, as it is shown. @param {{title:string}} of */
export const titleOf = ({ title }) => title.trim() || words.editUntitled;

/** The name of a lesson's file. @param {Lesson} lesson */
export const fileName = ({ title }) => `${title.toLowerCase().normalize('NFKD').replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60) || 'lesson'}.json`;
