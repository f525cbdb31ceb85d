// time.js: time that runs back, and changes that can be taken back.
/** @import {Instrument, Page} from './index.js' */
import { differing } from '../address.js';
import { sign } from '../icons.js';
import { History, change } from './history.js';

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startTime(page) {
  undoing(page);
  return backwards(page);
}

/** @param {string} action */
function button(action) {
  const node = document.querySelector(`[data-action="${action}"]`);
  if (!(node instanceof HTMLButtonElement)) throw new Error(`The page lacks its button ${action}.`);
  node.append(sign(action));
  return node;
}

/** A room that has not taken a change back after so many milliseconds has refused to. */
const REFUSED = 3000;

/** @param {KeyboardEvent} e */
const writing = (e) => e.target instanceof Element && e.target.closest('input:not([type="range"]), select, textarea, dialog') !== null;

/** @param {Page} page */
function undoing({ store, commands }) {
  const history = new History();
  const undo = button('undo');
  const redo = button('redo');
  /** What the room is on its way to, unless it refuses. @type {import('./history.js').Setting|null} */
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
    if (!goal && !store.stroke) history.note(state, performance.now()); // a stroke is one change
    show();
  };
  /** @param {-1|1} direction */
  const go = (direction) => {
    follow(); // a change may have come since the last picture
    const { state } = store;
    const to = store.driving ? history.go(direction) : undefined;
    if (!to || !state) return;
    goal = to;
    since = performance.now();
    const one = change(state, to);
    if (one !== '*' && one !== '') commands.set(one, to.knobs[one]);
    else {
      const knobs = [...(store.catalog.models.find((m) => m.id === to.model)?.knobs ?? []), ...store.dataKnobsOf(to.data)];
      commands.open(differing({ ...state, ...to }, knobs));
    }
    show();
  };
  undo.addEventListener('click', () => go(-1));
  redo.addEventListener('click', () => go(1));
  document.addEventListener('keydown', (e) => {
    const key = e.key.toLowerCase();
    if (!(e.ctrlKey || e.metaKey) || e.altKey || writing(e) || (key !== 'z' && key !== 'y')) return;
    go(key === 'y' || e.shiftKey ? 1 : -1);
    e.preventDefault();
  });
  store.on('state', follow);
  follow();
}

/**
 * Time that runs back, as fast as it would run on: each picture is of a step further back.
 * @param {Page} page
 * @returns {Instrument}
 */
function backwards({ store, commands }) {
  const node = button('backwards');
  /** Where and when it began; null while time does not run back. @type {{step:number, time:number, rewrites:number}|null} */
  let from = null;
  let sought = 0;

  const turn = () => {
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
  node.addEventListener('click', turn);
  document.addEventListener('keydown', (e) => {
    if (e.key.toLowerCase() !== 'b' || e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || writing(e)) return;
    turn();
    e.preventDefault();
  });
  // Whoever takes time in hand in another way ends it.
  for (const end of ['play', 'pause', 'step', 'back', 'reset']) document.querySelector(`[data-action="${end}"]`)?.addEventListener('click', stop);
  for (const id of ['scrubber', 'step-count']) document.getElementById(id)?.addEventListener('input', stop);
  const show = () => {
    node.disabled = !store.driving || store.state?.step === 0;
  };
  store.on('state', show);
  show();

  return {
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
