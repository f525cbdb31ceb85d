// screen.js: a projector of the class by a link of its own: the landscape at the full height, and no
// controls.
/** @import {Instrument} from '../instruments/index.js' */
import { useProjector } from '../theme.js';

/** @returns {Instrument} */
export function startScreen() {
  const app = document.querySelector('.app');
  useProjector();
  app?.setAttribute('data-class', 'screen');
  return { close: () => app?.removeAttribute('data-class') };
}
