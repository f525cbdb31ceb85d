// The lessons: a guided path through the theory. A step opens a configuration, asks for a prediction,
// lets the model learn to its telling moment, and says what was to be seen. Their content comes from
// the server.
/** @import {Instrument, Page} from '../instruments/index.js' */
/** @import {Lesson} from '../types.js' */
import { toast } from '../dom.js';
import { Resources } from '../resources.js';
import { say, words } from '../strings.js';
import { LessonList } from './list.js';
import { isMine, myLesson } from './mine.js';
import { MyList } from './my-list.js';
import { StepPictures } from './pictures.js';
import { Place } from './place.js';
import { Player } from './player.js';

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startLessons(page) {
  const { store, client, commands, landscape } = page;
  const resources = new Resources();
  const { signal } = resources;
  const player = new Player(page, new Place((e) => landscape.pointUnder(e), resources));
  const enter = (/** @type {Lesson} */ lesson, /** @type {number} */ n) => player.enter(lesson, n);
  const pictures = new StepPictures(page);
  const mine = new MyList(page, resources, pictures, player);
  const list = new LessonList(store, enter, mine);
  resources.nodes(player.card.node, ...list.nodes);

  /** @type {Promise<Lesson[]>|null} */
  let fetched = null;
  /** All lessons; where they could not be fetched, the next call fetches them again. */
  const all = () => (fetched ??= client.query({ lessons: {} }).catch((e) => {
    fetched = null;
    throw e;
  }));

  document.querySelector('[data-action="lessons"]')?.addEventListener('click', async () => {
    try {
      const lessons = await all();
      if (!signal.aborted && !list.open) list.show(lessons);
    } catch {
      toast(words.lessonsLost);
    }
  }, { signal });

  /** A link to a step: collapse.2. @param {string} link */
  async function follow(link) {
    const [, id, at = '1'] = /^(.*?)(?:\.(\d+))?$/.exec(link) ?? [];
    const lesson = isMine(id) ? myLesson(id) : (await all()).find((/** @type {Lesson} */ l) => l.id === id);
    if (lesson?.steps[Number(at) - 1]) return player.enter(lesson, Number(at) - 1);
    toast(isMine(id) && !lesson ? words.lessonElsewhere : say.noLesson(link));
    if (store.state?.step === 0) commands.act('play'); // the page waited for the lesson
  }
  const followAddress = () => store.view.lesson && follow(store.view.lesson).catch(() => toast(words.lessonsLost));
  followAddress();
  store.on('lesson', followAddress, signal);
  store.on('state', () => player.stateChanged(), signal);
  store.on('class', () => player.askClass(), signal);
  store.on('room', () => store.classroom.me && !store.driving && player.leave(), signal); // the chalk is gone: others lead
  resources.resized(player.card.panel, () => player.sight());

  return {
    draw: (now) => pictures.draw(now),
    drawn: () => player.follow(),
    numbers() {
      player.follow(); // also while nothing is drawn
      mine.editor.follow();
    },
    close() {
      pictures.close();
      player.leave();
      list.close();
      resources.release();
    },
  };
}
