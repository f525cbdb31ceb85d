// The landscape: the surface with its contour lines on one canvas, all that lies over it on a
// second, the colour bar on a third. The page calls draw from its one animation loop.

/** @import {Frame, Renderer, Scene} from '../types.js' */
/** @import {Ground} from './ground.js' */
/** @import {View} from './view.js' */
import { drawBar } from './bar.js';
import { groundOf, labelColors } from './ground.js';
import { Labels } from './labels.js';
import { data } from './layers/data.js';
import { down } from './layers/down.js';
import { field } from './layers/field.js';
import { labels as labelLayer } from './layers/labels.js';
import { marks } from './layers/marks.js';
import { paths } from './layers/paths.js';
import { up } from './layers/up.js';
import { Levels, MAJOR } from './levels.js';
import { THEMES } from './palette.js';
import { Raster } from './raster.js';
import { fresh, open } from './surfaces.js';
import { Waves } from './waves.js';

export { histogram, sample } from './surface.js';

/** Canvas2D redraws a gliding landscape no more often than this, in milliseconds; new frames at once. */
const REST = 30;

/**
 * Creates the landscape on its canvases.
 * @param {object} on
 * @param {HTMLCanvasElement} on.canvas   the surface
 * @param {HTMLCanvasElement} on.overlay  exactly over it
 * @param {HTMLCanvasElement} on.bar      the colour bar
 * @param {'auto'|Renderer} on.renderer
 * @param {(renderer:Renderer, canvas:HTMLCanvasElement) => void} [on.onRenderer] the context was
 *   lost: another renderer draws now, on a fresh canvas in the same place
 */
export function createLandscape({ canvas, overlay, bar, renderer, onRenderer }) {
  return new Landscape(canvas, overlay, bar, renderer, onRenderer);
}

class Landscape {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {HTMLCanvasElement} overlay
   * @param {HTMLCanvasElement} bar
   * @param {'auto'|Renderer} wanted
   * @param {((renderer:Renderer, canvas:HTMLCanvasElement) => void)} [onRenderer]
   */
  constructor(canvas, overlay, bar, wanted, onRenderer) {
    this.#opened = open(canvas, wanted);
    this.#over = context(overlay);
    this.#bar = context(bar);
    this.#still = context(document.createElement('canvas'));
    this.#onRenderer = onRenderer;
    this.#opened.canvas.addEventListener('webglcontextlost', this.#lost);
    this.resize();
  }

  #opened;
  #over;
  #bar;
  /** The training points, drawn once: a thousand discs are too many for every frame. */
  #still;
  #onRenderer;
  #levels = new Levels();
  #waves = new Waves();
  #labels = new Labels();
  /** @type {Frame|null} */
  #frame = null;
  /** @type {Scene|null} */
  #scene = null;
  /** @type {Ground|null} */
  #ground = null;
  #groundKey = '';
  #scale = 1;
  #stillKey = '';
  #painted = -Infinity;
  #stale = true;
  #ratio = 1;
  #width = 1;
  #height = 1;

