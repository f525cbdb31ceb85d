// editor-fields.js: the fields that the editor of lessons is made of.
/** @import {Bounds} from '../types.js' */
import { hint, make } from '../dom.js';
import { words } from '../strings.js';
import { boundBelow } from './editor-view.js';

/** @typedef {import('../strings.js').Word} Word */

/**
 * A button; `name` is also its tooltip's, if it has one.
 * @param {Word} name
 * @param {() => void} act
 * @param {Record<string, string|number|boolean|undefined>} [attributes]
 */
export function button(name, act, attributes = {}) {
  const node = make('button', { class: 'button', type: 'button', 'data-edit': name, text: words[name], ...attributes });
  const tip = /** @type {Record<string, string>} */ (words)[`${name}Tip`];
  if (tip) hint(node, tip);
  node.addEventListener('click', act);
  return node;
}

/**
 * A text under its label.
 * @param {Word} name
 * @param {string} value
 * @param {(text:string) => void} put
 * @param {{rows?:number, placeholder?:string}} [how]  rows: of a text of several lines
 */
export function textField(name, value, put, { rows = 1, placeholder } = {}) {
  const input = rows > 1 ? make('textarea', { rows, placeholder }) : make('input', { placeholder });
  input.value = value;
  input.dataset.edit = name;
  input.addEventListener('input', () => put(input.value));
  return make('label', { class: 'labelled' }, make('span', { text: words[name] }), input);
}

/**
 * A number; an empty or invalid one is undefined.
 * @param {string} label
 * @param {number|undefined} value
 * @param {(value:number|undefined) => void} put
 * @param {Record<string, string|number>} [attributes]
 */
export function numberField(label, value, put, attributes = {}) {
  const input = make('input', { type: 'number', step: 'any', 'aria-label': label, ...attributes });
  if (value !== undefined) input.value = String(value);
  input.addEventListener('input', () => put(input.value === '' || !input.validity.valid ? undefined : input.valueAsNumber));
  return input;
}

/**
 * A choice of a few.
 * @param {string} label
 * @param {[value:string, text:string][]} options
 * @param {string} value
 * @param {(value:string) => void} put
 * @param {string} [name]
 */
export function selectField(label, options, value, put, name) {
  const all = options.some(([v]) => v === value) ? options : [...options, /** @type {[string, string]} */ ([value, value])];
  const select = make('select', { 'aria-label': label, 'data-edit': name }, ...all.map(([v, text]) => make('option', { value: v, text })));
  select.value = value;
  select.addEventListener('change', () => put(select.value));
  return select;
}

/**
 * Numbers with their bounds, a row each: which number, above and below what, and the words that rest on it.
 * @param {Bounds} bounds
 * @param {() => [string, number][]} numbers  those to choose from, with their present values
 * @param {(changed:Bounds) => void} put
 * @param {boolean} [says]  whether words rest on them
 */
export function boundRows(bounds, numbers, put, says = true) {
  const node = make('div', { class: 'bounds' });
  /** @param {boolean} [focus] */
  const build = (focus = false) => {
    const now = new Map(numbers());
    const free = [...now.keys()].filter((name) => !(name in bounds));
    const shown = (/** @type {string} */ name) => (now.has(name) ? `${name} = ${Number(now.get(name)?.toPrecision(3))}` : name);
    const change = () => {
      put(bounds);
    };
    const rows = Object.entries(bounds).map(([name, bound]) => make('div', { class: 'bound' },
      selectField(words.editNumber, [name, ...free].map((n) => [n, shown(n)]), name, (chosen) => {
        bounds = Object.fromEntries(Object.entries(bounds).map(([n, b]) => (n === name ? [chosen, { ...suggested(now.get(chosen)), ...(b.says && { says: b.says }) }] : [n, b])));
        change();
        build();
      }, 'number'),
      make('label', {}, words.editAbove, numberField(words.editAbove, bound.above, (v) => {
        bound.above = v;
        change();
      })),
      make('label', {}, words.editBelow, numberField(words.editBelow, bound.below, (v) => {
        bound.below = v;
        change();
      })),
      button('editRemove', () => {
        bounds = Object.fromEntries(Object.entries(bounds).filter(([n]) => n !== name));
        change();
        build(true);
      }, { class: 'opener', 'aria-label': `${words.editRemove}: ${name}` }),
      ...(says ? [textField('editSays', bound.says ?? '', (text) => {
        bound.says = text;
        change();
      })] : [])));
    const add = button('editAddNumber', () => {
      bounds = { ...bounds, [free[0]]: suggested(now.get(free[0])) };
      change();
      build();
      node.querySelector('.bound:last-of-type select')?.scrollIntoView({ block: 'nearest' });
      const last = [...node.querySelectorAll('select')].at(-1);
      last?.focus();
    }, { disabled: free.length === 0 });
    node.replaceChildren(...rows, add);
    if (focus) add.focus();
  };
  build();
  return node;
}

/** @param {number|undefined} value */
const suggested = (value) => (value === undefined ? {} : { above: boundBelow(value) });
