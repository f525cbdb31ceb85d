// projector.js: on the projector the controls go when nothing was done for a while, and come back when
// the pointer moves or a key is pressed. css/projector.css hides them while the page is idle.

/** Milliseconds without a movement or a key until the page is idle. */
const IDLE_AFTER = 3000;

/** Marks the page as idle, by data-idle. */
export function startProjector() {
  const root = document.documentElement;
  let timer = 0;
  const wake = () => {
    clearTimeout(timer);
    if (root.hasAttribute('data-idle')) root.removeAttribute('data-idle');
    timer = window.setTimeout(() => root.setAttribute('data-idle', ''), IDLE_AFTER);
  };
  for (const event of ['pointermove', 'pointerdown', 'keydown', 'focusin']) document.addEventListener(event, wake, { passive: true });
  wake();
}
