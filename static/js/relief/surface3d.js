// The landscape as a body, on its two canvases: the surface below, what stands on it above. It is
// drawn when something has changed, and no more often than frames are asked for unless a hand turns it.

/** @import {Frame} from '../types.js' */
/** @import {Store} from '../store.js' */
/** @import {Kind} from './mesh.js' */
import { context, size } from '../landscape/canvas.js';
import { groundOf } from '../landscape/surface-style.js';
import { BANDS, TABLE, fill, format } from '../landscape/levels.js';
import { THEMES, rgb } from '../landscape/palette.js';
import { fresh } from '../landscape/renderer.js';
import { signed } from '../scale.js';
import { words } from '../strings.js';
import { axes, edges } from './axes.js';
import { Camera, HEIGHT } from './camera.js';
import { CanvasBody } from './canvas2d.js';
import { Mesh, height } from './mesh.js';
import { pick } from './pick.js';
import { here, marbles, marks, points, roll, ups } from './overlay3d.js';
import { WebGLBody } from './webgl.js';

/** Milliseconds by which an animation frame may come before it is due. */
const EARLY = 4;
/** What the numbers of the axes need on each side, in CSS pixels. */
const ROOM = 20;

export class Body {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {HTMLCanvasElement} over
   * @param {{renderer:string, levels:() => {values:number[]}}} landscape whose levels it wears
   * @param {Store} store
   */
  constructor(canvas, over, landscape, store) {
    this.#landscape = landscape;
    this.#store = store;
    this.#canvas = canvas;
    this.#solid = this.#open(landscape.renderer === 'webgl2');
    this.#mesh = this.#net();
    this.#over = context(over, landscape.renderer !== 'webgl2');
    this.resize();
  }

  camera = new Camera();
  /** The point of the plane that is read, and the way of one that rolled. @type {[number, number]|null} */
  at = null;
  /** @type {[number, number][]} */
  way = [];
  /** The same, for what is drawn over the surface: in CSS pixels. */
  #cssCamera = new Camera();
  #landscape;
  #store;
  #canvas;
  #over;
  #solid;
  #mesh;
  /** @type {Kind} */
  #kind = 'linear';
  #polar = false;
  #values = new Float64Array(BANDS + 1);
  #table = new Float32Array(TABLE);
  /** @type {Frame|null} */
  #frame = null;
  #turned = true;
  #raised = true;
  #dressed = true;
  /** Where the marbles were, all in one number. */
  #marbles = 0;
  #drawn = -Infinity;
  #width = 1;
  #ratio = 1;
  #scale = 1;

  /** @param {boolean} card */
  #open(card) {
    if (card) {
      try {
        const solid = new WebGLBody(this.#canvas);
        this.#canvas.addEventListener('webglcontextlost', this.#lost, { once: true });
        return solid;
      } catch {
        this.#canvas = fresh(this.#canvas); // Canvas2D draws the same body
      }
    }
    return new CanvasBody(this.#canvas);
  }

  #net() {
    return new Mesh(this.#solid.renderer === 'webgl2' ? WebGLBody.KNOTS : CanvasBody.KNOTS);
  }

  #lost = () => {
    this.#canvas = fresh(this.#canvas);
    this.#solid = this.#open(false);
    this.#mesh = this.#net();
    this.resize();
  };

  /** It looks different from what it was drawn like. */
  change() {
    this.#turned = true;
  }

  /** Something else stands on it. */
  dress() {
    this.#dressed = true;
  }

  /** The point of the plane that is seen at a place of the picture. @param {number} x CSS pixels @param {number} y @returns {[number, number]|null} */
  under(x, y) {
    const place = this.#frame && pick(this.#cssCamera, this.#mesh, x, y);
    return place && this.#mesh.plane(place[0], place[1]);
  }

