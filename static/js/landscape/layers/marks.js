// The model's own parts in the plane: points such as prototypes, lines such as a learnt curve, rays
// from the origin such as atoms; and the states of its persistent chains.

/** @import {Frame, Scene} from '../../types.js' */
/** @import {View} from '../view.js' */
import { across, along } from '../view.js';
import { dots } from './paths.js';

/** From so many lines on they are drawn thinner, so that the valley under them can be seen. */
const MANY = 6;

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Frame} frame
 * @param {Scene} scene
 * @param {View} view
 */
export function marks(ctx, frame, scene, view) {
  const { marks } = frame;
  const { unit, colors } = view;
  const states = [];
  const { particles } = frame;
  for (let p = 0; p < particles.length; p += 2) states.push(across(frame, view, particles[p]), along(frame, view, particles[p + 1]));
  dots(ctx, states, 2.2 * unit, colors.markRim);
  dots(ctx, states, 1.5 * unit, colors.path);
  const lines = new Path2D();
  const points = new Path2D();
  let group = NaN;
  let strokes = 0;
  for (let p = 0; p < marks.length; p += 4) {
    const kind = marks[p];
    const x = across(frame, view, marks[p + 2]), y = along(frame, view, marks[p + 3]);
    if (kind === 1) {
      if (marks[p + 1] === group) lines.lineTo(x, y);
      else {
        lines.moveTo(x, y);
        strokes++;
      }
      group = marks[p + 1];
      continue;
    }
    group = NaN;
    if (kind === 2) {
      lines.moveTo(across(frame, view, 0), along(frame, view, 0));
      lines.lineTo(x, y);
      strokes++;
    }
    points.moveTo(x + 4 * unit, y);
    points.arc(x, y, 4 * unit, 0, 2 * Math.PI);
  }
  ctx.lineCap = 'round';
  ctx.lineJoin = 'round';
  ctx.strokeStyle = colors.markRim;
  const thin = strokes > MANY ? 0.65 : 1;
  ctx.lineWidth = 4.4 * thin * unit;
  ctx.stroke(lines);
  ctx.strokeStyle = colors.mark;
  ctx.lineWidth = 2 * thin * unit;
  ctx.stroke(lines);
  // A white disc in a dark ring in a white one can be seen on every colour.
  ctx.lineWidth = 5 * unit;
  ctx.stroke(points);
  ctx.strokeStyle = colors.markRim;
  ctx.lineWidth = 2.4 * unit;
  ctx.stroke(points);
  ctx.fillStyle = colors.mark;
  ctx.fill(points);
}
