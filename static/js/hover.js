// hover.js: the cursor on the landscape, moved by the pointer or the arrow keys, and beside it y1, y2
// and F. Enter probes the point (instruments/ask.js).
import { make, byId, write } from './dom.js';
import { sample } from './landscape/index.js';
import { decimalsFor, signed } from './scale.js';
import { words } from './strings.js';

/** @typedef {import('./types.js').Frame} Frame */
/** @typedef {{pointUnder:(e:PointerEvent) => [number, number], toPixel:(y1:number, y2:number) => number[]}} Plane */

/**
 * @param {import('./store.js').Store} store
 * @param {() => Plane} plane
 */
export function startHover(store, plane) {
  const square = byId('square', HTMLElement);
  const head = make('b');
  const where = make('span');
  const more = make('div');
  const reader = make('div', { class: 'readout', hidden: true }, head, where, more);
  const cross = make('div', { class: 'cursor', hidden: true });
  square.append(cross, reader);

  /** The point under the cursor. @type {[number, number]|null} */
  let at = null;
  let byKeys = false;

  /** @param {[number, number]|null} y @param {boolean} keys */
  const move = (y, keys) => {
    at = store.view.cursor = y;
    byKeys = keys;
    show();
  };
  square.addEventListener('pointermove', (e) => move(plane().pointUnder(e), false));
  square.addEventListener('pointerleave', () => move(null, false));
  square.addEventListener('keydown', (e) => {
    const { frame } = store;
    const direction = ARROWS[e.key];
    if (!frame || e.ctrlKey || e.metaKey || e.altKey) return;
    if (direction) {
      const stride = (e.shiftKey ? 0.1 : 0.02) * (frame.x1 - frame.x0);
      const [y1, y2] = at ?? [(frame.x0 + frame.x1) / 2, (frame.y0 + frame.y1) / 2];
      const moved = at ? [y1 + stride * direction[0], y2 + stride * direction[1]] : [y1, y2];
      move([Math.min(frame.x1, Math.max(frame.x0, moved[0])), Math.min(frame.y1, Math.max(frame.y0, moved[1]))], true);
      write(byId('spoken', HTMLElement), [head, where, more].map((node) => node.textContent).filter(Boolean).join(', '));
    } else if (e.key === 'Enter' && at) square.dispatchEvent(new CustomEvent('ask', { detail: at }));
    else if (e.key === 'Escape') return move(null, false); // what else is open closes too
    else return;
    e.preventDefault();
    e.stopPropagation();
  });
  square.addEventListener('focusout', () => byKeys && move(null, false));

  /** Writes what is known of the point and puts it beside the cursor, inside the square. */
  function show() {
    const { frame } = store;
    reader.hidden = cross.hidden = !at || !frame;
    if (!at || !frame) return;
    write(head, `F = ${signed(sample(frame, at[0], at[1]), decimalsFor(frame.lo, frame.hi))}`);
    write(where, store.units.point(at));
    const [y1At, y2At] = at;
    write(more, [...store.cursorLines].map((line) => line(y1At, y2At)).filter(Boolean).join(', '));
    const [px, py] = plane().toPixel(at[0], at[1]);
    cross.style.transform = `translate(${px}px, ${py}px)`;
    cross.hidden = !byKeys;
    const { offsetWidth: w, offsetHeight: h } = reader;
    const left = px + 16 + w < square.clientWidth ? px + 16 : px - 16 - w;
    const top = Math.min(Math.max(4, py - h - 12), square.clientHeight - h - 4);
    reader.style.transform = `translate(${Math.max(4, left)}px, ${top}px)`;
  }

  return { show };
}

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