  /** Gives it another shape. @param {{kind?:Kind, polar?:boolean}} how */
  shape({ kind = this.#kind, polar = this.#polar }) {
    [this.#kind, this.#polar] = [kind, polar];
    this.#raised = this.#turned = true;
  }

  /** Takes the size of its box. */
  resize() {
    const width = this.#over.canvas.clientWidth || 1, height = this.#over.canvas.clientHeight || 1;
    const ratio = window.devicePixelRatio || 1;
    this.#width = width;
    // Pixel by pixel in the processor, a sharper picture than the screen's own unit is not worth its time.
    this.#ratio = this.#solid.renderer === 'webgl2' ? ratio : Math.min(1, ratio);
    size(this.#canvas, width, height, this.#ratio);
    size(this.#over.canvas, width, height, ratio);
    this.#over.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#scale = this.#store.scene.scale;
    this.#cssCamera.resize(width, height, ROOM * this.#scale);
    this.camera.resize(this.#canvas.width, this.#canvas.height, ROOM * this.#scale * this.#ratio);
    this.#raised = this.#turned = true;
  }

  /** Draws it, if something changed. @param {number} now milliseconds */
  draw(now) {
    const { frame, scene } = this.#store;
    if (!frame) return;
    if (scene.scale !== this.#scale) this.resize();
    const last = this.#frame;
    const { values } = this.#landscape.levels();
    if (frame !== last) {
      this.#frame = frame;
      this.#raised = true;
      // Of another landscape the map has the levels in a moment.
      if (last && (frame.generation !== last.generation || frame.step < last.step)) return;
    }
    if (values.some((v, k) => v !== this.#values[k])) {
      this.#values.set(values);
      fill(this.#table, this.#values);
      this.#raised = true;
    }
    const marbles = this.#sum();
    if (this.#turned || (this.#raised && now - this.#drawn > 1000 / scene.fps - EARLY)) {
      this.#paint(frame);
      this.#drawn = now;
      this.#turned = this.#raised = false;
    } else if (this.#dressed || marbles !== this.#marbles) this.#stand(frame);
    else return;
    this.#dressed = false;
    this.#marbles = marbles;
  }

  /** A number that changes when a marble moves. */
  #sum() {
    const y = this.#store.marblePositions;
    let sum = y.length;
    for (let p = 0; p < y.length; p++) sum += (p + 1) * y[p];
    return sum;
  }

  /** @param {Frame} frame */
  #paint(frame) {
    const { scene } = this.#store;
    const { camera } = this;
    const start = performance.now();
    const lo = this.#values[0], hi = this.#values[BANDS];
    const laid = this.#mesh.fit(frame, this.#polar, scene.exact);
    const raised = laid || this.#raised;
    if (raised) this.#mesh.raise(frame, lo, hi, this.#table, this.#kind);
    const colors = THEMES[scene.theme];
    const ground = groundOf(scene);
    this.#solid.draw(camera, this.#mesh, { frame, table: this.#table, lo, hi, ground, unit: this.#ratio * scene.scale, back: rgb(colors.card), side: rgb(colors.line), raised });
    this.#stand(frame);
    const { dataset } = this.#canvas;
    dataset.renderer = this.#solid.renderer;
    dataset.azimuth = camera.azimuth.toFixed(1);
    dataset.elevation = camera.elevation.toFixed(1);
    dataset.zoom = camera.zoom.toFixed(2);
    dataset.step = String(frame.step);
    dataset.height = this.#kind;
    dataset.over = this.#polar ? 'polar' : 'plane';
    dataset.took = (performance.now() - start).toFixed(1);
  }

  /** Draws what stands on it. @param {Frame} frame */
  #stand(frame) {
    const { scene, dataset } = this.#store;
    const lo = this.#values[0], hi = this.#values[BANDS];
    const ctx = this.#over;
    this.#canvas.dataset.way = String(this.way.length);
    this.#canvas.dataset.marbles = String(this.#store.marblePositions.length / 2);
    ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height);
    const camera = this.#cssCamera;
    const { azimuth, elevation, zoom } = this.camera;
    camera.turn(azimuth - camera.azimuth, elevation - camera.elevation);
    camera.enlarge(zoom / camera.zoom);
    const stage = { ctx, width: this.#width, camera, mesh: this.#mesh, frame, scene: { ...scene, points: this.#store.pointsOf(frame) } };
    const { scale: [s1, s2], offset: [o1, o2] } = dataset?.axes ?? { scale: [1, 1], offset: [0, 0] };
    const [across, along] = this.#polar
      ? [axis(words.reliefAngle, '−π', 'π'), axis(words.reliefRadius, '0', signed(this.#mesh.radius, 1))]
      : [axis('y₁', signed(frame.x0 * s1 + o1, 1), signed(frame.x1 * s1 + o1, 1)), axis('y₂', signed(frame.y0 * s2 + o2, 1), signed(frame.y1 * s2 + o2, 1))];
    const [low, high] = format([lo, hi]);
    edges(stage);
    axes(stage, across, along, axis('F', low, high), HEIGHT * height(1, BANDS, this.#kind));
    if (scene.layers.data) points(stage);
    marbles(stage, this.#store.marblePositions, this.#store.marblePositions.length / 2);
    if (scene.layers.marks) marks(stage);
    if (this.way.length > 1) roll(stage, this.way);
    if (scene.layers.up) ups(stage);
    if (this.at) here(stage, this.at);
  }
}

/** @param {string} name @param {string} low @param {string} high @returns {import('./axes.js').Axis} */
const axis = (name, low, high) => ({ name, ends: [low, high] });
