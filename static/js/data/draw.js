// draw.js: the tool that draws points onto the plane. The model learns from them while they are
// drawn, and goes on from where it is: the landscape follows the stroke. Only a stroke on an empty
// plane is learnt from step 0 at its end: wells that fell on its first few points would stay there.
/** @import {Instrument, Page} from '../instruments/index.js' */
import { byId, hint, make, toast, write } from '../dom.js';
import { addTool, chooseTool } from '../instruments/tool.js';
import { Resources } from '../resources.js';
import { say, words } from '../strings.js';
import { Brush } from './brush.js';
import { startGroups } from './groups.js';
import { startImport } from './import.js';
import { rounded } from './link-code.js';
import { UserPoints } from './user-points.js';

/** Milliseconds between two sendings while a stroke is drawn. */
const INTERVAL = 150;
/** One outlier is added for so many points, and at least a few. */
const ONE_IN = 20, FEW = 10;

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startDraw({ store, commands, landscape }) {
  const resources = new Resources();
  const { signal } = resources;
  const { view } = store;
  const square = byId('square', HTMLElement);
  const userPoints = new UserPoints(store, commands, resources);
  const brush = new Brush(() => store.catalog.limits);
  addTool(store, 'draw', words.toolDraw, words.toolDrawTip, resources);
  startImport(store, userPoints, resources);
  startGroups(store, userPoints, resources);

  /** @type {import('./brush.js').Tool} */
  let tool = 'brush';
  let blank = false; // the next stroke begins on an empty plane
  let cleared = false; // the plane is empty, and the model is paused
  let pausing = false; // it is to be paused, and that has not been done yet
  let waiting = false; // for the answer
  let resumes = false; // it was playing before
  /** What goes with the points. @type {Pick<import('./user-points.js').Set, 'axes'|'label'>} */
  let info = {};
  let first = false; // this stroke began on an empty plane
  let pointer = -1; // the id of the pointer that draws
  let last = 0;
  let sent = 0; // when points were last sent
  let unsent = false; // points were drawn since

  const tools = /** @type {const} */ (['brush', 'spray', 'eraser']).map((name) => {
    const button = make('button', { class: 'tool', 'data-draw': name, text: words[name] });
    hint(button, words[`${name}Tip`]);
    button.addEventListener('click', () => {
      tool = name;
      choose();
    });
    return button;
  });
  const choose = () => tools.forEach((b) => b.setAttribute('aria-pressed', String(b.dataset.draw === tool)));
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
  const strip = make('div', { class: 'strip draw-strip', role: 'group', 'aria-label': words.toolDraw, hidden: true },
    make('div', { class: 'group' }, ...tools), slider,
    make('div', { class: 'group' }, button('outliers', () => {
      begin();
      brush.outliers(Math.max(FEW, Math.round(brush.points.length / ONE_IN)));
      end();
    }), button('drawClear', clear)));
  byId('dock', HTMLElement).append(strip);
  const prompt = make('p', { class: 'draw-prompt', hidden: true });
  const ring = make('div', { class: 'ring', hidden: true });
  square.append(ring, prompt);
  resources.nodes(strip, ring, prompt);

  /** The next stroke begins on an empty plane. Until then the room's points stay, and the model learns them. */
  function empty() {
    blank = true;
    info = {};
    brush.begin([]);
  }

  /** Removes all points from the plane. The room keeps its points, so the model is paused until others are drawn. */
  function clear() {
    empty();
    cleared = true;
    resumes ||= store.state?.playing ?? false;
    pausing = store.state?.playing ?? false;
    pause();
    show();
  }

  /** Pauses the model, if it is to be. Where the connection is lost at this moment, it is paused later. */
  async function pause() {
    if (!pausing || waiting) return;
    waiting = true;
    if (!cleared || (await commands.send({ do: 'pause' }))) pausing = false;
    waiting = false;
  }

  /** Begins with the present points. */
  function begin() {
    first = blank;
    if (blank || userPoints.sending) return;
    const { state, points, catalog: { limits: { box } } } = store;
    const known = Boolean(state?.own && store.userPoints.id === state.own);
    const { axes, label } = known ? store.userPoints : { axes: store.ownAxes, label: points.label };
    info = { axes, label };
    if (known) return brush.begin(store.userPoints.y, label?.of);
    /** @type {import('./link-code.js').Point[]} */
    const y = [];
    for (let i = 0; i < points.y.length; i += 2) y.push(rounded([points.y[i], points.y[i + 1]], box));
    brush.begin(y, label?.of);
  }

  /** Ends a stroke: the model learns from it. */
  function end() {
    pointer = -1;
    square.removeAttribute('data-drawing');
    if (brush.full) toast(say.mostPoints(store.catalog.limits.points));
    if (!brush.points.length) {
      view.drawing = false;
      return clear();
    }
    show();
    send(first ? '' : 'on').then(settle);
  }

  /** The stroke is one change, which ends when the room has its points. */
  function settle() {
    if (!view.drawing || pointer >= 0 || userPoints.sending) return;
    view.drawing = false;
    store.markChanged('state');
  }

  /** @param {import('./user-points.js').Learn} learn */
  async function send(learn) {
    blank = cleared = unsent = resumes = false;
    sent = performance.now();
    const { of } = brush;
    const accepted = await userPoints.send({ y: brush.points, axes: info.axes, label: info.label && of && { ...info.label, of } }, learn);
    showRoom(!accepted);
  }

  const show = () => {
    unsent = true;
    view.drawn = Float32Array.from(brush.points.flat());
    view.drawnGroups = brush.of ? Uint8Array.from(brush.of) : null;
    store.markChanged('scene');
  };
  /** Shows the room's points again once they are those that were drawn, or if these were refused or given up. @param {boolean} [givenUp] */
  function showRoom(givenUp = false) {
    const { state, points } = store;
    const arrived = state?.own === store.userPoints.id && points.generation === state.generation;
    if (!view.drawn || pointer >= 0 || userPoints.sending || !(arrived || givenUp)) return;
    blank = cleared = false;
    view.drawn = null;
    store.markChanged('scene');
  }

  square.addEventListener('pointerdown', (e) => {
    if (view.tool !== 'draw' || e.button > 0 || pointer >= 0 || !store.driving) return;
    square.setPointerCapture(e.pointerId);
    square.setAttribute('data-drawing', '');
    begin();
    pointer = e.pointerId;
    view.drawing = true;
    last = performance.now();
    brush.down(landscape.pointUnder(e), tool, radius());
    show();
  }, { signal });
  square.addEventListener('pointermove', (e) => {
    if (view.tool === 'draw') showRing(e);
    if (e.pointerId !== pointer) return;
    for (const part of e.getCoalescedEvents?.() ?? [e]) brush.move(landscape.pointUnder(part), tool, radius());
    brush.move(landscape.pointUnder(e), tool, radius());
    show();
  }, { signal });
  square.addEventListener('pointerup', (e) => e.pointerId === pointer && end(), { signal });
  square.addEventListener('pointercancel', (e) => e.pointerId === pointer && end(), { signal });
  square.addEventListener('pointerleave', () => (ring.hidden = true), { signal });
  square.addEventListener('ask', (e) => {
    if (view.tool !== 'draw' || !store.driving) return;
    begin();
    const [y1, y2] = /** @type {CustomEvent<[number, number]>} */ (e).detail;
    brush.down([y1, y2], tool === 'brush' ? 'spray' : tool, radius());
    end();
  }, { signal });

  /** Shows the size of the brush. @param {PointerEvent} e */
  function showRing(e) {
    const box = square.getBoundingClientRect();
    const [x0] = landscape.toPixel(0, 0);
    const [x1] = landscape.toPixel(radius(), 0);
    ring.style.width = ring.style.height = `${2 * (x1 - x0)}px`;
    ring.style.transform = `translate(${e.clientX - box.left - square.clientLeft}px, ${e.clientY - box.top - square.clientTop}px) translate(-50%, -50%)`;
    ring.hidden = e.pointerType === 'touch' || view.tool !== 'draw';
  }

  store.on('tool', () => {
    strip.hidden = view.tool !== 'draw';
    if (view.tool !== 'draw') {
      if (!cleared && pointer < 0) blank = false;
      if (cleared && resumes) commands.act('play');
      resumes = false;
      return showRoom(true);
    }
    if (!store.scene.relief) return;
    store.scene.relief = false; // one draws on the map
    store.markChanged('scene');
  }, signal);
  store.on('scene', () => store.scene.relief && view.tool === 'draw' && chooseTool(store, 'ask'), signal);
  for (const part of /** @type {const} */ (['state', 'points'])) store.on(part, () => !blank && showRoom(), signal);
  store.on('state', settle, signal);
  document.addEventListener('click', (e) => {
    if (!(e.target instanceof Element) || !e.target.closest('[data-choose="data"][data-value="custom"]') || !store.driving) return;
    chooseTool(store, 'draw');
    if (!store.userPoints.id) empty();
  }, { signal });

  return {
    draw(now) {
      prompt.hidden = !blank || brush.points.length > 0 || view.tool !== 'draw';
      if (!prompt.hidden) write(prompt, cleared ? words.drawCleared : say.drawHow(store.dataset?.title ?? ''));
      if (pointer < 0) return;
      if (brush.hold(tool, radius(), Math.min(0.1, (now - last) / 1000))) show();
      last = now;
      if (unsent && brush.points.length && now - sent > INTERVAL && !userPoints.sending) send('draft');
    },
    numbers() {
      if (strip.hidden) return;
      for (const node of strip.querySelectorAll('button')) node.disabled = !store.driving;
      pause();
    },
    close() {
      pointer = -1;
      view.drawing = false;
      square.removeAttribute('data-drawing');
      showRoom(true);
      resources.release();
    },
  };
}
