// The landscape: the surface with its contour lines on one canvas, all that lies over it on a
// second, the colour bar on a third. The page calls draw from its one animation loop.

/** @import {Frame, Renderer, Scene} from '../types.js' */
/** @import {SurfaceStyle} from './surface-style.js' */
import { AdaptiveResolution } from './adaptive-resolution.js';
import { drawBar } from './bar.js';
import { context, release, size } from './canvas.js';
import { Levels, MAJOR } from './levels.js';
import { Overlay } from './overlay.js';
import { THEMES } from './palette.js';
import { openRenderer, replaceCanvas } from './renderer.js';
import { surfaceStyle } from './surface-style.js';

export { gradient, histogram, sample } from './surface.js';

/** Milliseconds by which an animation frame may come before it is due. */
const EARLY = 4;
/** The numbers on the bar change no more often than this, in milliseconds: faster, and they cannot be read. */
const BAR_INTERVAL = 200;
/** The plane before the first frame. */
const BOX = { x0: -1.5, x1: 1.5, y0: -1.5, y1: 1.5 };

/**
 * Creates the landscape on its canvases.
 * @param {object} on
 * @param {HTMLCanvasElement} on.canvas   the surface; where WebGL fails, a new canvas takes its place
 * @param {HTMLCanvasElement} on.overlay  exactly over it
 * @param {HTMLCanvasElement} on.bar      the colour bar
 * @param {'auto'|Renderer} on.renderer
 */
export function createLandscape({ canvas, overlay, bar, renderer }) {
  return new Landscape(canvas, overlay, bar, renderer);
}

class Landscape {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {HTMLCanvasElement} overlay
   * @param {HTMLCanvasElement} bar
   * @param {'auto'|Renderer} wanted
   */
  constructor(canvas, overlay, bar, wanted) {
    this.#open = openRenderer(canvas, wanted);
    const { software } = this.#open;
    this.#overlay = new Overlay(overlay, software);
    this.#bar = context(bar, software);
    this.#open.canvas.addEventListener('webglcontextlost', this.#contextLost);
    this.resize();
  }

  #open;
  #overlay;
  #bar;
  #levels = new Levels();
  #resolution = new AdaptiveResolution();
  /** @type {Frame|null} */
  #frame = null;
  /** @type {SurfaceStyle|null} */
  #style = null;
  #styleKey = '';
  #scale = 1;
  #stale = true;
  #gliding = false;
  #renderedAt = -Infinity;
  #barRenderedAt = -Infinity;
  #barDue = true;
  #ratio = 1;
  #share = 1;
  #width = 1;
  #height = 1;

  /** What the bar shows besides the levels; after a change, call [redrawBar]. @type {import('./bar.js').BarExtras} */
  bar = { axis: null, hatch: null, change: null, result: null };

  /** Draws the bar anew with the next picture. */
  redrawBar() {
    this.#barDue = true;
    this.#barRenderedAt = -Infinity;
  }

