// The 3-D surface as shaders: it has the colours and lines of the map, by the map's own shader.
import { fragment } from '../landscape/shader.js';

/** The surface: vertices of the mesh, each with its height and its light. */
export const SURFACE = `#version 300 es
precision highp float;
layout(location = 0) in vec2 vertex;
layout(location = 1) in vec2 over;
layout(location = 2) in float rise;
layout(location = 3) in float lit;
uniform mat4 camera;
out vec2 at;
out float light;
void main() {
  at = over;
  light = lit;
  gl_Position = camera * vec4(vertex, rise, 1.);
}`;

/** What it adds to the map's fragment shader: the light. */
export const LIT = {
  inputs: 'in float light;',
  last: 'tone = tone * light + .05 * (light - 1.);',
};

/** The skirt below its edges. */
export const SKIRT_VERTEX = `#version 300 es
precision highp float;
layout(location = 0) in vec4 corner;
uniform mat4 camera;
out float light;
void main() {
  light = corner.w;
  gl_Position = camera * vec4(corner.xyz, 1.);
}`;

export const SKIRT_FRAGMENT = `#version 300 es
precision highp float;
in float light;
out vec4 color;
uniform vec3 tone;
void main() { color = vec4(tone * light, 1.); }`;
