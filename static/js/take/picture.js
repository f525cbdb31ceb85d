// picture.js: what is on the screen as one picture: the landscape with all that lies over it, its
// axes and colour bar, and what it is of.
/** @import {Store} from '../store.js' */
import { byId } from '../dom.js';
import { THEMES } from '../landscape/palette.js';
import { caption } from './caption.js';

/** Pixels of the picture per pixel of the page, at least. */
const SHARP = 2;

/**
 * Paints the picture. To be called right after the landscape was drawn, while its canvases are full.
 * @param {Store} store
 * @param {HTMLCanvasElement} canvas  takes the picture, and its size
 * @param {number} [sharp]
 */
export function paint(store, canvas, sharp = Math.max(SHARP, window.devicePixelRatio || 1)) {
  const square = byId('square', HTMLElement);
  const bar = byId('bar', HTMLCanvasElement);
  const { theme, scale } = store.scene;
  const colors = THEMES[theme];
  const side = square.clientWidth;
  const left = 44 * scale, top = 44 * scale, right = bar.clientWidth + 24 * scale, foot = 34 * scale;
  const width = Math.round((left + side + right) * sharp / 2) * 2, height = Math.round((top + side + foot) * sharp / 2) * 2;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const ctx = canvas.getContext('2d');
  if (!ctx) return;
  ctx.setTransform(sharp, 0, 0, sharp, 0, 0);
  ctx.fillStyle = colors.paper;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.fillStyle = colors.card;
  ctx.fillRect(left, top, side, side);
  const origin = square.getBoundingClientRect();
  for (const layer of square.querySelectorAll('canvas')) {
    const box = layer.getBoundingClientRect();
    if (layer.width && layer.height && box.width) ctx.drawImage(layer, left + box.left - origin.left - square.clientLeft, top + box.top - origin.top - square.clientTop, box.width, box.height);
  }
  ctx.strokeStyle = colors.line;
  ctx.lineWidth = 1;
  ctx.strokeRect(left - 0.5, top - 0.5, side + 1, side + 1);
  ctx.drawImage(bar, left + side + 12 * scale, top, bar.clientWidth, bar.clientHeight);

  const { title, detail } = caption(store);
  const font = (/** @type {number} */ size, weight = 400) => `${weight} ${size * scale}px system-ui, sans-serif`;
  ctx.textBaseline = 'alphabetic';
  ctx.textAlign = 'left';
  ctx.fillStyle = colors.ink;
  ctx.font = font(16, 700);
  ctx.fillText(title, left, 28 * scale);
  const after = left + ctx.measureText(title).width + 10 * scale;
  ctx.fillStyle = colors.muted;
  ctx.font = font(12);
  ctx.fillText(detail, after, 28 * scale, Math.max(1, left + side + right - 8 * scale - after));
  const words = (/** @type {string} */ id) => byId(id, HTMLElement).textContent ?? '';
  const line = top + side + 18 * scale;
  ctx.fillText(words('y1-low'), left, line);
  ctx.textAlign = 'center';
  ctx.fillText('y₁', left + side / 2, line);
  ctx.textAlign = 'right';
  ctx.fillText(words('y1-high'), left + side, line);
  ctx.fillText(words('y2-low'), left - 6 * scale, top + side);
  ctx.fillText('y₂', left - 6 * scale, top + side / 2);
  ctx.fillText(words('y2-high'), left - 6 * scale, top + 10 * scale);
}
