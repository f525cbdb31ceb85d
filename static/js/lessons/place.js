// place.js: a prediction that is a place on the landscape: the pointer or the keys choose it, and a
// drawing over the landscape shows it, later with the right places.
/** @import {Resources} from '../resources.js' */
/** @import {Frame} from '../types.js' */
import { byId, makeSVG } from '../dom.js';

/** The size of the cross, in shares of the plane's width. */
const CROSS = 0.02;

export class Place {
  /** Called with the chosen place; null while none is asked for. @type {((y:[number, number]) => void)|null} */
  #chosen = null;
  #square = byId('square', HTMLElement);
  #svg = makeSVG('svg', { class: 'place', 'aria-hidden': 'true' });

  /**
   * @param {(e:MouseEvent) => [number, number]} pointUnder
   * @param {Resources} resources
   */
  constructor(pointUnder, resources) {
    // They come before the tools of the landscape, which must not act on them.
    const first = { capture: true, signal: resources.signal };
    this.#square.addEventListener('pointerdown', (e) => this.#chosen && e.stopImmediatePropagation(), first);
    this.#square.addEventListener('click', (e) => this.#choose(e, () => pointUnder(e)), first);
    this.#square.addEventListener('ask', (e) => this.#choose(e, () => /** @type {CustomEvent} */ (e).detail), first);
    resources.nodes(this.#svg);
    resources.defer(() => this.clear());
  }

  /** @param {Event} e @param {() => [number, number]} point */
  #choose(e, point) {
    const chosen = this.#chosen;
    if (!chosen) return;
    e.stopImmediatePropagation();
    chosen(point());
  }

  /** Asks for a place. @param {(y:[number, number]) => void} chosen */
  ask(chosen) {
    this.#chosen = chosen;
    this.#square.setAttribute('data-asking', '');
  }

  /** Asks no more, and draws nothing. */
  clear() {
    this.#chosen = null;
    this.#square.removeAttribute('data-asking');
    this.#svg.remove();
  }

  /**
   * Draws the chosen place and circles y1, y2, radius.
   * @param {Frame} frame
   * @param {[number, number]} [y]
   * @param {[number, number, number][]} [circles]
   */
  draw({ x0, x1, y0, y1 }, y, circles = []) {
    this.clear();
    this.#svg.setAttribute('viewBox', `${x0} ${-y1} ${x1 - x0} ${y1 - y0}`); // y2 goes upwards
    const shapes = /** @type {[string, Record<string, string|number>][]} */ (circles.map(([cx, cy, r]) => ['circle', { cx, cy: -cy, r }]));
    if (y) {
      const s = CROSS * (x1 - x0);
      shapes.push(['path', { d: `M${y[0] - s} ${-y[1] - s}l${2 * s} ${2 * s}m0 ${-2 * s}l${-2 * s} ${2 * s}` }]);
    }
    this.#svg.replaceChildren(...shapes.flatMap(([tag, attributes]) => ['halo', 'line'].map((kind) => makeSVG(tag, { ...attributes, class: kind }))));
    this.#square.append(this.#svg);
  }
}
