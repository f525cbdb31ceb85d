// ledger.js: what the last steps did to the energy, as a map of its own, with all pushes of the
// step by their weight; where the exact gradient of maximum likelihood would push up, beside the
// places where the samples do; and one step in slow motion.
/** @import {Instrument, Page} from './index.js' */
import { byId, hint, make, shortened, write } from '../dom.js';
import { context, size } from '../landscape/canvas.js';
import { sample } from '../landscape/index.js';
import { changeLines } from '../landscape/layers/change.js';
import { THEMES } from '../landscape/palette.js';
import { signed } from '../scale.js';
import { say, words } from '../strings.js';
import { ChangeView } from './change-view.js';
import { coldness, ExactView } from './ledger-exact.js';
import { startSlow } from './ledger-slow.js';
import { sums } from './ledger-sums.js';

const SPANS = [1, 10, 100];

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startLedger(page) {
  const { store, commands, landscape } = page;
  const view = new ChangeView(words.pushedDown, words.pushedUp);
  const exact = new ExactView();
  const lines = make('canvas', { class: 'change-lines', 'aria-hidden': 'true', hidden: true });
  const span = make('b');
  const downs = make('span', { class: 'down' });
  const ups = make('span', { class: 'up' });
  const changed = make('div', {}, span, view.legend, make('p', { class: 'sums' }, downs, ups));
  const sampled = make('p');
  const legend = make('div', { class: 'ledger', hidden: true }, changed, sampled);
  view.canvas.hidden = true;
  byId('landscape', HTMLElement).after(view.canvas, lines, exact.canvas);
  document.querySelector('.plot')?.append(legend);
  const ctx = context(lines, landscape.renderer === 'canvas2d');

  const button = make('button', { class: 'tool', 'data-action': 'ledger', 'aria-pressed': 'false', text: words.ledger });
  const steps = make('select', { class: 'tool', 'data-ledger': 'span', 'aria-label': words.ledgerSpan, hidden: true }, ...SPANS.map((n) => make('option', { value: n, text: say.span(n) })));
  const sure = make('button', { class: 'tool', 'data-action': 'exact-phase', 'aria-pressed': 'false' }, ...shortened(words.exactPhase));
  hint(button, words.ledgerTip);
  hint(steps, words.ledgerSpanTip);
  hint(sure, words.exactPhaseTip);
  byId('tools-step', HTMLElement).append(button, steps, sure);

  let on = false;
  let shading = false;
  /** Whether the pushes down were shown before. */
  let before = false;
  /** @type {object|null} */
  let drawn = null;

  const ask = () => commands.view({ ledger: on ? Number(steps.value) : 0 });
  /** Shows the change, or does not. @param {boolean} change */
  const turn = (change) => {
    const { scene } = store;
    if (change === on) return;
    on = change;
    if (on) before = scene.layers.down;
    scene.amounts = on;
    scene.layers.down = on || before;
    store.note('scene');
    ask();
  };
  button.addEventListener('click', () => {
    turn(!on);
    if (on) shading = false; // two greens, one over the other, would mean two things
    show();
  });
  steps.addEventListener('change', ask);
  sure.addEventListener('click', () => {
    shading = !shading;
    if (shading) turn(false);
    show();
  });
  const show = () => {
    button.setAttribute('aria-pressed', String(on));
    sure.setAttribute('aria-pressed', String(shading));
    steps.hidden = !on;
    sure.hidden = store.model?.family !== 'contrastive';
    exact.canvas.hidden = sampled.hidden = !shading || sure.hidden;
    button.disabled = steps.disabled = !store.driving;
    drawn = null;
  };
  store.on('state', () => {
    const { state } = store;
    if (state && on && (state.ledger ?? 0) === 0) ask(); // another room, which does not know of it yet
    show();
  });
  store.on('scene', show);
  new ResizeObserver(() => (drawn = null)).observe(byId('square', HTMLElement));
  show();

  const there = () => on && store.frame !== null && store.frame.change.length === store.frame.grid.length;
  store.read = (y1, y2) => {
    const { frame } = store;
    if (!frame || !there()) return '';
    const digits = Math.max(0, 1 - Math.floor(Math.log10(view.range)));
    return `ΔF = ${signed(sample({ ...frame, grid: frame.change }, y1, y2), Math.min(8, digits))}`;
  };

  /** Draws the lines of the change. @param {import('../types.js').Frame} frame */
  const draw = (frame) => {
    const { theme, scale } = store.scene;
    const { clientWidth: width, clientHeight: height } = lines;
    const ratio = window.devicePixelRatio || 1;
    size(lines, width, height, ratio);
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    changeLines(ctx, frame.change, frame.nx, view.range, { width, height, unit: scale, colors: THEMES[theme] }, store.state?.playing ? 2 : 1);
  };

  const slow = startSlow(page);
  return {
    draw(now) {
      slow.draw?.(now);
      const { frame, scene, state } = store;
      if (!frame || frame === drawn) return;
      drawn = frame;
      view.canvas.hidden = lines.hidden = changed.hidden = !there();
      legend.hidden = (changed.hidden && sampled.hidden) || scene.relief === true;
      if (there()) {
        if (!state?.playing) view.range = 0; // nothing can flicker: the range is this step's own
        view.draw(frame.change, frame.nx, scene.theme);
        draw(frame);
      }
      if (!exact.canvas.hidden) exact.draw(frame, coldness(store), scene.theme);
    },
    numbers() {
      const { frame } = store;
      if (!frame || legend.hidden) return;
      if (!changed.hidden) {
        const sum = sums(frame.pushes);
        view.numbers();
        write(span, say.ledger(frame.since + 1, frame.step));
        write(downs, sum.downs ? say.sum('▼', words.pushedDown, sum.downs, sum.down) : '');
        write(ups, sum.ups ? say.sum('▲', words.pushedUp, sum.ups, sum.up) : '');
      }
      if (!sampled.hidden) write(sampled, say.density(coldness(store), store.scalar('gradient_cosine')));
    },
  };
}
