// screen-reader-text.js: the landscape in a sentence, for screen readers.
import { byId, write } from './dom.js';
import { sample } from './landscape/index.js';
import { decimalsFor, signed } from './scale.js';
import { say } from './strings.js';

/** Milliseconds between two sentences: faster, and none could be heard to its end. */
const EVERY = 5000;

/** The median, 0 of none; sorts the values. @param {Float32Array} values */
const median = (values) => values.sort()[values.length >> 1] ?? 0;

/** @param {import('./store.js').Store} store */
export function startScreenReaderText(store) {
  const node = byId('screen-reader-text', HTMLElement);
  let written = 0;
  let wasStopped = false;
  const sentence = (/** @type {import('./types.js').Frame} */ frame) => {
    const { title, points: { y } } = store;
    const on = Float32Array.from({ length: y.length / 2 }, (_, i) => sample(frame, y[2 * i], y[2 * i + 1]));
    const digits = decimalsFor(frame.lo, frame.hi);
    const low = store.scalar('vol95');
    const notice = store.state?.notice ? ` ${store.state.notice}` : '';
    return say.landscape(title.model, title.data, frame.step, signed(median(on), digits), signed(median(frame.grid.slice()), digits), Number.isFinite(low) ? String(Math.round(100 * low)) : '') + notice;
  };
  /** Writes a new sentence, if that is due; it is announced when the model stops. @param {number} now */
  return (now) => {
    const { frame, state } = store;
    if (!frame || !state) return;
    const stopped = !state.playing && frame.step === state.step;
    const stops = stopped && !wasStopped;
    wasStopped = stopped;
    if (!stops && now - written < EVERY) return;
    written = now;
    const text = sentence(frame);
    write(node, text);
    if (stops) write(byId('spoken', HTMLElement), text);
  };
}
