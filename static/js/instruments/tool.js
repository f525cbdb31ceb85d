// tool.js: what a pointer does on the landscape is chosen by a button.
/** @import {Store} from '../store.js' */
import { byId, hint, make } from '../dom.js';

/**
 * Adds the button of a tool.
 * @param {Store} store
 * @param {string} name
 * @param {string} text
 * @param {string} tip
 */
export function tool(store, name, text, tip) {
  const button = make('button', { class: 'tool', 'data-tool': name, text });
  hint(button, tip);
  button.addEventListener('click', () => take(store, name));
  const show = () => button.setAttribute('aria-pressed', String(store.tool === name));
  store.on('tool', show);
  show();
  byId('tools-pointer', HTMLElement).append(button);
}

/** Takes a tool in hand. @param {Store} store @param {string} name */
export function take(store, name) {
  store.tool = name;
  byId('square', HTMLElement).dataset.tool = name;
  store.note('tool');
}
