// What lies on the 3-D surface: training points, marbles, arrows that point straight up where the
// energy is pushed up, the model's parts, a descent path. What the surface hides is not drawn.

/** @import {Frame, Scene} from '../types.js' */
/** @import {Camera} from './camera.js' */
/** @import {Mesh} from './mesh.js' */
import { groupStyle, NO_GROUP, outline } from '../landscape/groups.js';
import { FULL, GROUPED, pointRadius, ringWidth } from '../landscape/layers/data.js';
import { noteFont, notes } from '../landscape/layers/notes.js';
import { placeNotes } from '../landscape/notes.js';
import { THEMES } from '../landscape/palette.js';
import { fit } from '../landscape/view.js';
import { hidden } from './pick.js';

/** The height above the surface at which things are drawn, so that they are not in it. */
export const LIFT = 0.012;
/** 1 over the distance from the camera to the centre, for which sizes are given. */
const CENTRE_NEAR = 1 / 5;
/** The length of the arrow of the largest push, and that of the smallest. */
const LONG = 0.24, SHORT = 0.1;
/** A step of a path is cut into so many parts, so that it follows the surface. */
const PARTS = 4;
/** The radius of a marble. */
const MARBLE = 0.034;

/**
 * What all of them need.
 * @typedef {object} Stage
 * @property {CanvasRenderingContext2D} ctx  CSS pixels
 * @property {number} width   of the square, CSS pixels
 * @property {Camera} camera
 * @property {Mesh} mesh
 * @property {Frame} frame
 * @property {Scene} scene
 */

const point = { x: 0, y: 0, near: 0 };

/**
 * Projects a point of the plane, lifted above the surface; null where it cannot be seen.
 * @param {Stage} stage
 * @param {number} a y1
 * @param {number} b y2
 * @param {number} lift
 */
export function projected({ camera, mesh }, a, b, lift) {
  const [u, v] = mesh.toMesh(a, b);
  if (!(Math.abs(u) <= 1 && Math.abs(v) <= 1)) return null;
  const h = mesh.heightAt(u, v) + lift;
  return hidden(camera, mesh, u, v, h + LIFT) ? null : camera.project(point, u, v, h);
}

/** Draws the training points, farther ones smaller. @param {Stage} stage */
export function points(stage) {
  const { ctx, scene, width } = stage;
  const n = scene.points.length >> 1;
  const r = pointRadius(n) * scene.scale * fit(width) * stage.camera.zoom ** 0.5 * (scene.groups ? GROUPED : 1);
  /** One path for all points of a group. @type {Map<number, {dots:Path2D, rims:Path2D, rings:Path2D}>} */
  const paths = new Map();
  for (let p = 0; p < 2 * n; p += 2) {
    const at = projected(stage, scene.points[p], scene.points[p + 1], LIFT);
    if (!at) continue;
    const radius = (r * at.near) / CENTRE_NEAR;
    const group = scene.groups?.[p / 2] ?? NO_GROUP;
    const path = paths.get(group) ?? { dots: new Path2D(), rims: new Path2D(), rings: new Path2D() };
    paths.set(group, path);
    const { corners } = groupStyle(scene.theme, group);
    if (scene.held?.[p / 2]) {
      outline(path.rings, corners, at.x, at.y, radius);
      continue;
    }
    outline(path.dots, corners, at.x, at.y, radius);
    outline(path.rims, corners, at.x, at.y, radius + 0.6 * scene.scale);
  }
  for (const [group, { dots, rims, rings }] of paths) {
    const { fill, rim } = groupStyle(scene.theme, group);
    ctx.fillStyle = rim;
    if (n <= 5 * FULL) ctx.fill(rims);
    ctx.fillStyle = fill;
    ctx.fill(dots);
    ctx.strokeStyle = fill;
    ctx.lineWidth = ringWidth(r);
    ctx.stroke(rings);
  }
}

/** Draws an arrow straight up wherever this step pushed up, longer for a larger push. @param {Stage} stage */
export function ups(stage) {
  const { ctx, frame: { pushes }, scene, width, camera, mesh } = stage;
  const { up, halo } = THEMES[scene.theme];
  let largest = 0;
  for (let p = 4; p < pushes.length; p += 5) largest = Math.max(largest, pushes[p]);
  if (largest === 0) return;
  const line = new Path2D(), heads = new Path2D();
  const unit = scene.scale * fit(width);
  for (let p = 0; p < pushes.length; p += 5) {
    const amount = pushes[p + 4];
    if (amount <= 0) continue;
    const foot = projected(stage, pushes[p], pushes[p + 1], LIFT);
    if (!foot) continue;
    const { x, y } = foot;
    const [u, v] = mesh.toMesh(pushes[p], pushes[p + 1]);
    const tip = camera.project(point, u, v, mesh.heightAt(u, v) + SHORT + (LONG - SHORT) * Math.sqrt(amount / largest));
    const head = 3.2 * unit;
    line.moveTo(x, y);
    line.lineTo(tip.x, tip.y + head);
    heads.moveTo(tip.x, tip.y - 0.6 * head);
    heads.lineTo(tip.x - 0.85 * head, tip.y + 1.3 * head);
    heads.lineTo(tip.x + 0.85 * head, tip.y + 1.3 * head);
    heads.closePath();
  }
  ctx.strokeStyle = halo;
  ctx.lineWidth = 3.4 * unit;
  ctx.stroke(line);
  ctx.lineWidth = 1.6 * unit;
  ctx.stroke(heads);
  ctx.strokeStyle = ctx.fillStyle = up;
  ctx.lineWidth = 1.7 * unit;
  ctx.stroke(line);
  ctx.fill(heads);
}

