// letter-keys.js: whether single letters are keys of the page. Speech input types letters, so they
// can be switched off (WCAG 2.1.4); the choice is stored in this browser.

const NAME = 'ebmviz.letterKeys';

/** @returns {boolean} */
function stored() {
  try {
    return localStorage.getItem(NAME) !== 'off';
  } catch {
    return true; // storage may be forbidden
  }
}

let on = stored();

/** Whether a key is to be ignored: a single character, while these are switched off. @param {string} key */
export const ignored = (key) => !on && key.length === 1 && key !== ' ';

/** Whether single letters are keys. */
export const letterKeys = () => on;

/** @param {boolean} wanted */
export function setLetterKeys(wanted) {
  on = wanted;
  try {
    localStorage.setItem(NAME, on ? 'on' : 'off');
  } catch {
    // It holds for this page only.
  }
}