  /** The renderer in use. @returns {Renderer} */
  get renderer() { return this.#opened.renderer; }

  /**
   * Draws a frame for the moment `now`, as far as anything changed.
   * @param {Frame} frame
   * @param {Scene} scene
   * @param {number} now milliseconds, of the animation frame
   */
  draw(frame, scene, now) {
    const news = frame !== this.#frame;
    const before = this.#ground;
    const ground = this.#groundOf(scene);
    const other = ground !== before || scene.scale !== this.#scale || this.#stale;
    this.#frame = frame;
    this.#scene = scene;
    this.#scale = scene.scale;
    const moved = this.#levels.follow(frame, scene, now);
    this.#waves.follow(frame, scene, now);
    if (news || other || (moved && (this.#levels.settled || this.renderer === 'webgl2' || now - this.#painted >= REST))) this.#paint(ground, scene, now);
    this.#lay(frame, scene, ground, now);
    this.#stale = false;
  }

  /** Whether something still moves, so that the page should go on drawing. */
  animating() {
    return !this.#levels.settled || this.#waves.moving || this.#labels.moving;
  }

  /** Takes the size of the box: to be called when it, or the screen's resolution, changes. */
  resize() {
    const { canvas } = this.#opened;
    this.#width = canvas.clientWidth || 1;
    this.#height = canvas.clientHeight || 1;
    this.#ratio = window.devicePixelRatio || 1;
    const few = this.renderer === 'webgl2' ? 1 : Math.min(1, Math.sqrt(Raster.most / (this.#width * this.#height * this.#ratio ** 2)));
    size(canvas, this.#width, this.#height, this.#ratio * few);
    size(this.#over.canvas, this.#width, this.#height, this.#ratio);
    size(this.#still.canvas, this.#width, this.#height, this.#ratio);
    const box = this.#bar.canvas;
    size(box, box.clientWidth, box.clientHeight, this.#ratio);
    this.#stillKey = '';
    this.#labels.reset();
    this.#stale = true;
  }

  /** The levels as drawn, for text. */
  levels() {
    const values = Array.from(this.#levels.values);
    return { lo: this.#levels.lo, hi: this.#levels.hi, values, major: values.map((_, k) => k % MAJOR === 0), spacing: this.#levels.spacing };
  }

  /**
   * The point of the plane under a pixel.
   * @param {number} px CSS pixels from the canvas's left
   * @param {number} py CSS pixels from its top
   * @returns {[number, number]}
   */
  toPlane(px, py) {
    const { x0, x1, y0, y1 } = this.#frame ?? UNIT;
    return [x0 + (px / this.#width) * (x1 - x0), y1 - (py / this.#height) * (y1 - y0)];
  }

  /**
   * The pixel over a point of the plane.
   * @param {number} a y1
   * @param {number} b y2
   * @returns {[number, number]} CSS pixels from the canvas's left and top
   */
  toPixel(a, b) {
    const { x0, x1, y0, y1 } = this.#frame ?? UNIT;
    return [((a - x0) / (x1 - x0)) * this.#width, ((y1 - b) / (y1 - y0)) * this.#height];
  }

  /** Ends it: the canvases are free for another. */
  dispose() {
    this.#opened.canvas.removeEventListener('webglcontextlost', this.#lost);
    this.#opened.surface.dispose();
  }

  #lost = () => {
    this.#opened = open(fresh(this.#opened.canvas), 'canvas2d');
    this.resize();
    this.#onRenderer?.(this.renderer, this.#opened.canvas);
    if (this.#frame && this.#scene) this.#paint(this.#groundOf(this.#scene), this.#scene, this.#painted);
  };

  /**
   * The ground that a scene asks for; the same one as long as it asks for the same.
   * @param {Scene} scene
   * @returns {Ground}
   */
  #groundOf(scene) {
    const { theme, layers, exact, map = 'depth' } = scene;
    const key = `${theme} ${map} ${layers.heat} ${layers.contours} ${exact}`;
    if (!this.#ground || key !== this.#groundKey) this.#ground = groundOf(scene);
    this.#groundKey = key;
    return this.#ground;
  }

  /**
   * Draws the surface and the bar.
   * @param {Ground} ground
   * @param {Scene} scene
   * @param {number} now
   */
  #paint(ground, scene, now) {
    if (!this.#frame) return;
    const { surface, canvas } = this.#opened;
    const levels = this.#levels;
    surface.draw(this.#frame, levels.table, levels.lo, levels.hi, ground, (canvas.width / this.#width) * scene.scale);
    const bar = this.#bar.canvas;
    this.#bar.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    drawBar(this.#bar, bar.width / this.#ratio, bar.height / this.#ratio, levels, ground, THEMES[scene.theme], scene.scale);
    this.#painted = now;
  }

  /**
   * Draws the layers over the surface.
   * @param {Frame} frame
   * @param {Scene} scene
   * @param {Ground} ground
   * @param {number} now
   */
  #lay(frame, scene, ground, now) {
    const { layers } = scene;
    /** @type {View} */
    const view = { width: this.#width, height: this.#height, unit: scene.scale, now, colors: THEMES[scene.theme], labels: [], waves: this.#waves.shown };
    if (layers.labels) {
      this.#labels.follow(frame, this.#levels, view, (level) => labelColors(ground, level), now);
      view.labels = this.#labels.shown;
    } else if (this.#labels.shown.length > 0) this.#labels.reset();
    const ctx = this.#over;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height);
    if (layers.data) ctx.drawImage(this.#points(frame, scene, view), 0, 0);
    ctx.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    if (layers.field) field(ctx, frame, scene, view);
    if (layers.labels) labelLayer(ctx, frame, scene, view);
    if (layers.marks) marks(ctx, frame, scene, view);
    if (layers.paths) paths(ctx, frame, scene, view);
    if (layers.down) down(ctx, frame, scene, view);
    if (layers.up) up(ctx, frame, scene, view);
  }

  /** @type {Float32Array|null} */
  #pointsOf = null;

  /**
   * The training points, drawn.
   * @param {Frame} frame
   * @param {Scene} scene
   * @param {View} view
   * @returns {HTMLCanvasElement}
   */
  #points(frame, scene, view) {
    const key = `${scene.theme} ${scene.scale} ${frame.x0} ${frame.x1} ${frame.y0} ${frame.y1}`;
    if (scene.points !== this.#pointsOf || key !== this.#stillKey) {
      this.#pointsOf = scene.points;
      this.#stillKey = key;
      const ctx = this.#still;
      ctx.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
      ctx.clearRect(0, 0, this.#width, this.#height);
      data(ctx, frame, scene, view);
    }
    return this.#still.canvas;
  }
}

/** The plane before the first frame. */
const UNIT = { x0: -1.5, x1: 1.5, y0: -1.5, y1: 1.5 };

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {CanvasRenderingContext2D}
 */
function context(canvas) {
  const ctx = canvas.getContext('2d');
  if (!ctx) throw new Error('this browser cannot draw');
  return ctx;
}

/**
 * Gives a canvas so many pixels per CSS pixel of its box.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 * @param {number} ratio
 */
function size(canvas, width, height, ratio) {
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = Math.max(1, Math.round(height * ratio));
}
