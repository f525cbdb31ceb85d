// The landscape as a shader: the same arithmetic as pixel.js and raster.js, once per pixel of the
// screen. The slope comes from the derivatives between neighbouring pixels, which only a shader has.
import { BANDS, TABLE, TOP } from './levels.js';
import { HALF, LIGHT, RANGE, STRENGTH } from './shading.js';
import { FLAT } from './surface-style.js';

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

/** The value between cells: by the sampler or, where that cannot filter 32-bit floats, by four fetches. */
const BETWEEN = {
  sampler: 'float between(vec2 g) { return textureLod(cells, (g + .5) / size, 0.).r; }',
  fetches: `float between(vec2 g) {
  vec2 i = floor(g), f = g - i;
  ivec2 b = ivec2(i), last = ivec2(size) - 1;
  #define CELL(x, y) texelFetch(cells, clamp(b + ivec2(x, y), ivec2(0), last), 0).r
  return mix(mix(CELL(0, 0), CELL(1, 0), f.x), mix(CELL(0, 1), CELL(1, 1), f.x), f.y);
}`,
};

/**
 * The fragment shader. A cubic B-spline takes four bilinear samples: the position of each sample is
 * the ratio of two neighbours' weights (Sigg and Hadwiger, GPU Gems 2, chapter 20).
 * @param {boolean} linear the sampler can filter 32-bit floats
 * @param {{inputs:string, last:string}} [more] what the 3-D view adds: its inputs, and what it does
 *   with the colour at last
 * @returns {string}
 */
export const fragment = (linear, more = { inputs: '', last: '' }) => `#version 300 es
precision highp float;
precision highp sampler2D;
in vec2 at;
out vec4 color;
uniform sampler2D cells, table, map, lines;
uniform vec2 size, range;
uniform vec4 lowest;
uniform float width, unit, hillshade;
uniform bool exact;
${more.inputs}
${linear ? BETWEEN.sampler : BETWEEN.fetches}

// Half a cell beyond the outer samples, where the picture ends, the grid is extrapolated linearly.
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

  float share = min(v, ${f(BANDS)}) / ${f(BANDS)};
  vec3 tone = texture(map, vec2((share * 255. + .5) / 256., .5)).rgb;
  tone = mix(tone, lowest.rgb, lowest.a * step(v, 1.));
  float slope = dot(d, vec2(${f(LIGHT.right)}, ${f(LIGHT.down)})) * width / ${f(HALF)};
  float shade = ${f(STRENGTH)} * clamp((${f(RANGE[0])} - share) / ${f(RANGE[0] - RANGE[1])}, 0., 1.);
  tone *= 1. + shade * hillshade * slope / (1. + abs(slope));

  float steep = length(d), k = floor(v + .5);
  if (k > 0. && steep > ${f(FLAT)}) {
    vec4 ink = texelFetch(lines, ivec2(0, int(k)), 0), pen = texelFetch(lines, ivec2(1, int(k)), 0); // pen: width, start and end of the fading
    float fade = clamp((pen.z - steep * max(unit, 1.)) / (pen.z - pen.y), 0., 1.);
    float cover = clamp(pen.x * unit / 2. + .5 - abs(v - k) / steep, 0., 1.);
    tone = mix(tone, ink.rgb / 255., ink.a * cover * fade);
  }
  ${more.last}
  color = vec4(tone, 1.);
}`;
