// toolbar.js: one stop of the Tab key for a whole toolbar; the arrow keys, Home and End move
// inside it. Sliders in it are stops of their own: arrow keys move them.

/**
 * @param {HTMLElement} bar  with role=toolbar; its buttons may come, go, and be disabled
 */
export function startToolbar(bar) {
  /** @type {HTMLElement|null} */
  let current = null;
  const items = () => [...bar.querySelectorAll('button, select')].filter((node) => node instanceof HTMLElement && !node.matches(':disabled') && node.checkVisibility());
  const update = () => {
    const all = /** @type {HTMLElement[]} */ (items());
    if (!current || !all.includes(current)) current = all[0] ?? null;
    for (const item of all) {
      const index = item === current ? 0 : -1;
      if (item.tabIndex !== index) item.tabIndex = index;
    }
  };
  bar.addEventListener('focusin', (e) => {
    if (!(e.target instanceof HTMLElement) || !items().includes(e.target)) return;
    current = e.target;
    update();
  });
  bar.addEventListener('keydown', (e) => {
    const all = /** @type {HTMLElement[]} */ (items());
    const at = e.target instanceof HTMLElement ? all.indexOf(e.target) : -1;
    if (at < 0 || e.ctrlKey || e.metaKey || e.altKey || e.shiftKey) return;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: all.length - 1 }[e.key];
    if (to === undefined) return;
    all.at(to % all.length)?.focus(); // beyond the ends it goes round
    e.preventDefault();
  });
  new MutationObserver(update).observe(bar, { childList: true, subtree: true, attributes: true, attributeFilter: ['hidden', 'disabled'] });
  update();
}
