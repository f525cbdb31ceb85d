// ask.js: asking the energy. A click asks at a point, a line at a given y1; the dock has the
// answer, and the landscape shows it. It is asked again as the model learns.
/** @import {Instrument, Page} from './index.js' */
import { byId, toast } from '../dom.js';
import { Resources } from '../resources.js';
import { words } from '../strings.js';
import { AskMarks } from './ask-marks.js';
import { AskPanel } from './ask-panel.js';
import { gridAnswer } from './grid-answer.js';
import { addTool, chooseTool } from './tool.js';

/** Milliseconds between two answers while the model learns. */
const INTERVAL = 200;

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startAsk({ store, commands, landscape }) {
  const resources = new Resources();
  const { signal } = resources;
  const { view } = store;
  const square = byId('square', HTMLElement);
  const marks = new AskMarks(square, landscape);
  resources.nodes(marks.svg, marks.line);
  addTool(store, 'ask', words.toolAsk, words.toolAskTip, resources);
  addTool(store, 'slice', words.toolSlice, words.toolSliceTip, resources);

  /** The point that is asked about; null for none. @type {[number, number]|null} */
  let at = null;
  /** @type {any} */
  let answer = null;
  let asking = false;
  let due = 0; // when to ask again
  let again = false; // another question has come meanwhile
  let asked = ''; // of which landscape

  const panel = new AskPanel({
    store,
    path: () => ask(),
    beta: () => ask(),
    y1: (y1) => ask([y1, at?.[1] ?? 0]),
    close: () => close(),
  });
  resources.defer(() => panel.remove());

  store.on('tool', () => {
    marks.slice = view.tool === 'slice';
    at = view.at;
    if (view.tool === 'marble') return close();
    if (at) ask();
    else if (view.tool === 'slice' && !store.led) ask([0, 0]);
    else close();
    draw();
  }, signal);
  store.on('scene', draw, signal);

  function close() {
    at = answer = view.at = null;
    if (view.tool === 'slice') chooseTool(store, 'ask');
    panel.hide();
    draw();
  }
  function draw() {
    view.answer = at && answer; // the 3-D view draws it too
    if (view.answer && !store.scene.relief) marks.draw(answer, store.frame, store.units);
    else marks.clear();
  }

  /** Asks about a point, or about the same one again; while an answer is awaited only the newest point counts. @param {[number, number]} [y] */
  async function ask(y) {
    const { frame } = store;
    if (y && frame) at = view.at = [Math.min(frame.x1, Math.max(frame.x0, y[0])), Math.min(frame.y1, Math.max(frame.y0, y[1]))];
    if (!at) return;
    again = true;
    if (asking) return;
    asking = true;
    while (again && at) {
      again = false;
      asked = key();
      try {
        const found = store.led && store.frame ? gridAnswer(store.frame, at) : await commands.probe(at, panel.how);
        if (!at || signal.aborted) break;
        answer = found;
        panel.show(answer);
        draw();
      } catch (e) {
        toast(/** @type {Error} */ (e).message);
        break;
      }
    }
    asking = false;
    due = performance.now() + INTERVAL;
  }
  const key = () => `${store.room} ${store.frame?.seq} ${store.state?.model}`;

  square.addEventListener('click', (e) => view.tool === 'ask' && !store.led && ask(landscape.pointUnder(e)), { signal });
  square.addEventListener('ask', (e) => view.tool !== 'marble' && view.tool !== 'draw' && !store.led && ask(/** @type {CustomEvent} */ (e).detail), { signal });
  square.addEventListener('pointerdown', (e) => {
    if (view.tool !== 'slice' || store.led) return;
    square.setPointerCapture(e.pointerId);
    ask([landscape.pointUnder(e)[0], at?.[1] ?? 0]);
  }, { signal });
  square.addEventListener('pointermove', (e) => {
    if (view.tool === 'slice' && square.hasPointerCapture(e.pointerId)) ask([landscape.pointUnder(e)[0], at?.[1] ?? 0]);
  }, { signal });
  marks.moved = (direction, large) => at && store.frame && !store.led && ask([at[0] + direction * (large ? 0.1 : 0.01) * (store.frame.x1 - store.frame.x0), at[1]]);
  document.addEventListener('keydown', (e) => {
    if (e.key === 'Escape' && at && !store.led && !e.defaultPrevented && !document.querySelector('dialog[open]')) close();
  }, { signal });
  resources.resized(square, draw);
  resources.resized(panel.node, () => answer && panel.show(answer)); // its charts have the size of their boxes

  return {
    numbers(now) {
      if (at && !asking && now >= due && asked !== key()) ask();
    },
    close() {
      close();
      resources.release();
    },
  };
}
