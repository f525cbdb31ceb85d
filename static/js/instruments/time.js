// time.js: undo and redo, and playing backwards.
/** @import {Instrument, Page} from './index.js' */
import { differing } from '../address.js';
import { sign } from '../icons.js';
import { ignored } from '../letter-keys.js';
import { Resources } from '../resources.js';
import { History, change } from './history.js';

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startTime(page) {
  const resources = new Resources();
  startUndo(page, resources);
  return { ...startBackwards(page, resources), close: () => resources.release() };
}

/** @param {string} action @param {Resources} resources */
function button(action, resources) {
  const node = document.querySelector(`[data-action="${action}"]`);
  if (!(node instanceof HTMLButtonElement)) throw new Error(`The page lacks its button ${action}.`);
  const picture = sign(action);
  node.append(picture);
  resources.nodes(picture);
  return node;
}

/** Milliseconds after which a room that has not undone a change has refused to. */
const REFUSED = 3000;

/** Whether a field has the focus. @param {KeyboardEvent} e */
const writing = (e) => e.target instanceof Element && e.target.closest('input:not([type="range"]), select, textarea, dialog') !== null;

/** @param {Page} page @param {Resources} resources */
function startUndo({ store, commands }, resources) {
  const { signal } = resources;
  const history = new History();
  const undo = button('undo', resources);
  const redo = button('redo', resources);
  /** The setting that was asked for, unless the room refuses. @type {import('./history.js').Setting|null} */
  let goal = null;
  let since = 0;

  const show = () => {
    undo.disabled = !store.driving || !history.before;
    redo.disabled = !store.driving || !history.after;
  };
  const follow = () => {
    const { state } = store;
    if (!state) return;
    if (goal && (change(goal, state) === '' || performance.now() - since > REFUSED)) goal = null;
    if (!goal && !store.view.drawing) history.record(state, performance.now()); // a stroke is one change
    show();
  };
  /** @param {-1|1} direction */
  const go = (direction) => {
    follow(); // a change may have come since the last frame
    const { state } = store;
    const to = store.driving ? history.go(direction) : undefined;
    if (!to || !state) return;
    goal = to;
    since = performance.now();
    const one = change(state, to);
    if (one !== '*' && one !== '') commands.set(one, to.knobs[one]);
    else commands.open(differing({ ...state, ...to }, store.knobsOf(to)));
    show();
  };
  undo.addEventListener('click', () => go(-1), { signal });
  redo.addEventListener('click', () => go(1), { signal });
  document.addEventListener('keydown', (e) => {
    const key = e.key.toLowerCase();
    if (!(e.ctrlKey || e.metaKey) || e.altKey || writing(e) || (key !== 'z' && key !== 'y')) return;
    go(key === 'y' || e.shiftKey ? 1 : -1);
    e.preventDefault();
  }, { signal });
  store.on('state', follow, signal);
  follow();
}

/**
 * Playing backwards, as fast as forwards: a seek to an earlier step, again and again.
 * @param {Page} page
 * @param {Resources} resources
 */
function startBackwards({ store, commands }, resources) {
  const { signal } = resources;
  const node = button('backwards', resources);
  /** At which step and when it began; null while it does not play backwards. @type {{step:number, time:number, rewrites:number}|null} */
  let from = null;
  let sought = 0;

  const toggle = () => {
    const { state, frame, driving } = store;
    if (from || !state || !frame || !driving || frame.step === 0) return stop();
    if (state.playing) commands.act('pause');
    from = { step: frame.step, time: performance.now(), rewrites: commands.rewrites };
    sought = frame.step;
    node.setAttribute('aria-pressed', 'true');
  };
  const stop = () => {
    from = null;
    node.setAttribute('aria-pressed', 'false');
  };
  node.addEventListener('click', toggle, { signal });
  document.addEventListener('keydown', (e) => {
    if (e.key.toLowerCase() !== 'b' || e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || writing(e) || ignored(e.key)) return;
    toggle();
    e.preventDefault();
  }, { signal });
  // Every other control of time ends it.
  for (const end of ['play', 'pause', 'step', 'back', 'reset']) document.querySelector(`[data-action="${end}"]`)?.addEventListener('click', stop, { signal });
  for (const id of ['scrubber', 'step-count']) document.getElementById(id)?.addEventListener('input', stop, { signal });
  const show = () => {
    node.disabled = !store.driving || store.state?.step === 0;
  };
  store.on('state', show, signal);
  show();

  return {
    /** @param {number} now */
    draw(now) {
      if (!from || commands.seeking) return;
      if (commands.rewrites !== from.rewrites || sought === 0) return stop();
      const speed = store.state?.speed || 4 * store.usualSpeed();
      const step = Math.max(0, Math.round(from.step - ((now - from.time) / 1000) * speed));
      if (step >= sought) return;
      sought = step;
      commands.seek(step);
    },
  };
}
