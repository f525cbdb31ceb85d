// theme.js: light, dark, or as the system is set; and large type for the projector.
// It runs before the first paint, so that the page never flashes in the other theme.
import { safely } from './safely.js';
import { store, stored } from './settings.js';
import { words } from './strings.js';

/** @typedef {'auto'|'light'|'dark'} Choice */

const root = document.documentElement;
const dark = matchMedia('(prefers-color-scheme: dark)');

/** @param {string|null|undefined} text @returns {Choice} */
const choiceOf = (text) => (text === 'light' || text === 'dark' ? text : 'auto');

let choice = choiceOf(new URLSearchParams(location.hash.slice(1)).get('view.theme') ?? stored('theme'));
/** @type {Set<() => void>} */
const listeners = new Set();

/** The theme in use. @returns {import('./types.js').Theme} */
export function theme() {
  return choice === 'auto' ? (dark.matches ? 'dark' : 'light') : choice;
}

/** Size of type and lines: 1, or 1.5 for the projector. */
export function scale() {
  return root.hasAttribute('data-projector') ? 1.5 : 1;
}

function apply() {
  root.dataset.theme = theme();
  for (const listener of listeners) safely(listener);
}

/** Calls back whenever theme or size change. @param {() => void} listener */
export function onTheme(listener) {
  listeners.add(listener);
}

/** The label of the theme button. */
export function themeWord() {
  return choice === 'auto' ? words.themeAuto : choice === 'light' ? words.themeLight : words.themeDark;
}

/** Auto, light, dark, and round again. */
export function nextTheme() {
  choice = choice === 'auto' ? 'light' : choice === 'light' ? 'dark' : 'auto';
  store('theme', choice);
  apply();
}

/** Turns the large type on for this page, whatever is stored. */
export function useProjector() {
  root.setAttribute('data-projector', '');
  apply();
}

/** Turns the large type on or off. */
export function toggleProjector() {
  root.toggleAttribute('data-projector');
  store('projector', String(root.hasAttribute('data-projector')));
  apply();
}

root.toggleAttribute('data-projector', stored('projector') === 'true');
dark.addEventListener('change', apply);
apply();
