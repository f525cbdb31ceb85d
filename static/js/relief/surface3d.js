// The landscape in 3-D on its two canvases: the surface below, what lies on it above. It is drawn when
// something has changed, and no more often than frames are asked for unless it is being turned.

/** @import {Frame} from '../types.js' */
/** @import {Store} from '../store.js' */
/** @import {Levels} from '../landscape/levels.js' */
/** @import {SurfaceStyle} from '../landscape/surface-style.js' */
/** @import {HeightScale} from './mesh.js' */
import { axisTexts } from '../axes.js';
import { context, release, size } from '../landscape/canvas.js';
import { BANDS, format } from '../landscape/levels.js';
import { CHANGE_TABLE, changeStyle } from '../landscape/surface-style.js';
import { THEMES, rgb } from '../landscape/palette.js';
import { replaceCanvas } from '../landscape/renderer.js';
import { loseContext } from '../landscape/webgl.js';
import { signed } from '../scale.js';
import { words } from '../strings.js';
import { short } from '../units.js';
import { axes, edges } from './axes.js';
import { Camera, HEIGHT } from './camera.js';
import { CanvasSurface } from './canvas2d.js';
import { Mesh, height } from './mesh.js';
import { cursor, drawNotes, marbles, marks, path, points, ups } from './overlay3d.js';
import { pick } from './pick.js';
import { curtain } from './slice.js';
import { WebGLSurface } from './webgl.js';

/** Milliseconds by which an animation frame may come before it is due. */
const EARLY = 4;
/** The space for the numbers of the axes on each side, in CSS pixels. */
const MARGIN = 20;

export class Surface3D {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {HTMLCanvasElement} over
   * @param {{renderer:string, levelTable:Levels, bar:{change:{range:number}|null}, style:(scene:import('../types.js').Scene) => SurfaceStyle}} landscape  whose levels and colours it has
   * @param {Store} store
   * @param {Camera} [camera]
   */
  constructor(canvas, over, landscape, store, camera = new Camera()) {
    this.#landscape = landscape;
    this.#store = store;
    this.#canvas = canvas;
    this.camera = camera;
    this.#surface = this.#open(landscape.renderer === 'webgl2');
    this.#mesh = this.#newMesh();
    this.#over = context(over, landscape.renderer !== 'webgl2');
    this.resize();
  }

  camera;
  /** The point of the plane under the pointer. @type {[number, number]|null} */
  cursor = null;
  /** The curtain of the slice, as drawn. @type {ReturnType<typeof curtain>|null} */
  #curtain = null;
  /** Where the driver pointed, when it was drawn last. @type {[number, number]|null} */
  #light = null;
  /** What was asked, when it was drawn last. */
  #answer = null;
  /** @type {number|null} */
  #slicedAt = null;
  /** The same camera for what is drawn over the surface: in CSS pixels. */
  #cssCamera = new Camera();
  #landscape;
  #store;
  #canvas;
  #over;
  #surface;
  #mesh;
  /** @type {HeightScale} */
  #heightScale = 'linear';
  #polar = false;
  #revision = -1;
  /** The range of the change that is painted; NaN while it is the energy. */
  #painted = NaN;
  /** @type {Frame|null} */
  #frame = null;
  #viewChanged = true;
  #heightsChanged = true;
  #overlayChanged = true;
  /** Where the marbles were, all in one number. */
  #marbles = 0;
  #drawnAt = -Infinity;
  #width = 1;
  #ratio = 1;
  #scale = 1;

