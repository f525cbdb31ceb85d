// pictures.js: pictures of the steps of a lesson for paper: the landscape before the run, and at the
// telling moment. A room of its own plays the steps in turn, out of sight.
/** @import {Page} from '../instruments/index.js' */
/** @import {Frame, LessonStep} from '../types.js' */
import { make } from '../dom.js';
import { Pane } from '../instruments/pane.js';
import { openRoom } from '../rooms.js';
import { encodeLog } from '../run-log.js';
import { say } from '../strings.js';
import { TabView } from '../tab-view.js';
import { applyView } from '../view.js';
import { hold } from './question.js';

/** Milliseconds that a step may take; after that the picture is of where the run has come to. */
const LONGEST = 5000;
/** A run that stops where numbers hold is looked at so often. */
const LOOKS = 20;

/** A picture, the step of the run that it shows, and the part of the plane. @typedef {{canvas:HTMLCanvasElement, step:number, box:Pick<Frame, 'x0'|'x1'|'y0'|'y1'>}} Picture */

export class StepPictures {
  /** @type {Pane|null} */
  #pane = null;
  #place = make('div', { class: 'step-pictures', 'aria-hidden': 'true' });
  /** Called with the frame that is on the canvas. @type {((frame:Frame) => void)|null} */
  #drawn = null;

  /** @param {Page} page */
  constructor({ store }) {
    this.store = store;
  }

  /** Draws what is new; called in the page's one loop. @param {number} now */
  draw(now) {
    this.#pane?.draw(now);
    const frame = this.#pane?.data.frame;
    if (frame) this.#drawn?.(frame);
  }

  close() {
    this.#pane?.close();
    this.#pane = null;
    this.#place.remove();
  }

  /**
   * Takes the pictures of a step; null where its run cannot be opened.
   * @param {LessonStep} step
   * @returns {Promise<{before:Picture, after:Picture}|null>}
   */
  async take(step) {
    const { open: { knobs = {}, ...rest }, log, stop } = step;
    const end = performance.now() + LONGEST;
    const pane = (this.#pane ??= await this.#open(step));
    pane.differences = sceneOf(step);
    pane.stale = true;
    const run = pane.data.state?.run;
    if (!(await pane.send({ open: { ...rest, knobs, ...(log && { log }) } }))) return null;
    await pane.send({ do: 'pause' });
    await pane.send({ seek: { step: 0 } });
    const ready = () => pane.data.state?.run !== run && [pane.data.frame, pane.data.points].every((of) => of?.generation === pane.data.state?.generation);
    await this.#frame((frame) => frame.step === 0 && ready(), end);
    const before = this.#picture(pane, step);
    const last = typeof stop === 'number' ? stop : this.store.catalog.models.find((m) => m.id === step.open.model)?.steps ?? 0;
    for (let look = 1; look <= LOOKS; look++) {
      const at = typeof stop === 'object' ? Math.ceil((last * look) / LOOKS) : last;
      await pane.send({ seek: { step: at } });
      const came = await this.#frame((frame) => frame.step === at, end);
      if (!came || at === last || (typeof stop === 'object' && hold(stop, (name) => pane.data.scalar(name)))) break;
    }
    return { before, after: this.#picture(pane, step) };
  }

  /** @param {LessonStep} step */
  async #open({ open: { knobs = {}, ...rest }, log }) {
    const pane = new Pane(this.store, await openRoom({ ...rest, knobs, log: log && await encodeLog({ knobs, log }) }));
    this.#place.append(pane.square);
    document.body.append(this.#place);
    pane.open('canvas2d');
    await new Promise((resolve) => (pane.entered = () => resolve(undefined)));
    return pane;
  }

  /**
   * Waits until a frame is on the canvas; reports whether it came in time.
   * @param {(frame:Frame) => boolean} wanted
   * @param {number} end
   * @returns {Promise<boolean>}
   */
  #frame(wanted, end) {
    return new Promise((resolve) => {
      const finish = (/** @type {boolean} */ came) => {
        clearTimeout(timer);
        this.#drawn = null;
        resolve(came);
      };
      const timer = setTimeout(() => finish(false), Math.max(0, end - performance.now()));
      this.#drawn = (frame) => wanted(frame) && finish(true);
    });
  }

  /** @param {Pane} pane @param {LessonStep} step @returns {Picture} */
  #picture(pane, step) {
    const { canvas, overlay, data: { frame } } = pane;
    const copy = make('canvas', { width: canvas.width, height: canvas.height, role: 'img', 'aria-label': say.pictureOf(step.title, frame?.step ?? 0) });
    const ctx = copy.getContext('2d');
    for (const layer of [canvas, overlay]) if (layer.width && layer.height) ctx?.drawImage(layer, 0, 0, copy.width, copy.height);
    const { x0, x1, y0, y1, step: shown } = frame ?? { x0: 0, x1: 1, y0: 0, y1: 1, step: 0 };
    return { canvas: copy, step: shown, box: { x0, x1, y0, y1 } };
  }
}

/** How a step is drawn on paper: as it says, on the map, in the light theme. @param {LessonStep} step */
function sceneOf({ view = {}, show = [], notes = [] }) {
  const tab = new TabView();
  const paper = /** @type {import('../store.js').Store} */ (/** @type {unknown} */ ({ scene: tab.scene, view: tab, markChanged() {} }));
  applyView(paper, { view: { ...view, show: [view.show, ...show].filter(Boolean).join(',') }, hide: (view.hide ?? '').split(',') });
  return { ...tab.scene, theme: /** @type {const} */ ('light'), relief: false, reducedMotion: true, scale: 1, notes };
}
