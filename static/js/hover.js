// hover.js: the reader. It says y1, y2 and F under the pointer, or where the arrow keys have
// put it; a click, or Enter, lets a point roll down to the manifold.
import { make, byId, write, toast } from './dom.js';
import { sample } from './landscape/index.js';
import { decimalsFor, signed } from './scale.js';
import { words } from './strings.js';

/** @typedef {import('./types.js').Frame} Frame */
/** @typedef {{toPlane:(px:number, py:number) => number[], toPixel:(y1:number, y2:number) => number[]}} Plane */

const NS = 'http://www.w3.org/2000/svg';

/**
 * @param {import('./store.js').Store} store
 * @param {import('./commands.js').Commands} commands
 * @param {() => Plane} plane
 */
export function startHover(store, commands, plane) {
  const square = byId('square', HTMLElement);
  const head = make('b');
  const where = make('span');
  const what = make('div', { text: words.roll });
  const reader = make('div', { class: 'reader', hidden: true }, head, where, what);
  const cross = make('div', { class: 'cross', hidden: true });
  const roll = document.createElementNS(NS, 'svg');
  roll.setAttribute('class', 'roll');
  roll.setAttribute('aria-hidden', 'true');
  square.append(roll, cross, reader);

  /** Where the reader is, in the plane. @type {[number, number]|null} */
  let at = null;
  let byKeys = false;
  /** @type {[number, number][]} */
  let way = [];

  /** @param {[number, number]|null} y @param {boolean} keys */
  const move = (y, keys) => {
    at = y;
    byKeys = keys;
    show();
  };
  /** @param {{clientX:number, clientY:number}} e @returns {[number, number]} */
  const under = (e) => {
    const box = square.getBoundingClientRect();
    const [y1, y2] = plane().toPlane(e.clientX - box.left - square.clientLeft, e.clientY - box.top - square.clientTop);
    return [y1, y2];
  };
  square.addEventListener('pointermove', (e) => move(under(e), false));
  square.addEventListener('pointerleave', () => move(null, false));
  square.addEventListener('click', (e) => rollFrom(under(e)));
  square.addEventListener('keydown', (e) => {
    const { frame } = store;
    const direction = ARROWS[e.key];
    if (!frame || e.ctrlKey || e.metaKey || e.altKey) return;
    if (direction) {
      const stride = (e.shiftKey ? 0.1 : 0.02) * (frame.x1 - frame.x0);
      const [y1, y2] = at ?? [(frame.x0 + frame.x1) / 2, (frame.y0 + frame.y1) / 2];
      const moved = at ? [y1 + stride * direction[0], y2 + stride * direction[1]] : [y1, y2];
      move([Math.min(frame.x1, Math.max(frame.x0, moved[0])), Math.min(frame.y1, Math.max(frame.y0, moved[1]))], true);
      write(byId('spoken', HTMLElement), `${head.textContent}, ${where.textContent}`);
    } else if (e.key === 'Enter' && at) rollFrom(at);
    else if (e.key === 'Escape') move(null, false);
    else return;
    e.preventDefault();
    e.stopPropagation();
  });
  square.addEventListener('focusout', () => byKeys && move(null, false));

  /** @param {[number, number]} from */
  async function rollFrom(from) {
    try {
      const answer = await commands.probe(from);
      way = answer.path ?? [];
      draw();
    } catch (e) {
      toast(/** @type {Error} */ (e).message);
    }
  }

  /** Draws the way of the point that rolled, where it lies at the present size. */
  function draw() {
    if (way.length < 2) return roll.replaceChildren();
    const points = way.map(([y1, y2]) => plane().toPixel(y1, y2));
    const d = points.map(([x, y], i) => `${i ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
    const [x, y] = points[points.length - 1];
    const dot = document.createElementNS(NS, 'circle');
    for (const [name, value] of [['cx', x], ['cy', y], ['r', 4.5]]) dot.setAttribute(String(name), String(value));
    roll.replaceChildren(
      ...['halo', 'way'].map((kind) => {
        const path = document.createElementNS(NS, 'path');
        path.setAttribute('class', kind);
        path.setAttribute('d', d);
        return path;
      }),
      dot,
    );
  }

  /** Writes what is under the reader and puts it beside the spot, inside the square. */
  function show() {
    const { frame } = store;
    reader.hidden = cross.hidden = !at || !frame;
    if (!at || !frame) return;
    const axes = store.dataset?.axes;
    const [y1, y2] = at.map((y, i) => y * (axes?.scale[i] ?? 1) + (axes?.offset[i] ?? 0));
    write(head, `F = ${signed(sample(frame, at[0], at[1]), decimalsFor(frame.lo, frame.hi))}`);
    write(where, `y = (${signed(y1, 2)}, ${signed(y2, 2)})`);
    const [px, py] = plane().toPixel(at[0], at[1]);
    cross.style.transform = `translate(${px}px, ${py}px)`;
    cross.hidden = !byKeys;
    const { offsetWidth: w, offsetHeight: h } = reader;
    const left = px + 16 + w < square.clientWidth ? px + 16 : px - 16 - w;
    const top = Math.min(Math.max(4, py - h - 12), square.clientHeight - h - 4);
    reader.style.transform = `translate(${Math.max(4, left)}px, ${top}px)`;
  }

  store.on('state', () => {
    const key = `${store.state?.model} ${store.state?.data} ${store.state?.generation}`;
    if (roll.dataset.of !== key) way = [];
    roll.dataset.of = key;
    draw();
  });
  return { show, draw };
}

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
