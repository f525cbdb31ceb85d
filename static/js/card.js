// card.js: what a method's card says besides its formulas: which strategy it is, how it fails,
// and what is often said wrongly about it; and the museum's note on what is being shown.
import { make, hint } from './dom.js';
import { words } from './strings.js';

/** @typedef {import('./types.js').Exhibit} Exhibit */
/** @typedef {import('./types.js').Opening} Opening */
/** @typedef {import('./store.js').Store} Store */
/** @typedef {import('./commands.js').Commands} Commands */

/** The line under a method's name. @param {Store} store @param {HTMLElement} line */
export function writeStrategy(store, line) {
  const strategy = store.catalog.strategies.find((s) => s.id === store.model?.strategy);
  line.replaceChildren(...(strategy ? [make('i', { text: strategy.id }), ` ${strategy.title}`] : [words.baseline]));
  hint(line, strategy?.text ?? words.baseline);
}

/**
 * How the method fails, with the museum's pieces on it, and what is often said wrongly.
 * @param {Store} store
 * @param {Commands} commands
 * @returns {HTMLElement[]}
 */
export function notes(store, commands) {
  const { model } = store;
  if (!model) return [];
  const parts = [];
  const pieces = store.catalog.exhibits.filter((e) => e.open.model === model.id).map((e) => opener(e.title, e.open, commands));
  if (model.pathology || pieces.length) {
    parts.push(make('details', { class: 'note' }, make('summary', { text: words.howItFails }), make('p', { text: model.pathology ?? '' }), ...pieces));
  }
  if (model.slip) parts.push(make('details', { class: 'note' }, make('summary', { text: words.slip }), make('p', { text: model.slip })));
  return parts;
}

/**
 * A button that opens a configuration.
 * @param {string} text
 * @param {Opening} open
 * @param {Commands} commands
 */
export function opener(text, open, commands) {
  const button = make('button', { class: 'opener', text });
  button.addEventListener('click', () => commands.open({ ...open, seed: open.seed ?? 1, knobs: open.knobs ?? {} }));
  return button;
}

/**
 * Whether the room is just what a configuration opens.
 * @param {Store} store
 * @param {Opening} open
 */
export function isOpen(store, open) {
  const { state, knobs, catalog } = store;
  if (!state || state.model !== open.model || state.seed !== (open.seed ?? 1)) return false;
  if (state.data !== (open.data ?? catalog.models.find((m) => m.id === open.model)?.data)) return false;
  return knobs.every((k) => state.knobs[k.name] === (open.knobs?.[k.name] ?? k.default));
}

/**
 * The museum's note on what is shown: nothing if it is none of its pieces.
 * @param {Store} store
 * @param {Commands} commands
 * @returns {HTMLElement[]}
 */
export function museumNote(store, commands) {
  for (const e of store.catalog.exhibits) {
    if (isOpen(store, e.open)) {
      const cures = (e.cures ?? []).map((c) => opener(`${words.cure} ${c.remedy}`, c.open, commands));
      return [make('b', { text: `${words.exhibit}: ${e.title}` }), make('p', { text: e.diagnosis }), ...cures];
    }
    const cure = e.cures?.find((c) => isOpen(store, c.open));
    if (cure && !plain(store)) return [make('b', { text: e.title }), make('p', { text: `${words.cured} ${cure.remedy}.` }), opener(words.failure, e.open, commands)];
  }
  return [];
}

/** Whether nothing but a method was chosen: that is no cure of anything yet. @param {Store} store */
function plain({ state, knobs }) {
  return knobs.every((k) => state?.knobs[k.name] === k.default);
}
