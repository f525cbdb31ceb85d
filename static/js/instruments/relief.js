// relief.js: the landscape as a body that one goes round, in place of the map.
/** @import {Instrument, Page} from './index.js' */
/** @import {Kind} from '../relief/mesh.js' */
import { byId, hint, make } from '../dom.js';
import { Resources } from '../resources.js';
import { words } from '../strings.js';
import { startReader } from '../relief/readout.js';
import { startOrbit } from '../relief/orbit.js';
import { Body } from '../relief/surface3d.js';

/** How energy becomes height. */
const KINDS = /** @type {const} */ (['linear', 'log', 'level']);

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startRelief({ store, commands, landscape }) {
  const { scene } = store;
  const resources = new Resources();
  const { signal } = resources;
  const square = byId('square', HTMLElement);
  const canvas = make('canvas', { id: 'relief', role: 'img', tabindex: 0, 'aria-label': words.reliefLabel, 'aria-describedby': 'reading' });
  const over = make('canvas', { class: 'over', 'aria-hidden': 'true' });
  const height = make('select', { 'data-relief': 'height', 'aria-label': words.reliefHeight }, ...KINDS.map((k) => make('option', { value: k, text: words[NAMES[k]] })));
  const polar = make('button', { class: 'chip', 'data-relief': 'polar', 'aria-pressed': 'false', text: words.reliefPolar });
  hint(height, words.reliefHeightTip);
  hint(polar, words.reliefPolarTip);
  const box = make('div', { class: 'relief', hidden: true }, canvas, over, make('div', { class: 'reliefs' }, height, polar));
  square.after(box);

  const map = make('button', { class: 'tool', 'data-action': 'map', text: words.reliefMap });
  const solid = make('button', { class: 'tool', 'data-action': 'relief', text: words.relief });
  hint(map, words.reliefMapTip);
  hint(solid, words.reliefTip);
  byId('tools-view', HTMLElement).prepend(map, solid);
  resources.nodes(box, map, solid);
  const look = (/** @type {boolean} */ on) => {
    scene.relief = on;
    store.note('scene');
  };
  map.addEventListener('click', () => look(false));
  solid.addEventListener('click', () => look(true));

  /** It is made when it is first looked at. @type {Body|null} */
  let body = null;
  /** @type {ReturnType<typeof startOrbit>|null} */
  let orbit = null;
  /** @type {ReturnType<typeof startReader>|null} */
  let reader = null;
  const open = () => {
    body = new Body(canvas, over, landscape, store);
    orbit = startOrbit(box, body.camera, () => scene.still, () => body?.change());
    reader = startReader(box, body, store, commands);
    resources.resized(box, () => body?.resize());
  };
  height.addEventListener('change', () => body?.shape({ kind: /** @type {Kind} */ (height.value) }));
  polar.addEventListener('click', () => {
    const on = polar.getAttribute('aria-pressed') !== 'true';
    polar.setAttribute('aria-pressed', String(on));
    body?.shape({ polar: on });
  });

  const show = () => {
    const on = scene.relief === true;
    map.setAttribute('aria-pressed', String(!on));
    solid.setAttribute('aria-pressed', String(on));
    box.hidden = !on;
    square.inert = on; // nothing on the map can be reached while the body stands before it
    if (on && !body) open();
    if (on) body?.change();
  };
  store.on('scene', show, signal);
  store.on('points', () => body?.change(), signal);
  show();

  return {
    draw(now) {
      if (box.hidden) return;
      orbit?.tick(now);
      body?.draw(now);
    },
    numbers() {
      if (!box.hidden && store.state?.playing) reader?.read();
    },
    close() {
      square.inert = false;
      resources.release();
    },
  };
}

/** What the kinds of height are called. */
const NAMES = /** @type {const} */ ({ linear: 'reliefLinear', log: 'reliefLog', level: 'reliefLevel' });
