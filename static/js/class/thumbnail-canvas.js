// thumbnail-canvas.js: draws the small pictures of the board in the colours of the page. Only
// those in sight are drawn, some in each animation frame.
/** @import {Store} from '../store.js' */
/** @import {Picture} from './board.js' */
import { BANDS, TABLE, TOP } from '../landscape/levels.js';
import { Raster } from '../landscape/raster.js';
import { surfaceStyle } from '../landscape/surface-style.js';

/** The lowest cell of the plateau, of 255: above it cells are cut off. */
const PLATEAU = 251;
/** Milliseconds of an animation frame that the pictures may take. */
const BUDGET = 6;

/** @typedef {{canvas:HTMLCanvasElement, raster:Raster|null, picture:Picture|null, drawn:Picture|null, seen:boolean}} Entry */

/** Level numbers: equal steps, since a cell is one of 256. */
const LEVELS = Float32Array.from({ length: TABLE }, (_, i) => Math.min(BANDS + 0.49, (BANDS * TOP * i) / (TABLE - 1)));

export class Thumbnails {
  /** @type {Map<HTMLCanvasElement, Entry>} */
  #entries = new Map();
  /** @type {import('../landscape/surface-style.js').SurfaceStyle|null} */
  #style = null;
  /** Where the next frame goes on. */
  #next = 0;
  #observer;

  /** @param {Element} root @param {Store} store */
  constructor(root, store) {
    this.store = store;
    this.#observer = new IntersectionObserver((seen) => {
      for (const { target, isIntersecting } of seen) {
        const entry = this.#entries.get(/** @type {HTMLCanvasElement} */ (target));
        if (entry) entry.seen = isIntersecting;
      }
    }, { root: root.closest('dialog'), rootMargin: '64px' });
  }

  /** @param {HTMLCanvasElement} canvas */
  watch(canvas) {
    this.#entries.set(canvas, { canvas, raster: null, picture: null, drawn: null, seen: false });
    this.#observer.observe(canvas);
  }

  /** @param {HTMLCanvasElement} canvas */
  forget(canvas) {
    this.#observer.unobserve(canvas);
    this.#entries.get(canvas)?.raster?.dispose();
    this.#entries.delete(canvas);
  }

  clear() {
    for (const canvas of [...this.#entries.keys()]) this.forget(canvas);
  }

  /** Has a canvas show a picture. @param {HTMLCanvasElement} canvas @param {Picture} picture */
  set(canvas, picture) {
    const entry = this.#entries.get(canvas);
    if (entry) entry.picture = picture;
  }

  /** All are drawn again, in the colours of the theme. */
  restyle() {
    this.#style = null;
    for (const entry of this.#entries.values()) entry.drawn = null;
  }

  /** Draws those in sight that have changed, as far as the time goes. */
  draw() {
    const entries = [...this.#entries.values()];
    const end = performance.now() + BUDGET;
    for (let i = 0; i < entries.length && performance.now() < end; i++) {
      const entry = entries[this.#next++ % entries.length];
      if (entry.seen && entry.picture && entry.picture !== entry.drawn) this.#draw(entry, entry.picture);
    }
  }

  /** @param {Entry} entry @param {Picture} picture */
  #draw(entry, picture) {
    const { canvas } = entry;
    const { scene } = this.store;
    const side = Math.round(canvas.clientWidth * Math.min(2, devicePixelRatio));
    if (!side) return;
    if (canvas.width !== side) canvas.width = canvas.height = side;
    const before = entry.drawn;
    entry.drawn = picture;
    if (before && before.step === picture.step && before.cells.length === picture.cells.length && before.cells.every((c, k) => c === picture.cells[k])) return; // a picture is sent again while its status changes
    this.#style ??= surfaceStyle({ ...scene, layers: { ...scene.layers, heat: true, contours: true }, exact: false });
    const frame = /** @type {import('../types.js').Frame} */ ({ nx: picture.nx, ny: picture.ny, grid: Float32Array.from(picture.cells) });
    entry.raster ??= new Raster(canvas);
    entry.raster.draw(frame, LEVELS, 0, PLATEAU, this.#style, side / canvas.clientWidth / 2);
  }
}
