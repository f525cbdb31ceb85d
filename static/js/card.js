// card.js: what a method's card says besides its formulas: its strategy, its failures, a common
// misconception, its source; and the museum's note on the configuration that is shown.
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
 * How the method fails, with the museum's exhibits of it, a common misconception, and the source.
 * @param {Store} store
 * @param {Commands} commands
 * @returns {HTMLElement[]}
 */
export function notes(store, commands) {
  const { model } = store;
  if (!model) return [];
  /** @type {HTMLElement[]} */
  const parts = [];
  /** @param {'howItFails'|'misconception'|'source'} word @param {Node[]} children */
  const note = (word, children) => {
    const summary = make('summary', { text: words[word] });
    hint(summary, words[`${word}Tip`]);
    parts.push(make('details', { class: 'note' }, summary, ...children));
  };
  const exhibits = store.catalog.exhibits.filter((e) => e.open.model === model.id).map((e) => opener(e.title, e.open, e.id, commands));
  if (model.pathology || exhibits.length) {
    note('howItFails', [make('p', {}, ...prose(model.pathology ?? '')), ...exhibits]);
  }
  if (model.slip) note('misconception', [make('p', {}, ...prose(model.slip))]);
  note('source', [make('p', { text: `${model.source}.` })]);
  return parts;
}

/** A card's sentences with their powers raised: e^{-βE}. @param {string} text @returns {(Node|string)[]} */
function prose(text) {
  return text.split(/\^\{([^{}]*)\}/).map((part, i) => (i % 2 ? make('sup', { text: part.replace('-', '−') }) : part));
}

/**
 * A button that opens a configuration of the museum.
 * @param {string} text
 * @param {Opening} open
 * @param {string} exhibit  the one that it belongs to
 * @param {Commands} commands
 */
export function opener(text, open, exhibit, commands) {
  const button = make('button', { class: 'opener', text });
  button.addEventListener('click', () => commands.open({ ...open, seed: open.seed ?? 1, knobs: open.knobs ?? {} }, exhibit));
  return button;
}

/**
 * Whether the room has exactly this configuration.
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
 * The exhibit that is open, or whose cure is. Where all knobs have their defaults it is none,
 * unless it was opened from the museum: a failure of the defaults is not the first thing to say
 * of a method.
 * @param {Store} store
 * @returns {{exhibit:Exhibit, cure?:import('./types.js').Cure}|null}
 */
export function shownExhibit(store) {
  const { state, knobs, view } = store;
  const defaults = knobs.every((k) => state?.knobs[k.name] === k.default);
  const opened = store.catalog.exhibits.filter((e) => e.id === view.exhibit);
  for (const exhibit of [...opened, ...(defaults ? [] : store.catalog.exhibits)]) {
    if (isOpen(store, exhibit.open)) return { exhibit };
    const cure = exhibit.cures?.find((c) => isOpen(store, c.open));
    if (cure) return { exhibit, cure };
  }
  return null;
}

/**
 * The museum's note on what is shown; empty if it is no exhibit.
 * @param {Store} store
 * @param {Commands} commands
 * @returns {HTMLElement[]}
 */
export function museumNote(store, commands) {
  const shown = shownExhibit(store);
  if (!shown) return [];
  const { exhibit, cure } = shown;
  if (cure) {
    return [make('b', { text: exhibit.title }), make('p', { text: `${words.cured} ${cure.remedy}.` }), opener(words.failure, exhibit.open, exhibit.id, commands)];
  }
  const cures = (exhibit.cures ?? []).map((c) => opener(`${words.cure} ${c.remedy}`, c.open, exhibit.id, commands));
  return [make('b', { text: `${words.exhibit}: ${exhibit.title}` }), make('p', { text: exhibit.diagnosis }), ...cures];
}
