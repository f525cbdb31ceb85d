// watch.js: the parts of the page that a step of a lesson points at: they are marked, and brought into
// sight where they are scrolled away.
import { words } from '../strings.js';

/** By their names in the lessons; of several selectors the first that is visible. @type {Record<string, string[]>} */
const PARTS = {
  bar: ['#bar'], loss: ['.curve'], auc: ['#figure'], histogram: ['#histogram'], step: ['#this-step'],
  up: ['[data-layer="up"]'], slice: ['#dock:not([hidden])', '[data-tool="slice"]'],
};

/** What a step points at: on a page too narrow for it, the landscape. @param {string} part */
function find(part) {
  const selectors = part.startsWith('knob:') ? [`.knob:has([data-knob="${CSS.escape(part.slice(5))}"])`] : PARTS[part] ?? [];
  const nodes = [...selectors, '#square'].map((s) => document.querySelector(s));
  return nodes.find((node) => node?.checkVisibility({ visibilityProperty: true }));
}

/** Marks parts of the page, and no others. @param {(string|undefined)[]} parts */
export function mark(parts) {
  const found = new Set(parts.flatMap((part) => (part ? find(part) ?? [] : [])));
  for (const node of document.querySelectorAll('[data-watched]')) if (!found.has(node)) node.removeAttribute('data-watched');
  for (const node of found) node.setAttribute('data-watched', '');
}

/** Scrolls the marked parts into sight. */
export function bringIntoSight() {
  for (const node of document.querySelectorAll('[data-watched]')) node.scrollIntoView({ block: 'nearest' });
}

/** Whether a text speaks of the report of the step. @param {string[]} texts */
export const namesReport = (texts) => texts.some((text) => text.includes(words.thisStep));
