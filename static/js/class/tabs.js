// tabs.js: the parts of the class's panel, of which one is in sight.
import { make } from '../dom.js';

/** @typedef {{name:string, text:string, panel:HTMLElement}} Part */

/**
 * Returns the list of tabs, the buttons by name, and the panels. The first part is in sight.
 * @param {string} label
 * @param {Part[]} parts
 */
export function tabs(label, parts) {
  /** @type {Record<string, HTMLButtonElement>} */
  const buttons = {};
  /** @param {string} name */
  const choose = (name) => {
    for (const part of parts) {
      const on = part.name === name;
      part.panel.hidden = !on;
      buttons[part.name].setAttribute('aria-selected', String(on));
      buttons[part.name].tabIndex = on ? 0 : -1;
    }
  };
  const names = parts.map(({ name }) => name);
  for (const { name, text, panel } of parts) {
    const button = (buttons[name] = make('button', { role: 'tab', id: `class-tab-${name}`, 'data-class-tab': name, text }));
    panel.setAttribute('role', 'tabpanel');
    panel.setAttribute('aria-labelledby', button.id);
    button.addEventListener('click', () => choose(name));
    button.addEventListener('keydown', (e) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
      if (!by) return;
      const next = names[(names.indexOf(name) + by + names.length) % names.length];
      choose(next);
      buttons[next].focus();
      e.preventDefault();
      e.stopPropagation(); // no step of the run
    });
  }
  const node = make('div', { class: 'tabs-of-class', role: 'tablist', 'aria-label': label }, ...Object.values(buttons));
  choose(names[0]);
  return { node, buttons, panels: parts.map(({ panel }) => panel) };
}
