// follow.js: the button that follows one point, of methods that push up. On a narrow page the menu of
// the view has it (layers.js).
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
  const group = byId('tools-step', HTMLElement);
  group.insertBefore(button, group.querySelector('[data-action="exact-phase"]')); // not at an end, whose corners are round: it may be hidden
  resources.nodes(button);
  const show = () => {
    button.hidden = store.model?.family !== 'contrastive' || scene.relief === true; // it is followed on the map
    button.setAttribute('aria-pressed', String(follows(scene)));
  };
  for (const part of /** @type {const} */ (['scene', 'state'])) store.on(part, show, resources.signal);
  show();
  return { close: () => resources.release() };
}
