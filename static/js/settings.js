// settings.js: texts that are stored in this browser, or for this tab. Where storage is forbidden the
// page works without it.

/** @typedef {() => Storage} Where  a function, because reading the property itself may throw */

/** The storage of this browser. */
const browser = () => localStorage;
/** The storage of this tab. */
export const tab = () => sessionStorage;

/**
 * Returns the stored text; null if there is none.
 * @param {string} name
 * @param {Where} [where]
 */
export function stored(name, where = browser) {
  try {
    return where().getItem(`ebmviz.${name}`);
  } catch {
    return null;
  }
}

/**
 * Stores a text.
 * @param {string} name
 * @param {string} text
 * @param {Where} [where]
 */
export function store(name, text, where = browser) {
  try {
    where().setItem(`ebmviz.${name}`, text);
  } catch {
    // The setting lasts as long as this page.
  }
}
