// svg.js: the landscape as an SVG of lines and areas, for print: bands between its contour levels,
// points, arrows, marks, each where the screen has it. A line has one opacity along its whole length: where
// levels crowd the screen's lines fade pixel by pixel, here by the mean. There is no hill shading.
/** @import {Frame, Scene} from '../types.js' */
import { barTexts } from '../landscape/bar.js';
import { contourArea, crowding } from '../landscape/contours.js';
import { groupStyle } from '../landscape/groups.js';
import { GROUPED, pointRadius, ringWidth } from '../landscape/layers/data.js';
import { noteColors } from '../landscape/layers/notes.js';
import { triangleSide } from '../landscape/layers/story.js';
import { OTHERS } from '../landscape/layers/up.js';
import { BANDS, MAJOR } from '../landscape/levels.js';
import { TYPE } from '../landscape/notes.js';
import { THEMES } from '../landscape/palette.js';
import { pathsByNumber } from '../landscape/sample-paths.js';
import { bandColor, lineFade, lineStroke, surfaceStyle } from '../landscape/surface-style.js';
import { short } from '../units.js';

/** The side of the square and its margins, in units of the SVG. */
const SIDE = 560, SQUARE = { width: SIDE, height: SIDE }, TOP = 44, RIGHT = 92, FOOT = 34;

/**
 * @typedef {object} Subject
 * @property {Frame} frame
 * @property {Scene} scene
 * @property {import('../landscape/push-animation.js').ShownPushes|undefined} pushes
 * @property {import('../landscape/followed-point.js').Followed|null} [followed]
 * @property {import('../landscape/notes.js').PlacedNote[]} [notes]
 * @property {number[]} levels   BANDS + 1 energies
 * @property {[import('../axes.js').AxisTexts, import('../axes.js').AxisTexts]} axes
 * @property {Float32Array} marbles  rows of y1, y2
 * @property {import('./shapes.js').Shape[]} shapes  that lie over the landscape
 * @property {number} side       of the square that they lie on, in pixels
 * @property {string} title
 * @property {string} detail
 */

