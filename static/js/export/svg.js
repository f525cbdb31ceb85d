// svg.js: the landscape as a drawing of lines and areas, for print: bands between its contour levels,
// points, arrows, marks. Every shape is where the picture on the screen has it.
/** @import {Frame, Scene} from '../types.js' */
import { barTexts } from '../landscape/bar.js';
import { groundOf } from '../landscape/surface-style.js';
import { BANDS, MAJOR } from '../landscape/levels.js';
import { THEMES } from '../landscape/palette.js';

/** The side of the square, and what lies round it, in units of the drawing. */
const SIDE = 560, LEFT = 44, TOP = 44, RIGHT = 92, FOOT = 34;

/**
 * @typedef {object} Subject
 * @property {Frame} frame
 * @property {Scene} scene
 * @property {import('../landscape/push-animation.js').Wave|undefined} wave
 * @property {number[]} levels   BANDS + 1 energies
 * @property {string[][]} axes   the ends of y1 and of y2
 * @property {Float32Array} balls the marbles, rows of y1, y2
 * @property {import('./shapes.js').Shape[]} over  shapes over the landscape
 * @property {number} side       of the square that they lie on, in pixels
 * @property {string} title
 * @property {string} detail
 * @property {D3} d3
 */
/** @typedef {{contours:() => {size:(s:number[]) => any}}} D3 */

