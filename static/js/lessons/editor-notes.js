// editor-notes.js: the labels that a step puts on the landscape.
/** @import {Page} from '../instruments/index.js' */
/** @import {Resources} from '../resources.js' */
/** @import {LessonStep} from '../types.js' */
/** @import {Place} from './place.js' */
import { byId, make } from '../dom.js';
import { say, words } from '../strings.js';
import { button, numberField, selectField } from './editor-fields.js';

/**
 * @param {Page} page
 * @param {Place} place
 * @param {LessonStep} step
 * @param {Resources} resources  of the form; the labels are shown as long as it is open
 * @param {() => void} changed
 */
export function noteFields({ store }, place, step, resources, changed) {
  const node = make('div', { class: 'notes' });
  const shown = store.scene.notes;
  const redraw = () => {
    store.scene.notes = step.notes ?? [];
    store.markChanged('scene');
  };
  resources.defer(() => {
    if (store.scene.notes === step.notes || !step.notes?.length) store.scene.notes = shown ?? [];
    store.markChanged('scene');
  });
  redraw();
  const build = () => {
    const notes = step.notes ?? [];
    const edited = () => {
      redraw();
      changed();
    };
    const rows = notes.map((note, k) => {
      const input = make('input', { 'aria-label': say.label(k + 1), placeholder: words.editLabel });
      input.value = note.text;
      input.addEventListener('input', () => {
        note.text = input.value;
        edited();
      });
      return make('div', { class: 'note-row' }, input,
        selectField(words.editTone, [['', words.editPlain], ['down', words.down], ['up', words.up]], note.tone ?? '', (tone) => {
          if (tone) note.tone = /** @type {'down'|'up'} */ (tone);
          else delete note.tone;
          edited();
        }),
        make('label', {}, words.editRing, numberField(words.editRing, note.ring, (ring) => {
          if (ring) note.ring = ring;
          else delete note.ring;
          edited();
        }, { min: 0, step: 0.05 })),
        button('editRemove', () => {
          step.notes = notes.filter((other) => other !== note);
          edited();
          build();
        }, { class: 'opener', text: '×', 'aria-label': `${words.editRemove}: ${say.label(k + 1)}` }));
    });
    const status = make('span', { class: 'why', role: 'status' });
    const add = button('editAddLabel', () => {
      status.textContent = words.lessonPlace;
      byId('landscape', HTMLElement).focus({ preventScroll: true }); // for the arrow keys
      place.ask((at) => {
        place.clear();
        step.notes = [...notes, { at: short(at), text: '' }];
        edited();
        build();
        const row = [...node.querySelectorAll('.note-row')].at(-1);
        row?.scrollIntoView({ block: 'nearest' });
        row?.querySelector('input')?.focus({ preventScroll: true });
      });
    });
    node.replaceChildren(...rows, add, status);
  };
  build();
  return node;
}

/** A point with the digits that a picture needs. @param {[number, number]} y @returns {[number, number]} */
const short = ([y1, y2]) => [Number(y1.toFixed(3)), Number(y2.toFixed(3))];
