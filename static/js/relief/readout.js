// The readout of the 3-D view: y1, y2 and F of the point that is seen under the pointer. A press
// without a drag is one on the map there: it asks, drops a marble or moves the slice.

/** @import {Resources} from '../resources.js' */
/** @import {Store} from '../store.js' */
/** @import {Surface3D} from './surface3d.js' */
import { byId, make, write } from '../dom.js';
import { sample } from '../landscape/index.js';
import { decimalsFor, signed } from '../scale.js';
import { words } from '../strings.js';

/** A pointer may move by so many CSS pixels in a press that is no drag. */
const TOLERANCE = 4;

/**
 * @param {HTMLElement} box
 * @param {Surface3D} surface
 * @param {Store} store
 * @param {Resources} resources
 */
export function startReadout(box, surface, store, resources) {
  const { signal } = resources;
  const energy = make('b');
  const position = make('span');
  const node = make('div', { class: 'readout', hidden: true }, energy, position, make('div', { text: words.clickForPath }));
  box.append(node);
  resources.nodes(node);
  resources.defer(() => (store.view.cursor = null));
  let [x, y] = [0, 0];
  let shown = false;
  /** Where a press began. @type {[number, number]|null} */
  let pressed = null;

  /** @param {PointerEvent} e */
  const locate = (e) => {
    const edge = box.getBoundingClientRect();
    [x, y] = [e.clientX - edge.left - box.clientLeft, e.clientY - edge.top - box.clientTop];
  };
  const hide = () => {
    shown = false;
    update();
  };
  box.addEventListener('pointermove', (e) => {
    locate(e);
    shown = e.buttons === 0 && e.pointerType !== 'touch' && e.target instanceof HTMLCanvasElement;
    update();
  }, { signal });
  box.addEventListener('pointerleave', hide, { signal });
  box.addEventListener('pointerdown', (e) => {
    pressed = e.isPrimary && e.button === 0 && e.target instanceof HTMLCanvasElement ? [e.clientX, e.clientY] : null;
    hide();
  }, { signal });
  box.addEventListener('pointerup', (e) => {
    const steady = pressed && Math.hypot(e.clientX - pressed[0], e.clientY - pressed[1]) < TOLERANCE;
    pressed = null;
    locate(e);
    const at = steady ? surface.planeAt(x, y) : null;
    if (at) byId('square', HTMLElement).dispatchEvent(new CustomEvent('ask', { detail: at }));
  }, { signal });

  /** Reads what is seen under the pointer now, and writes it beside it. */
  function update() {
    const { frame } = store;
    const at = shown && frame ? surface.planeAt(x, y) : null;
    if (at || surface.cursor) surface.overlayChanged();
    surface.cursor = store.view.cursor = at;
    node.hidden = !at;
    if (!at || !frame) return;
    write(energy, `F = ${signed(sample(frame, at[0], at[1]), decimalsFor(frame.lo, frame.hi))}`);
    write(position, store.units.point(at));
    const { offsetWidth: w, offsetHeight: h } = node;
    const left = x + 16 + w < box.clientWidth ? x + 16 : x - 16 - w;
    node.style.transform = `translate(${Math.max(4, left)}px, ${Math.min(Math.max(4, y - h - 12), box.clientHeight - h - 4)}px)`;
  }
  return { update };
}
