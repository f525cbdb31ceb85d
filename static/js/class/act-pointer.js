// act-pointer.js: the pointer and the cursor of the keys while an act takes what they do on the
// landscape. They come before the tools of the landscape, which then do not act.
/** @import {Mode} from './act-state.js' */
/** @import {Point} from './class-data.js' */
import { byId } from '../dom.js';

/**
 * @typedef {object} Taps
 * @property {() => Mode|null} mode
 * @property {(y:Point) => void} tap          a place was chosen, by a click or by Enter
 * @property {(y:Point) => void} down         a stroke begins
 * @property {(y:Point) => void} move
 * @property {() => void} up
 */

export class ActPointer {
  /**
   * @param {(e:{clientX:number, clientY:number}) => Point} pointUnder
   * @param {import('../resources.js').Resources} resources
   * @param {Taps} taps
   */
  constructor(pointUnder, resources, taps) {
    const square = byId('square', HTMLElement);
    let pointer = -1; // the id of the pointer that draws
    let taken = false; // the click to come belongs to the act
    const on = { capture: true, signal: resources.signal };
    const controls = (/** @type {Event} */ e) => e.target instanceof Element && e.target.closest('button, input, .notice') !== null;
    square.addEventListener('pointerdown', (e) => {
      const mode = taps.mode();
      taken = mode !== null && !controls(e);
      if (!taken) return;
      e.stopImmediatePropagation();
      if (mode !== 'drawing' || e.button > 0 || pointer >= 0) return;
      square.setPointerCapture(e.pointerId);
      square.setAttribute('data-drawing', '');
      pointer = e.pointerId;
      taps.down(pointUnder(e));
    }, on);
    square.addEventListener('pointermove', (e) => {
      if (e.pointerId !== pointer) return;
      for (const part of e.getCoalescedEvents?.() ?? []) taps.move(pointUnder(part));
      taps.move(pointUnder(e));
    }, on);
    const end = (/** @type {PointerEvent} */ e) => {
      if (e.pointerId !== pointer) return;
      pointer = -1;
      square.removeAttribute('data-drawing');
      taps.up();
    };
    square.addEventListener('pointerup', end, on);
    square.addEventListener('pointercancel', end, on);
    square.addEventListener('click', (e) => {
      const mode = taps.mode();
      if (!mode || !taken) return;
      e.stopImmediatePropagation();
      if (mode !== 'drawing') taps.tap(pointUnder(e));
    }, on);
    square.addEventListener('ask', (e) => {
      const mode = taps.mode();
      if (!mode) return;
      e.stopImmediatePropagation();
      const at = /** @type {CustomEvent<Point>} */ (e).detail;
      if (mode !== 'drawing') return taps.tap(at);
      taps.down(at);
      taps.up();
    }, on);
    resources.defer(() => square.removeAttribute('data-drawing'));
  }
}
