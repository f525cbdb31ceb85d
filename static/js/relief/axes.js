// The axes of the 3-D view: along its two front edges, and up its left corner.

/** @import {Stage} from './overlay3d.js' */
import { FONT } from '../landscape/canvas.js';
import { THEMES } from '../landscape/palette.js';
import { BASE, HEIGHT } from './camera.js';
import { hidden } from './pick.js';

/** The distance of the numbers and of the names from the surface, where type is that share of the picture or less. */
const NUMBERS = 0.1, NAMES = 0.19, SMALL = 0.02;

/**
 * The texts of an axis: its name, and two numbers with where they are, 0 to 1.
 * @typedef {import('../axes.js').AxisTexts} Axis
 */

const point = { x: 0, y: 0, near: 0 };

/** The pieces of an edge; each is drawn if it can be seen. */
const PIECES = 40;

/** The edges of the surface, as far as they can be seen. @param {Stage} stage */
export function edges({ ctx, camera, mesh, scene }) {
  const path = new Path2D();
  for (let side = 0; side < 4; side++) {
    const edge = side % 2 === 0 ? -1 : 1;
    let pen = false;
    for (let i = 0; i <= PIECES; i++) {
      const along = (2 * i) / PIECES - 1;
      const [u, v] = side < 2 ? [along, edge] : [edge, along];
      const h = mesh.heightAt(u, v);
      const seen = !hidden(camera, mesh, u, v, h + 0.01);
      const { x, y } = camera.project(point, u, v, h);
      if (seen && pen) path.lineTo(x, y);
      else if (seen) path.moveTo(x, y);
      pen = seen;
    }
  }
  ctx.strokeStyle = THEMES[scene.theme].muted;
  ctx.globalAlpha = 0.6;
  ctx.lineWidth = scene.scale;
  ctx.stroke(path);
  ctx.globalAlpha = 1;
}

/**
 * @param {Stage} stage
 * @param {Axis} across  from left to right
 * @param {Axis} along   from front to back
 * @param {Axis} up      the energy
 * @param {number} top   the height of the upper number of `up`
 */
export function axes({ ctx, width, camera, scene }, across, along, up, top) {
  const { ink, muted } = THEMES[scene.theme];
  const { eye } = camera;
  const size = 11 * scene.scale;
  const large = Math.max(1, size / width / SMALL), end = 1 - 0.06 * large ** 1.5;
  const near = 1 + NUMBERS * large ** 0.8, far = 1 + NAMES * large ** 0.8;
  const front = eye.v < 0 ? -1 : 1, side = eye.u < 0 ? -1 : 1;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'center';
  const write = (/** @type {string} */ text, /** @type {number} */ u, /** @type {number} */ v, /** @type {number} */ h, name = false) => {
    const { x, y } = camera.project(point, u, v, h);
    ctx.font = name ? `650 ${1.15 * size}px ${FONT}` : `${size}px ${FONT}`;
    ctx.fillStyle = name ? ink : muted;
    const half = ctx.measureText(text).width / 2 + 4;
    ctx.fillText(text, Math.min(width - half, Math.max(half, x)), Math.min(width - size * 0.7, Math.max(size * 0.7, y)));
  };
  // The numbers at the ends are a little inside, so that those of two axes do not meet at their corner.
  for (const k of [0, 1]) {
    const inside = (/** @type {number} */ at) => Math.min(end, Math.max(-end, 2 * at - 1));
    write(across.numbers[k], inside(across.at[k]), front * near, BASE);
    write(along.numbers[k], side * near, inside(along.at[k]), BASE);
  }
  write(across.name, 0, front * far, BASE, true);
  write(along.name, side * far, 0, BASE, true);

  // The axis of the energy is at the leftmost corner.
  let [left, cu, cv] = [Infinity, 0, 0];
  for (const u of [-1, 1]) {
    for (const v of [-1, 1]) {
      const { x } = camera.project(point, u, v, 0);
      if (x < left) [left, cu, cv] = [x, u, v];
    }
  }
  const foot = camera.project(point, cu, cv, 0), fx = foot.x, fy = foot.y;
  const head = camera.project(point, cu, cv, HEIGHT);
  ctx.strokeStyle = muted;
  ctx.lineWidth = scene.scale;
  ctx.beginPath();
  ctx.moveTo(fx - 5, fy);
  ctx.lineTo(head.x - 5, head.y);
  ctx.stroke();
  const middle = { ...camera.project(point, cu, cv, top / 2) }, over = camera.project(point, cu, cv, top);
  ctx.textAlign = 'left';
  ctx.font = `${size}px ${FONT}`;
  ctx.fillStyle = muted;
  const put = (/** @type {string} */ text, /** @type {number} */ x, /** @type {number} */ y) => ctx.fillText(text, Math.max(2, x - 11 - ctx.measureText(text).width), y);
  put(up.numbers[0], fx, fy);
  put(up.numbers[1], over.x, over.y);
  ctx.font = `650 ${1.15 * size}px ${FONT}`;
  ctx.fillStyle = ink;
  // Where there is little space between the two numbers the name is above them.
  if (fy - over.y > 3 * size) put(up.name, middle.x, middle.y);
  else put(up.name, over.x, over.y - 1.4 * size);
}
