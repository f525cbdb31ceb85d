// relief.js: the 3-D view of the landscape, in place of the map. It exists while it is shown.
/** @import {Instrument, Page} from './index.js' */
/** @import {HeightScale} from '../relief/mesh.js' */
import { byId, hint, make } from '../dom.js';
import { words } from '../strings.js';
import { Camera } from '../relief/camera.js';
import { startOrbit } from '../relief/orbit.js';
import { startReadout } from '../relief/readout.js';
import { startSlice } from '../relief/slice.js';
import { Surface3D } from '../relief/surface3d.js';
import { Resources } from '../resources.js';

/** How energy becomes height, and the name of that. */
const SCALES = /** @type {const} */ ({ linear: 'reliefLinear', log: 'reliefLog', level: 'reliefLevel' });

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startRelief({ store, landscape }) {
  const resources = new Resources();
  const { signal } = resources;
  const { scene } = store;
  const square = byId('square', HTMLElement);
  const height = make('select', { 'data-relief': 'height', 'aria-label': words.reliefHeight }, ...Object.entries(SCALES).map(([value, word]) => make('option', { value, text: words[word] })));
  const polar = make('button', { class: 'chip', 'data-relief': 'polar', 'aria-pressed': 'false', text: words.reliefPolar });
  hint(height, words.reliefHeightTip);
  hint(polar, words.reliefPolarTip);
  const box = make('div', { class: 'relief', hidden: true }, make('div', { class: 'relief-options' }, height, polar));
  square.after(box);

  const toMap = make('button', { class: 'tool', 'data-action': 'map', text: words.reliefMap });
  const to3D = make('button', { class: 'tool', 'data-action': 'relief', text: words.relief });
  hint(toMap, words.reliefMapTip);
  hint(to3D, words.reliefTip);
  byId('tools-view', HTMLElement).prepend(toMap, to3D);
  resources.nodes(box, toMap, to3D);
  const choose = (/** @type {boolean} */ on) => {
    scene.relief = on;
    store.markChanged('scene');
  };
  toMap.addEventListener('click', () => choose(false));
  to3D.addEventListener('click', () => choose(true));

  /** It outlives the 3-D view, which is so the same when it is shown again. */
  const camera = new Camera();
  /** The position that the scene asked for last, or had from here. */
  let placed = scene.camera;
  camera.place(placed ?? undefined);
  /** @type {ReturnType<typeof open>|null} */
  let view = null;

  const open = () => {
    const canvas = make('canvas', { id: 'relief', role: 'img', tabindex: 0, 'aria-label': words.reliefLabel, 'aria-describedby': 'screen-reader-text' });
    const over = make('canvas', { class: 'over', 'aria-hidden': 'true' });
    box.prepend(canvas, over);
    const surface = new Surface3D(canvas, over, landscape, store, camera);
    const shown = new Resources();
    const slice = startSlice(box, surface, store, shown);
    const orbit = startOrbit(box, camera, () => scene.reducedMotion, slice.over, () => {
      placed = scene.camera = camera.position;
      surface.viewChanged();
    }, shown);
    const readout = startReadout(box, surface, store, shown);
    shown.resized(box, () => surface.resize());
    shown.defer(() => {
      surface.dispose();
      for (const node of box.querySelectorAll('canvas')) node.remove(); // a lost context may have replaced the first
    });
    return { surface, orbit, readout, close: () => shown.release() };
  };
  const closeView = () => {
    view?.close();
    view = null;
  };
  resources.defer(() => {
    closeView();
    square.inert = false;
  });
  const reshape = () => view?.surface.setShape(/** @type {HeightScale} */ (height.value), polar.getAttribute('aria-pressed') === 'true');
  height.addEventListener('change', reshape);
  polar.addEventListener('click', () => {
    polar.setAttribute('aria-pressed', String(polar.getAttribute('aria-pressed') !== 'true'));
    reshape();
  });

  const show = () => {
    const on = scene.relief === true;
    if (scene.camera !== placed) camera.place((placed = scene.camera) ?? undefined);
    toMap.setAttribute('aria-pressed', String(!on));
    to3D.setAttribute('aria-pressed', String(on));
    box.hidden = !on;
    square.inert = on; // the map cannot be reached while the 3-D view is in its place
    if (on && !view) {
      view = open();
      reshape();
    } else if (!on) closeView();
    view?.surface.viewChanged();
  };
  store.on('scene', show, signal);
  store.on('points', () => view?.surface.viewChanged(), signal);
  store.on('tool', () => view?.surface.overlayChanged(), signal);
  show();

  return {
    draw(now) {
      view?.orbit.tick(now);
      view?.surface.draw(now);
    },
    numbers() {
      if (store.state?.playing) view?.readout.update();
    },
    close: () => resources.release(),
  };
}
