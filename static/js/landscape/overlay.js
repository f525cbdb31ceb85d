// All that lies over the surface: points, arrows, marks, numbers, each a layer of its own.

/** @import {Frame, Scene} from '../types.js' */
/** @import {SurfaceStyle} from './surface-style.js' */
/** @import {Levels} from './levels.js' */
/** @import {View} from './view.js' */
import { context, release, size } from './canvas.js';
import { FollowedPoint, follows } from './followed-point.js';
import { Labels } from './labels.js';
import { amounts } from './layers/amounts.js';
import { data } from './layers/data.js';
import { down } from './layers/down.js';
import { field } from './layers/field.js';
import { labels } from './layers/labels.js';
import { marks } from './layers/marks.js';
import { noteFont, notes } from './layers/notes.js';
import { paths } from './layers/paths.js';
import { proposals } from './layers/proposals.js';
import { drawTrails } from './layers/trails.js';
import { up } from './layers/up.js';
import { placeNotes } from './notes.js';
import { THEMES } from './palette.js';
import { PushAnimation, arrowsOn } from './push-animation.js';
import { bandColor, lineStroke } from './surface-style.js';
import { Trails } from './trails.js';
import { across, along, fit } from './view.js';

/** Opacity of the training points while all pushes are shown, which have the same colour. */
const FAINT = 0.4;

/** The canvas over the surface. It is drawn only when something on it changes. */
export class Overlay {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {boolean} software  there is no graphics card to draw with
   */
  constructor(canvas, software) {
    this.#ctx = context(canvas, software);
    this.#points = context(document.createElement('canvas'), software);
  }

  #ctx;
  /** The training points, drawn once: a thousand discs are too many for every frame. */
  #points;
  #pushes = new PushAnimation();
  #followed = new FollowedPoint();
  #trails = new Trails();
  /** The notes as they are placed. @type {import('./notes.js').PlacedNote[]} */
  #notes = [];
  #notesKey = '';
  /** @type {import('../types.js').Note[]|undefined} */
  #notesOf;
  #labels = new Labels();
  #width = 1;
  #height = 1;
  #ratio = 1;
  /** @type {Frame|null} */
  #frame = null;
  /** The frame whose weights are drawn. @type {Frame|undefined} */
  #weightsOf;
  #key = '';
  #pointsKey = '';
  /** @type {Float32Array|null} */
  #pointsOf = null;

