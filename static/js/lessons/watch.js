// watch.js: the parts of the page that a step of a lesson points at: they are marked, and brought into
// sight where they are scrolled away.
import { words } from '../strings.js';

/** By their names in the lessons; of several selectors the first that is visible counts. @type {Record<string, string[]>} */
const PARTS = {
  bar: ['#bar'], loss: ['.curve'], auc: ['#figure'], histogram: ['#histogram'], step: ['#this-step'],
  up: ['[data-layer="up"]'], slice: ['#dock:not([hidden])', '[data-tool="slice"]'],
};

/**
 * Marks what a step points at; where it is not visible, the landscape, as 3-D view or map. The
 * projector shows what is marked, so that it is marked first.
 * @param {string} part
 */
function markOne(part) {
  const selectors = part.startsWith('knob:') ? [`.knob:has([data-knob="${CSS.escape(part.slice(5))}"])`] : PARTS[part] ?? [];
  for (const node of [...selectors, '.relief', '#square'].map((s) => document.querySelector(s))) {
    node?.setAttribute('data-watched', '');
    if (node?.checkVisibility({ visibilityProperty: true })) return;
    node?.removeAttribute('data-watched');
  }
}

/** Marks parts of the page, and no others. @param {(string|undefined)[]} parts */
export function mark(parts) {
  for (const node of document.querySelectorAll('[data-watched]')) node.removeAttribute('data-watched');
  for (const part of parts) if (part) markOne(part);
}

/** Scrolls the marked parts into sight. */
export function bringIntoSight() {
  for (const node of document.querySelectorAll('[data-watched]')) node.scrollIntoView({ block: 'nearest' });
}

/** Whether a text speaks of the report of the step. @param {string[]} texts */
export const namesReport = (texts) => texts.some((text) => text.includes(words.thisStep));
