// follow.js: the button that follows one point, of methods that push up.
/** @import {Instrument, Page} from './index.js' */
import { byId, hint, make, shortened } from '../dom.js';
import { follows } from '../landscape/followed-point.js';
import { Resources } from '../resources.js';
import { words } from '../strings.js';

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startFollow({ store }) {
  const resources = new Resources();
  const { scene } = store;
  const button = make('button', { class: 'tool', 'data-view': 'follow' }, ...shortened(words.follow));
  hint(button, words.followTip);
  button.addEventListener('click', () => {
    scene.follow = !follows(scene);
    store.markChanged('scene');
  });
  byId('tools-step', HTMLElement).append(button);
  resources.nodes(button);
  const show = () => {
    button.hidden = store.model?.family !== 'contrastive';
    button.setAttribute('aria-pressed', String(follows(scene)));
  };
  for (const part of /** @type {const} */ (['scene', 'state'])) store.on(part, show, resources.signal);
  show();
  return { close: () => resources.release() };
}
