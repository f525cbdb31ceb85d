// sidebar.js: the methods, grouped as the lecture groups them, and the data with their knobs.
import { make, byId, hint, write } from './dom.js';
import { control } from './controls.js';
import { dataPicture } from './icons.js';
import { say, words } from './strings.js';

/** @typedef {import('./types.js').Knob} Knob */

/** The seed of the model is not in the catalogue: another one reopens the room. */
const SEED = /** @type {Knob} */ ({
  name: 'seed', symbol: '', kind: 'int', default: 1, min: 1, max: 999, scale: 'linear', help: words.modelSeedHelp, restart: true,
});

/** A random seed other than the present one. @param {number} present */
const otherSeed = (present) => 1 + ((present + Math.floor(Math.random() * 998)) % 999);

/** Scrolls the lists that a button is in, and not the page: it may not be in sight at all. @param {Element|null} button */
function reveal(button) {
  for (let list = button?.parentElement; button && list && list !== document.body; list = list.parentElement) {
    const { top, bottom } = button.getBoundingClientRect(), box = list.getBoundingClientRect();
    if (list.scrollHeight > list.clientHeight) list.scrollTop += Math.min(0, top - box.top) + Math.max(0, Math.min(bottom - box.bottom, top - box.top));
  }
}

/**
 * Builds the sidebar and updates it.
 * @param {import('./store.js').Store} store
 * @param {import('./commands.js').Commands} commands
 */
export function startSidebar(store, commands) {
  const methods = byId('methods', HTMLElement);
  const datasets = byId('datasets', HTMLElement);
  const knobs = byId('data-knobs', HTMLElement);
  /** @type {Map<string, import('./controls.js').Control>} */
  let controls = new Map();
  let built = '';
  let listed = /** @type {object|null} */ (null);

  const list = () => {
    if (listed === store.catalog) return;
    listed = store.catalog;
    methods.replaceChildren();
    // The lecture's methods first, then the others as it groups them.
    for (const title of /** @type {const} */ (['lectureMethods', 'contrastive', 'architectural'])) {
      const cards = store.catalog.models.filter((m) => title === (m.lecture ? 'lectureMethods' : m.family)).sort((a, b) => (a.lecture ?? 0) - (b.lecture ?? 0));
      if (!cards.length) continue;
      methods.append(make('h2', { text: words[title] }));
      for (const card of cards) {
        const button = make('button', { class: 'method', 'data-choose': 'model', 'data-value': card.id }, make('i', { text: card.strategy || '–' }), make('span', { text: card.title }));
        hint(button, card.summary.replace(/\{(?:up|down)\||\}/g, ''));
        button.addEventListener('click', () => commands.chooseModel(card.id));
        methods.append(button);
      }
    }
    const sets = make('div', { class: 'dataset-list' });
    for (const card of store.catalog.datasets) {
      const button = make('button', { class: 'dataset', 'data-choose': 'data', 'data-value': card.id }, dataPicture(card), make('span', { text: card.title }));
      hint(button, card.title);
      button.addEventListener('click', () => (card.own && !store.userPoints.id ? null : commands.chooseData(card.id))); // without points the drawing tool opens
      sets.append(button);
    }
    const newSeed = make('button', { class: 'opener', 'data-action': 'new-seed', text: words.newSeed });
    hint(newSeed, words.newSeedTip);
    newSeed.addEventListener('click', () => commands.chooseSeed(otherSeed(store.state?.seed ?? 0)));
    const importPoints = make('button', { class: 'opener', 'data-action': 'bring', text: words.importPoints });
    hint(importPoints, words.importPointsTip);
    datasets.replaceChildren(make('h2', {}, make('span', { class: 'sr', text: words.data }), make('span', { id: 'data-title' }), importPoints, newSeed), sets);
  };

  const show = () => {
    const { state, driving } = store;
    if (!state) return;
    list();
    methods.tabIndex = driving ? -1 : 0; // the keyboard can scroll it where no method can be chosen
    for (const button of document.querySelectorAll('[data-choose]')) {
      if (!(button instanceof HTMLButtonElement)) continue;
      const chosen = button.dataset.value === (button.dataset.choose === 'model' ? state.model : state.data);
      const changed = chosen && button.getAttribute('aria-pressed') !== 'true';
      button.setAttribute('aria-pressed', String(chosen));
      if (changed) reveal(button);
      button.disabled = !driving;
    }
    write(byId('data-title', HTMLElement), say.dataTitle(store.dataset?.title ?? '', state.own ? Number(state.knobs['data.n']) : 0));
    if (built !== state.data) {
      built = state.data;
      controls = new Map(store.dataKnobs.map((k) => [k.name, control(k, (value, time) => commands.set(k.name, value, time))]));
      const seed = control(SEED, (value) => commands.chooseSeed(Number(value)), words.modelSeed);
      controls.set('seed', seed);
      knobs.replaceChildren(...[...controls.values()].map((c) => c.node));
      for (const c of controls.values()) c.typeset();
    }
    for (const [name, c] of controls) {
      const value = name === 'seed' ? state.seed : commands.value(name);
      if (value !== undefined) c.show(value, driving);
    }
  };
  store.on('state', show);
  store.on('room', show);
  new ResizeObserver(() => reveal(methods.querySelector('[aria-pressed="true"]'))).observe(methods);
  return { typeset: () => controls.forEach((c) => c.typeset()) };
}
