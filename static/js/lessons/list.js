// list.js: the dialog of the lessons: a picture of each, how long it takes, and how far one has come.
/** @import {Store} from '../store.js' */
/** @import {Lesson} from '../types.js' */
/** @import {MyList} from './my-list.js' */
import { byId, dialogHead, hint, make, write } from '../dom.js';
import { say, words } from '../strings.js';
import { thumbnail } from '../thumbnails.js';
import { minutes, progress } from './progress.js';
import { printWorksheet } from './worksheet.js';

export class LessonList {
  #dialog = byId('lessons', HTMLDialogElement);
  #done = make('p', { class: 'done' });
  #list = make('div', { class: 'lessons' });
  /** Those that were given to the server. */
  #added = make('div', { class: 'lessons' });
  #addedPart = make('section', { class: 'added' }, make('h3', { text: words.lessonsAdded }), this.#added);

  /** @param {Store} store @param {(lesson:Lesson, n:number) => void} enter @param {MyList} mine */
  constructor(store, enter, mine) {
    this.store = store;
    this.enter = enter;
    this.pictures = mine.pictures;
    this.mine = mine;
    this.nodes = [dialogHead(this.#dialog, words.lessonsTitle), make('p', { text: words.lessonsText }), mine.node, this.#done, this.#list, this.#addedPart];
    this.#dialog.append(...this.nodes);
  }

  get open() {
    return this.#dialog.open;
  }

  /** @param {Lesson[]} lessons */
  show(lessons) {
    for (const [part, added] of /** @type {const} */ ([[this.#list, false], [this.#added, true]])) {
      part.replaceChildren(...lessons.filter((l) => (l.added ?? false) === added).map((l) => this.#entry(l)));
    }
    this.#addedPart.hidden = !this.#added.childElementCount;
    write(this.#done, say.lessonsDone(lessons.filter((l) => progress(l).next < 0).length, lessons.length));
    this.mine.show();
    this.#dialog.showModal();
  }

  close() {
    this.#dialog.close();
  }

  /** @param {Lesson} lesson */
  #entry(lesson) {
    const { seen, next } = progress(lesson);
    const { id, title, about, steps } = lesson;
    const open = this.#opener(lesson, 0, title);
    open.dataset.lessonId = id;
    const print = make('button', { class: 'opener print', 'data-sheet-of': id, 'aria-label': say.printLesson(title), text: words.lessonPrint });
    hint(print, words.lessonPrintTip);
    print.addEventListener('click', () => printWorksheet(this.pictures, lesson));
    const entry = make('article', {},
      ...(lesson.added ? [] : [thumbnail(id)]),
      make('h3', {}, open, ...(next < 0 ? [make('span', { class: 'tick', role: 'img', 'aria-label': words.lessonDone, text: '✓' })] : [])),
      make('p', { text: about }),
      make('footer', {}, make('small', { text: say.lessonLength(minutes(lesson), steps.length, seen) }),
        ...(seen && next > 0 ? [this.#opener(lesson, next, say.lessonGoOn(next + 1))] : []), this.mine.copyOf(lesson), print));
    entry.toggleAttribute('data-done', next < 0);
    return entry;
  }

  /** A button that opens a step. @param {Lesson} lesson @param {number} n @param {string} text */
  #opener(lesson, n, text) {
    const button = make('button', { class: 'opener', text });
    button.disabled = !this.store.driving;
    button.addEventListener('click', () => {
      this.close();
      this.enter(lesson, n);
    });
    return button;
  }
}
