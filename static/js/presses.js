// presses.js: buttons of index.html whose instruments are loaded after the first landscape. A
// press before that is remembered, and carried out when they are loaded.

const LATER = ['undo', 'redo', 'compare', 'wall', 'lessons', 'class', 'share', 'backwards', 'bring'];

/** Remembers the latest press until replay is called. */
export function rememberPresses() {
  /** @type {HTMLElement|null} */
  let pressed = null;
  /** @param {MouseEvent} e */
  const remember = (e) => {
    const button = e.target instanceof Element ? e.target.closest('[data-action]') : null;
    if (!(button instanceof HTMLElement) || !LATER.includes(button.dataset.action ?? '')) return;
    pressed?.removeAttribute('aria-busy');
    pressed = button;
    pressed.setAttribute('aria-busy', 'true');
  };
  document.addEventListener('click', remember);
  return {
    /** Carries the press out. */
    replay() {
      document.removeEventListener('click', remember);
      pressed?.removeAttribute('aria-busy');
      pressed?.click();
      pressed = null;
    },
  };
}
