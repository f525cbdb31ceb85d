// letter-keys.js: whether single letters are keys of the page. Speech input types letters, so they
// can be switched off (WCAG 2.1.4); the choice is stored in this browser.
import { store, stored } from './settings.js';

let on = stored('letterKeys') !== 'off';

/** Whether a key is to be ignored: a single character, while these are switched off. @param {string} key */
export const ignored = (key) => !on && key.length === 1 && key !== ' ';

/** Whether single letters are keys. */
export const letterKeys = () => on;

/** @param {boolean} wanted */
export function setLetterKeys(wanted) {
  on = wanted;
  store('letterKeys', on ? 'on' : 'off');
}
