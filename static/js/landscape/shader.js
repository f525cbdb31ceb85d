// The landscape as a shader: the same arithmetic as raster.js, once per pixel of the screen.
import { BANDS, MAJOR, TABLE, TOP } from './levels.js';
import * as look from './shading.js';

/** One triangle that covers the picture; `at` runs from 0 to 1 over it. */
export const VERTEX = `#version 300 es
precision highp float;
out vec2 at;
void main() {
  at = vec2((gl_VertexID << 1) & 2, gl_VertexID & 2);
  gl_Position = vec4(at * 2. - 1., 0., 1.);
}`;

/** @param {number} x */
const f = (x) => (Number.isInteger(x) ? `${x}.` : `${x}`);

/** The values between cells, by the graphics card or, where it cannot, by hand. */
const BETWEEN = {
  card: 'float between(vec2 g) { return textureLod(cells, (g + .5) / size, 0.).r; }',
  hand: `float between(vec2 g) {
  vec2 i = floor(g), f = g - i;
  ivec2 b = ivec2(i), last = ivec2(size) - 1;
  #define CELL(x, y) texelFetch(cells, clamp(b + ivec2(x, y), ivec2(0), last), 0).r
  return mix(mix(CELL(0, 0), CELL(1, 0), f.x), mix(CELL(0, 1), CELL(1, 1), f.x), f.y);
}`,
};

/**
 * The fragment shader. A cubic B-spline takes four looks between cells: each look's place holds
 * the ratio of two neighbours' weights (Sigg and Hadwiger, GPU Gems 2, chapter 20).
 * @param {boolean} linear the card can look between cells of 32-bit numbers
 * @param {{inputs:string, last:string}} [more] what another picture of the same colours has besides: its
 *   inputs, and what it does with the tone at last
 * @returns {string}
 */
export const fragment = (linear, more = { inputs: '', last: '' }) => `#version 300 es
precision highp float;
precision highp sampler2D;
in vec2 at;
out vec4 color;
uniform sampler2D cells, table, map, inks;
uniform vec2 size, range;
uniform vec3 rim;
uniform float width, unit, relief, lines;
uniform bool exact;
${more.inputs}
${linear ? BETWEEN.card : BETWEEN.hand}

// Half a cell beyond the outer samples, where the picture ends, the grid goes on straight.
float energy(vec2 g) {
  vec2 c = clamp(g, vec2(0.), size - 1.), o = abs(g - c);
  if (o == vec2(0.)) return between(g);
  vec2 n = c + sign(c - g);
  return mix(mix(between(c), between(vec2(n.x, c.y)), -o.x), mix(between(vec2(c.x, n.y)), between(n), -o.x), -o.y);
}

float height(vec2 g) {
  if (exact) return energy(g);
  vec2 i = floor(g), f = g - i, h = 1. - f;
  vec2 w0 = h * h * h / 6., w3 = f * f * f / 6.;
  vec2 w1 = (4. - 6. * f * f + 3. * f * f * f) / 6., w2 = 1. - w0 - w1 - w3;
  vec2 a = w0 + w1, b = w2 + w3, p = i - 1. + w1 / a, q = i + 1. + w3 / b;
  return a.y * (a.x * energy(p) + b.x * energy(vec2(q.x, p.y)))
       + b.y * (a.x * energy(vec2(p.x, q.y)) + b.x * energy(q));
}

float level(float t) {
  float u = clamp(t / ${f(TOP)}, 0., 1.) * ${f(TABLE - 1.001)};
  int e = int(u);
  float v = texelFetch(table, ivec2(e, 0), 0).r;
  return v + (u - float(e)) * (texelFetch(table, ivec2(e + 1, 0), 0).r - v);
}

void main() {
  float v = level((height(at * size - .5) - range.x) * range.y);
  vec2 d = vec2(dFdx(v), -dFdy(v));

  float c = min(v, ${f(BANDS)}) / ${f(BANDS)};
  vec3 tone = texture(map, vec2((c * 255. + .5) / 256., .5)).rgb;
  tone = mix(tone, rim, lines * ${f(look.RIM_FILL)} * step(v, 1.));
  float slope = dot(d, vec2(${f(look.LIGHT.right)}, ${f(look.LIGHT.down)})) * width / ${f(look.STEEP)};
  float shade = ${f(look.RELIEF)} * clamp((${f(look.SHORE[0])} - c) / ${f(look.SHORE[0] - look.SHORE[1])}, 0., 1.);
  tone *= 1. + shade * relief * slope / (1. + abs(slope));

  float steep = length(d), k = floor(v + .5);
  if (k > 0. && lines > 0. && steep > ${f(look.LEVEL_GROUND)}) {
    bool lowest = k == 1., major = lowest || mod(k, ${f(MAJOR)}) == 0.;
    vec2 crowd = major ? vec2(${look.MAJOR_CROWD.map(f)}) : vec2(${look.MINOR_CROWD.map(f)});
    float fade = 1. - clamp((steep * max(unit, 1.) - crowd.x) / (crowd.y - crowd.x), 0., 1.);
    float wide = (major ? ${f(look.MAJOR_WIDTH)} : ${f(look.MINOR_WIDTH)}) * unit;
    float cover = clamp(wide / 2. + .5 - abs(v - k) / steep, 0., 1.);
    float strength = lowest ? ${f(look.RIM_INK)} : major ? ${f(look.MAJOR_INK)} : ${f(look.MINOR_INK)};
    vec3 ink = lowest ? rim : texelFetch(inks, ivec2(int(k), 0), 0).rgb;
    tone = mix(tone, ink, lines * strength * cover * fade);
  }
  ${more.last}
  color = vec4(tone, 1.);
}`;
