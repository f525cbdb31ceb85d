// states.js: the notices over the landscape: loading, connection lost, refused, silent, diverged,
// no points. One sentence and one button each, and one at a time.
import { make, byId, write } from './dom.js';
import { serverAnswers } from './request.js';
import { Silence } from './silence.js';
import { words, say } from './strings.js';

/** Notices whose button works without a room to drive. */
const WITHOUT_ROOM = ['lost', 'refused', 'loading', 'silent', 'ended'];

/** @typedef {{kind:string, sentence:string, button:string, act:() => void}} Notice */

/** Milliseconds that the first landscape may take before the page says that it is loading. */
const LOADING_AFTER = 700;

/**
 * @param {import('./store.js').Store} store
 * @param {import('./commands.js').Commands} commands
 * @param {import('./room-client.js').RoomClient} client
 */
export function startStates(store, commands, client) {
  const connect = () => client.connect();
  const share = () => document.querySelector('[data-action="share"]')?.dispatchEvent(new MouseEvent('click'));
  const silence = new Silence(serverAnswers, () => client.reconnect());
  /** Milliseconds after which the server should have sent something; 0 if nothing is awaited. */
  const awaited = () => {
    const { state, connection: { now } } = store;
    if (now !== 'open' || !state || state.waits || document.hidden) return 0;
    if (client.waits || state.goal) return 1;
    return state.playing && !state.halt ? 3000 / (state.speed || Infinity) || 1 : 0;
  };
  const sentence = make('p');
  const button = make('button', { class: 'button' });
  const box = make('div', { class: 'notice', role: 'group' }, sentence, button);
  /** @type {Notice|null} */
  let shown = null;
  button.addEventListener('click', () => shown?.act());

  /** @returns {Notice|null} */
  const notice = () => {
    const { state, connection: { now, refusal, retryAt }, frame } = store;
    if (store.classroom.refusal?.code === 'ended') return { kind: 'ended', sentence: words.classOver, button: store.role === 'screen' ? '' : words.keepCopy, act: share };
    if (now === 'lost' && refusal) return { kind: 'refused', sentence: refusal, button: words.tryNow, act: connect };
    if (now === 'lost') {
      const seconds = Math.max(0, Math.ceil((retryAt - performance.now()) / 1000));
      return { kind: 'lost', sentence: say.lost(seconds), button: words.tryNow, act: connect };
    }
    const silent = silence.follow(performance.now(), client.heard, awaited());
    if (silent) return { kind: 'silent', sentence: say.silent(silent.seconds, silent.found), button: words.connectAgain, act: () => client.reconnect() };
    if (!state || !frame) {
      if (performance.now() < LOADING_AFTER) return null;
      return { kind: 'loading', sentence: words.loading, button: words.reload, act: () => location.reload() };
    }
    if (state.halt) {
      const { message, back } = state.halt;
      return { kind: 'diverged', sentence: message, button: say.backTo(back), act: () => commands.seek(back) };
    }
    if (store.points.generation === state.generation && store.points.y.length === 0) {
      return { kind: 'empty', sentence: words.empty, button: words.emptyBack, act: () => commands.chooseData(store.catalog.datasets[0].id) };
    }
    return null;
  };

  return {
    /** Shows the present notice, or removes it. */
    show() {
      const next = notice();
      if (!next) {
        if (shown) box.remove();
        shown = null;
        return;
      }
      if (next.kind !== shown?.kind) {
        box.dataset.notice = next.kind;
        byId('field', HTMLElement).append(box);
        write(byId('spoken', HTMLElement), next.sentence); // once: a countdown is not read aloud
      }
      write(sentence, next.sentence);
      write(button, next.button);
      button.hidden = next.button === '';
      button.disabled = !store.driving && !WITHOUT_ROOM.includes(next.kind);
      shown = next;
    },
  };
}
