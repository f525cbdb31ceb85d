// marbles.js: marbles that are thrown onto the landscape and roll down the energy; with a temperature
// they sample it. They are drawn here on the map, and by relief/overlay3d.js in 3-D.
/** @import {Instrument, Page} from './index.js' */
import { byId, hint, make, write } from '../dom.js';
import { context, size } from '../landscape/canvas.js';
import { THEMES } from '../landscape/palette.js';
import { fit } from '../landscape/view.js';
import { Resources } from '../resources.js';
import { decimalsFor, signed } from '../scale.js';
import { say, words } from '../strings.js';
import { MAX_MARBLES, Marbles } from './marble-motion.js';
import { addTool } from './tool.js';

/** Marbles that are added at once, at random. */
const RAIN = 50;
/** The speed of a throw is the pointer's over its last so many milliseconds; 0 if it has rested for so long. */
const THROW_WINDOW = 80, RESTED = 150;
/** The highest temperature that can be asked for, in units of the height shown. */
const MAX_HEAT = 20;
/** The longest time simulated between two pictures, in seconds: after a pause of the page the marbles do not jump. */
const MAX_STEP = 0.1;
/** Seconds between two pictures under reduced motion. */
const REDUCED_STEP = 1;
/** The positions of a tail, and the least milliseconds between two of them. */
const TAIL = 14, TAIL_INTERVAL = 15;
/** The radius of a marble on a square of middle size, in CSS pixels. */
const RADIUS = 6;

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startMarbles({ store, landscape }) {
  const resources = new Resources();
  const { signal } = resources;
  const square = byId('square', HTMLElement);
  const canvas = make('canvas', { class: 'marbles', 'aria-hidden': 'true', hidden: true });
  byId('overlay', HTMLElement).after(canvas);
  const ctx = context(canvas, landscape.renderer === 'canvas2d');
  const marbles = new Marbles(1);
  store.marbles.add(marbles);
  addTool(store, 'marble', words.toolMarble, words.toolMarbleTip, resources);

  const rain = make('button', { class: 'button', 'data-marbles': 'rain', text: words.marblesRain });
  const clear = make('button', { class: 'button', 'data-marbles': 'clear', text: words.marblesClear });
  const slider = make('input', { type: 'range', min: 0, max: 1, step: 0.01, value: 0, 'data-marbles': 'heat', 'aria-label': words.marblesHeat });
  const temperature = make('output');
  const status = make('p');
  hint(rain, words.marblesRainTip);
  hint(clear, words.marblesClearTip);
  hint(slider, words.marblesHeatTip);
  const strip = make('div', { class: 'strip marble-strip', role: 'group', 'aria-label': words.toolMarble, hidden: true },
    rain, clear, make('label', {}, make('i', { text: 'T' }), slider, temperature), status);
  byId('dock', HTMLElement).append(strip);
  resources.nodes(canvas, strip);

  /** The temperature that a link or a lesson asks for, in units of the energy; NaN when the slider has it. */
  let asked = NaN;
  /** The temperature in units of the height shown; the slider is finer at low temperatures. */
  const heat = () => (asked > 0 && store.frame ? Math.min(MAX_HEAT, asked / (store.frame.hi - store.frame.lo)) : Number(slider.value) ** 2 / 2);
  /** The pointers that hold one, and their latest positions. @type {Map<number, {at:[number, number], time:number}[]>} */
  const held = new Map();
  /** Former positions of the marbles, the newest first, rows as of `marbles.y`. */
  const tails = Array.from({ length: TAIL }, () => new Float32Array(marbles.y.length));
  let tail = 0; // how many of them are drawn
  let notedAt = 0;
  let last = 0;
  let stale = true;
  let frame = store.frame;

  /** To be called when marbles were added or removed. */
  const change = () => {
    stale = true;
    tail = 0;
  };
  square.addEventListener('pointerdown', (e) => {
    if (store.view.tool !== 'marble' || e.button > 0) return;
    square.setPointerCapture(e.pointerId);
    held.set(e.pointerId, [{ at: landscape.pointUnder(e), time: e.timeStamp }]);
    change();
  }, resources);
  square.addEventListener('pointermove', (e) => {
    const track = held.get(e.pointerId);
    if (!track) return;
    track.push({ at: landscape.pointUnder(e), time: e.timeStamp });
    while (track.length > 2 && e.timeStamp - track[0].time > THROW_WINDOW) track.shift();
    stale = true;
  }, resources);
  square.addEventListener('pointerup', (e) => {
    const track = held.get(e.pointerId);
    held.delete(e.pointerId);
    if (!track || !store.frame) return;
    const { x0, x1, y0, y1 } = store.frame;
    const from = track[0], to = track[track.length - 1];
    const speed = e.timeStamp - to.time > RESTED ? 0 : 1000 / Math.max(8, to.time - from.time);
    const [a, b] = landscape.pointUnder(e);
    marbles.drop(Math.min(x1, Math.max(x0, a)), Math.min(y1, Math.max(y0, b)), (to.at[0] - from.at[0]) * speed, (to.at[1] - from.at[1]) * speed);
    change();
  }, resources);
  square.addEventListener('pointercancel', (e) => held.delete(e.pointerId) && change(), resources);
  square.addEventListener('ask', (e) => {
    if (store.view.tool !== 'marble') return;
    const [y1, y2] = /** @type {CustomEvent<[number, number]>} */ (e).detail;
    marbles.drop(y1, y2);
    change();
  }, resources);
  rain.addEventListener('click', () => {
    if (store.frame) marbles.rain(store.frame, RAIN);
    change();
  });
  /** The slider has the temperature from now on. */
  function forget() {
    asked = NaN;
    store.view.marbles = null;
  }
  clear.addEventListener('click', () => {
    forget();
    marbles.clear();
    change();
  });
  slider.addEventListener('input', () => {
    forget();
    marbles.moving = marbles.count > 0;
  });
  /** Drops the marbles that a link or a lesson asks for, instead of those that are there. */
  function dropAsked() {
    const { frame, view } = store;
    marbles.clear();
    asked = view.marbles?.temperature ?? NaN;
    if (frame && view.marbles) marbles.rain(frame, Math.min(MAX_MARBLES, view.marbles.count));
    if (!(asked > 0)) slider.value = '0';
    change();
  }
  store.on('marbles', dropAsked, signal);
  if (store.view.marbles) store.markChanged('marbles');
  store.on('scene', () => (stale = true), signal);
  store.on('tool', () => (strip.hidden = store.view.tool !== 'marble'), signal);
  resources.resized(square, () => (stale = true));
  resources.defer(() => store.marbles.delete(marbles));

  /** Draws them: each a disc with a highlight, and its tail. */
  function draw() {
    stale = false;
    canvas.hidden = marbles.count + held.size === 0;
    if (canvas.hidden) return;
    const { theme, scale } = store.scene;
    const { clientWidth: width, clientHeight: height } = canvas;
    const ratio = window.devicePixelRatio || 1;
    size(canvas, width, height, ratio);
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, width, height);
    const colors = THEMES[theme];
    const r = RADIUS * scale * fit(width);
    ctx.lineCap = 'round';
    ctx.strokeStyle = colors.path;
    for (let k = tail - 1; k > 0; k--) {
      ctx.globalAlpha = 0.55 * (1 - k / TAIL);
      ctx.lineWidth = 1.1 * r * (1 - k / TAIL);
      ctx.beginPath();
      for (let p = 0; p < 2 * marbles.count; p += 2) {
        const [x, y] = landscape.toPixel(tails[k][p], tails[k][p + 1]);
        const [u, v] = landscape.toPixel(tails[k - 1][p], tails[k - 1][p + 1]);
        ctx.moveTo(x, y);
        ctx.lineTo(u, v);
      }
      ctx.stroke();
    }
    ctx.globalAlpha = 1;
    for (let p = 0; p < 2 * marbles.count; p += 2) ball(landscape.toPixel(marbles.y[p], marbles.y[p + 1]), r, colors);
    for (const track of held.values()) ball(landscape.toPixel(...track[track.length - 1].at), 1.2 * r, colors);
  }

  /** @param {[number, number]} at @param {number} r @param {{path:string, markRim:string}} colors */
  function ball([x, y], r, { path, markRim }) {
    ctx.beginPath();
    ctx.arc(x, y, r, 0, 2 * Math.PI);
    ctx.fillStyle = path;
    ctx.fill();
    ctx.lineWidth = 0.22 * r;
    ctx.strokeStyle = markRim;
    ctx.stroke();
    ctx.beginPath();
    ctx.arc(x - 0.32 * r, y - 0.36 * r, 0.28 * r, 0, 2 * Math.PI);
    ctx.fillStyle = 'rgba(255, 255, 255, 0.8)';
    ctx.fill();
  }

  /** Records the positions for the tails. @param {number} now */
  function recordTail(now) {
    if (now - notedAt < TAIL_INTERVAL) return;
    notedAt = now;
    const oldest = tails.pop();
    if (!oldest) return;
    oldest.set(marbles.y);
    tails.unshift(oldest);
    tail = Math.min(TAIL, tail + 1);
  }

  return {
    draw(now) {
      const passed = (now - last) / 1000;
      if (store.frame !== frame) marbles.moving = marbles.count > 0; // the energy under them has changed
      frame = store.frame;
      const { reducedMotion } = store.scene;
      if (frame && marbles.moving && !(reducedMotion && passed < REDUCED_STEP)) {
        marbles.advance(frame, reducedMotion ? REDUCED_STEP : Math.min(MAX_STEP, passed), heat());
        if (!reducedMotion) recordTail(now);
        stale = true;
        last = now;
      } else if (!marbles.moving) {
        last = now;
        if (tail > 0) change();
      }
      if (stale && !store.scene.relief) draw();
    },
    numbers() {
      if (strip.hidden || !frame) return;
      clear.disabled = marbles.count === 0;
      const digits = decimalsFor(frame.lo, frame.hi);
      if (asked > 0) slider.value = String(Math.min(1, Math.sqrt(2 * heat())));
      write(temperature, signed(heat() * (frame.hi - frame.lo), digits + 1));
      write(status, marbles.count ? say.marbles(marbles.count, signed(marbles.mean(frame), digits)) : words.marblesHow);
    },
    close: () => resources.release(),
  };
}