  /** The renderer in use. @returns {Renderer} */
  get renderer() { return this.#open.renderer; }

  /** The share of the screen's pixels, per side, that the surface is drawn at. */
  get resolution() { return this.#share; }

  /** An animation frame begins, whether it draws or not. @param {number} now milliseconds */
  tick(now) { this.#resolution.tick(now); }

  /**
   * Draws a frame for the moment `now`, as far as anything changed.
   * @param {Frame} frame
   * @param {Scene} scene
   * @param {number} now milliseconds, of the animation frame
   */
  draw(frame, scene, now) {
    const before = this.#style;
    const style = this.style(scene);
    const fresh = frame !== this.#frame;
    const period = 1000 / scene.fps;
    this.#adapt(scene, fresh, period);
    const other = this.#stale || style !== before || scene.scale !== this.#scale;
    this.#frame = frame;
    this.#scale = scene.scale;
    this.#stale = false;
    if (this.#levels.follow(frame, scene, now)) this.#gliding = this.#barDue = true;
    if (fresh && (this.bar.hatch || this.bar.change)) this.#barDue = true;
    // Gliding contours need no more pictures per second than frames.
    if (fresh || other || (this.#gliding && now - this.#renderedAt > period - EARLY)) this.#render(frame, style, now);
    if (other || (this.#barDue && now - this.#barRenderedAt >= BAR_INTERVAL)) this.#renderBar(scene, style, now);
    this.#overlay.draw(frame, scene, this.#levels, style, now);
  }

  /** Whether something still moves, so that the page should go on drawing. */
  animating() {
    return !this.#levels.settled || this.#gliding || this.#barDue || this.#overlay.moving || this.#share < 1;
  }

  /** Fits the canvases to their box; to be called when its size or the screen's resolution changes. */
  resize() {
    const { canvas } = this.#open;
    this.#width = canvas.clientWidth || 1;
    this.#height = canvas.clientHeight || 1;
    this.#ratio = window.devicePixelRatio || 1;
    this.#setShare(this.#share);
    const bar = this.#bar.canvas;
    size(bar, bar.clientWidth, bar.clientHeight, this.#ratio);
    this.#overlay.resize(this.#width, this.#height, this.#ratio);
    this.#stale = true;
  }

  /**
   * Draws at as many pixels as the machine can.
   * @param {Scene} scene
   * @param {boolean} fresh
   * @param {number} period milliseconds from frame to frame, as asked for
   */
  #adapt({ dragging = false }, fresh, period) {
    const pixels = this.#width * this.#height * this.#ratio ** 2;
    const { msPerPixel } = this.#open.surface;
    const share = this.#resolution.choose({ fresh, period, ratio: this.#ratio, pixels, msPerPixel, dragging, moving: !this.#levels.settled });
    // A coarser picture of what is drawn already would be wasted work.
    if (share > this.#share || (share < this.#share && fresh)) this.#setShare(share);
  }

  /**
   * Sets how many pixels the surface has.
   * @param {number} share of those of the screen, per side
   */
  #setShare(share) {
    this.#share = share;
    size(this.#open.canvas, this.#width, this.#height, this.#ratio * share);
    this.#stale = true;
  }

  /** The pushes that are shown. */
  get pushes() { return this.#overlay.pushes; }

  /** The point that is followed, and the notes as they are placed. */
  get followed() { return this.#overlay.followed; }
  get notes() { return this.#overlay.notes; }

  /** The levels as drawn, for text. */
  levels() {
    const { lo, hi, spacing } = this.#levels;
    const values = Array.from(this.#levels.values);
    return { lo, hi, values, major: values.map((_, k) => k % MAJOR === 0), spacing };
  }

  /** The levels as drawn, with their table: to be read, not written. */
  get levelTable() { return this.#levels; }

  /**
   * The point of the plane under a pointer.
   * @param {{clientX:number, clientY:number}} e
   * @returns {[number, number]}
   */
  pointUnder({ clientX, clientY }) {
    const { left, top } = this.#open.canvas.getBoundingClientRect();
    const { x0, x1, y0, y1 } = this.#frame ?? BOX;
    return [x0 + ((clientX - left) / this.#width) * (x1 - x0), y1 - ((clientY - top) / this.#height) * (y1 - y0)];
  }

  /**
   * The pixel over a point of the plane.
   * @param {number} a y1
   * @param {number} b y2
   * @returns {[number, number]} CSS pixels from the canvas's left and top
   */
  toPixel(a, b) {
    const { x0, x1, y0, y1 } = this.#frame ?? BOX;
    return [((a - x0) / (x1 - x0)) * this.#width, ((y1 - b) / (y1 - y0)) * this.#height];
  }

  /** Frees the WebGL context, the pixels of its canvases and its listener. It cannot be drawn again. */
  dispose() {
    const { canvas, surface } = this.#open;
    canvas.removeEventListener('webglcontextlost', this.#contextLost);
    surface.dispose();
    this.#overlay.dispose();
    release(canvas);
    release(this.#bar.canvas);
  }

  /** The browser took the WebGL context: from now on Canvas2D draws, which gives the same picture. */
  #contextLost = () => {
    this.#open.canvas.removeEventListener('webglcontextlost', this.#contextLost);
    this.#open = openRenderer(replaceCanvas(this.#open.canvas), 'canvas2d');
    this.resize();
    if (this.#frame && this.#style) this.#render(this.#frame, this.#style, this.#renderedAt);
  };

  /**
   * The style that a scene asks for; the same object as long as it asks for the same.
   * @param {Scene} scene
   * @returns {SurfaceStyle}
   */
  style(scene) {
    const { theme, layers, exact, map = 'depth', scale } = scene;
    const key = `${theme} ${map} ${layers.heat} ${layers.contours} ${exact} ${scale > 1}`;
    if (!this.#style || key !== this.#styleKey) this.#style = surfaceStyle(scene);
    this.#styleKey = key;
    return this.#style;
  }

  /**
   * Draws the surface.
   * @param {Frame} frame
   * @param {SurfaceStyle} style
   * @param {number} now
   */
  #render(frame, style, now) {
    const { surface, canvas } = this.#open;
    const { table, lo, hi } = this.#levels;
    surface.draw(frame, table, lo, hi, style, (canvas.width / this.#width) * this.#scale);
    canvas.dataset.drawn = ''; // before, an opaque canvas is black
    this.#renderedAt = now;
    this.#gliding = false;
  }

  /**
   * Draws the colour bar.
   * @param {Scene} scene
   * @param {SurfaceStyle} style
   * @param {number} now
   */
  #renderBar({ theme, scale }, style, now) {
    const { width, height } = this.#bar.canvas;
    this.#bar.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    drawBar(this.#bar, width / this.#ratio, height / this.#ratio, this.#levels, style, THEMES[theme], scale, this.bar);
    this.#barRenderedAt = now;
    this.#barDue = !this.#levels.settled;
  }
}