const escape = (/** @type {string} */ text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const n = (/** @type {number} */ v) => String(Math.round(v * 10) / 10);

/** @param {Subject} subject @returns {string} */
export function drawing({ frame, scene, wave, levels, axes, balls, over, side, title, detail, d3 }) {
  const colors = THEMES[scene.theme];
  const ground = groundOf(scene);
  const { layers } = scene;
  const colour = (/** @type {number} */ share) => {
    const i = 4 * Math.round(255 * share);
    return `rgb(${ground.map[i]},${ground.map[i + 1]},${ground.map[i + 2]})`;
  };
  const x = (/** @type {number} */ y1) => ((y1 - frame.x0) / (frame.x1 - frame.x0)) * SIDE;
  const y = (/** @type {number} */ y2) => ((frame.y1 - y2) / (frame.y1 - frame.y0)) * SIDE;
  const parts = [`<rect width="${SIDE}" height="${SIDE}" fill="${layers.heat ? colour(0) : colors.card}"/>`];

  // Bands: what lies above a level is painted over what lies below.
  // The grid goes on by a cell beyond the box, so that no area ends in sight.
  const wide = frame.nx + 2, grid = new Float64Array(wide * (frame.ny + 2));
  const inside = (/** @type {number} */ i, /** @type {number} */ count) => Math.min(count - 1, Math.max(0, i - 1));
  for (let i = 0; i < grid.length; i++) {
    const v = frame.grid[inside(Math.floor(i / wide), frame.ny) * frame.nx + inside(i % wide, frame.nx)];
    grid[i] = Number.isFinite(v) ? v : 2 * Math.abs(levels[BANDS]);
  }
  const areas = d3.contours().size([wide, frame.ny + 2]).thresholds([...levels]);
  const path = (/** @type {{coordinates:number[][][][]}} */ { coordinates }) => coordinates.map((polygon) => polygon.map((ring) =>
    `M${ring.map(([a, b]) => `${n(((a - 1) / frame.nx) * SIDE)} ${n(SIDE - ((b - 1) / frame.ny) * SIDE)}`).join('L')}Z`).join('')).join('');
  areas(grid).forEach((/** @type {any} */ area, /** @type {number} */ k) => {
    const d = path(area);
    if (!d) return;
    if (layers.heat) parts.push(`<path class="band" d="${d}" fill="${colour(k === BANDS ? 1 : (k + 0.5) / BANDS)}"/>`);
    if (layers.contours && k > 0) {
      const [r, g, b] = k === 1 ? ground.rim : ground.inks.subarray(4 * k, 4 * k + 3);
      const major = k % MAJOR === 0;
      parts.push(`<path class="contour" d="${d}" fill="none" stroke="rgb(${r},${g},${b})" stroke-opacity="${major ? 0.75 : 0.38}" stroke-width="${major ? 1.4 : 0.8}"/>`);
    }
  });

  if (layers.data) {
    const count = scene.points.length / 2;
    const r = Math.min(2.5, Math.max(1, 2.5 * (300 / count) ** 0.35));
    const discs = [];
    for (let p = 0; p < scene.points.length; p += 2) discs.push(`<circle cx="${n(x(scene.points[p]))}" cy="${n(y(scene.points[p + 1]))}" r="${n(r)}"/>`);
    parts.push(`<g class="data" fill="${colors.data}" stroke="${colors.dataRim}" stroke-width="0.5">${discs.join('')}</g>`);
  }
  if (layers.paths) parts.push(...ways(frame.paths, x, y, colors.way));
  if (wave) parts.push(...pushes(wave, x, y, layers, colors));
  if (layers.marks) parts.push(...marks(frame.marks, x, y, colors));
  const marbles = [];
  for (let p = 0; p < balls.length; p += 2) marbles.push(`<circle cx="${n(x(balls[p]))}" cy="${n(y(balls[p + 1]))}" r="6"/>`);
  if (marbles.length) parts.push(`<g class="marbles" fill="${colors.way}" stroke="${colors.markRim}" stroke-width="1.5">${marbles.join('')}</g>`);
  if (over.length) parts.push(`<g class="over" transform="scale(${SIDE / side})" stroke-linecap="round" stroke-linejoin="round">${over.map((s) => `<path d="${s.d}" fill="${s.fill}" stroke="${s.stroke}" stroke-width="${s.thick}" opacity="${s.opacity}"/>`).join('')}</g>`);

  const font = 'font-family="system-ui, sans-serif"';
  const text = (/** @type {number} */ at, /** @type {number} */ line, /** @type {string} */ said, /** @type {string} */ rest) => `<text x="${at}" y="${line}" ${font} ${rest}>${escape(said)}</text>`;
  const small = `font-size="12" fill="${colors.muted}"`;
  const bar = [];
  for (let k = 0; k < BANDS; k++) bar.push(`<rect x="0" y="${n(SIDE * (1 - (k + 1) / BANDS))}" width="14" height="${n(SIDE / BANDS + 0.5)}" fill="${colour((k + 0.5) / BANDS)}"/>`);
  barTexts(/** @type {any} */ ({ values: levels })).forEach((said, i) => bar.push(text(21, SIDE * (1 - (i * MAJOR) / BANDS) + 4, said, `font-size="11" fill="${colors.ink}"`)));
  const width = LEFT + SIDE + RIGHT, height = TOP + SIDE + FOOT;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<title>${escape(`${title} · ${detail}`)}</title>
<defs><clipPath id="box"><rect width="${SIDE}" height="${SIDE}"/></clipPath><marker id="head" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="5" markerHeight="5" orient="auto"><path d="M0 0L10 5L0 10z" fill="${colors.up}"/></marker></defs>
<rect width="${width}" height="${height}" fill="${colors.paper}"/>
<g transform="translate(${LEFT} ${TOP})"><g clip-path="url(#box)">
${parts.join('\n')}
</g><rect width="${SIDE}" height="${SIDE}" fill="none" stroke="${colors.line}"/>
<g transform="translate(${SIDE + 12} 0)">${bar.join('')}<rect width="14" height="${SIDE}" fill="none" stroke="${colors.line}"/></g></g>
${text(LEFT, 28, title, `font-size="16" font-weight="700" fill="${colors.ink}"`)}
${text(width - 8, 28, detail, `${small} text-anchor="end"`)}
${text(LEFT, TOP + SIDE + 18, axes[0][0], small)}${text(LEFT + SIDE / 2, TOP + SIDE + 18, 'y₁', `${small} text-anchor="middle"`)}${text(LEFT + SIDE, TOP + SIDE + 18, axes[0][1], `${small} text-anchor="end"`)}
${text(LEFT - 6, TOP + SIDE, axes[1][0], `${small} text-anchor="end"`)}${text(LEFT - 6, TOP + SIDE / 2, 'y₂', `${small} text-anchor="end"`)}${text(LEFT - 6, TOP + 10, axes[1][1], `${small} text-anchor="end"`)}
</svg>
`;
}

/** @typedef {(v:number) => number} Place */

/** The ways of samples. @param {Float32Array} paths @param {Place} x @param {Place} y @param {string} colour */
function ways(paths, x, y, colour) {
  /** @type {Map<number, string[]>} */
  const all = new Map();
  for (let p = 0; p < paths.length; p += 3) {
    const way = all.get(paths[p]) ?? [];
    way.push(`${n(x(paths[p + 1]))} ${n(y(paths[p + 2]))}`);
    all.set(paths[p], way);
  }
  return [`<g class="paths" fill="none" stroke="${colour}" stroke-width="1.2">${[...all.values()].map((way) => `<path d="M${way.join('L')}"/>`).join('')}</g>`];
}

/**
 * The pushes that the screen shows.
 * @param {import('../landscape/push-animation.js').Wave} wave @param {Place} x @param {Place} y
 * @param {import('../types.js').Layers} layers @param {import('../landscape/palette.js').Colors} colors
 */
function pushes({ ups, downs }, x, y, layers, colors) {
  const line = (/** @type {number[]} */ way) => {
    const at = way.map((c, j) => (j % 2 ? y(c) : x(c)));
    const far = Math.hypot(at[at.length - 2] - at[0], at[at.length - 1] - at[1]);
    const stops = at.length <= 4 && far < 2 ? [at[0], at[1], at[0], at[1] - 16] : at;
    return `M${stops.map(n).join(' ')}`; // after M, pairs are lines
  };
  return [
    layers.up ? `<g class="up" fill="none" stroke="${colors.up}" stroke-linecap="round" stroke-linejoin="round">${ups.map(({ way, share }) => `<path d="${line(way)}" stroke-width="${n(1.1 + 1.1 * Math.sqrt(share))}" marker-end="url(#head)"/><circle cx="${n(x(way[0]))}" cy="${n(y(way[1]))}" r="4" stroke-width="1.5"/>`).join('')}</g>` : '',
    layers.down ? `<g class="down" fill="none" stroke="${colors.data}" stroke-width="1.8">${downs.map((d) => `<circle cx="${n(x(d.x))}" cy="${n(y(d.y))}" r="6"/>`).join('')}</g>` : '',
  ];
}

/** What the model owns: points, lines, rays. @param {Float32Array} all @param {Place} x @param {Place} y @param {import('../landscape/palette.js').Colors} colors */
function marks(all, x, y, colors) {
  let lines = '', group = NaN;
  const points = [];
  for (let p = 0; p < all.length; p += 4) {
    const at = `${n(x(all[p + 2]))} ${n(y(all[p + 3]))}`;
    if (all[p] === 1) {
      lines += `${all[p + 1] === group ? 'L' : 'M'}${at}`;
      group = all[p + 1];
      continue;
    }
    group = NaN;
    if (all[p] === 2) lines += `M${n(x(0))} ${n(y(0))}L${at}`;
    points.push(`<circle cx="${n(x(all[p + 2]))}" cy="${n(y(all[p + 3]))}" r="4"/>`);
  }
  return [
    ...(lines ? [`<path d="${lines}" fill="none" stroke="${colors.markRim}" stroke-width="4.4"/><path d="${lines}" fill="none" stroke="${colors.mark}" stroke-width="2"/>`] : []),
    `<g class="marks" fill="${colors.mark}" stroke="${colors.markRim}" stroke-width="2">${points.join('')}</g>`,
  ];
}
