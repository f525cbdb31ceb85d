// first-minute.js: one line over the landscape that says what to do on a first visit. It goes for
// good with the first knob, tool, method or lesson, or after a minute.
import { byId, make, toast } from './dom.js';
import { calledBy } from './controls.js';
import { store as save, stored } from './settings.js';
import { words } from './strings.js';

/** Milliseconds that it stays at most. */
const LONGEST = 60_000;
/** What makes it go: the reader has found something to do. */
const FOUND = '[data-knob], [data-knob-number], [data-choose], [data-tool], [data-action="compare"], [data-action="wall"], [data-action="lessons"]';

/**
 * @param {import('./store.js').Store} store
 * @param {import('./room-client.js').RoomClient} client
 */
export function startFirstMinute(store, client) {
  if (stored('firstMinute') === 'over') return;
  const knob = make('b');
  const lesson = make('button', { class: 'opener', 'data-first': 'lesson', text: words.firstLesson });
  const line = make('p', { class: 'first-minute', id: 'first-minute', hidden: true }, words.firstWatch, ' · ', words.firstDrag, ' ', knob, ' · ', lesson);
  byId('field', HTMLElement).querySelector('.plot')?.append(line);
  const end = new AbortController();
  const over = () => {
    save('firstMinute', 'over');
    end.abort();
    line.remove();
  };
  const show = () => {
    const main = store.model?.knobs.find(({ kind, when }) => (kind === 'float' || kind === 'int') && (!when || when.is.includes(String(store.state?.knobs[when.knob]))));
    line.hidden = !main || !store.driving || store.classroom.me !== null;
    if (main) knob.textContent = calledBy(main);
    if (store.view.lesson || store.view.exhibit) over();
  };
  store.on('state', show, end.signal);
  store.on('lesson', show, end.signal);
  for (const event of ['input', 'click']) {
    document.addEventListener(event, (e) => e.target instanceof Element && e.target.closest(FOUND) && over(), { signal: end.signal, capture: true });
  }
  lesson.addEventListener('click', async () => {
    over();
    try {
      const [first] = await client.query({ lessons: {} });
      store.view.lesson = `${first.id}.1`;
      store.markChanged('lesson');
    } catch {
      toast(words.lessonsLost);
    }
  });
  setTimeout(() => end.signal.aborted || over(), LONGEST);
}
