// my-list.js: the user's own lessons in the dialog of the lessons: played, edited, printed, saved as
// files, opened from files, and deleted.
/** @import {Page} from '../instruments/index.js' */
/** @import {Resources} from '../resources.js' */
/** @import {Lesson} from '../types.js' */
/** @import {StepPictures} from './pictures.js' */
/** @import {Player} from './player.js' */
import { byId, hint, make, toast, write } from '../dom.js';
import { save } from '../export/save.js';
import { say, words } from '../strings.js';
import { Editor } from './editor.js';
import { button } from './editor-fields.js';
import { clean, newLesson } from './editor-steps.js';
import { file, fileName, forget, keep, myLesson, myLessons, newId, titleOf } from './mine.js';
import { minutes, progress } from './progress.js';
import { printWorksheet } from './worksheet.js';

export class MyList {
  #dialog = byId('lessons', HTMLDialogElement);
  #head = make('h3', { text: words.myLessons });
  #begin = button('lessonWrite', () => this.#write(newLesson(newId(), words.editNewTitle)));
  #how = make('p', { class: 'why', text: words.myLessonsText });
  #list = make('div', { class: 'lessons' });
  #error = make('p', { class: 'wrong', role: 'alert' });
  #file = make('input', { type: 'file', class: 'sr', accept: '.json,application/json', 'data-edit': 'file', 'aria-label': words.lessonOpenFile });
  /** A lesson that was just deleted. @type {Lesson|null} */
  #deleted = null;

  /** @param {Page} page @param {Resources} resources @param {StepPictures} pictures @param {Player} player */
  constructor(page, resources, pictures, player) {
    this.pictures = pictures;
    this.page = page;
    this.player = player;
    this.editor = new Editor(page, resources, player);
    const open = make('label', { class: 'button' }, words.lessonOpenFile, this.#file);
    hint(open, words.lessonOpenFileTip);
    this.#file.addEventListener('change', () => {
      const chosen = this.#file.files?.[0];
      this.#file.value = '';
      if (chosen) chosen.text().then((text) => this.openText(chosen.name, text), () => this.#refuse(say.fileUnreadable(chosen.name)));
    });
    this.node = make('section', { class: 'mine' },
      make('header', {}, this.#head, this.#begin, open),
      this.#how, this.#error, this.#list);
    page.store.openLesson = (name, text) => this.openText(name, text);
    resources.defer(() => (page.store.openLesson = null));
  }

  /** Lists them anew. */
  show() {
    write(this.#error, '');
    this.#begin.disabled = !this.page.store.driving;
    const entries = myLessons().map((lesson) => this.#entry(lesson));
    const gone = this.#deleted;
    if (gone) entries.unshift(make('article', { class: 'gone' }, make('p', {}, say.lessonDeleted(titleOf(gone)), ' ', button('editUndo', () => {
      this.#deleted = null;
      keep(gone);
      this.show();
    }))));
    this.#list.replaceChildren(...entries);
    this.#head.hidden = this.#how.hidden = this.#list.hidden = entries.length === 0;
  }

  /** A button that copies one of the other lessons to write on. @param {Lesson} lesson */
  copyOf({ id, title }) {
    const node = button('lessonCopy', async () => {
      try {
        const whole = await this.page.client.query({ lesson: id });
        this.#write({ ...whole, id: newId(), title: say.copyOf(whole.title) });
      } catch {
        this.#refuse(words.lessonsLost);
      }
    }, { class: 'opener', 'aria-label': say.copyLesson(title), disabled: !this.page.store.driving });
    return node;
  }

  /** Opens the file of a lesson: it is one of my lessons then, and played. @param {string} name @param {string} text */
  async openText(name, text) {
    /** @type {Lesson} */
    let lesson;
    try {
      lesson = await this.page.client.query({ lessonFile: text });
    } catch (e) {
      return this.#refuse(say.lessonWrong(name, /** @type {Error} */ (e).message));
    }
    const same = myLessons().find((other) => JSON.stringify(file(other)) === JSON.stringify(file({ ...lesson, id: '' })));
    const mine = { ...lesson, id: same?.id ?? newId() };
    const refusal = same ? '' : keep(mine);
    this.#dialog.close();
    toast(refusal || say.lessonOpened(titleOf(mine)));
    this.player.enter(mine, 0);
  }

  /** @param {string} sentence */
  #refuse(sentence) {
    if (this.#dialog.open) write(this.#error, sentence);
    else toast(sentence);
  }

  /** @param {Lesson} lesson */
  #write(lesson) {
    this.#dialog.close();
    this.editor.open(lesson);
  }

  /** @param {Lesson} lesson */
  #entry(lesson) {
    const { id, about, steps } = lesson;
    const title = titleOf(lesson);
    const { seen, next } = progress(lesson);
    const { driving } = this.page.store;
    const played = () => {
      this.#dialog.close();
      this.player.enter(clean(lesson), 0);
    };
    const open = make('button', { class: 'opener', 'data-lesson-id': id, text: title });
    open.disabled = !driving || steps.length === 0;
    open.addEventListener('click', played);
    /** @param {'lessonEdit'|'lessonPrint'|'lessonSave'|'lessonDelete'} word @param {() => void} act @param {boolean} [disabled] */
    const act = (word, act, disabled) => button(word, act, { class: 'opener', 'aria-label': `${words[word]}: ${title}`, disabled });
    return make('article', {},
      make('h3', {}, open, ...(steps.length && next < 0 ? [make('span', { class: 'tick', role: 'img', 'aria-label': words.lessonDone, text: '✓' })] : [])),
      make('p', { text: about }),
      make('footer', {}, make('small', { text: steps.length ? say.lessonLength(minutes(lesson), steps.length, seen) : say.steps(0) }),
        act('lessonEdit', () => this.#write(myLesson(id) ?? lesson), !driving),
        act('lessonSave', () => this.#save(lesson), !steps.length),
        act('lessonPrint', () => printWorksheet(this.pictures, clean(lesson)), !steps.length),
        act('lessonDelete', () => this.#delete(lesson))));
  }

  /** @param {Lesson} lesson */
  async #save(lesson) {
    const text = JSON.stringify(file(clean(lesson)), null, 2);
    try {
      await this.page.client.query({ lessonFile: text });
      save(fileName(lesson), 'application/json', `${text}\n`);
    } catch (e) {
      this.#refuse(say.lessonUnfinished(/** @type {Error} */ (e).message));
    }
  }

  /** @param {Lesson} lesson */
  #delete(lesson) {
    if (this.player.lesson?.id === lesson.id) this.player.leave();
    if (this.editor.lesson?.id === lesson.id) this.editor.close();
    forget(lesson.id);
    this.#deleted = lesson;
    this.show();
    /** @type {HTMLElement|null} */ (this.#list.querySelector('[data-edit="editUndo"]'))?.focus();
  }
}
