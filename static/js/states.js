// states.js: what the stage says when there is something to say: loading, connection lost,
// diverged, asleep, empty. One sentence and one button each, and one at a time.
import { make, byId, write } from './dom.js';
import { words, say } from './strings.js';

/** @typedef {{kind:string, sentence:string, button:string, act:() => void}} Notice */

/** How long the first landscape may take before the page says that it is on its way. */
const PATIENCE = 700;

/**
 * @param {import('./store.js').Store} store
 * @param {import('./commands.js').Commands} commands
 * @param {() => void} connect
 */
export function startStates(store, commands, connect) {
  const sentence = make('p');
  const button = make('button', { class: 'button' });
  const box = make('div', { class: 'notice', role: 'group' }, sentence, button);
  /** @type {Notice|null} */
  let shown = null;
  button.addEventListener('click', () => shown?.act());

  /** @returns {Notice|null} */
  const notice = () => {
    const { state, link, frame } = store;
    if (link.now === 'lost') {
      const seconds = Math.max(0, Math.ceil((link.retryAt - performance.now()) / 1000));
      return { kind: 'lost', sentence: say.lost(seconds), button: words.tryNow, act: connect };
    }
    if (!state || !frame) {
      if (performance.now() < PATIENCE) return null;
      return { kind: 'loading', sentence: words.loading, button: words.reload, act: () => location.reload() };
    }
    if (state.halt) {
      const { message, back } = state.halt;
      return { kind: 'diverged', sentence: message, button: say.backTo(back), act: () => commands.seek(back) };
    }
    if (/** @type {{asleep?:boolean}} */ (state).asleep) {
      return { kind: 'asleep', sentence: words.asleep, button: words.wake, act: () => commands.act('play') };
    }
    if (store.points.generation === state.generation && store.points.y.length === 0) {
      return { kind: 'empty', sentence: words.empty, button: words.emptyBack, act: () => commands.chooseData(store.catalog.datasets[0].id) };
    }
    return null;
  };

  return {
    /** Shows the notice of the moment, or takes it away. */
    show() {
      const next = notice();
      if (!next) {
        if (shown) box.remove();
        shown = null;
        return;
      }
      if (next.kind !== shown?.kind) {
        box.dataset.notice = next.kind;
        byId('stage', HTMLElement).append(box);
        write(byId('spoken', HTMLElement), next.sentence); // once: a countdown read aloud is a nuisance
      }
      write(sentence, next.sentence);
      write(button, next.button);
      button.disabled = !store.driving && next.kind !== 'lost' && next.kind !== 'loading';
      shown = next;
    },
  };
}
