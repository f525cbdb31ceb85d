// The body as shaders: its surface wears the colours and lines of the map, by the map's own shader.
import { fragment } from '../landscape/shader.js';

/** The surface: knots of the net, each with its height and its light. */
export const SURFACE = `#version 300 es
precision highp float;
layout(location = 0) in vec2 knot;
layout(location = 1) in vec2 over;
layout(location = 2) in float rise;
layout(location = 3) in float lit;
uniform mat4 camera;
out vec2 at;
out float light;
void main() {
  at = over;
  light = lit;
  gl_Position = camera * vec4(knot, rise, 1.);
}`;

/** @param {boolean} linear */
export const surface = (linear) => fragment(linear, {
  inputs: 'in float light;',
  last: 'tone = tone * light + .05 * (light - 1.);',
});

/** The walls below its edges. */
export const WALL = `#version 300 es
precision highp float;
layout(location = 0) in vec4 corner;
uniform mat4 camera;
out float light;
void main() {
  light = corner.w;
  gl_Position = camera * vec4(corner.xyz, 1.);
}`;

export const wall = `#version 300 es
precision highp float;
in float light;
out vec4 color;
uniform vec3 tone;
void main() { color = vec4(tone * light, 1.); }`;
