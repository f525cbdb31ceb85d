// act-marks.js: what an act shows on the landscape: pins and places of one and of all, the points that
// the class draws, its marbles. Drawn anew only where something of it has changed.
/** @import {Act, Mine, Point} from './class-data.js' */
/** @import {Colors} from '../landscape/palette.js' */
import { byId, make } from '../dom.js';
import { FONT, context, size } from '../landscape/canvas.js';
import { THEMES } from '../landscape/palette.js';
import { fit } from '../landscape/view.js';

/**
 * What is drawn.
 * @typedef {object} Marks
 * @property {Act} act
 * @property {Mine} mine
 * @property {((y:Point) => boolean)|null} rose  whether the energy rose at a pin; null while that is not known
 * @property {{y:Float32Array, count:number, own:Uint8Array}|null} marbles
 */

/** Radii on a square of middle size, in CSS pixels. */
const PIN = 9, OTHER_PIN = 7.5, POINT = 3, MARBLE = 6, OTHER_MARBLE = 4.5;
/** One's own pins are no smaller than by this factor, so that their numbers can be read on a phone. */
const LEAST = 0.9;
/** So many pins are drawn at full size; more are smaller, so that the landscape under them is seen. */
const FULL = 30;
/** The length of the arms of the cross of a place. */
const CROSS = 9;

/** The radius of each of n places. @param {number} n */
const radius = (n) => OTHER_PIN * Math.min(1, Math.max(0.36, (FULL / n) ** 0.3));

export class ActMarks {
  /** @param {{toPixel:(y1:number, y2:number) => [number, number], renderer:string}} landscape @param {import('../resources.js').Resources} resources */
  constructor(landscape, resources) {
    this.landscape = landscape;
    this.canvas = make('canvas', { class: 'act-marks', 'aria-hidden': 'true', hidden: true });
    byId('overlay', HTMLElement).after(this.canvas);
    this.ctx = context(this.canvas, landscape.renderer === 'canvas2d');
    resources.nodes(this.canvas);
  }

  #side = 0;
  #unit = 1;
  /** @type {Colors} */
  #colors = THEMES.light;

  /** @param {Marks|null} marks @param {import('../types.js').Scene} scene */
  draw(marks, { theme, scale, relief }) {
    const { canvas, ctx } = this;
    canvas.hidden = !marks || relief === true;
    if (!marks || canvas.hidden) return;
    const ratio = window.devicePixelRatio || 1;
    this.#side = canvas.clientWidth;
    size(canvas, canvas.clientWidth, canvas.clientHeight, ratio);
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#unit = scale * fit(this.#side);
    this.#colors = THEMES[theme];
    const { act, mine } = marks;
    if (act.kind === 'marbles') this.#marbles(marks.marbles);
    else if (act.kind === 'drawing') this.#drawing(act, mine);
    else if (act.kind === 'pins') this.#pins(marks);
    else if (act.place) this.#places(act, mine);
  }

