// thumbnails.js: small pictures of the landscapes of lessons and failures. thumbnails.json has their
// levels and points, which a test of cmd/ebmviz computes; they are drawn in the colours of the map.
import { make } from './dom.js';
import { BANDS, TABLE, TOP } from './landscape/levels.js';
import { THEMES } from './landscape/palette.js';
import { Raster } from './landscape/raster.js';
import { surfaceStyle } from './landscape/surface-style.js';
import { request } from './request.js';
import { onTheme, theme } from './theme.js';

/** Pixels of a side. */
const SIDE = 224;
/** The radius of a point, in pixels, and the width of its rim. */
const RADIUS = 2.5, RIM = 1;
/** The lowest level of the plateau, of 255. */
const PLATEAU = 251;

/** @typedef {{grid:Uint8Array, points:Uint8Array}} Thumbnail  levels row by row, lowest y2 first; rows of y1, y2 */

/** The pictures drawn, and their canvases; a canvas that is no longer used is forgotten. @type {WeakMap<HTMLCanvasElement, Thumbnail>} */
const pictures = new WeakMap();
/** @type {Promise<Record<string, {grid:string, points:string}>>|null} */
let fetched = null;

/** Level numbers, in proportion to the levels of a picture. */
const table = Float32Array.from({ length: TABLE }, (_, i) => Math.min(BANDS + 0.49, (BANDS * TOP * i) / (TABLE - 1)));

/** @param {string} text in base64 */
const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

/**
 * Returns a canvas with the landscape of the first step of a lesson, or of an exhibit. It is drawn
 * when the pictures have been fetched, and again when the theme changes; an id without a picture
 * leaves it empty.
 * @param {string} id
 * @returns {HTMLCanvasElement}
 */
export function thumbnail(id) {
  const canvas = make('canvas', { class: 'thumbnail', width: SIDE, height: SIDE, 'aria-hidden': 'true', 'data-thumbnail': id });
  fetched ??= request(new URL('../thumbnails.json', import.meta.url).href);
  fetched.then((all) => {
    const found = all[id];
    if (!found) return;
    pictures.set(canvas, { grid: bytes(found.grid), points: bytes(found.points) });
    draw(canvas);
  }, () => (fetched = null)); // the next picture fetches them again
  return canvas;
}

onTheme(() => {
  for (const canvas of document.querySelectorAll('canvas.thumbnail')) if (canvas instanceof HTMLCanvasElement) draw(canvas);
});

/** @param {HTMLCanvasElement} canvas */
function draw(canvas) {
  const picture = pictures.get(canvas);
  const ctx = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  if (!picture || !ctx) return;
  const { grid, points } = picture;
  const side = Math.sqrt(grid.length);
  const frame = /** @type {import('./types.js').Frame} */ ({ nx: side, ny: side, grid: Float32Array.from(grid) });
  const layers = /** @type {import('./types.js').Layers} */ ({ heat: true, contours: true });
  const scene = /** @type {import('./types.js').Scene} */ ({ theme: theme(), layers, exact: false });
  const raster = new Raster(canvas);
  raster.draw(frame, table, 0, PLATEAU, surfaceStyle(scene), 1);
  const { data, dataRim } = THEMES[theme()];
  for (const [color, radius] of /** @type {[string, number][]} */ ([[dataRim, RADIUS + RIM], [data, RADIUS]])) {
    ctx.fillStyle = color;
    for (let p = 0; p < points.length; p += 2) {
      ctx.beginPath();
      ctx.arc((points[p] / 255) * SIDE, (1 - points[p + 1] / 255) * SIDE, radius, 0, 2 * Math.PI);
      ctx.fill();
    }
  }
}