/** Draws the model's own points, such as prototypes and the knots of its curve, and the states of its chains. @param {Stage} stage */
export function marks(stage) {
  const { ctx, scene, width, frame } = stage;
  const { mark, markRim, path: pathColor } = THEMES[scene.theme];
  const unit = scene.scale * fit(width);
  for (let p = 0; p < frame.particles.length; p += 2) {
    const at = projected(stage, frame.particles[p], frame.particles[p + 1], LIFT);
    if (at) ring(ctx, at.x, at.y, 1.8 * unit, pathColor, markRim, 0.8 * unit);
  }
  for (let p = 0; p < frame.marks.length; p += 4) {
    const at = projected(stage, frame.marks[p + 2], frame.marks[p + 3], LIFT);
    if (at) ring(ctx, at.x, at.y, (frame.marks[p] === 1 ? 1.4 : 3.4) * unit, mark, markRim, 1.2 * unit);
  }
}

/**
 * Draws the marbles as small shaded balls.
 * @param {Stage} stage
 * @param {Float32Array} positions  rows of y1, y2
 */
export function marbles(stage, positions) {
  const { ctx, scene } = stage;
  const { path: color, markRim } = THEMES[scene.theme];
  for (let p = 0; p < positions.length; p += 2) {
    const at = projected(stage, positions[p], positions[p + 1], MARBLE);
    if (!at) continue;
    const r = Math.max(3, stage.camera.size(at.near) * MARBLE);
    ctx.beginPath();
    ctx.arc(at.x, at.y, r, 0, 2 * Math.PI);
    ctx.fillStyle = color;
    ctx.fill();
    ctx.lineWidth = scene.scale;
    ctx.strokeStyle = markRim;
    ctx.stroke();
    ctx.beginPath();
    ctx.arc(at.x - 0.32 * r, at.y - 0.36 * r, 0.3 * r, 0, 2 * Math.PI);
    ctx.fillStyle = 'rgba(255, 255, 255, 0.75)';
    ctx.fill();
  }
}

/**
 * Draws the descent path of a point, where it can be seen.
 * @param {Stage} stage
 * @param {[number, number][]} steps  rows of y1, y2
 */
export function path(stage, steps) {
  const { ctx, scene } = stage;
  const { card, ink } = THEMES[scene.theme];
  const line = new Path2D();
  let pen = false;
  for (let k = 0; k + 1 < steps.length; k++) {
    for (let part = 0; part < PARTS; part++) {
      const f = part / PARTS;
      const at = projected(stage, steps[k][0] + f * (steps[k + 1][0] - steps[k][0]), steps[k][1] + f * (steps[k + 1][1] - steps[k][1]), LIFT);
      if (at && pen) line.lineTo(at.x, at.y);
      else if (at) line.moveTo(at.x, at.y);
      pen = at !== null;
    }
  }
  ctx.lineJoin = ctx.lineCap = 'round';
  for (const [color, width] of /** @type {[string, number][]} */ ([[card, 5], [ink, 2]])) {
    ctx.strokeStyle = color;
    ctx.lineWidth = width * scene.scale;
    ctx.stroke(line);
  }
  const last = steps[steps.length - 1];
  const end = last && projected(stage, last[0], last[1], 2 * LIFT);
  if (end) ring(ctx, end.x, end.y, 4.5 * scene.scale, ink, card);
}

/**
 * Draws the notes, each beside its point, where that can be seen.
 * @param {Stage} stage
 */
export function drawNotes(stage) {
  const { ctx, scene, width } = stage;
  if (!scene.notes?.length) return;
  const unit = scene.scale * Math.max(0.9, fit(width));
  ctx.font = noteFont(unit);
  const project = (/** @type {import('../types.js').Note} */ { at }) => {
    const seen = projected(stage, at[0], at[1], LIFT);
    return seen && { x: seen.x, y: seen.y, r: 5 * unit };
  };
  notes(ctx, placeNotes(scene.notes, project, { width, height: width, unit }, (text) => ctx.measureText(text).width), { unit, colors: THEMES[scene.theme] });
}

/** Draws the point under the pointer, or the one that is asked about. @param {Stage} stage @param {[number, number]} at y1, y2 @param {number} [r] */
export function cursor(stage, at, r = 4) {
  const { card, ink } = THEMES[stage.scene.theme];
  const seen = projected(stage, at[0], at[1], LIFT);
  if (seen) ring(stage.ctx, seen.x, seen.y, r * stage.scene.scale, card, ink);
}

/** @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {number} r @param {string} color @param {string} rim @param {number} [wide] */
export function ring(ctx, x, y, r, color, rim, wide = 2) {
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 2 * Math.PI);
  ctx.fillStyle = color;
  ctx.fill();
  ctx.lineWidth = wide;
  ctx.strokeStyle = rim;
  ctx.stroke();
}
