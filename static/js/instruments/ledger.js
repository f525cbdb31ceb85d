// ledger.js: what the last steps did to the energy, as a map of its own; and where the exact
// gradient of maximum likelihood would push up, beside the places where the samples do.
/** @import {Instrument, Page} from './index.js' */
import { byId, hint, make, write } from '../dom.js';
import { rgb, THEMES } from '../landscape/palette.js';
import { say, words } from '../strings.js';
import { ChangeView } from './change-view.js';

const SPANS = [1, 10, 100];

/**
 * The density of a landscape over its cells: e^(−βF), which sums to 1.
 * @param {Float32Array} out
 * @param {Float32Array} grid
 * @param {number} beta
 */
export function density(out, grid, beta) {
  let least = Infinity;
  for (const e of grid) least = Math.min(least, e);
  let sum = 0;
  for (let i = 0; i < grid.length; i++) sum += out[i] = Math.exp(-beta * (grid[i] - least));
  for (let i = 0; i < grid.length; i++) out[i] /= sum;
}

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startLedger({ store, commands }) {
  const view = new ChangeView(words.pushedDown, words.pushedUp);
  const exact = make('canvas', { class: 'exact', 'aria-hidden': 'true', hidden: true });
  const span = make('b');
  const legend = make('div', { class: 'ledger', hidden: true }, span, view.legend);
  view.canvas.hidden = true;
  byId('landscape', HTMLElement).after(view.canvas, exact);
  byId('square', HTMLElement).append(legend);

  const button = make('button', { class: 'tool', 'data-action': 'ledger', 'aria-pressed': 'false', text: words.ledger });
  const steps = make('select', { class: 'tool', 'data-ledger': 'span', 'aria-label': words.ledgerSpan, hidden: true }, ...SPANS.map((n) => make('option', { value: n, text: say.span(n) })));
  const sure = make('button', { class: 'tool', 'data-action': 'exact', 'aria-pressed': 'false', text: words.exactPhase });
  hint(button, words.ledgerTip);
  hint(steps, words.ledgerSpanTip);
  hint(sure, words.exactPhaseTip);
  byId('tools-step', HTMLElement).append(button, steps, sure);

  let on = false;
  let shading = false;
  /** @type {object|null} */
  let drawn = null;
  let dense = new Float32Array(0);
  let image = new ImageData(1, 1);

  const ask = () => commands.view({ ledger: on ? Number(steps.value) : 0 });
  button.addEventListener('click', () => {
    on = !on;
    ask();
    show();
  });
  steps.addEventListener('change', ask);
  sure.addEventListener('click', () => {
    shading = !shading;
    show();
  });
  const show = () => {
    button.setAttribute('aria-pressed', String(on));
    sure.setAttribute('aria-pressed', String(shading));
    steps.hidden = !on;
    sure.hidden = store.model?.family !== 'contrastive';
    exact.hidden = !shading || sure.hidden;
    button.disabled = steps.disabled = !store.driving;
    drawn = null;
  };
  store.on('state', () => {
    const { state } = store;
    if (state && on && (state.ledger ?? 0) === 0) ask(); // another room, which does not know of it yet
    show();
  });
  store.on('scene', show);
  show();

  /** Shades where the density of the model is. */
  const shade = () => {
    const { frame, state, scene } = store;
    if (!frame) return;
    const { grid, nx, ny } = frame;
    if (dense.length !== grid.length) {
      dense = new Float32Array(grid.length);
      image = new ImageData(nx, ny);
      Object.assign(exact, { width: nx, height: ny });
    }
    const beta = Number(state?.knobs.beta ?? 1);
    density(dense, grid, beta);
    let most = 0;
    for (const p of dense) most = Math.max(most, p);
    const [r, g, b] = rgb(THEMES[scene.theme].up);
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++) {
        const p = 4 * ((ny - 1 - j) * nx + i);
        image.data[p] = r;
        image.data[p + 1] = g;
        image.data[p + 2] = b;
        image.data[p + 3] = 220 * Math.sqrt(dense[j * nx + i] / most);
      }
    }
    exact.getContext('2d')?.putImageData(image, 0, 0);
  };

  return {
    draw() {
      const { frame, scene } = store;
      if (!frame || frame === drawn) return;
      drawn = frame;
      const there = on && frame.change.length === frame.grid.length;
      view.canvas.hidden = legend.hidden = !there;
      if (there) view.draw(frame.change, frame.nx, scene.theme);
      if (!exact.hidden) shade();
    },
    numbers() {
      const { frame } = store;
      if (!frame || legend.hidden) return;
      view.numbers();
      write(span, say.ledger(frame.since + 1, frame.step));
    },
  };
}