const escape = (/** @type {string} */ text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const n = (/** @type {number} */ v) => String(Math.round(v * 10) / 10);

/** @param {Subject} subject @returns {string} */
export function drawing({ frame, scene, pushes, followed, notes = [], levels, axes, marbles, shapes, side: shown, title, detail }) {
  const colors = THEMES[scene.theme];
  const style = surfaceStyle(scene);
  const { layers } = scene;
  const x = (/** @type {number} */ y1) => ((y1 - frame.x0) / (frame.x1 - frame.x0)) * SIDE;
  const y = (/** @type {number} */ y2) => ((frame.y1 - y2) / (frame.y1 - frame.y0)) * SIDE;
  const parts = [`<rect width="${SIDE}" height="${SIDE}" fill="${layers.heat ? bandColor(style, 0) : colors.card}"/>`];

  // Bands: what lies above a level is painted over what lies below.
  const { nx, ny } = frame;
  const top = levels[BANDS] + Math.abs(levels[BANDS] - levels[0]);
  const grid = frame.grid.map((v) => (Number.isFinite(v) ? v : top));
  levels.forEach((level, k) => {
    const edges = contourArea(grid, nx, ny, level);
    const paths = edges.map((line) => `M${points(line, nx, ny)}Z`);
    if (layers.heat && edges.length > 0) parts.push(`<path class="band" d="${paths.join('')}" fill="${bandColor(style, Math.min(BANDS, k + 0.5))}"/>`);
    const { color, opacity, width } = lineStroke(style, k);
    if (opacity === 0) return;
    edges.forEach((line, i) => {
      let fade = 0;
      for (let p = 0; p < line.length; p += 2) fade += (2 / line.length) * lineFade(style, k, crowding({ nx, ny, grid }, line[p], line[p + 1], level - levels[k - 1], SQUARE));
      if (fade > 0.01) parts.push(`<path class="contour" d="${paths[i]}" fill="none" stroke="${color}" stroke-opacity="${(opacity * fade).toFixed(2)}" stroke-width="${width}"/>`);
    });
  });

  if (layers.data) {
    const r = pointRadius(scene.points.length / 2) * (scene.groups ? GROUPED : 1);
    const discs = [];
    for (let p = 0; p < scene.points.length; p += 2) {
      const { fill, rim, corners } = groupStyle(scene.theme, scene.groups?.[p / 2]);
      const [cx, cy] = [x(scene.points[p]), y(scene.points[p + 1])];
      const colored = scene.held?.[p / 2] ? ` fill="none" stroke="${fill}" stroke-width="${n(ringWidth(r))}"` : scene.groups ? ` fill="${fill}" stroke="${rim}"` : '';
      discs.push(corners ? `<path d="M${corners.map(([a, b]) => `${n(cx + r * a)} ${n(cy + r * b)}`).join('L')}Z"${colored}/>` : `<circle cx="${n(cx)}" cy="${n(cy)}" r="${n(r)}"${colored}/>`);
    }
    parts.push(`<g class="data" fill="${colors.data}" stroke="${colors.dataRim}" stroke-width="0.5">${discs.join('')}</g>`);
  }
  if (layers.paths) parts.push(...samplePaths(frame.paths, x, y, colors.path));
  if (pushes) parts.push(...arrows(pushes, followed ?? null, x, y, layers, colors));
  if (layers.marks) parts.push(...marks(frame.marks, x, y, colors));
  const balls = [];
  for (let p = 0; p < marbles.length; p += 2) balls.push(`<circle cx="${n(x(marbles[p]))}" cy="${n(y(marbles[p + 1]))}" r="6"/>`);
  if (balls.length) parts.push(`<g class="marbles" fill="${colors.path}" stroke="${colors.markRim}" stroke-width="1.5">${balls.join('')}</g>`);
  if (shapes.length) parts.push(`<g class="over" transform="scale(${SIDE / shown})" stroke-linecap="round" stroke-linejoin="round">${shapes.map((s) => `<path d="${s.d}" fill="${s.fill}" stroke="${s.stroke}" stroke-width="${s.width}" opacity="${s.opacity}"/>`).join('')}</g>`);

  if (notes.length) parts.push(placed(notes, colors, SIDE / shown, scene.scale));

  const font = 'font-family="system-ui, sans-serif"';
  const text = (/** @type {number|string} */ at, /** @type {number|string} */ line, /** @type {string} */ content, /** @type {string} */ rest) => `<text x="${at}" y="${line}" ${font} ${rest}>${escape(content)}</text>`;
  const small = `font-size="12" fill="${colors.muted}"`;
  const bar = [];
  for (let k = 0; k < BANDS; k++) bar.push(`<rect x="0" y="${n(SIDE * (1 - (k + 1) / BANDS))}" width="14" height="${n(SIDE / BANDS + 0.5)}" fill="${bandColor(style, k + 0.5)}"/>`);
  barTexts({ values: levels, range: scene.range || 'data' }).forEach((label, i) => bar.push(text(21, SIDE * (1 - (i * MAJOR) / BANDS) + 4, label, `font-size="11" fill="${colors.ink}"`)));
  const [across, along] = axes;
  const left = Math.max(44, 14 + 7 * Math.max(...along.numbers.map((t) => t.length)));
  const anchored = (/** @type {string} */ anchor) => `${small} text-anchor="${anchor}"`;
  const numbers = [0, 1].map((k) => {
    const at = across.at[k];
    return text(n(left + at * SIDE), TOP + SIDE + 18, across.numbers[k], anchored(at <= 0 ? 'start' : at >= 1 ? 'end' : 'middle'))
      + text(left - 6, n(TOP + Math.min(SIDE, Math.max(10, (1 - along.at[k]) * SIDE + 4))), along.numbers[k], anchored('end'));
  });
  const [x2, y2] = [left - 8, TOP + SIDE / 2];
  const upright = along.name.length > 3 ? `${anchored('middle')} transform="rotate(-90 ${x2} ${y2})"` : anchored('end');
  const width = left + SIDE + RIGHT, height = TOP + SIDE + FOOT;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<title>${escape(`${title} · ${detail}`)}</title>
<defs><clipPath id="box"><rect width="${SIDE}" height="${SIDE}"/></clipPath><marker id="head" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="5" markerHeight="5" orient="auto"><path d="M0 0L10 5L0 10z" fill="${colors.up}"/></marker></defs>
<rect width="${width}" height="${height}" fill="${colors.paper}"/>
<g transform="translate(${left} ${TOP})"><g clip-path="url(#box)">
${parts.join('\n')}
</g><rect width="${SIDE}" height="${SIDE}" fill="none" stroke="${colors.line}"/>
<g transform="translate(${SIDE + 12} 0)">${bar.join('')}<rect width="14" height="${SIDE}" fill="none" stroke="${colors.line}"/></g></g>
${text(left, 28, title, `font-size="16" font-weight="700" fill="${colors.ink}"`)}
${text(width - 8, 28, detail, `${small} text-anchor="end"`)}
${text(left + SIDE / 2, TOP + SIDE + 18, short(across.name), anchored('middle'))}${text(x2, y2, short(along.name), upright)}${numbers.join('')}
</svg>
`;
}

/** A line in grid coordinates as the points of an SVG path. @param {number[]} line @param {number} nx @param {number} ny */
function points(line, nx, ny) {
  const out = [];
  for (let p = 0; p < line.length - 2; p += 2) out.push(`${n(((line[p] + 0.5) / nx) * SIDE)} ${n(SIDE - ((line[p + 1] + 0.5) / ny) * SIDE)}`);
  return out.join('L');
}

/** @typedef {(v:number) => number} Projection */

/** The paths of samples. @param {Float32Array} paths @param {Projection} x @param {Projection} y @param {string} color */
function samplePaths(paths, x, y, color) {
  const lines = [...pathsByNumber(paths).values()].map((path) => `<path d="M${path.map((c, j) => n(j % 2 ? y(c) : x(c))).join(' ')}"/>`);
  return [`<g class="paths" fill="none" stroke="${color}" stroke-width="1.2">${lines.join('')}</g>`];
}

/**
 * The pushes that the screen shows, each with its story; while one point is followed the others are faint.
 * @param {import('../landscape/push-animation.js').ShownPushes} pushes @param {import('../landscape/followed-point.js').Followed|null} followed
 * @param {Projection} x @param {Projection} y
 * @param {import('../types.js').Layers} layers @param {import('../landscape/palette.js').Colors} colors
 */
function arrows({ ups, downs }, followed, x, y, layers, colors) {
  const pixels = (/** @type {number[]} */ rows) => rows.map((c, j) => (j % 2 ? y(c) : x(c)));
  const line = (/** @type {number[]} */ at) => `M${at.map(n).join(' ')}`; // after M, pairs are lines
  const story = (/** @type {import('../landscape/push-animation.js').Up} */ { path, kick, walk, denoises, amount }, /** @type {number} */ width, size = 1) => {
    const at = pixels(path), way = pixels(walk), drawn = pixels(kick);
    const [px, py] = at.slice(-2);
    const s = size * triangleSide(amount);
    const parts = [];
    if (drawn.length) parts.push(`<path d="${line(drawn)}" stroke-width="${n(0.8 * width)}" stroke-dasharray="5 4"/>`);
    if (way.length > 2) parts.push(`<path d="${line(way)}" stroke-width="${n(width)}"${denoises ? ' marker-end="url(#head)"' : ''}/>`);
    if (!denoises) for (let i = 0; i < way.length - 2; i += 2) parts.push(`<circle cx="${n(way[i])}" cy="${n(way[i + 1])}" r="${n(0.9 * width)}" fill="${colors.card}" stroke-width="1"/>`);
    if (at.some((c, j) => c !== at[j % 2])) parts.push(`<circle cx="${n(at[0])}" cy="${n(at[1])}" r="${n(2.4 * size ** 2 + width)}" stroke-width="${n(0.9 * width)}"/>`);
    return `${parts.join('')}<path d="M${n(px)} ${n(py - 0.58 * s)}L${n(px + 0.5 * s)} ${n(py + 0.29 * s)}L${n(px - 0.5 * s)} ${n(py + 0.29 * s)}Z" fill="${colors.up}"/>`;
  };
  const group = (/** @type {string} */ content, opacity = 1) => `<g class="up" fill="none" stroke="${colors.up}" stroke-linecap="round" stroke-linejoin="round" opacity="${opacity}">${content}</g>`;
  return [
    layers.up ? group(ups.map((up) => story(up, 1.1 + 0.9 * Math.sqrt(up.share))).join(''), followed ? OTHERS : 1) : '',
    layers.up && followed ? group(story(followed.up, 2.6, 1.6)) : '',
    layers.down ? `<g class="down" fill="none" stroke="${colors.data}" stroke-width="1.8">${downs.map((d) => `<circle cx="${n(x(d.x))}" cy="${n(y(d.y))}" r="6"/>`).join('')}</g>` : '',
  ];
}

/** The notes. @param {import('../landscape/notes.js').PlacedNote[]} notes @param {import('../landscape/palette.js').Colors} colors @param {number} zoom  of their pixels @param {number} scale */
function placed(notes, colors, zoom, scale) {
  const parts = notes.map(({ note, x, y, r, lines, left, top, width, height }) => {
    const { ring, text } = noteColors(note.tone, colors);
    const circle = r ? `<circle cx="${n(x)}" cy="${n(y)}" r="${n(r)}" fill="none" stroke="${ring}" stroke-width="2"/>` : '';
    return circle + lines.map((line, i) => `<text x="${n(left + width / 2)}" y="${n(top + ((i + 0.75) * height) / lines.length)}" fill="${text}">${escape(line)}</text>`).join('');
  });
  return `<g class="notes" transform="scale(${zoom})" font-family="system-ui, sans-serif" font-size="${TYPE * scale}" font-weight="600" text-anchor="middle" stroke-linejoin="round" paint-order="stroke"><g stroke="${colors.card}" stroke-width="4">${parts.join('')}</g></g>`;
}

/** The model's own parts: points, lines, rays. @param {Float32Array} all @param {Projection} x @param {Projection} y @param {import('../landscape/palette.js').Colors} colors */
function marks(all, x, y, colors) {
  let lines = '', group = NaN;
  const discs = [];
  for (let p = 0; p < all.length; p += 4) {
    const at = `${n(x(all[p + 2]))} ${n(y(all[p + 3]))}`;
    if (all[p] === 1) {
      lines += `${all[p + 1] === group ? 'L' : 'M'}${at}`;
      group = all[p + 1];
      continue;
    }
    group = NaN;
    if (all[p] === 2) lines += `M${n(x(0))} ${n(y(0))}L${at}`;
    discs.push(`<circle cx="${n(x(all[p + 2]))}" cy="${n(y(all[p + 3]))}" r="4"/>`);
  }
  return [
    ...(lines ? [`<path d="${lines}" fill="none" stroke="${colors.markRim}" stroke-width="4.4"/><path d="${lines}" fill="none" stroke="${colors.mark}" stroke-width="2"/>`] : []),
    `<g class="marks" fill="${colors.mark}" stroke="${colors.markRim}" stroke-width="2">${discs.join('')}</g>`,
  ];
}
