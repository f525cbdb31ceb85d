// controls.js builds knobs from the catalogue: a slider with a number field, a list, or a
// switch, each with its symbol, its help and a button back to the default.
import { make, hint, toast } from './dom.js';
import { typeset } from './formula.js';
import { track, valueAt, positionOf, nextPosition, format } from './scale.js';
import { words, say } from './strings.js';

/** @typedef {import('./types.js').Knob} Knob */
/** @typedef {import('./address.js').Value} Value */

/**
 * One knob on the page.
 * @typedef {object} Control
 * @property {HTMLElement} node
 * @property {(value:Value, enabled:boolean) => void} show  unless it is being moved
 * @property {(valueOf:(name:string) => Value|undefined) => void} fit  hidden while it has no effect
 * @property {() => void} typeset  the symbol, once KaTeX is loaded
 */

/**
 * Builds a knob.
 * @param {Knob} knob
 * @param {(value:Value, time:number) => void} put  called with every value that is entered
 * @param {string} [called]  its label, if not the knob's
 * @returns {Control}
 */
export function control(knob, put, called) {
  const numeric = knob.kind === 'float' || knob.kind === 'int';
  const id = `knob-${knob.name}`;
  const bare = called ?? calledBy(knob);
  const symbol = make('span', { class: 'sym', 'aria-hidden': true });
  const label = make('label', { for: id }, make('span', { text: knob.unit ? `${bare} (${knob.unit})` : bare }));
  if (isSymbol(knob.symbol) && knob.symbol.toLowerCase() !== bare.toLowerCase()) label.append(symbol);
  const undo = make('button', { class: 'undo', type: 'button', text: '↺', 'aria-label': say.knobUndo(bare, format(knob, knob.default)) });
  hint(undo, `${words.undo}: ${format(knob, knob.default)}`);
  const node = make('div', { class: numeric ? 'knob' : 'knob line' }, label, undo);
  hint(label, knob.help);

  const part = numeric ? slider(knob, id, put) : knob.kind === 'bool' ? toggle(knob, id, put) : list(knob, id, put);
  for (const field of part.fields) hint(field, knob.help);
  node.append(...part.fields);
  undo.addEventListener('click', (e) => {
    put(knob.default, e.timeStamp);
    part.fields.at(-1)?.focus(); // the button is hidden now
  });
  return {
    node,
    typeset: () => typeset(symbol, knob.symbol, plainSymbol(knob.symbol)),
    fit(valueOf) {
      node.hidden = knob.when !== undefined && !knob.when.is.includes(String(valueOf(knob.when.knob)));
    },
    show(value, enabled) {
      node.toggleAttribute('data-changed', value !== knob.default && enabled);
      for (const field of part.fields) if (field.disabled === enabled) field.disabled = !enabled;
      part.show(value);
    },
  };
}

/** The label of a knob. @param {Knob} knob */
export function calledBy(knob) {
  return knob.label ?? knob.name.replace(/^data\./, '');
}

/** Whether a symbol is more than a word in upright letters. @param {string} tex */
function isSymbol(tex) {
  return tex !== '' && !/^\\(?:mathrm|text|operatorname)\{[^{}]*\}$/.test(tex);
}

/** A symbol in plain letters, for when it cannot be typeset. @param {string} tex */
function plainSymbol(tex) {
  return tex.replace(/\\(?:mathrm|text|operatorname)|[{}$\\]/g, '');
}

/** @typedef {{fields:(HTMLInputElement|HTMLSelectElement)[], show:(value:Value) => void}} Part */

/** @param {Knob} knob @param {string} id @param {(value:Value, time:number) => void} put @returns {Part} */
function slider(knob, id, put) {
  const ends = track(knob);
  const range = make('input', { type: 'range', id, 'data-knob': knob.name, ...ends });
  const least = knob.zero ? Math.min(0, knob.min) : knob.min;
  const number = make('input', {
    type: 'number', class: 'number', 'data-knob-number': knob.name, 'aria-label': calledBy(knob),
    min: least, max: knob.max, step: knob.kind === 'int' ? 1 : 'any',
  });
  let held = false;
  let current = Number(knob.default);

  /** @param {number} value */
  const show = (value) => {
    current = value;
    const position = positionOf(knob, value);
    if (!held) range.value = String(position);
    range.style.setProperty('--fill', `${(100 * (position - ends.min)) / (ends.max - ends.min || 1)}%`);
    const text = format(knob, value).replace('−', '-');
    range.setAttribute('aria-valuetext', text);
    if (document.activeElement !== number || number.dataset.typing === undefined) {
      if (number.value !== text) number.value = text;
    }
  };
  range.addEventListener('pointerdown', () => (held = true));
  for (const end of ['pointerup', 'pointercancel', 'blur']) range.addEventListener(end, () => (held = false));
  range.addEventListener('input', (e) => put(valueAt(knob, range.valueAsNumber), e.timeStamp));
  /** @param {KeyboardEvent} e @param {string[]} ups @param {string[]} downs */
  const arrow = (e, ups, downs) => {
    const direction = ups.includes(e.key) ? 1 : downs.includes(e.key) ? -1 : 0;
    if (!direction || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    put(valueAt(knob, nextPosition(knob, current, direction)), e.timeStamp);
  };
  range.addEventListener('keydown', (e) => arrow(e, ['ArrowRight', 'ArrowUp'], ['ArrowLeft', 'ArrowDown']));
  number.addEventListener('keydown', (e) => arrow(e, ['ArrowUp'], ['ArrowDown']));
  number.addEventListener('input', () => (number.dataset.typing = ''));
  number.addEventListener('change', (e) => {
    delete number.dataset.typing;
    if (number.value.trim() === '' || Number.isNaN(number.valueAsNumber)) {
      toast(words.badNumber);
      show(current);
    } else put(number.valueAsNumber, e.timeStamp);
  });
  number.addEventListener('blur', () => {
    delete number.dataset.typing;
    show(current);
  });
  return { fields: [number, range], show: (value) => show(Number(value)) };
}

/** @param {Knob} knob @param {string} id @param {(value:Value, time:number) => void} put @returns {Part} */
function list(knob, id, put) {
  const select = make('select', { id, 'data-knob': knob.name }, ...(knob.choices ?? []).map((c) => make('option', { value: c, text: c })));
  for (const event of ['input', 'change']) {
    select.addEventListener(event, (e) => select.value !== select.dataset.shown && put((select.dataset.shown = select.value), e.timeStamp));
  }
  return {
    fields: [select],
    show(value) {
      select.dataset.shown = String(value);
      if (document.activeElement !== select || select.value !== value) select.value = String(value);
    },
  };
}

/** @param {Knob} knob @param {string} id @param {(value:Value, time:number) => void} put @returns {Part} */
function toggle(knob, id, put) {
  const box = make('input', { type: 'checkbox', id, 'data-knob': knob.name });
  box.addEventListener('input', (e) => put(box.checked, e.timeStamp));
  return { fields: [box], show: (value) => (box.checked = value === true) };
}
