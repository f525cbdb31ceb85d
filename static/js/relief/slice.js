// The slice in 3-D: a curtain that stands on the line of a given y1, with the energy along it as its
// lower edge. It is dragged.

/** @import {Resources} from '../resources.js' */
/** @import {Store} from '../store.js' */
/** @import {Surface3D} from './surface3d.js' */
/** @import {Stage} from './overlay3d.js' */
import { byId } from '../dom.js';
import { THEMES } from '../landscape/palette.js';
import { fit } from '../landscape/view.js';
import { HEIGHT } from './camera.js';
import { LIFT, projected, ring } from './overlay3d.js';
import { hidden } from './pick.js';

/** The pieces of a curtain, and the steps in which its lowest visible point is searched. */
const PIECES = 72, STEPS = 14;
/** Its upper edge. */
const TOP = HEIGHT + 0.2;
/** A press so near to the curve takes the curtain, in CSS pixels. */
const NEAR = 26;

const point = { x: 0, y: 0, near: 0 };

/**
 * Draws the curtain, as far as the surface does not hide it.
 * @param {Stage} stage
 * @param {number} y1
 * @param {{y:[number, number], slice:{minima?:number[], mean?:number}}|null} answer  of a slice there or near
 * @returns {{sheet:Path2D, curve:Path2D}} what was drawn, in CSS pixels
 */
export function curtain(stage, y1, answer) {
  const { ctx, camera, mesh, frame, scene, width } = stage;
  const { card, ink } = THEMES[scene.theme];
  const unit = scene.scale * fit(width);
  const sheet = new Path2D(), curve = new Path2D(), top = new Path2D();
  /** The last piece: its upper and lower end in the picture. @type {[number, number, number, number]|null} */
  let last = null;
  let lastU = 0, pen = false;
  for (let i = 0; i <= PIECES; i++) {
    const [u, v] = mesh.toMesh(y1, frame.y0 + (i / PIECES) * (frame.y1 - frame.y0));
    const within = Math.abs(u) <= 1 && Math.abs(v) <= 1;
    if (!within || Math.abs(u - lastU) > 1) [last, pen] = [null, false]; // over angle and radius a line may leave at one edge and return at another
    lastU = u;
    if (!within) continue;
    const foot = mesh.heightAt(u, v) + LIFT;
    let low = foot;
    for (let k = 1; k <= STEPS && hidden(camera, mesh, u, v, low + LIFT); k++) low = foot + (k / STEPS) * (TOP - foot);
    const { x, y } = camera.project(point, u, v, low);
    const { x: topX, y: topY } = camera.project(point, u, v, TOP);
    const seen = low === foot;
    if (seen && pen) curve.lineTo(x, y);
    else if (seen) curve.moveTo(x, y);
    pen = seen;
    if (last) {
      sheet.moveTo(last[0], last[1]);
      sheet.lineTo(topX, topY);
      sheet.lineTo(x, y);
      sheet.lineTo(last[2], last[3]);
      sheet.closePath();
      top.moveTo(last[0], last[1]);
      top.lineTo(topX, topY);
    }
    last = [topX, topY, x, y];
  }
  ctx.fillStyle = ink;
  ctx.globalAlpha = 0.16;
  ctx.fill(sheet);
  ctx.globalAlpha = 0.6;
  ctx.strokeStyle = ink;
  ctx.lineWidth = 1.2 * unit;
  ctx.stroke(top);
  ctx.globalAlpha = 1;
  ctx.lineJoin = ctx.lineCap = 'round';
  for (const [color, wide] of /** @type {const} */ ([[card, 5.5], [ink, 2.8]])) {
    ctx.strokeStyle = color;
    ctx.lineWidth = wide * unit;
    ctx.stroke(curve);
  }
  if (answer) {
    for (const m of answer.slice.minima ?? []) disc(m, ink, card);
    if (answer.slice.mean !== undefined) disc(answer.slice.mean, card, ink);
  }
  return { sheet, curve };

  /** @param {number} y2 @param {string} fill @param {string} rim */
  function disc(y2, fill, rim) {
    const at = projected(stage, y1, y2, LIFT);
    if (at) ring(ctx, at.x, at.y, 5 * unit, fill, rim, 2 * unit);
  }
}

/**
 * Lets the curtain be dragged.
 * @param {HTMLElement} box
 * @param {Surface3D} surface
 * @param {Store} store
 * @param {Resources} resources
 */
export function startSlice(box, surface, store, { signal }) {
  let pointer = -1;
  /** Where a pointer is in the box. @param {PointerEvent} e @returns {[number, number]} */
  const within = (e) => {
    const edge = box.getBoundingClientRect();
    return [e.clientX - edge.left - box.clientLeft, e.clientY - edge.top - box.clientTop];
  };
  const over = (/** @type {PointerEvent} */ e) => store.view.tool === 'slice' && e.target instanceof HTMLCanvasElement && surface.onCurtain(...within(e), NEAR);
  box.addEventListener('pointerdown', (e) => {
    if (e.button > 0 || pointer >= 0 || !over(e)) return;
    pointer = e.pointerId;
    box.setPointerCapture(pointer);
  }, { signal });
  box.addEventListener('pointermove', (e) => {
    if (pointer < 0) box.toggleAttribute('data-curtain', over(e));
    if (e.pointerId !== pointer) return;
    const to = surface.planeAt(...within(e));
    if (to) byId('square', HTMLElement).dispatchEvent(new CustomEvent('ask', { detail: [to[0], store.view.at?.[1] ?? 0] }));
  }, { signal });
  for (const type of /** @type {const} */ (['pointerup', 'pointercancel', 'lostpointercapture'])) box.addEventListener(type, (e) => e.pointerId === pointer && (pointer = -1), { signal });
  return { over };
}
