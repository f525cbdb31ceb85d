// The landscape: the surface with its contour lines on one canvas, all that lies over it on a
// second, the colour bar on a third. The page calls draw from its one animation loop.

/** @import {Frame, Renderer, Scene} from '../types.js' */
/** @import {Ground} from './surface-style.js' */
import { drawBar } from './bar.js';
import { context, size } from './canvas.js';
import { Governor } from './adaptive-resolution.js';
import { groundOf } from './surface-style.js';
import { Levels, MAJOR } from './levels.js';
import { Overlay } from './overlay.js';
import { THEMES } from './palette.js';
import { fresh, open } from './renderer.js';

export { gradient, histogram, sample } from './surface.js';

/** Milliseconds by which an animation frame may come before it is due. */
const EARLY = 4;
/** The numbers on the bar change no more often than this, in milliseconds: faster, and they cannot be read. */
const READ = 200;

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
   * @param {(renderer:Renderer, canvas:HTMLCanvasElement) => void} [onRenderer]
   */
  constructor(canvas, overlay, bar, wanted, onRenderer) {
    this.#opened = open(canvas, wanted);
    const { software } = this.#opened;
    this.#overlay = new Overlay(overlay, software);
    this.#bar = context(bar, software);
    this.#onRenderer = onRenderer;
    this.#opened.canvas.addEventListener('webglcontextlost', this.#lost);
    this.resize();
  }

  #opened;
  #overlay;
  #bar;
  #onRenderer;
  #levels = new Levels();
  #governor = new Governor();
  /** @type {Frame|null} */
  #frame = null;
  /** @type {Ground|null} */
  #ground = null;
  #groundKey = '';
  #scale = 1;
  #stale = true;
  #gliding = false;
  #painted = -Infinity;
  #barred = -Infinity;
  #barDue = true;
  #ratio = 1;
  #share = 1;
  #width = 1;
  #height = 1;

  /** The renderer in use. @returns {Renderer} */
  get renderer() { return this.#opened.renderer; }

  /** The share of the screen's pixels, per side, that the surface is drawn at. */
  get resolution() { return this.#share; }

  /** An animation frame begins, whether it draws or not. @param {number} now milliseconds */
  tick(now) { this.#governor.tick(now); }

  /**
   * Draws a frame for the moment `now`, as far as anything changed.
   * @param {Frame} frame
   * @param {Scene} scene
   * @param {number} now milliseconds, of the animation frame
   */
  draw(frame, scene, now) {
    const before = this.#ground;
    const ground = this.#groundOf(scene);
    const news = frame !== this.#frame;
    const period = 1000 / scene.fps;
    this.#govern(scene, news, period);
    const other = this.#stale || ground !== before || scene.scale !== this.#scale;
    this.#frame = frame;
    this.#scale = scene.scale;
    this.#stale = false;
    if (this.#levels.follow(frame, scene, now)) this.#gliding = this.#barDue = true;
    // Contours that glide need no more pictures than frames would.
    if (news || other || (this.#gliding && now - this.#painted > period - EARLY)) this.#paint(frame, ground, now);
    if (other || (this.#barDue && now - this.#barred >= READ)) this.#paintBar(scene, ground, now);
    this.#overlay.draw(frame, scene, this.#levels, ground, now);
  }

  /** Whether something still moves, so that the page should go on drawing. */
  animating() {
    return !this.#levels.settled || this.#gliding || this.#barDue || this.#overlay.moving || this.#share < 1;
  }

  /** Takes the size of the box: to be called when it, or the screen's resolution, changes. */
  resize() {
    const { canvas } = this.#opened;
    this.#width = canvas.clientWidth || 1;
    this.#height = canvas.clientHeight || 1;
    this.#ratio = window.devicePixelRatio || 1;
    this.#grain(this.#share);
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
  #govern({ hasty = false }, fresh, period) {
    const pixels = this.#width * this.#height * this.#ratio ** 2;
    const { price } = this.#opened.surface;
    const share = this.#governor.choose({ fresh, period, ratio: this.#ratio, pixels, price, hasty, moving: !this.#levels.settled });
    // A coarser picture of what is drawn already would be work for nothing.
    if (share > this.#share || (share < this.#share && fresh)) this.#grain(share);
  }

  /**
   * Sets how many pixels the surface has.
   * @param {number} share of those of the screen, per side
   */
  #grain(share) {
    this.#share = share;
    size(this.#opened.canvas, this.#width, this.#height, this.#ratio * share);
    this.#stale = true;
  }

  /** The pushes that are shown. */
  get wave() { return this.#overlay.wave; }

  /** The levels as drawn, for text. */
  levels() {
    const { lo, hi, spacing } = this.#levels;
    const values = Array.from(this.#levels.values);
    return { lo, hi, values, major: values.map((_, k) => k % MAJOR === 0), spacing };
  }

  /**
   * The point of the plane under a pixel.
   * @param {number} px CSS pixels from the canvas's left
   * @param {number} py CSS pixels from its top
   * @returns {[number, number]}
   */
  toPlane(px, py) {
    const { x0, x1, y0, y1 } = this.#frame ?? BOX;
    return [x0 + (px / this.#width) * (x1 - x0), y1 - (py / this.#height) * (y1 - y0)];
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

  /** Ends it: nothing is listened to any more. */
  dispose() {
    this.#opened.canvas.removeEventListener('webglcontextlost', this.#lost);
  }

  #lost = () => {
    this.#opened = open(fresh(this.#opened.canvas), 'canvas2d');
    this.resize();
    if (this.#frame && this.#ground) this.#paint(this.#frame, this.#ground, this.#painted);
    this.#onRenderer?.(this.renderer, this.#opened.canvas);
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
   * Draws the surface.
   * @param {Frame} frame
   * @param {Ground} ground
   * @param {number} now
   */
  #paint(frame, ground, now) {
    const { surface, canvas } = this.#opened;
    const { table, lo, hi } = this.#levels;
    surface.draw(frame, table, lo, hi, ground, (canvas.width / this.#width) * this.#scale);
    this.#painted = now;
    this.#gliding = false;
  }

  /**
   * Draws the colour bar.
   * @param {Scene} scene
   * @param {Ground} ground
   * @param {number} now
   */
  #paintBar({ theme, scale }, ground, now) {
    const { width, height } = this.#bar.canvas;
    this.#bar.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    drawBar(this.#bar, width / this.#ratio, height / this.#ratio, this.#levels, ground, THEMES[theme], scale);
    this.#barred = now;
    this.#barDue = !this.#levels.settled;
  }
}

/** The plane before the first frame. */
const BOX = { x0: -1.5, x1: 1.5, y0: -1.5, y1: 1.5 };
