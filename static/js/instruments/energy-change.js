// energy-change.js: the change of the energy in the last steps, as a map, with all pushes of the step by
// their weight; where the exact gradient of maximum likelihood would push up, beside the points
// where the samples do; and one step in slow motion.
/** @import {Instrument, Page} from './index.js' */
import { byId, hint, make, shortened, write } from '../dom.js';
import { context, size } from '../landscape/canvas.js';
import { sample } from '../landscape/index.js';
import { changeLines } from '../landscape/layers/change.js';
import { THEMES } from '../landscape/palette.js';
import { pushSums } from '../report.js';
import { Resources } from '../resources.js';
import { signed } from '../scale.js';
import { say, words } from '../strings.js';
import { ChangeView } from './change-view.js';
import { betaOf, ExactPhaseView } from './exact-phase.js';
import { startSlowMotion } from './slow-motion.js';

const SPANS = [1, 10, 100];

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startEnergyChange(page) {
  const { store, commands, landscape } = page;
  const resources = new Resources();
  const { signal } = resources;
  const view = new ChangeView(words.pushedDown, words.pushedUp);
  const exact = new ExactPhaseView();
  const lines = make('canvas', { class: 'change-lines', 'aria-hidden': 'true', hidden: true });
  const span = make('b');
  const downs = make('span', { class: 'down' });
  const ups = make('span', { class: 'up' });
  const changed = make('div', {}, span, view.legend, make('p', { class: 'sums' }, downs, ups));
  const sampled = make('p');
  const legend = make('div', { class: 'energy-change', hidden: true }, changed, sampled);
  view.canvas.hidden = true;
  byId('landscape', HTMLElement).after(view.canvas, lines, exact.canvas);
  byId('dock', HTMLElement).append(legend);
  const ctx = context(lines, landscape.renderer === 'canvas2d');

  const button = make('button', { class: 'tool', 'data-action': 'ledger', 'aria-pressed': 'false', text: words.energyChange });
  const steps = make('select', { class: 'tool', 'data-ledger': 'span', 'aria-label': words.energyChangeSpan, hidden: true }, ...SPANS.map((n) => make('option', { value: n, text: say.span(n) })));
  const exactButton = make('button', { class: 'tool', 'data-action': 'exact-phase', 'aria-pressed': 'false' }, ...shortened(words.exactPhase));
  hint(button, words.energyChangeTip);
  hint(steps, words.energyChangeSpanTip);
  hint(exactButton, words.exactPhaseTip);
  byId('tools-step', HTMLElement).append(button, steps, exactButton);
  resources.nodes(view.canvas, lines, exact.canvas, legend, button, steps, exactButton);

  let on = false;
  let shading = false;
  /** Whether the pushes down were shown before. */
  let downShown = false;
  /** @type {object|null} */
  let drawn = null;

  const ask = () => store.driving && commands.view({ ledger: on ? Number(steps.value) : 0 });
  /** Shows the change of the energy, or hides it. @param {boolean} wanted */
  const show = (wanted) => {
    const { scene } = store;
    if (wanted === on) return;
    on = wanted;
    if (on) downShown = scene.layers.down;
    scene.amounts = on;
    scene.layers.down = on || downShown;
    store.markChanged('scene');
    ask();
  };
  button.addEventListener('click', () => {
    show(!on);
    if (on) shading = false; // two greens, one over the other, would mean two things
    update();
  });
  steps.addEventListener('change', ask);
  exactButton.addEventListener('click', () => {
    shading = !shading;
    if (shading) show(false);
    update();
  });
  const update = () => {
    button.setAttribute('aria-pressed', String(on));
    exactButton.setAttribute('aria-pressed', String(shading));
    steps.hidden = !on;
    exactButton.hidden = store.model?.family !== 'contrastive' || store.scene.relief === true;
    exact.canvas.hidden = sampled.hidden = !shading || exactButton.hidden;
    steps.disabled = !store.driving;
    button.disabled = !store.driving && !on && !store.state?.ledger; // who watches sees what the room computes
    drawn = null;
  };
  store.on('state', () => {
    const { state } = store;
    if (state && on && (state.ledger ?? 0) === 0) ask(); // another room, which does not compute it yet
    update();
  }, signal);
  store.on('scene', update, signal);
  resources.resized(byId('square', HTMLElement), () => (drawn = null));
  update();

  const known = () => on && store.frame !== null && store.frame.change.length === store.frame.grid.length;
  /** @param {number} y1 @param {number} y2 */
  const cursorLine = (y1, y2) => {
    const { frame } = store;
    if (!frame || !known()) return '';
    const digits = view.range > 0 ? Math.max(0, 1 - Math.floor(Math.log10(view.range))) : 2;
    return `ΔF = ${signed(sample({ ...frame, grid: frame.change }, y1, y2), Math.min(8, digits))}`;
  };

  store.cursorLines.add(cursorLine);
  resources.defer(() => store.cursorLines.delete(cursorLine));

  /** Draws the lines of the change. @param {import('../types.js').Frame} frame */
  const draw = (frame) => {
    const { theme, scale } = store.scene;
    const { clientWidth: width, clientHeight: height } = lines;
    const ratio = window.devicePixelRatio || 1;
    size(lines, width, height, ratio);
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    changeLines(ctx, frame.change, frame.nx, view.range, { width, height, unit: scale, colors: THEMES[theme] }, store.state?.playing ? 2 : 1);
  };

  const slow = startSlowMotion(page);
  return {
    draw(now) {
      slow.draw?.(now);
      const { frame, scene, state } = store;
      if (!frame || frame === drawn) return;
      drawn = frame;
      view.canvas.hidden = lines.hidden = changed.hidden = !known();
      legend.hidden = (changed.hidden && sampled.hidden) || scene.relief === true;
      if (known()) {
        if (!state?.playing) view.range = 0; // nothing can flicker: the range is that of this step
        view.draw(frame.change, frame, scene.points, scene.theme);
        draw(frame);
      }
      if (!exact.canvas.hidden) exact.draw(frame, betaOf(store), scene);
      const { bar } = landscape;
      const change = known() ? view : null, hatch = exact.canvas.hidden ? null : exact.strength;
      if (bar.change === change && bar.hatch === hatch) return;
      Object.assign(bar, { change, hatch });
      landscape.redrawBar();
    },
    numbers() {
      const { frame } = store;
      if (!frame || legend.hidden) return;
      if (!changed.hidden) {
        const sum = pushSums(frame.pushes);
        view.numbers();
        write(span, say.energyChange(frame.since + 1, frame.step));
        write(downs, sum.downs ? say.sum('▼', words.pushedDown, sum.downs, sum.downWeight) : '');
        write(ups, sum.ups ? say.sum('▲', words.pushedUp, sum.ups, sum.upWeight) : '');
      }
      if (!sampled.hidden) write(sampled, say.density(betaOf(store), store.scalar('gradient_cosine')));
    },
    close() {
      slow.close();
      show(false);
      Object.assign(landscape.bar, { change: null, hatch: null });
      resources.release();
    },
  };
}
