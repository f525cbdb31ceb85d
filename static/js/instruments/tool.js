// tool.js: what a pointer does on the landscape is chosen by a button.
/** @import {Resources} from '../resources.js' */
/** @import {Store} from '../store.js' */
import { byId, hint, make } from '../dom.js';

/**
 * Adds the button of a tool.
 * @param {Store} store
 * @param {string} name
 * @param {string} text
 * @param {string} tip
 * @param {Resources} resources  of the instrument; when it is closed the tool is no longer chosen
 */
export function addTool(store, name, text, tip, resources) {
  const button = make('button', { class: 'tool', 'data-tool': name, text });
  hint(button, tip);
  button.addEventListener('click', () => chooseTool(store, name));
  const show = () => button.setAttribute('aria-pressed', String(store.view.tool === name));
  store.on('tool', show, resources.signal);
  show();
  byId('tools-pointer', HTMLElement).append(button);
  resources.nodes(button);
  resources.defer(() => store.view.tool === name && chooseTool(store, 'ask'));
}

/** @param {Store} store @param {string} name */
export function chooseTool(store, name) {
  store.view.tool = name;
  byId('square', HTMLElement).dataset.tool = name;
  store.markChanged('tool');
}
