// reading.js: the landscape in a sentence, for those who hear the page.
import { byId, write } from './dom.js';
import { decimalsFor, signed } from './scale.js';
import { say } from './strings.js';

/** Milliseconds between two sentences: faster, and none is heard to its end. */
const EVERY = 5000;

/** @param {import('./store.js').Store} store */
export function startReading(store) {
  const node = byId('reading', HTMLElement);
  let spoken = 0;
  /** Says it anew, if that is due. @param {number} now */
  return (now) => {
    const { frame, place } = store;
    if (!frame || now - spoken < EVERY) return;
    spoken = now;
    const low = store.scalar('vol95');
    const digits = decimalsFor(frame.lo, frame.hi);
    write(node, say.reading(place.model, place.data, frame.step, signed(frame.lo, digits), signed(frame.hi, digits), Number.isFinite(low) ? String(Math.round(100 * low)) : ''));
  };
}
