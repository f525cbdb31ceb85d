// presses.js: buttons of index.html whose instruments are loaded after the first landscape. A
// press before that is kept, and carried out when they are ready.

const LATER = ['undo', 'redo', 'compare', 'wall', 'lessons', 'share', 'backwards', 'bring'];

/** Keeps the latest press until replay is called. */
export function keepPresses() {
  /** @type {HTMLElement|null} */
  let kept = null;
  /** @param {MouseEvent} e */
  const keep = (e) => {
    const button = e.target instanceof Element ? e.target.closest('[data-action]') : null;
    if (!(button instanceof HTMLElement) || !LATER.includes(button.dataset.action ?? '')) return;
    kept?.removeAttribute('aria-busy');
    kept = button;
    kept.setAttribute('aria-busy', 'true');
  };
  document.addEventListener('click', keep);
  return {
    /** Carries the press out. */
    replay() {
      document.removeEventListener('click', keep);
      kept?.removeAttribute('aria-busy');
      kept?.click();
      kept = null;
    },
  };
}
