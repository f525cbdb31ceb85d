// ask.js: asking the energy. A click asks at a point, a line at a given y1; the panel has the
// answer, and the landscape shows it. The answer is asked for again as the model learns.
/** @import {Instrument, Page} from './index.js' */
import { byId, toast } from '../dom.js';
import { words } from '../strings.js';
import { AskMarks } from './ask-marks.js';
import { AskPanel } from './ask-panel.js';
import { take, tool } from './tool.js';

/** Milliseconds between two answers while the model learns. */
const AGAIN = 200;

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startAsk({ store, commands, landscape }) {
  const square = byId('square', HTMLElement);
  const marks = new AskMarks(square, landscape);
  tool(store, 'ask', words.toolAsk, words.toolAskTip);
  tool(store, 'slice', words.toolSlice, words.toolSliceTip);

  /** What is asked about; null while nothing is. @type {[number, number]|null} */
  let at = null;
  /** @type {any} */
  let answer = null;
  let asking = false;
  let due = 0;
  let again = false;
  let asked = '';

  const panel = new AskPanel({
    store,
    way: () => ask(),
    beta: () => ask(),
    y1: (y1) => ask([y1, at?.[1] ?? 0]),
    close: () => close(),
  });

  store.on('tool', () => {
    marks.slice = store.tool === 'slice';
    if (store.tool === 'marble') return close();
    if (at) ask();
    else if (store.tool === 'slice') ask([0, 0]);
    if (store.tool === 'slice') document.querySelector('.app')?.setAttribute('data-sheet', 'panel');
    draw();
  });
  store.on('scene', draw);

  function close() {
    at = answer = null;
    if (store.tool === 'slice') take(store, 'ask');
    panel.hide();
    draw();
  }
  function draw() {
    if (at && answer) marks.draw(answer, store.frame);
    else marks.clear();
  }

  /** Asks about a point, or about the same one again; while an answer is under way the newest wish is kept. @param {[number, number]} [y] */
  async function ask(y) {
    const { frame } = store;
    if (y && frame) at = [Math.min(frame.x1, Math.max(frame.x0, y[0])), Math.min(frame.y1, Math.max(frame.y0, y[1]))];
    if (!at) return;
    again = true;
    if (asking) return;
    asking = true;
    while (again && at) {
      again = false;
      asked = key();
      try {
        const found = await commands.probe(at, panel.how);
        if (!at) break;
        answer = found;
        panel.show(answer);
        draw();
      } catch (e) {
        toast(/** @type {Error} */ (e).message);
        break;
      }
    }
    asking = false;
    due = performance.now() + AGAIN;
  }
  const key = () => `${store.room} ${store.frame?.seq} ${store.state?.model}`;

  /** @param {PointerEvent|MouseEvent} e @returns {[number, number]} */
  const under = (e) => {
    const box = square.getBoundingClientRect();
    return landscape.toPlane(e.clientX - box.left - square.clientLeft, e.clientY - box.top - square.clientTop);
  };
  square.addEventListener('click', (e) => store.tool === 'ask' && ask(under(e)));
  square.addEventListener('ask', (e) => store.tool !== 'marble' && ask(/** @type {CustomEvent} */ (e).detail));
  square.addEventListener('pointerdown', (e) => {
    if (store.tool !== 'slice') return;
    square.setPointerCapture(e.pointerId);
    ask([under(e)[0], at?.[1] ?? 0]);
  });
  square.addEventListener('pointermove', (e) => {
    if (store.tool === 'slice' && square.hasPointerCapture(e.pointerId)) ask([under(e)[0], at?.[1] ?? 0]);
  });
  marks.moved = (direction, large) => at && store.frame && ask([at[0] + direction * (large ? 0.1 : 0.01) * (store.frame.x1 - store.frame.x0), at[1]]);
  document.addEventListener('keydown', (e) => {
    if (e.key === 'Escape' && at && !e.defaultPrevented && !document.querySelector('dialog[open]')) close();
  });
  new ResizeObserver(draw).observe(square);

  return {
    numbers(now) {
      if (at && !asking && now >= due && asked !== key()) ask();
    },
  };
}
