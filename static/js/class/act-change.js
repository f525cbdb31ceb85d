// act-change.js: the key to the pins: how the energy has changed from the moment that they were closed to
// the moment that the result was shown, less its mean over the plane. It lies over the landscape.
/** @import {Page} from '../instruments/index.js' */
/** @import {Frame} from '../types.js' */
import { byId, make } from '../dom.js';
import { ChangeView } from '../instruments/change-view.js';
import { context, size } from '../landscape/canvas.js';
import { changeLines } from '../landscape/layers/change.js';
import { THEMES } from '../landscape/palette.js';
import { words } from '../strings.js';
import { centredChange, differs } from './act-state.js';

/** A change, and a frame of its plane. @typedef {{key:string, values:Float32Array, frame:Frame}} Change */

export class PinsChange {
  #view = new ChangeView(words.lower, words.higher);
  #landscape;
  #lines = make('canvas', { class: 'change-lines', 'aria-hidden': 'true', hidden: true });
  /** What the colours and the marks mean. */
  legend = make('div', { class: 'scale', hidden: true }, this.#view.legend, make('p', { class: 'means' }, make('span', { text: words.actPinsChange }), make('span', { class: 'down', text: words.lower }), make('span', { class: 'up', text: words.higher })), make('p', { text: words.actPinsLegend }));
  /** The energies when the pins were closed. @type {{key:string, grid:Float32Array}|null} */
  #before = null;
  /** @type {Change|null} */
  #change = null;
  #differs = differs();
  #ctx;

  /** @param {Pick<Page, 'store'|'landscape'>} page @param {import('../resources.js').Resources} resources */
  constructor({ store, landscape }, resources) {
    this.store = store;
    this.#landscape = landscape;
    this.#ctx = context(this.#lines, landscape.renderer === 'canvas2d');
    this.#view.canvas.hidden = true;
    byId('landscape', HTMLElement).after(this.#view.canvas, this.#lines);
    resources.nodes(this.#view.canvas, this.#lines);
    resources.defer(() => this.#showOnBar(null));
  }

  /** The act whose change it is: pins that are closed again are others. */
  get #key() {
    const { act } = this.store.classroom;
    return act?.kind === 'pins' && act.phase !== 'open' ? `${act.id} ${act.from}` : '';
  }

  /** Remembers the energies when the pins are closed, and computes their change when the result is shown: then it reports so. */
  follow() {
    const { frame, classroom: { act } } = this.store;
    const key = this.#key;
    if (!key || !act || !frame) return false;
    if (this.#before?.key !== key && frame.step === act.from) this.#before = { key, grid: frame.grid.slice() };
    if (act.phase !== 'revealed' || this.#change?.key === key || this.#before?.key !== key) return false;
    if (frame.step < (act.to ?? Infinity) || frame.grid.length !== this.#before.grid.length) return false;
    this.#change = { key, values: centredChange(this.#before.grid, frame.grid), frame };
    return true;
  }

  /** Draws the change once it is known, and returns it. @param {boolean} away  another landscape is shown */
  show(away) {
    const { scene, classroom: { act } } = this.store;
    const change = act?.phase === 'revealed' && this.#change?.key === this.#key && !away && !scene.relief ? this.#change : null;
    this.#view.canvas.hidden = this.#lines.hidden = this.legend.hidden = !change;
    const { clientWidth: width, clientHeight: height } = this.#lines;
    this.#showOnBar(change && this.#view);
    if (!change || !this.#differs(change, scene.theme, scene.scale, scene.points, width, height)) return change;
    this.#view.range = 0; // it does not follow that of another change
    this.#view.draw(change.values, change.frame, scene.points, scene.theme);
    this.#view.numbers();
    const ratio = window.devicePixelRatio || 1;
    size(this.#lines, width, height, ratio);
    this.#ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    changeLines(this.#ctx, change.values, change.frame.nx, this.#view.range, { width, height, unit: scene.scale, colors: THEMES[scene.theme] });
    this.#landscape.redrawBar();
    return change;
  }

  /** @param {ChangeView|null} view */
  #showOnBar(view) {
    const { bar } = this.#landscape;
    if (bar.result === view) return;
    bar.result = view;
    this.#landscape.redrawBar();
  }
}
