// reading.js: the landscape in a sentence, for those who hear the page.
import { byId, write } from './dom.js';
import { sample } from './landscape/index.js';
import { decimalsFor, signed } from './scale.js';
import { say } from './strings.js';

/** Milliseconds between two sentences: faster, and none is heard to its end. */
const EVERY = 5000;

/** The value in the middle, 0 of none; sorts them. @param {Float32Array} values */
const median = (values) => values.sort()[values.length >> 1] ?? 0;

/** @param {import('./store.js').Store} store */
export function startScreenReaderText(store) {
  const node = byId('reading', HTMLElement);
  let spoken = 0;
  let said = false; // how the landscape is where the model stands
  const sentence = (/** @type {import('./types.js').Frame} */ frame) => {
    const { place, points: { y } } = store;
    const on = Float32Array.from({ length: y.length / 2 }, (_, i) => sample(frame, y[2 * i], y[2 * i + 1]));
    const digits = decimalsFor(frame.lo, frame.hi);
    const low = store.scalar('vol95');
    return say.reading(place.model, place.data, frame.step, signed(median(on), digits), signed(median(frame.grid.slice()), digits), Number.isFinite(low) ? String(Math.round(100 * low)) : '');
  };
  /** Says it anew, if that is due, and aloud when the model comes to a stand. @param {number} now */
  return (now) => {
    const { frame, state } = store;
    if (!frame || !state) return;
    const stands = !state.playing && frame.step === state.step;
    const arrived = stands && !said;
    said = stands;
    if (!arrived && now - spoken < EVERY) return;
    spoken = now;
    const text = sentence(frame);
    write(node, text);
    if (arrived) write(byId('spoken', HTMLElement), text);
  };
}