  /** @param {boolean} webgl */
  #open(webgl) {
    if (webgl) {
      try {
        const surface = new WebGLSurface(this.#canvas);
        this.#canvas.addEventListener('webglcontextlost', this.#contextLost, { once: true });
        return surface;
      } catch {
        // Canvas2D draws the same surface.
        loseContext(this.#canvas.getContext('webgl2'));
        this.#canvas = replaceCanvas(this.#canvas);
      }
    }
    return new CanvasSurface(this.#canvas);
  }

  #newMesh() {
    return new Mesh(this.#surface.renderer === 'webgl2' ? WebGLSurface.SIDE : CanvasSurface.SIDE);
  }

  #contextLost = () => {
    this.#canvas = replaceCanvas(this.#canvas);
    this.#surface = this.#open(false);
    this.#mesh = this.#newMesh();
    this.resize();
  };

  /** Frees the WebGL context, the pixels of its canvases and its listener. It cannot be drawn again. */
  dispose() {
    this.#canvas.removeEventListener('webglcontextlost', this.#contextLost);
    this.#surface.dispose();
    release(this.#canvas);
    release(this.#over.canvas);
  }

  /** To be called when the camera or the scene has changed. */
  viewChanged() {
    this.#viewChanged = true;
  }

  /** To be called when something that lies on the surface has changed. */
  overlayChanged() {
    this.#overlayChanged = true;
  }

  /** The point of the plane that is seen at a pixel. @param {number} x CSS pixels @param {number} y @returns {[number, number]|null} */
  planeAt(x, y) {
    const at = this.#frame && pick(this.#cssCamera, this.#mesh, x, y);
    return at && this.#mesh.toPlane(at[0], at[1]);
  }

  /** Whether a pixel is on the curtain of the slice, or near its curve. @param {number} x CSS pixels @param {number} y @param {number} near */
  onCurtain(x, y, near) {
    if (!this.#curtain) return false;
    const ctx = this.#over, ratio = window.devicePixelRatio || 1;
    ctx.lineWidth = 2 * near;
    return ctx.isPointInPath(this.#curtain.sheet, x * ratio, y * ratio) || ctx.isPointInStroke(this.#curtain.curve, x * ratio, y * ratio);
  }

  /** Where the slice is; null while the tool is another. */
  get #slice() {
    const { tool, at } = this.#store.view;
    return tool === 'slice' && at ? at[0] : null;
  }

  /** Sets how energy becomes height, and whether it lies over angle and radius. @param {HeightScale} scale @param {boolean} polar */
  setShape(scale, polar) {
    [this.#heightScale, this.#polar] = [scale, polar];
    this.#heightsChanged = this.#viewChanged = true;
  }

  /** Fits the canvases to their box. */
  resize() {
    const width = this.#over.canvas.clientWidth || 1, height = this.#over.canvas.clientHeight || 1;
    const ratio = window.devicePixelRatio || 1;
    this.#width = width;
    // Where the processor computes every pixel, more than one per CSS pixel takes too long.
    this.#ratio = this.#surface.renderer === 'webgl2' ? ratio : Math.min(1, ratio);
    size(this.#canvas, width, height, this.#ratio);
    size(this.#over.canvas, width, height, ratio);
    this.#over.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#scale = this.#store.scene.scale;
    this.#cssCamera.resize(width, height, MARGIN * this.#scale);
    this.camera.resize(this.#canvas.width, this.#canvas.height, MARGIN * this.#scale * this.#ratio);
    this.#heightsChanged = this.#viewChanged = true;
  }

  /** Draws it, if something changed. @param {number} now milliseconds */
  draw(now) {
    const { frame, scene } = this.#store;
    if (!frame) return;
    if (scene.scale !== this.#scale) this.resize();
    const last = this.#frame;
    if (frame !== last) {
      this.#frame = frame;
      this.#heightsChanged = true;
      // The map computes the levels of another landscape later in this animation frame.
      if (last && (frame.generation !== last.generation || frame.step < last.step)) return;
    }
    const { revision } = this.#landscape.levelTable;
    if (revision !== this.#revision) {
      this.#revision = revision;
      this.#heightsChanged = true;
    }
    const marbles = this.#sumOfMarbles();
    if (this.#viewChanged || (this.#heightsChanged && now - this.#drawnAt > 1000 / scene.fps - EARLY)) {
      this.#render(frame);
      this.#drawnAt = now;
      this.#viewChanged = this.#heightsChanged = false;
    } else if (this.#overlayChanged || marbles !== this.#marbles || this.#store.view.answer !== this.#answer || this.#store.view.light !== this.#light || this.#slice !== this.#slicedAt) this.#renderOverlay(frame);
    else return;
    this.#overlayChanged = false;
    this.#marbles = marbles;
  }

  /** A number that changes when a marble moves. */
  #sumOfMarbles() {
    const y = this.#store.marblePositions;
    let sum = y.length;
    for (let p = 0; p < y.length; p++) sum += (p + 1) * y[p];
    return sum;
  }

  /** @param {Frame} frame */
  #render(frame) {
    const { scene } = this.#store;
    const { camera } = this;
    const start = performance.now();
    const { table, lo, hi } = this.#landscape.levelTable;
    const { change } = this.#landscape.bar;
    const range = change && frame.change.length === frame.grid.length ? change.range || 1 : NaN;
    const moved = this.#mesh.fit(frame, this.#polar, scene.exact) || this.#heightsChanged || !Object.is(range, this.#painted);
    this.#painted = range;
    const paint = Number.isNaN(range) ? undefined : { values: frame.change, lo: -range, hi: range };
    if (moved) this.#mesh.setHeights(frame, lo, hi, table, this.#heightScale, paint);
    const colors = THEMES[scene.theme];
    const colored = paint
      ? { frame: { ...frame, grid: paint.values }, table: CHANGE_TABLE, lo: paint.lo, hi: paint.hi, style: changeStyle(scene) }
      : { frame, table, lo, hi, style: this.#landscape.style(scene) };
    this.#surface.draw(camera, this.#mesh, { ...colored, unit: this.#ratio * scene.scale, background: rgb(colors.card), skirt: rgb(colors.line), moved });
    this.#renderOverlay(frame);
    const { dataset } = this.#canvas;
    dataset.renderer = this.#surface.renderer;
    dataset.azimuth = camera.azimuth.toFixed(1);
    dataset.elevation = camera.elevation.toFixed(1);
    dataset.zoom = camera.zoom.toFixed(2);
    dataset.step = String(frame.step);
    dataset.paint = paint ? 'change' : 'energy';
    dataset.height = this.#heightScale;
    dataset.over = this.#polar ? 'polar' : 'plane';
    dataset.took = (performance.now() - start).toFixed(1);
  }

  /** Draws what lies on it. @param {Frame} frame */
  #renderOverlay(frame) {
    const { scene } = this.#store;
    const { lo, hi } = this.#landscape.levelTable;
    const ctx = this.#over;
    const { answer, light } = this.#store.view;
    const slice = this.#slice;
    const steps = slice === null ? answer?.path ?? [] : [];
    this.#answer = answer;
    this.#light = light;
    this.#slicedAt = slice;
    this.#canvas.dataset.path = String(steps.length);
    this.#canvas.dataset.slice = slice === null ? '' : slice.toFixed(3);
    this.#canvas.dataset.marbles = String(this.#store.marblePositions.length / 2);
    ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height);
    const camera = this.#cssCamera;
    const { azimuth, elevation, zoom } = this.camera;
    camera.turn(azimuth - camera.azimuth, elevation - camera.elevation);
    camera.enlarge(zoom / camera.zoom);
    const stage = { ctx, width: this.#width, camera, mesh: this.#mesh, frame, scene: { ...scene, points: this.#store.pointsOf(frame), groups: this.#store.groupsOf(frame) } };
    const [across, along] = this.#polar
      ? [axis(words.reliefAngle, '−π', 'π'), axis(words.reliefRadius, '0', signed(this.#mesh.radius, 1))]
      : axisTexts(this.#store).map((texts) => ({ ...texts, name: short(texts.name) }));
    const [low, high] = format([lo, hi]);
    edges(stage);
    axes(stage, across, along, axis('F', low, high), HEIGHT * height(1, BANDS, this.#heightScale));
    if (scene.layers.data) points(stage);
    marbles(stage, this.#store.marblePositions);
    if (scene.layers.marks) marks(stage);
    this.#curtain = slice === null ? null : curtain(stage, slice, answer);
    if (steps.length > 1) path(stage, steps);
    if (answer && slice === null) cursor(stage, answer.y, 6);
    if (scene.layers.up) ups(stage);
    drawNotes(stage);
    if (light) cursor(stage, light, 9);
    if (this.cursor) cursor(stage, this.cursor);
  }
}

/** @param {string} name @param {string} low @param {string} high @returns {import('./axes.js').Axis} */
const axis = (name, low, high) => ({ name, numbers: [low, high], at: [0, 1] });
