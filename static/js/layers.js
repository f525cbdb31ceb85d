// layers.js: the chips that show and hide what is drawn in the landscape, and the menu of the view:
// contour spacing, colours, freeze, exact cells, sound, grid, frames per second.
import { make, byId, hint } from './dom.js';
import { words } from './strings.js';
import { follows } from './landscape/followed-point.js';
import { LAYERS } from './tab-view.js';
import { startToolbar } from './toolbar.js';

/** @typedef {import('./types.js').Frame} Frame */
/** @typedef {import('./types.js').Layers} Layers */
/** @typedef {import('./strings.js').Word} Word */

/** The choices of the menu; the first is the default. */
export const VIEWS = /** @type {const} */ ({
  spacing: ['quantile', 'log', 'linear'],
  map: ['depth', 'cividis', 'grey'],
  grid: ['128', '32', '64', '192', '256'],
  fps: ['30', '15', '60'],
});

/** The layers that not every method has something for. */
const HAS = /** @type {const} */ ({
  up: (/** @type {Frame} */ f) => f.pushes.some((amount, i) => i % 5 === 4 && amount > 0),
  paths: (/** @type {Frame} */ f) => f.paths.length > 0,
  proposals: (/** @type {Frame} */ f) => f.proposals.length > 0,
  marks: (/** @type {Frame} */ f) => f.marks.length + f.particles.length > 0,
});

/**
 * @param {import('./store.js').Store} store
 * @param {import('./commands.js').Commands} commands
 */
export function startLayers(store, commands) {
  const { scene, view } = store;
  const chips = make('div', { class: 'chips', role: 'toolbar', 'aria-label': words.layersLabel });
  for (const { id, word, tone } of LAYERS) {
    const chip = make('button', { class: 'chip', 'data-layer': id, 'data-tone': tone, text: words[word] });
    hint(chip, words[/** @type {Word} */ (`${word}Tip`)]);
    chip.addEventListener('click', () => {
      scene.layers[id] = !scene.layers[id];
      store.markChanged('scene');
    });
    chips.append(chip);
  }

  const cells = (/** @type {string} */ v) => `${v} × ${v}`;
  const spacing = pick('spacing', VIEWS.spacing, (v) => words[v], (v) => (scene.spacing = v));
  const map = pick('map', VIEWS.map, (v) => words[v], (v) => (scene.map = v));
  const grid = pick('grid', VIEWS.grid, cells, (v) => commands.view({ grid: Number(v) }));
  const fps = pick('fps', VIEWS.fps, String, (v) => commands.view({ fps: Number(v) }));
  const frozen = tick('frozen', (on) => (scene.frozen = on));
  const exact = tick('exact', (on) => (scene.exact = on));
  const follow = tick('follow', (on) => (scene.follow = on));
  const sound = tick('sound', (on) => (view.sound = on));
  const list = make('div', { class: 'sheet' }, spacing.node, map.node, grid.node, fps.node, frozen.node, exact.node, follow.node, sound.node);
  const menu = make('details', { class: 'menu' }, make('summary', { text: words.view }), list);
  byId('layers', HTMLElement).append(chips, menu);
  startToolbar(chips);
  document.addEventListener('pointerdown', (e) => e.target instanceof Node && !menu.contains(e.target) && (menu.open = false));
  menu.addEventListener('keydown', (e) => e.key === 'Escape' && (menu.open = false));

  /**
   * @template {string} V
   * @param {'spacing'|'map'|'grid'|'fps'} name @param {readonly V[]} values
   * @param {(v:V) => string} format @param {(v:V) => void} put
   */
  function pick(name, values, format, put) {
    const sorted = name === 'grid' || name === 'fps' ? [...values].sort((a, b) => Number(a) - Number(b)) : values;
    const select = make('select', { 'data-view': name }, ...sorted.map((v) => make('option', { value: v, text: format(v) })));
    select.addEventListener('change', () => {
      put(/** @type {V} */ (select.value));
      store.markChanged('scene');
    });
    const node = make('label', { class: 'pick' }, words[name], select);
    hint(node, words[/** @type {Word} */ (`${name}Tip`)]);
    return { node, field: select };
  }

  /** @param {'frozen'|'exact'|'follow'|'sound'} name @param {(on:boolean) => void} put */
  function tick(name, put) {
    const box = make('input', { type: 'checkbox', 'data-view': name });
    box.addEventListener('change', () => {
      put(box.checked);
      store.markChanged('scene');
    });
    const node = make('label', { class: 'pick' }, words[name], box);
    hint(node, words[/** @type {Word} */ (`${name}Tip`)]);
    return { node, field: box };
  }

  const show = () => {
    chips.toggleAttribute('data-relief', scene.relief === true); // which has not all layers
    for (const chip of chips.querySelectorAll('.chip')) {
      const layer = /** @type {keyof Layers} */ (chip.getAttribute('data-layer'));
      chip.setAttribute('aria-pressed', String(scene.layers[layer]));
    }
    spacing.field.value = scene.spacing;
    map.field.value = scene.map ?? 'depth';
    frozen.field.checked = scene.frozen;
    exact.field.checked = scene.exact;
    follow.field.checked = follows(scene);
    sound.field.checked = view.sound;
  };
  const showRoom = () => {
    for (const [name, { field }, format] of /** @type {const} */ ([['grid', grid, cells], ['fps', fps, String]])) {
      const value = String(store.state?.[name] ?? VIEWS[name][0]);
      if (![...field.options].some((o) => o.value === value)) field.append(make('option', { value, text: format(value) }));
      field.value = value;
      field.disabled = !store.driving;
    }
  };
  store.on('scene', show);
  store.on('state', showRoom);
  show();

  let of = '';
  /** The layers that the present method has had something for. @type {Set<string>} */
  const seen = new Set();
  return {
    /** Offers only the layers that the method has something for. */
    offer() {
      const { frame, state } = store;
      if (!frame || frame.generation !== state?.generation) return; // it is still of the method before
      if (of !== state.model) seen.clear();
      of = state.model;
      for (const [layer, has] of Object.entries(HAS)) {
        if (!seen.has(layer) && has(frame)) seen.add(layer);
        chips.querySelector(`[data-layer="${layer}"]`)?.toggleAttribute('hidden', !seen.has(layer));
      }
    },
  };
}
