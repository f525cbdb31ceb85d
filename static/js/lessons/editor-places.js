// editor-places.js: a question whose answer is a place: circles on the landscape that are right.
/** @import {Page} from '../instruments/index.js' */
/** @import {LessonStep, Question} from '../types.js' */
/** @import {Place} from './place.js' */
import { byId, make } from '../dom.js';
import { words } from '../strings.js';
import { button, numberField, textField } from './editor-fields.js';

/** The radius of a new circle, in units of the plane. */
const RADIUS = 0.25;

/**
 * @param {Page} page
 * @param {Place} place
 * @param {LessonStep} step
 * @param {Question} question
 * @param {() => void} changed
 * @returns {Node[]}
 */
export function placeFields({ store }, place, step, question, changed) {
  const node = make('div', { class: 'places' });
  const status = make('p', { class: 'why', role: 'status' });
  const draw = () => {
    if (store.frame && step.question === question) place.draw(store.frame, undefined, question.place);
  };
  const build = () => {
    const places = (question.place ??= []);
    const edited = () => {
      changed();
      draw();
    };
    const rows = places.map((circle, k) => make('div', { class: 'place-row' },
      make('span', { text: store.units.pair(circle) }),
      make('label', {}, words.editRadius, numberField(words.editRadius, circle[2], (radius) => {
        if (radius && radius > 0) circle[2] = radius;
        edited();
      }, { min: 0.01, step: 0.05 })),
      button('editRemove', () => {
        places.splice(k, 1);
        edited();
        build();
        node.querySelector('button')?.focus();
      }, { class: 'opener', text: '×', 'aria-label': `${words.editRemove}: ${store.units.pair(circle)}` })));
    const pick = button('editPick', () => {
      status.textContent = words.lessonPlace;
      byId('landscape', HTMLElement).focus({ preventScroll: true }); // for the arrow keys
      place.ask(([y1, y2]) => {
        status.textContent = '';
        places.push([Number(y1.toFixed(3)), Number(y2.toFixed(3)), RADIUS]);
        edited();
        build();
        [...node.querySelectorAll('input')].at(-1)?.focus();
      });
    });
    node.replaceChildren(...rows, pick, status);
  };
  build();
  draw();
  return [node, textField('editPlaceWhy', question.why ?? '', (text) => {
    question.why = text;
    changed();
  })];
}
