// The reader on the body: it says y1, y2 and F of the place that is seen under the pointer; a press
// without a drag lets a point roll down from there, or drops a marble if that is the tool.

/** @import {Commands} from '../commands.js' */
/** @import {Store} from '../store.js' */
/** @import {Body} from './surface3d.js' */
import { byId, make, toast, write } from '../dom.js';
import { sample } from '../landscape/index.js';
import { decimalsFor, signed } from '../scale.js';
import { words } from '../strings.js';

/** So many CSS pixels a hand may move in a press that is no drag. */
const STEADY = 4;

/**
 * @param {HTMLElement} box
 * @param {Body} body
 * @param {Store} store
 * @param {Commands} commands
 */
export function startReader(box, body, store, commands) {
  const head = make('b');
  const where = make('span');
  const reader = make('div', { class: 'reader', hidden: true }, head, where, make('div', { text: words.roll }));
  box.append(reader);
  let [x, y] = [0, 0];
  let shown = false;
  /** Where a press began. @type {[number, number]|null} */
  let pressed = null;

  /** @param {PointerEvent} e */
  const find = (e) => {
    const edge = box.getBoundingClientRect();
    [x, y] = [e.clientX - edge.left - box.clientLeft, e.clientY - edge.top - box.clientTop];
  };
  const leave = () => {
    shown = false;
    read();
  };
  box.addEventListener('pointermove', (e) => {
    find(e);
    shown = e.buttons === 0 && e.pointerType !== 'touch' && e.target instanceof HTMLCanvasElement;
    read();
  });
  box.addEventListener('pointerleave', leave);
  box.addEventListener('pointerdown', (e) => {
    pressed = e.isPrimary && e.button === 0 && e.target instanceof HTMLCanvasElement ? [e.clientX, e.clientY] : null;
    leave();
  });
  box.addEventListener('pointerup', async (e) => {
    const steady = pressed && Math.hypot(e.clientX - pressed[0], e.clientY - pressed[1]) < STEADY;
    pressed = null;
    find(e);
    const from = steady ? body.under(x, y) : null;
    if (!from) return;
    if (store.view.tool === 'marble') return void byId('square', HTMLElement).dispatchEvent(new CustomEvent('ask', { detail: from }));
    try {
      body.way = (await commands.probe(from)).path ?? [];
      body.dress();
    } catch (error) {
      toast(/** @type {Error} */ (error).message);
    }
  });

  let of = '';
  store.on('state', () => {
    const { model, data, generation } = store.state ?? {};
    const key = `${model} ${data} ${generation}`;
    if (key !== of) body.way = [];
    of = key;
  });

  /** Reads what is seen there now, and writes it beside the place. */
  function read() {
    const { frame, dataset } = store;
    const at = shown && frame ? body.under(x, y) : null;
    if (at || body.at) body.dress();
    body.at = at;
    reader.hidden = !at;
    if (!at || !frame) return;
    const { scale, offset } = dataset?.axes ?? { scale: [1, 1], offset: [0, 0] };
    write(head, `F = ${signed(sample(frame, at[0], at[1]), decimalsFor(frame.lo, frame.hi))}`);
    write(where, `y = (${signed(at[0] * scale[0] + offset[0], 2)}, ${signed(at[1] * scale[1] + offset[1], 2)})`);
    const { offsetWidth: w, offsetHeight: h } = reader;
    const left = x + 16 + w < box.clientWidth ? x + 16 : x - 16 - w;
    reader.style.transform = `translate(${Math.max(4, left)}px, ${Math.min(Math.max(4, y - h - 12), box.clientHeight - h - 4)}px)`;
  }
  return { read };
}