  /** @param {Point} y */
  #at([y1, y2]) {
    return this.landscape.toPixel(y1, y2);
  }

  /** @param {Marks} marks */
  #pins({ act, mine, rose }) {
    const { ctx } = this;
    const u = this.#unit, { ink, card, up } = this.#colors;
    const all = act.points ?? [];
    const known = act.phase === 'revealed' ? rose : null;
    const r = radius(all.length) * u;
    ctx.globalAlpha = 0.85;
    for (const y of all) {
      if (!known) this.#disc(this.#at(y), 0.8 * r, ink, card, 0.3 * r);
      else if (!known(y)) this.#disc(this.#at(y), 0.85 * r, 'transparent', ink, 0.32 * r, card);
    }
    ctx.globalAlpha = 1;
    if (known) for (const y of all) if (known(y)) this.#triangle(this.#at(y), 1.1 * r, up);
    mine.points?.forEach((y, i) => this.#numbered(this.#at(y), String(i + 1), known !== null && known(y)));
  }

  /** @param {Act} act @param {Mine} mine */
  #places({ points = [], circles = [] }, { points: own = [] }) {
    const { ctx } = this;
    const u = this.#unit, { ink, card } = this.#colors;
    ctx.globalAlpha = 0.75;
    const r = radius(points.length) * u;
    for (const y of points) this.#disc(this.#at(y), 0.8 * r, ink, card, 0.3 * r);
    ctx.globalAlpha = 1;
    for (const [y1, y2, radius] of circles) {
      const [x, y] = this.landscape.toPixel(y1, y2), [edge] = this.landscape.toPixel(y1 + radius, y2);
      this.#line(() => ctx.arc(x, y, edge - x, 0, 2 * Math.PI), [6 * u, 5 * u]);
    }
    for (const y of own) {
      const [x, z] = this.#at(y), s = CROSS * u;
      this.#line(() => {
        ctx.moveTo(x - s, z - s);
        ctx.lineTo(x + s, z + s);
        ctx.moveTo(x + s, z - s);
        ctx.lineTo(x - s, z + s);
      });
    }
  }

  /** @param {Act} act @param {Mine} mine */
  #drawing({ points = [] }, { points: own = [] }) {
    const { ctx } = this;
    const u = this.#unit, { data, dataRim } = this.#colors;
    ctx.globalAlpha = 0.5;
    for (const y of points) this.#disc(this.#at(y), 0.85 * POINT * u, data);
    ctx.globalAlpha = 1;
    for (const y of own) this.#disc(this.#at(y), POINT * u, data, dataRim, u);
  }

  /** @param {Marks['marbles']} marbles */
  #marbles(marbles) {
    if (!marbles) return;
    const { y, count, own } = marbles;
    const u = this.#unit, { path, markRim, ink, card } = this.#colors;
    const other = this.#sprite(OTHER_MARBLE * u, path, markRim), mine = this.#sprite(MARBLE * u, path, ink, card);
    for (const which of [0, 1]) {
      const { canvas, half } = which ? mine : other;
      for (let i = 0; i < count; i++) {
        if (own[i] !== which) continue;
        const [x, z] = this.landscape.toPixel(y[2 * i], y[2 * i + 1]);
        this.ctx.drawImage(canvas, x - half, z - half, 2 * half, 2 * half);
      }
    }
  }

  /** @type {Map<string, {canvas:HTMLCanvasElement, half:number}>} */
  #sprites = new Map();
  /** A marble as a picture: thousands of arcs are too many for every frame. @param {number} r @param {string} fill @param {string} rim @param {string} [outer] */
  #sprite(r, fill, rim, outer) {
    const ratio = window.devicePixelRatio || 1;
    const key = `${r} ${fill} ${rim} ${outer} ${ratio}`;
    let sprite = this.#sprites.get(key);
    if (sprite) return sprite;
    const half = Math.ceil(1.6 * r) + 1;
    const canvas = make('canvas');
    size(canvas, 2 * half, 2 * half, ratio);
    const ctx = context(canvas, true);
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    const disc = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ radius, /** @type {string} */ colour) => {
      ctx.beginPath();
      ctx.arc(x, y, radius, 0, 2 * Math.PI);
      ctx.fillStyle = colour;
      ctx.fill();
    };
    if (outer) disc(half, half, 1.55 * r, outer);
    disc(half, half, 1.22 * r, rim);
    disc(half, half, r, fill);
    disc(half - 0.32 * r, half - 0.36 * r, 0.28 * r, 'rgba(255, 255, 255, 0.8)');
    if (this.#sprites.size > 8) this.#sprites.clear();
    this.#sprites.set(key, (sprite = { canvas, half }));
    return sprite;
  }

  /** @param {[number, number]} at @param {number} r @param {string} fill @param {string} [rim] @param {number} [width] @param {string} [halo]  round the rim */
  #disc([x, y], r, fill, rim, width = 0, halo) {
    const { ctx } = this;
    ctx.beginPath();
    ctx.arc(x, y, r, 0, 2 * Math.PI);
    ctx.fillStyle = fill;
    for (const [colour, w] of /** @type {[string|undefined, number][]} */ ([[halo, 2.4 * width], [rim, fill === 'transparent' ? width : 2 * width]])) {
      if (!colour) continue;
      ctx.strokeStyle = colour;
      ctx.lineWidth = w;
      ctx.stroke();
    }
    ctx.fill();
  }

  /** The mark of a push up: what rose. @param {[number, number]} at @param {number} r @param {string} fill @param {string} [rim] */
  #triangle([x, y], r, fill, rim = this.#colors.halo) {
    const { ctx } = this;
    ctx.beginPath();
    ctx.moveTo(x, y - r);
    ctx.lineTo(x + 0.95 * r, y + 0.75 * r);
    ctx.lineTo(x - 0.95 * r, y + 0.75 * r);
    ctx.closePath();
    ctx.lineJoin = 'round';
    ctx.strokeStyle = rim;
    ctx.lineWidth = 0.4 * r;
    ctx.stroke();
    ctx.fillStyle = fill;
    ctx.fill();
  }

  /** One's own pin. @param {[number, number]} at @param {string} text @param {boolean} rose */
  #numbered([x, y], text, rose) {
    const { ctx } = this;
    const u = Math.max(this.#unit, LEAST), { ink, card, up, markRim } = this.#colors;
    if (rose) this.#triangle([x, y - 1.5 * u], 1.9 * PIN * u, up, markRim);
    else this.#disc([x, y], PIN * u, ink, card, 1.6 * u);
    ctx.fillStyle = rose ? markRim : card;
    ctx.font = `700 ${11 * u}px ${FONT}`;
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    ctx.fillText(text, x, y + 0.5 * u);
  }

  /** A line that can be seen on every colour. @param {() => void} path @param {number[]} [dash] */
  #line(path, dash = []) {
    const { ctx } = this;
    ctx.beginPath();
    path();
    ctx.lineCap = 'round';
    for (const [colour, width, dashes] of /** @type {[string, number, number[]][]} */ ([[this.#colors.card, 5, []], [this.#colors.ink, 2.5, dash]])) {
      ctx.setLineDash(dashes);
      ctx.strokeStyle = colour;
      ctx.lineWidth = width * this.#unit;
      ctx.stroke();
    }
    ctx.setLineDash([]);
  }
}