  /** The latest pushes that are shown. */
  get pushes() { return this.#pushes.shown.at(-1); }

  /** Whether something moves or waits to. */
  get moving() { return this.#pushes.waiting || this.#pushes.moving || this.#followed.moving || this.#followed.waiting || this.#labels.moving; }

  /** The point that is followed. */
  get followed() { return this.#followed.shown; }

  /** The notes as they are placed, in CSS pixels. */
  get notes() { return this.#notes; }

  /** Frees the pixels. */
  dispose() {
    for (const ctx of [this.#ctx, this.#points]) release(ctx.canvas);
  }

  /**
   * @param {number} width  CSS pixels
   * @param {number} height
   * @param {number} ratio  the screen's pixels per CSS pixel
   */
  resize(width, height, ratio) {
    [this.#width, this.#height, this.#ratio] = [width, height, ratio];
    for (const ctx of [this.#ctx, this.#points]) size(ctx.canvas, width, height, ratio);
    this.#labels.reset();
    this.#key = '';
    this.#pointsKey = '';
  }

  /**
   * Draws what has changed since.
   * @param {Frame} frame
   * @param {Scene} scene
   * @param {Levels} levels
   * @param {SurfaceStyle} style
   * @param {number} now milliseconds
   */
  draw(frame, scene, levels, style, now) {
    const { layers, scale, theme } = scene;
    /** @type {View} */
    const view = { width: this.#width, height: this.#height, unit: scale, now, colors: THEMES[theme], labels: [], pushes: [], followed: null };
    this.#trails.follow(frame, now);
    const follow = this.#followed.follow(frame, scene, now);
    const moved = this.#pushes.follow(frame, scene, now, arrowsOn(this.#width / scale)) || follow;
    view.pushes = this.#pushes.shown;
    view.followed = this.#followed.shown;
    const last = view.pushes.at(-1)?.frame;
    // Weights are not animated: to fade hundreds of them would cost more than it shows.
    let changed = scene.amounts ? last !== this.#weightsOf : moved && (layers.up || layers.down || layers.paths || layers.proposals);
    if (layers.labels && layers.contours) {
      if (this.#labels.follow(frame, levels, view, now)) changed = true;
      view.labels = this.#labels.shown;
    } else this.#labels.reset();
    if (frame !== this.#frame) {
      changed ||= layers.field || (layers.marks && frame.marks.length + frame.particles.length > 0);
    }
    const key = `${theme} ${scale} ${Object.values(layers)} ${scene.reducedMotion} ${scene.amounts} ${follows(scene)} ${scene.trails} ${scene.map} ${frame.x0} ${frame.x1} ${frame.y0} ${frame.y1}`;
    if (!changed && key === this.#key && scene.points === this.#pointsOf && scene.notes === this.#notesOf) return;
    this.#key = key;
    this.#frame = frame;
    this.#weightsOf = last;
    this.#render(frame, scene, style, view);
  }

  /**
   * @param {Frame} frame
   * @param {Scene} scene
   * @param {SurfaceStyle} style
   * @param {View} view
   */
  #render(frame, scene, style, view) {
    const { layers } = scene;
    const fitted = { ...view, unit: view.unit * fit(view.width) };
    const ctx = this.#ctx;
    for (const label of view.labels) Object.assign(label, { color: lineStroke(style, label.level).color, halo: bandColor(style, label.level) });
    this.#drawPoints(frame, scene, fitted);
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height);
    ctx.globalAlpha = scene.amounts ? FAINT : 1;
    if (layers.data) ctx.drawImage(this.#points.canvas, 0, 0);
    ctx.globalAlpha = 1;
    ctx.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    if (layers.field) field(ctx, frame, scene, view);
    if (layers.labels && layers.contours) labels(ctx, frame, scene, view);
    if (layers.marks && scene.trails) drawTrails(ctx, frame, this.#trails, fitted);
    if (layers.marks) marks(ctx, frame, scene, fitted);
    if (layers.proposals) proposals(ctx, frame, scene, fitted);
    if (layers.paths) paths(ctx, frame, scene, fitted);
    if (scene.amounts) amounts(ctx, frame, scene, fitted);
    else {
      if (layers.down) down(ctx, frame, scene, fitted);
      if (layers.up) up(ctx, frame, scene, fitted);
    }
    this.#drawNotes(frame, scene, { ...view, unit: view.unit * Math.max(0.9, fit(view.width)) });
  }

  /**
   * Draws the notes; they are placed anew only where something changed.
   * @param {Frame} frame
   * @param {Scene} scene
   * @param {View} view
   */
  #drawNotes(frame, scene, view) {
    const ctx = this.#ctx;
    const key = `${view.width} ${view.unit} ${frame.x0} ${frame.x1} ${frame.y0} ${frame.y1}`;
    if (scene.notes !== this.#notesOf || key !== this.#notesKey) {
      this.#notesOf = scene.notes;
      this.#notesKey = key;
      ctx.font = noteFont(view.unit);
      const pixels = view.width / (frame.x1 - frame.x0);
      this.#notes = placeNotes(scene.notes ?? [], ({ at, ring = 0 }) => ({ x: across(frame, view, at[0]), y: along(frame, view, at[1]), r: ring * pixels }), view, (text) => ctx.measureText(text).width);
    }
    if (this.#notes.length) notes(ctx, this.#notes, view);
  }

  /**
   * @param {Frame} frame
   * @param {Scene} scene
   * @param {View} view
   */
  #drawPoints(frame, scene, view) {
    const key = `${scene.theme} ${scene.scale} ${frame.x0} ${frame.x1} ${frame.y0} ${frame.y1}`;
    if (scene.points === this.#pointsOf && key === this.#pointsKey) return;
    this.#pointsOf = scene.points;
    this.#pointsKey = key;
    const ctx = this.#points;
    ctx.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    ctx.clearRect(0, 0, view.width, view.height);
    data(ctx, frame, scene, view);
  }
}
