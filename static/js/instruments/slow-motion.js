// slow-motion.js: one step of learning in slow motion, stage by stage, each with a sentence.
/** @import {Instrument, Page} from './index.js' */
import { byId, hint, make, shortened, toast, write } from '../dom.js';
import { context, size } from '../landscape/canvas.js';
import { THEMES } from '../landscape/palette.js';
import { fit } from '../landscape/view.js';
import { coloured } from '../panel.js';
import { Resources } from '../resources.js';
import { say, words } from '../strings.js';
import { drawStage, renderChange } from './stage-pictures.js';
import { MANY, stepOf } from './step-stages.js';
import { sentenceOf } from './stage-sentences.js';

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
export function startSlowMotion({ store, commands, client, landscape }) {
  const resources = new Resources();
  const { signal } = resources;
  const square = byId('square', HTMLElement);
  const stage = byId('stage', HTMLElement);
  const canvas = make('canvas', { class: 'slow-canvas', 'aria-hidden': 'true', hidden: true });
  byId('overlay', HTMLElement).after(canvas);
  const ctx = context(canvas, landscape.renderer === 'canvas2d');
  const map = document.createElement('canvas');

  const count = make('b');
  const sentence = make('span');
  const progress = make('div', { class: 'progress', 'aria-hidden': 'true' });
  const buttons = /** @type {const} */ (['slowBack', 'slowNext', 'slowAgain', 'slowClose']).map((word) => {
    const node = make('button', { class: 'button', 'data-slow': word, text: words[word] });
    hint(node, words[/** @type {const} */ (`${word}Tip`)]);
    return node;
  });
  const [back, next, again, shut] = buttons;
  const card = make('section', { class: 'slow-motion', 'aria-label': words.slowLabel, hidden: true }, make('p', { role: 'status' }, count, ' ', sentence), progress, make('div', { class: 'group' }, ...buttons));
  byId('dock', HTMLElement).append(card);

  const button = make('button', { class: 'tool', 'data-action': 'slow', 'aria-pressed': 'false' }, ...shortened(words.slow));
  hint(button, words.slowTip);
  byId('tools-step', HTMLElement).append(button);
  resources.nodes(canvas, card, button);

  /** What is shown; null while nothing is. @type {import('./stage-pictures.js').Playback|null} */
  let playback = null;
  let texts = /** @type {string[]} */ ([]);
  let at = 0;
  let since = NaN; // when the stage began; NaN: at the next frame
  let automatic = false; // the stages follow one another by themselves
  let shown = -1; // the share of the stage that is drawn
  let opened = false;
  let stepped = false; // the step is made, and its frame may come
  let openings = 0; // counts the openings: the answers to an earlier one do not count
  let span = 0; // over how many steps the room computed the change before

  async function open() {
    const { state } = store;
    if (opened || !state || !store.driving) return;
    opened = true;
    show();
    const opening = ++openings;
    const closed = () => !opened || opening !== openings;
    span = state.ledger ?? 0;
    try {
      if (state.playing) await client.command({ do: 'pause' });
      if (closed()) return;
      if (span !== 1) await client.command({ view: { ledger: 1 } });
      if (closed()) return;
      await client.command({ do: 'step' });
      if (!closed()) stepped = true;
    } catch (e) {
      if (closed()) return;
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
      store.markChanged('scene');
    }
    const step = stepOf(frame, model, state.knobs, square.clientWidth < SMALL ? MANY / 2 : MANY);
    const range = renderChange(frame, scene, map);
    playback = { frame, scene, step, change: map, range };
    const change = { down: -Math.min(0, ...frame.change), up: Math.max(0, ...frame.change) };
    texts = step.stages.map((name) => sentenceOf(model, name, step, change));
    progress.replaceChildren(...texts.map(() => make('i')));
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
    playback = null;
    card.hidden = canvas.hidden = true;
    stage.toggleAttribute('data-slow', false);
    show();
    if (focused) button.focus({ preventScroll: true });
    if (span !== 1) commands.view({ ledger: span });
  }

  function replay() {
    go(0);
    automatic = !store.scene.reducedMotion;
  }

  /** Shows a stage from its beginning. @param {number} to */
  function go(to) {
    if (!playback || to < 0 || to >= texts.length) return;
    at = to;
    since = NaN;
    shown = -1;
    automatic = false;
    const name = playback.step.stages[at];
    write(count, say.stage(at + 1, texts.length));
    sentence.replaceChildren(...coloured(texts[at]));
    for (const [i, node] of [...progress.children].entries()) node.toggleAttribute('data-past', i <= at);
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
    if (playback) playback.range = renderChange(playback.frame, playback.scene, map);
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
    if (!playback || e.ctrlKey || e.metaKey || e.altKey) return;
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
    if (!playback) return;
    shown = share;
    const { theme, scale } = store.scene;
    const { clientWidth: width, clientHeight: height } = canvas;
    const ratio = window.devicePixelRatio || 1;
    size(canvas, width, height, ratio);
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawStage(ctx, playback, { width, height, unit: scale * fit(width), now: 0, colors: THEMES[theme], labels: [], pushes: [], followed: null }, playback.step.stages[at], share);
  }

  return {
    draw(now) {
      if (!opened) return;
      const { frame, state } = store;
      if (!frame || !state) return;
      if (!playback) {
        if (stepped && !state.goal && frame.step === state.step && frame.generation === state.generation && frame.change.length === frame.grid.length) begin(frame);
        return;
      }
      if (state.playing || frame.step !== playback.frame.step || frame.generation !== playback.frame.generation) return close();
      if (Number.isNaN(since)) since = now;
      const share = store.scene.reducedMotion ? 1 : Math.min(1, (now - since) / MOTION);
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
