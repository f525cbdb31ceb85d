// toggles.js: the buttons of the instruments that are on or off, by their data-action.

/** Of Compare and the 3-D view the address says more. */
const OTHERS = ['compare', 'relief', 'map', 'difference', 'panels', 'projector', 'backwards'];

/** @returns {[name:string, button:HTMLElement][]} */
function all() {
  const buttons = [...document.querySelectorAll('[data-action][aria-pressed]')];
  return buttons.flatMap((b) => (b instanceof HTMLElement && !OTHERS.includes(b.dataset.action ?? '') ? [[b.dataset.action ?? '', b]] : []));
}

/** Those that are on. */
export const pressed = () => all().filter(([, b]) => b.ariaPressed === 'true').map(([name]) => name);

/** Switches one on or off, if it can be. @param {string} name @param {boolean} on */
export function turn(name, on) {
  for (const [known, button] of all()) if (known === name && (button.ariaPressed === 'true') !== on) button.click();
}

/** Switches those on, and all others off. @param {string[]} names */
export function press(names) {
  for (const [name, button] of all()) {
    if (!button.hidden && (button.ariaPressed === 'true') !== names.includes(name)) button.click();
  }
}
