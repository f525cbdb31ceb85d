// ending.js: the button that ends the class.
import { make } from '../dom.js';
import { words } from '../strings.js';

/** The button that ends the class, which asks once more. @param {() => void} end */
export function ending(end) {
  const ask = make('button', { class: 'button', 'data-class': 'end', text: words.classEnd });
  const yes = make('button', { class: 'button', 'data-class': 'end-yes', text: words.classEndYes });
  const no = make('button', { class: 'button', text: words.classEndNo });
  const sure = make('div', { class: 'sure', hidden: true }, make('p', { text: words.classEndSure }), no, yes); // "no" lies where the button was that asked
  const asked = (/** @type {boolean} */ on) => {
    sure.hidden = !on;
    ask.hidden = on;
    (on ? no : ask).focus();
  };
  ask.addEventListener('click', () => asked(true));
  no.addEventListener('click', () => asked(false));
  yes.addEventListener('click', () => {
    asked(false);
    end();
  });
  return make('div', { class: 'end' }, ask, sure);
}
