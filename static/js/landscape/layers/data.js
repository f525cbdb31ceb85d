// The data: where the energy should be low. Points that are held out from training are hollow.

/** @import {Frame, Scene} from '../../types.js' */
/** @import {View} from '../view.js' */
import { groupStyle, outline } from '../groups.js';
import { across, along } from '../view.js';

/** So many points are drawn at full size; more are drawn smaller, so that the valley under them is seen. */
export const FULL = 300;

/** Points of groups are larger by this, so that their shapes are seen. */
export const GROUPED = 1.3;

/** The radius of each of n points, in CSS pixels. @param {number} n */
export const pointRadius = (n) => Math.min(2.5, Math.max(1, 2.5 * (FULL / n) ** 0.35));

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Frame} frame
 * @param {Scene} scene
 * @param {View} view
 */
export function data(ctx, frame, scene, view) {
  const { points, held } = scene;
  const n = points.length >> 1;
  const r = pointRadius(n) * view.unit;
  const rim = r > 1.25 * view.unit ? 0.55 * view.unit : 0;
  ctx.globalAlpha = n > 5 * FULL ? 0.75 : 0.92;
  if (scene.groups) {
    groups(ctx, frame, scene, view, r * GROUPED);
    ctx.globalAlpha = 1;
    return;
  }
  /** @type {[string, number][]} */
  const discs = [[view.colors.dataRim, r + rim], [view.colors.data, r]];
  for (const [color, radius] of rim ? discs : discs.slice(1)) {
    ctx.fillStyle = color;
    for (let p = 0; p < points.length; p += 2) {
      if (held?.[p / 2]) continue;
      const x = across(frame, view, points[p]), y = along(frame, view, points[p + 1]);
      ctx.beginPath();
      ctx.arc(x, y, radius, 0, 2 * Math.PI);
      ctx.fill();
    }
  }
  if (held) {
    const line = ringWidth(r);
    for (const [color, width] of /** @type {[string, number][]} */ ([[view.colors.dataRim, line + 2 * rim], [view.colors.data, line]])) {
      ctx.strokeStyle = color;
      ctx.lineWidth = width;
      for (let p = 0; p < points.length; p += 2) {
        if (!held[p / 2]) continue;
        ctx.beginPath();
        ctx.arc(across(frame, view, points[p]), along(frame, view, points[p + 1]), r, 0, 2 * Math.PI);
        ctx.stroke();
      }
    }
  }
  ctx.globalAlpha = 1;
}

/** The width of the line of a point that is held out from training, and so is hollow. @param {number} r  the radius */
export const ringWidth = (r) => 0.45 * r;

/**
 * Draws points in the colours and shapes of their groups, one after the other, so that no group hides another.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Frame} frame
 * @param {Scene} scene
 * @param {View} view
 * @param {number} r  the radius
 */
function groups(ctx, frame, { points, groups: of, held, theme }, view, r) {
  for (let p = 0; p < points.length; p += 2) {
    const { fill, rim, corners } = groupStyle(theme, of?.[p / 2]);
    const hollow = held?.[p / 2];
    ctx.beginPath();
    outline(ctx, corners, across(frame, view, points[p]), along(frame, view, points[p + 1]), r);
    ctx.strokeStyle = rim;
    ctx.lineWidth = 1.1 * view.unit + (hollow ? ringWidth(r) : 0);
    ctx.stroke();
    if (hollow) {
      ctx.strokeStyle = fill;
      ctx.lineWidth = ringWidth(r);
      ctx.stroke();
    } else {
      ctx.fillStyle = fill;
      ctx.fill();
    }
  }
}
