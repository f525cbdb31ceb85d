// What can be seen of the surface: where the ray of a pixel meets it, and whether it hides a point.

/** @import {Camera} from './camera.js' */
/** @import {Mesh} from './mesh.js' */
import { HEIGHT } from './camera.js';

/** Steps along a ray through the whole box. */
const STEPS = 200;
/** The distance between two samples on the line from a point to the camera. */
const STRIDE = 0.035;

/**
 * The position on the mesh that is seen at a pixel.
 * @param {Camera} camera
 * @param {Mesh} mesh
 * @param {number} x
 * @param {number} y
 * @returns {[number, number]|null} null beside the surface
 */
export function pick(camera, mesh, x, y) {
  const { eye } = camera;
  const ray = camera.ray(x, y);
  if (ray.h >= 0) return null;
  const enter = (HEIGHT - eye.h) / ray.h, leave = -eye.h / ray.h;
  const over = (/** @type {number} */ s) => eye.h + s * ray.h - mesh.heightAt(eye.u + s * ray.u, eye.v + s * ray.v);
  const inside = (/** @type {number} */ s) => Math.abs(eye.u + s * ray.u) <= 1 && Math.abs(eye.v + s * ray.v) <= 1;
  let before = enter;
  for (let k = 0; k <= STEPS; k++) {
    const s = enter + ((leave - enter) * k) / STEPS;
    if (inside(s) && over(s) <= 1e-9) {
      // The surface lies between this step and the one before. Outside the box the ray meets the skirt, which is not on the mesh.
      if (!inside(before)) return over(s) < -0.05 ? null : [eye.u + s * ray.u, eye.v + s * ray.v];
      let [free, within] = [before, s];
      for (let i = 0; i < 20; i++) {
        const middle = (free + within) / 2;
        if (over(middle) > 0) free = middle;
        else within = middle;
      }
      return [eye.u + within * ray.u, eye.v + within * ray.v];
    }
    before = s;
  }
  return null;
}

/**
 * Whether the surface lies between a point and the camera.
 * @param {Camera} camera
 * @param {Mesh} mesh
 * @param {number} u
 * @param {number} v
 * @param {number} h
 */
export function hidden({ eye }, mesh, u, v, h) {
  const du = eye.u - u, dv = eye.v - v, dh = eye.h - h;
  const step = STRIDE / Math.hypot(du, dv);
  for (let s = step; s < 1; s += step) {
    const a = u + s * du, b = v + s * dv, c = h + s * dh;
    if (c > HEIGHT || a < -1 || a > 1 || b < -1 || b > 1) return false;
    if (mesh.heightAt(a, b) > c) return true;
  }
  return false;
}
