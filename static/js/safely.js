// safely.js: calls independent functions so that one that throws does not stop the others.

/** The functions that have thrown: each is reported once. @type {WeakSet<Function>} */
const reported = new WeakSet();

/**
 * Calls a function. If it throws, the error goes to the console the first time.
 * @template {unknown[]} A
 * @param {(...values:A) => void} f
 * @param {A} values
 */
export function safely(f, ...values) {
  try {
    f(...values);
  } catch (e) {
    if (reported.has(f)) return;
    reported.add(f);
    console.error(e);
  }
}
