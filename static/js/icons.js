// icons.js: the little pictures of the data, drawn from the shapes' own formulas on a 32 x 32
// field, and the signs on the buttons.

const NS = 'http://www.w3.org/2000/svg';
const { PI, cos, sin, sqrt } = Math;

/**
 * A polyline through the points of a curve, as the `d` of a path. The plane's [-1.5, 1.5]²
 * fills the field; y2 points up.
 * @param {number} n
 * @param {(u:number) => [number, number]} curve  of u from 0 to 1
 */
function line(n, curve) {
  let d = '';
  for (let i = 0; i <= n; i++) {
    const [y1, y2] = curve(i / n);
    d += `${i ? 'L' : 'M'}${(16 + y1 * 10).toFixed(1)} ${(16 - y2 * 10).toFixed(1)}`;
  }
  return d;
}

/** Dots at the points of a curve. @type {typeof line} */
const dots = (n, curve) => line(n, curve).replace(/[ML]([-\d.]+ [-\d.]+)/g, 'M$1h.1');

/** @param {number} r @param {number} a @returns {[number, number]} */
const polar = (r, a) => [r * cos(a), r * sin(a)];

/** @type {Record<string, () => string>} */
const SHAPES = {
  spiral: () => line(60, (u) => polar(1.25 * (0.1 + 0.9 * u), 4 * PI * (0.1 + 0.9 * u))),
  'lecture-spiral': () => line(40, (u) => polar(1.25 * u, 2 * PI * u)),
  moons: () => line(20, (u) => [0.9 * (cos(PI * u) - 0.5), 0.9 * (sin(PI * u) - 0.25)]) + line(20, (u) => [0.9 * (0.5 - cos(PI * u)), 0.9 * (0.25 - sin(PI * u))]),
  rings: () => line(36, (u) => polar(1.2, 2 * PI * u)) + line(24, (u) => polar(0.6, 2 * PI * u)),
  circle: () => line(36, (u) => polar(1, 2 * PI * u)),
  gaussians: () => [0, 1, 2, 3, 4, 5, 6, 7].map((k) => dots(4, (u) => { const [a, b] = polar(1.1, (k * PI) / 4); const [c, d] = polar(0.16, 2 * PI * u + k); return [a + c, b + d]; })).join(''),
  scurve: () => line(40, (u) => { const t = 3 * PI * (u - 0.5); return [0.95 * sin(t), 0.6 * Math.sign(t) * (cos(t) - 1)]; }),
  sine: () => line(40, (u) => { const s = 2.4 * (u - 0.5); return [0.6 * s + 0.55 * sin((2 * PI * s) / 1.2), s]; }),
  pinwheel: () => [0, 1, 2, 3, 4].map((k) => line(8, (u) => polar(0.3 + 0.9 * u, (2 * PI * k) / 5 + 1.3 * (0.3 + 0.9 * u)))).join(''),
  checkerboard: () => [0, 1, 2, 3, 4, 5, 6, 7].map((k) => { const i = k >> 1; const j = 2 * (k & 1) + (i & 1); return `M${(3 + i * 6.5).toFixed(1)} ${(22.5 - j * 6.5).toFixed(1)}h6.500v6.500h-6.500z`; }).join(''),
  swissroll: () => line(60, (u) => { const t = 1.5 * PI * (1 + 2 * u); return polar((t * 1.25) / (4.5 * PI), t); }),
  star: () => [0, 1, 2, 3, 4].map((k) => line(1, (u) => polar(1.3 * u, PI / 2 + (2 * PI * k) / 5))).join(''),
  ellipse: () => line(36, (u) => [1.2 * cos(2 * PI * u), 0.85 * sin(2 * PI * u)]),
  horn: () => [0.35, 0.6, 0.9, 1.3].map((s) => line(30, (u) => [s * cos(2 * PI * u), 0.9 * s * sin(2 * PI * u)])).join(''),
  topographic: () => dots(30, (u) => { const v = -3.5 + 8.25 * u; return [(cos(v) - 0.75) / 3.6, (v - 0.6) / 3.6]; }),
  custom: () => 'M6 24c4-12 7-14 10-8s6 4 10-8M24 5l3 3',
};

/** Scattered points, for a shape that no formula here knows: a sunflower's seeds. */
const scattered = () => dots(24, (u) => polar(1.25 * sqrt(u), 24 * u * PI * (3 - sqrt(5))));

/** @type {Record<string, string>} */
const SIGNS = {
  play: 'M5 2.500v11l9-5.500z',
  pause: 'M4 2.500h2.600v11H4zM9.4 2.500H12v11H9.400z',
  step: 'M6 3.500L10.5 8L6 12.5',
  back: 'M10 3.500L5.5 8L10 12.5',
  backwards: 'M11.500 3v10L4.500 8z',
  undo: 'M6 3L3 6L6 9M3 6h6.500a3.500 3.500 0 0 1 0 7H6',
  redo: 'M10 3L13 6L10 9M13 6H6.500a3.500 3.500 0 0 0 0 7H10',
  theme: 'M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2zM8 2v12M10.5 3v10M12.5 4.500v7',
  reset: 'M4.2 5A5 5 0 1 1 3 8.300M4.2 1.800V5h3.2',
};

/**
 * @param {string} d
 * @param {number} size  of the field
 */
function picture(d, size) {
  const svg = document.createElementNS(NS, 'svg');
  svg.setAttribute('viewBox', `0 0 ${size} ${size}`);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(NS, 'path');
  path.setAttribute('d', d);
  svg.append(path);
  return svg;
}

/** The picture of a dataset. @param {string} id */
export function dataPicture(id) {
  return picture((SHAPES[id] ?? scattered)(), 32);
}

/** The sign of an action. @param {string} action */
export function sign(action) {
  return picture(SIGNS[action] ?? '', 16);
}
