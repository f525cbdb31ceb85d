// picture.js: the screen as one picture: the landscape with all that lies over it, its axes, colour
// bar and caption; or the landscapes that are compared, each under its title.
/** @import {Store} from '../store.js' */
import { axisTexts } from '../axes.js';
import { byId } from '../dom.js';
import { THEMES } from '../landscape/palette.js';
import { caption } from './caption.js';
import { shapesOver } from './shapes.js';

/** Pixels of the picture per CSS pixel, at least. */
const MIN_RATIO = 2;

/**
 * Draws the picture. To be called right after the landscape was drawn.
 * @param {Store} store
 * @param {HTMLCanvasElement} canvas  drawn on and resized
 * @param {number} [ratio]  its pixels per CSS pixel
 */
export function renderPicture(store, canvas, ratio = Math.max(MIN_RATIO, window.devicePixelRatio || 1)) {
  const { theme, scale } = store.scene;
  const colors = THEMES[theme];
  const squares = [...byId('stage', HTMLElement).querySelectorAll('.square')].filter((s) => s instanceof HTMLElement && s.clientWidth > 0);
  const boxes = squares.map((s) => s.getBoundingClientRect());
  const x0 = Math.min(...boxes.map((b) => b.left)), y0 = Math.min(...boxes.map((b) => b.top));
  const wide = Math.max(...boxes.map((b) => b.right)) - x0 - 2, high = Math.max(...boxes.map((b) => b.bottom)) - y0 - 2; // without the frame
  const alone = squares.length === 1;
  const bar = byId('bar', HTMLCanvasElement);
  const left = (alone ? Math.max(44, 8 + 8 * Math.max(...axisTexts(store)[1].numbers.map((text) => text.length))) : 16) * scale, top = (alone ? 44 : 84) * scale;
  const right = alone ? bar.clientWidth + 24 * scale : left, bottom = (alone ? 34 : 16) * scale;
  const width = Math.round((left + wide + right) * ratio / 2) * 2, height = Math.round((top + high + bottom) * ratio / 2) * 2;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const ctx = canvas.getContext('2d');
  if (!ctx) return;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.fillStyle = colors.paper;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  const pen = { ctx, colors, scale };
  /** @param {'left'|'center'|'right'} align @param {string} text @param {number} x @param {number} y @param {number} [maxWidth] */
  const write = (align, text, x, y, maxWidth) => {
    ctx.textAlign = align;
    ctx.fillText(text, x, y, maxWidth);
  };
  ctx.textBaseline = 'alphabetic';
  const { title, detail } = caption(store);
  font(pen, 16, 700);
  write('left', title, left, 28 * scale);
  const after = left + ctx.measureText(title).width + 10 * scale;
  font(pen, 12);
  write('left', detail, after, 28 * scale, Math.max(1, left + wide + right - 8 * scale - after));

  squares.forEach((square, i) => {
    const x = left + boxes[i].left - x0, y = top + boxes[i].top - y0;
    content(pen, /** @type {HTMLElement} */ (square), x, y);
    const head = square.closest('.plot, .pane')?.querySelector('.pane-title');
    if (alone || !head) return;
    font(pen, 12, 700);
    write('left', [...head.querySelectorAll(':scope > b, :scope > span:not(.ends)')].map((n) => n.textContent).join('  '), x, y - 24 * scale, boxes[i].width);
    font(pen, 12);
    write('left', head.querySelector('small')?.textContent ?? '', x, y - 8 * scale, boxes[i].width);
  });
  if (!alone) return;
  ctx.drawImage(bar, left + wide + 12 * scale, top, bar.clientWidth, bar.clientHeight);
  const [across, along] = axisTexts(store);
  const line = top + high + 18 * scale;
  write('center', across.name, left + wide / 2, line, 0.55 * wide);
  if (along.name.length > 3) {
    ctx.save();
    ctx.translate(left - 10 * scale, top + high / 2);
    ctx.rotate(-Math.PI / 2);
    write('center', along.name, 0, 0, 0.55 * high);
    ctx.restore();
  } else write('right', along.name, left - 6 * scale, top + high / 2);
  for (const k of [0, 1]) {
    const at = across.at[k];
    write(at <= 0 ? 'left' : at >= 1 ? 'right' : 'center', across.numbers[k], left + at * wide, line);
    write('right', along.numbers[k], left - 6 * scale, top + Math.min(high, Math.max(10 * scale, (1 - along.at[k]) * high + 4 * scale)));
  }
}

/** @typedef {{ctx:CanvasRenderingContext2D, colors:typeof THEMES['light'], scale:number}} Pen */

/** Bold is ink, the rest muted. @param {Pen} pen @param {number} size @param {400|700} [weight] */
function font({ ctx, colors, scale }, size, weight = 400) {
  ctx.font = `${weight} ${size * scale}px system-ui, sans-serif`;
  ctx.fillStyle = weight > 400 ? colors.ink : colors.muted;
}

/** Draws a square of the page and what lies over it. @param {Pen} pen @param {HTMLElement} square @param {number} x @param {number} y */
function content({ ctx, colors }, square, x, y) {
  const { left, top, width, height } = square.getBoundingClientRect();
  ctx.save();
  ctx.translate(x - square.clientLeft, y - square.clientTop);
  ctx.fillStyle = colors.card;
  ctx.fillRect(0, 0, width, height);
  for (const layer of square.querySelectorAll('canvas')) {
    const box = layer.getBoundingClientRect();
    if (layer.width && layer.height && box.width && getComputedStyle(layer).visibility === 'visible') ctx.drawImage(layer, box.left - left, box.top - top, box.width, box.height);
  }
  ctx.translate(square.clientLeft, square.clientTop);
  for (const { d, fill, stroke, width: lineWidth, opacity } of shapesOver(square)) {
    ctx.globalAlpha = opacity;
    const path = new Path2D(d);
    ctx.fillStyle = fill;
    if (fill !== 'none') ctx.fill(path);
    ctx.strokeStyle = stroke;
    ctx.lineWidth = lineWidth;
    ctx.lineJoin = ctx.lineCap = 'round';
    if (stroke !== 'none') ctx.stroke(path);
  }
  ctx.restore();
  ctx.strokeStyle = colors.line;
  ctx.lineWidth = 1;
  ctx.strokeRect(x - 0.5, y - 0.5, square.clientWidth + 1, square.clientHeight + 1);
}
