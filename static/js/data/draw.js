// draw.js: the tool that draws points onto the plane. The model learns from them while they are
// drawn, and goes on from where it is: the landscape follows the hand. Only what was begun on an empty
// plane it learns anew when the hand is lifted: wells that fell on the first few points would stay there.
/** @import {Instrument, Page} from '../instruments/index.js' */
/** @import {Point} from './link-code.js' */
import { byId, hint, make, toast } from '../dom.js';
import { take, tool } from '../instruments/tool.js';
import { say, words } from '../strings.js';
import { Brush } from './brush.js';
import { MOST } from './link-code.js';
import { startImport } from './import.js';
import { UserPoints } from './user-points.js';

/** What is drawn is sent at most each so many milliseconds while the hand is down. */
const LIVE = 150;
/** Outliers are one for so many points, and at least a few. */
const ONE_IN = 20, FEW = 10;

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startDraw({ store, commands, landscape }) {
  const square = byId('square', HTMLElement);
  const own = new UserPoints(store, commands);
  const brush = new Brush();
  tool(store, 'draw', words.toolDraw, words.toolDrawTip);
  startImport(store, own);

  /** @type {import('./brush.js').Means} */
  let means = 'brush';
  let blank = false; // the plane is empty
  let first = false; // this stroke began on an empty plane
  let hand = -1; // the pointer that draws
  let last = 0;
  let sent = 0; // when the points were sent
  let drawn = false; // points that were not sent yet

  const ways = /** @type {const} */ (['brush', 'spray', 'eraser']).map((name) => {
    const button = make('button', { class: 'tool', 'data-draw': name, text: words[name] });
    hint(button, words[`${name}Tip`]);
    button.addEventListener('click', () => {
      means = name;
      choose();
    });
    return button;
  });
  const choose = () => ways.forEach((b) => b.setAttribute('aria-pressed', String(b.dataset.draw === means)));
  choose();
  const slider = make('input', { type: 'range', min: 0.03, max: 0.4, step: 0.01, value: 0.1, 'data-draw': 'size', 'aria-label': words.drawSize });
  hint(slider, words.drawSizeTip);
  const radius = () => Number(slider.value);
  /** @param {'outliers'|'drawClear'} word @param {() => void} act */
  const button = (word, act) => {
    const node = make('button', { class: 'tool', 'data-draw': word, text: words[word] });
    hint(node, words[`${word}Tip`]);
    node.addEventListener('click', act);
    return node;
  };
  const strip = make('div', { class: 'draw-strip', role: 'group', 'aria-label': words.toolDraw, hidden: true },
    make('div', { class: 'group' }, ...ways), slider,
    make('div', { class: 'group' }, button('outliers', () => {
      begin();
      brush.outliers(Math.max(FEW, Math.round(brush.points.length / ONE_IN)));
      end();
    }), button('drawClear', clear)));
  byId('tools-pointer', HTMLElement).after(strip);
  const hollow = make('p', { class: 'hollow', text: words.drawHow, hidden: true });
  const ring = make('div', { class: 'ring', hidden: true });
  square.append(ring, hollow);

  /** Begins on an empty plane: the room keeps what it has until something is drawn. */
  function clear() {
    blank = true;
    brush.points = [];
    show();
  }

  /** Takes up the points that are there. */
  function begin() {
    first = blank;
    if (blank || own.sending) return;
    const { state, points } = store;
    if (state?.own && store.own.id === state.own) brush.points = store.own.y.slice();
    else {
      brush.points = [];
      for (let i = 0; i < points.y.length; i += 2) brush.points.push([points.y[i], points.y[i + 1]]);
    }
  }

  /** Lets the model learn from what was drawn. */
  function end() {
    hand = -1;
    square.removeAttribute('data-drawing');
    if (brush.full) toast(say.mostPoints(MOST));
    if (!brush.points.length) {
      store.stroke = false;
      return clear();
    }
    show();
    send(first ? '' : 'on').then(() => {
      store.stroke = hand >= 0;
      store.note('state'); // it is one change
    });
  }

  /** @param {import('./user-points.js').Learn} learn */
  function send(learn) {
    blank = drawn = false;
    sent = performance.now();
    return own.send(brush.points, learn).then((taken) => over(!taken));
  }

  const show = () => {
    drawn = true;
    store.drawn = Float32Array.from(brush.points.flat());
    store.note('scene');
  };
  /** Shows the room's points again: it has those that were drawn, or refused them. @param {boolean} [given]  up */
  function over(given = false) {
    const { state, points } = store;
    const there = state?.own === store.own.id && points.generation === state.generation;
    if (!store.drawn || hand >= 0 || own.sending || !(there || given)) return;
    blank = false;
    store.drawn = null;
    store.note('scene');
  }

  /** @param {PointerEvent} e @returns {Point} */
  const under = (e) => {
    const box = square.getBoundingClientRect();
    const [y1, y2] = landscape.toPlane(e.clientX - box.left - square.clientLeft, e.clientY - box.top - square.clientTop);
    return [y1, y2];
  };
  square.addEventListener('pointerdown', (e) => {
    if (store.tool !== 'draw' || e.button > 0 || hand >= 0 || !store.driving) return;
    square.setPointerCapture(e.pointerId);
    square.setAttribute('data-drawing', '');
    begin();
    hand = e.pointerId;
    store.stroke = true;
    last = performance.now();
    brush.down(under(e), means, radius());
    show();
  });
  square.addEventListener('pointermove', (e) => {
    if (store.tool === 'draw') point(e);
    if (e.pointerId !== hand) return;
    for (const part of e.getCoalescedEvents?.() ?? [e]) brush.move(under(part), means, radius());
    brush.move(under(e), means, radius());
    show();
  });
  square.addEventListener('pointerup', (e) => e.pointerId === hand && end());
  square.addEventListener('pointercancel', (e) => e.pointerId === hand && end());
  square.addEventListener('pointerleave', () => (ring.hidden = true));
  square.addEventListener('ask', (e) => {
    if (store.tool !== 'draw' || !store.driving) return;
    begin();
    const [y1, y2] = /** @type {CustomEvent<[number, number]>} */ (e).detail;
    brush.down([y1, y2], means === 'brush' ? 'spray' : means, radius());
    end();
  });

  /** Shows how far the brush reaches. @param {PointerEvent} e */
  function point(e) {
    const box = square.getBoundingClientRect();
    const [x0] = landscape.toPixel(0, 0);
    const [x1] = landscape.toPixel(radius(), 0);
    ring.style.width = ring.style.height = `${2 * (x1 - x0)}px`;
    ring.style.transform = `translate(${e.clientX - box.left - square.clientLeft}px, ${e.clientY - box.top - square.clientTop}px) translate(-50%, -50%)`;
    ring.hidden = e.pointerType === 'touch' || store.tool !== 'draw';
  }

  store.on('tool', () => {
    strip.hidden = store.tool !== 'draw';
    byId('tools', HTMLElement).toggleAttribute('data-drawing', !strip.hidden);
    if (store.tool !== 'draw') return over(true);
    if (store.scene.relief) document.querySelector('[data-action="relief"]')?.dispatchEvent(new MouseEvent('click'));
  });
  store.on('points', () => !blank && over());
  document.addEventListener('click', (e) => {
    if (!(e.target instanceof Element) || !e.target.closest('[data-choose="data"][data-value="custom"]') || !store.driving) return;
    take(store, 'draw');
    if (!store.own.id) clear();
  });

  return {
    draw(now) {
      hollow.hidden = !blank || brush.points.length > 0 || store.tool !== 'draw';
      if (hand < 0) return;
      if (brush.hold(means, radius(), Math.min(0.1, (now - last) / 1000))) show();
      last = now;
      if (drawn && brush.points.length && now - sent > LIVE && !own.sending) send('draft');
    },
    numbers() {
      if (strip.hidden) return;
      for (const node of strip.querySelectorAll('button')) node.disabled = !store.driving;
    },
  };
}
