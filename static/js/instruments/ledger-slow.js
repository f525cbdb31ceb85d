// ledger-slow.js: one step of learning in slow motion, stage by stage, each with a sentence.
/** @import {Instrument, Page} from './index.js' */
import { byId, hint, make, shortened, toast, write } from '../dom.js';
import { context, size } from '../landscape/canvas.js';
import { THEMES } from '../landscape/palette.js';
import { fit } from '../landscape/view.js';
import { coloured } from '../panel.js';
import { Resources } from '../resources.js';
import { say, words } from '../strings.js';
import { drawStage, paintChange } from './ledger-film.js';
import { MANY, stepOf } from './ledger-stages.js';
import { sentenceOf } from './ledger-story.js';

/** Milliseconds of a stage's motion, the least that it is shown, and for each letter to read. */
const MOTION = 1500;
const STAGE = 2500;
const LETTER = 42;
/** On a square smaller than this, as on a phone, half as many points are followed. */
const SMALL = 400;

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startSlow({ store, commands, client, landscape }) {
  const resources = new Resources();
  const { signal } = resources;
  const square = byId('square', HTMLElement);
  const stage = byId('stage', HTMLElement);
  const canvas = make('canvas', { class: 'film', 'aria-hidden': 'true', hidden: true });
  byId('overlay', HTMLElement).after(canvas);
  const ctx = context(canvas, landscape.renderer === 'canvas2d');
  const map = document.createElement('canvas');

  const count = make('b');
  const sentence = make('span');
  const reel = make('div', { class: 'reel', 'aria-hidden': 'true' });
  const buttons = /** @type {const} */ (['slowBack', 'slowNext', 'slowAgain', 'slowClose']).map((word) => {
    const node = make('button', { class: 'button', 'data-slow': word, text: words[word] });
    hint(node, words[/** @type {const} */ (`${word}Tip`)]);
    return node;
  });
  const [back, next, again, shut] = buttons;
  const card = make('section', { class: 'slow', 'aria-label': words.slowLabel, hidden: true }, make('p', { role: 'status' }, count, ' ', sentence), reel, make('div', { class: 'group' }, ...buttons));
  stage.append(card);

  const button = make('button', { class: 'tool', 'data-action': 'slow', 'aria-pressed': 'false' }, ...shortened(words.slow));
  hint(button, words.slowTip);
  byId('tools-step', HTMLElement).append(button);
  resources.nodes(canvas, card, button);

  /** What is shown; null while nothing is. @type {import('./ledger-film.js').Film|null} */
  let film = null;
  let texts = /** @type {string[]} */ ([]);
  let at = 0;
  let since = NaN; // when the stage began; NaN: at the next frame
  let automatic = false; // the stages follow one another by themselves
  let shown = -1; // the share of the stage that is drawn
  let opened = false;
  let stepped = false; // the step is made, and its frame may come
  let prior = 0; // how many steps the ledger had

  async function open() {
    const { state } = store;
    if (opened || !state || !store.driving) return;
    opened = true;
    show();
    prior = state.ledger ?? 0;
    try {
      if (state.playing) await client.command({ do: 'pause' });
      if (prior !== 1) await client.command({ view: { ledger: 1 } });
      await client.command({ do: 'step' });
      stepped = true;
    } catch (e) {
      toast(/** @type {Error} */ (e).message);
      close();
    }
  }

  /** Begins with the frame of the step. @param {import('../types.js').Frame} frame */
  function begin(frame) {
    const { model, state, scene } = store;
    if (!model || !state) return close();
    if (scene.relief) {
      scene.relief = false;
      store.note('scene');
    }
    const step = stepOf(frame, model, state.knobs, square.clientWidth < SMALL ? MANY / 2 : MANY);
    const range = paintChange(frame, scene.theme, map);
    film = { frame, scene, step, change: map, range };
    const change = { down: -Math.min(0, ...frame.change), up: Math.max(0, ...frame.change) };
    texts = step.stages.map((name) => sentenceOf(model, name, step, change));
    reel.replaceChildren(...texts.map(() => make('i')));
    card.hidden = canvas.hidden = false;
    stage.toggleAttribute('data-slow', true);
    landscape.resize();
    show();
    replay();
    next.focus({ preventScroll: true });
  }

  function close() {
    if (!opened) return;
    const focused = card.contains(document.activeElement);
    opened = stepped = false;
    film = null;
    card.hidden = canvas.hidden = true;
    stage.toggleAttribute('data-slow', false);
    show();
    if (focused) button.focus({ preventScroll: true });
    if ((store.state?.ledger ?? 0) !== prior) commands.view({ ledger: prior });
  }

  function replay() {
    go(0);
    automatic = !store.scene.still;
  }

  /** Shows a stage from its beginning. @param {number} to */
  function go(to) {
    if (!film || to < 0 || to >= texts.length) return;
    at = to;
    since = NaN;
    shown = -1;
    automatic = false;
    const name = film.step.stages[at];
    write(count, say.stage(at + 1, texts.length));
    sentence.replaceChildren(...coloured(texts[at]));
    for (const [i, node] of [...reel.children].entries()) node.toggleAttribute('data-past', i <= at);
    back.setAttribute('aria-disabled', String(at === 0));
    next.setAttribute('aria-disabled', String(at === texts.length - 1));
    card.dataset.stage = name;
  }

  const show = () => {
    button.setAttribute('aria-pressed', String(opened));
    button.disabled = !store.driving || store.panes.size > 0;
  };
  store.on('state', show, signal);
  store.on('scene', () => {
    if (film) film.range = paintChange(film.frame, film.scene.theme, map);
    shown = -1;
    show();
  }, signal);
  show();
  resources.resized(square, () => (shown = -1));

  button.addEventListener('click', () => (opened ? close() : open()));
  back.addEventListener('click', () => go(at - 1));
  next.addEventListener('click', () => go(at + 1));
  again.addEventListener('click', replay);
  shut.addEventListener('click', close);
  // Before the keys of the page, where the arrows make steps.
  document.addEventListener('keydown', (e) => {
    if (!film || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.target instanceof Element && e.target.closest('input, select, textarea, dialog, #square')) return;
    if (e.key === 'ArrowRight') go(at + 1);
    else if (e.key === 'ArrowLeft') go(at - 1);
    else if (e.key === 'Escape') close();
    else return;
    e.preventDefault();
    e.stopPropagation();
  }, { capture: true, signal });

  /** Draws the stage up to a share of its duration. @param {number} share */
  function draw(share) {
    if (!film) return;
    shown = share;
    const { theme, scale } = store.scene;
    const { clientWidth: width, clientHeight: height } = canvas;
    const ratio = window.devicePixelRatio || 1;
    size(canvas, width, height, ratio);
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawStage(ctx, film, { width, height, unit: scale * fit(width), now: 0, colors: THEMES[theme], labels: [], pushes: [] }, film.step.stages[at], share);
  }

  return {
    draw(now) {
      if (!opened) return;
      const { frame, state } = store;
      if (!frame || !state) return;
      if (!film) {
        if (stepped && !state.goal && frame.step === state.step && frame.generation === state.generation && frame.change.length === frame.grid.length) begin(frame);
        return;
      }
      if (state.playing || frame.step !== film.frame.step || frame.generation !== film.frame.generation) return close();
      if (Number.isNaN(since)) since = now;
      const share = store.scene.still ? 1 : Math.min(1, (now - since) / MOTION);
      if (share !== shown) draw(share);
      if (automatic && now - since > Math.max(STAGE, LETTER * texts[at].length)) {
        go(at + 1);
        automatic = at < texts.length - 1;
      }
    },
    close() {
      close();
      resources.release();
    },
  };
}
