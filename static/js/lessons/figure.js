// figure.js: the diagrams of the lessons, drawn from a few boxes and arrows in the page's colours.
import { makeSVG } from '../dom.js';
import { words } from '../strings.js';

const WIDE = 300;

/**
 * A part of a diagram: a rounded box, a circle, an arrow, or a word.
 * @typedef {['box', number, number, number, number, string, string?]|['node', number, number, string, string?]|['arrow', number, number, number, number]|['word', number, number, string]} Part
 */

/** The height of each diagram, its parts, and what it shows. @type {Record<string, {tall:number, parts:Part[], says:string}>} */
const FIGURES = {
  // Any part of what is seen may be asked for: the rest of a row, a hole in it, its beginning.
  parts: {
    tall: 118,
    says: words.figureParts,
    parts: [
      ...[[12, [1, 1, 1, 0]], [46, [1, 0, 1, 1]], [80, [0, 1, 1, 1]]].flatMap(([y, seen]) => (/** @type {number[]} */ (seen)).map((s, k) => (
        /** @type {Part} */ (['box', 8 + 44 * k, Number(y), 40, 24, s ? '' : '?', s ? 'seen' : 'asked'])))),
      ['word', 240, 28, words.figureRest], ['word', 240, 62, words.figureHole], ['word', 240, 96, words.figureStart],
    ],
  },
  // z is decoded to a point, which is compared with y.
  latent: {
    tall: 132,
    says: words.figureLatent,
    parts: [
      ['node', 34, 34, 'z', 'hidden'], ['arrow', 52, 34, 86, 34], ['box', 88, 20, 74, 28, 'g'], ['arrow', 162, 34, 196, 34],
      ['box', 198, 20, 88, 28, 'E(y, z)', 'energy'], ['node', 242, 102, 'y'], ['arrow', 242, 84, 242, 50], ['word', 90, 108, words.figureMin],
    ],
  },
  // z chooses a column of W, which is compared with y.
  kmeans: {
    tall: 132,
    says: words.figureKMeans,
    parts: [
      ...[0, 0, 1, 0, 0].map((on, k) => /** @type {Part} */ (['box', 12, 12 + 17 * k, 24, 15, on ? '1' : '0', on ? 'hidden' : ''])), ['word', 24, 114, 'z'],
      ['arrow', 38, 54, 66, 54], ...[0, 1, 2, 3, 4].map((k) => /** @type {Part} */ (['box', 68 + 17 * k, 30, 15, 48, '', k === 2 ? 'hidden' : ''])), ['word', 108, 98, 'W'],
      ['arrow', 154, 54, 184, 54], ['box', 186, 40, 104, 28, '‖y − W z‖²', 'energy'], ['node', 238, 112, 'y'], ['arrow', 238, 94, 238, 70],
    ],
  },
};

/** @param {string} tag @param {Record<string, string|number>} attributes @param {string} [text] */
function shape(tag, attributes, text) {
  const node = makeSVG(tag, attributes);
  if (text) node.textContent = text;
  return node;
}

/** @param {'parts'|'latent'|'kmeans'} name */
export function figure(name) {
  const { tall, parts, says } = FIGURES[name];
  const svg = shape('svg', { class: 'figure', viewBox: `0 0 ${WIDE} ${tall}`, role: 'img', 'aria-label': says });
  for (const part of parts) {
    if (part[0] === 'box') {
      const [, x, y, width, height, text, kind = ''] = part;
      svg.append(shape('rect', { x, y, width, height, rx: 3, class: kind }));
      if (text) svg.append(shape('text', { x: x + width / 2, y: y + height / 2 + 4 }, text));
    } else if (part[0] === 'node') {
      const [, cx, cy, text, kind = ''] = part;
      svg.append(shape('circle', { cx, cy, r: 17, class: kind }), shape('text', { x: cx, y: cy + 4 }, text));
    } else if (part[0] === 'word') svg.append(shape('text', { x: part[1], y: part[2], class: 'word' }, part[3]));
    else {
      const [, x1, y1, x2, y2] = part;
      const angle = Math.atan2(y2 - y1, x2 - x1);
      const head = [-0.5, 0.5].map((a) => `M${x2} ${y2}L${x2 - 7 * Math.cos(angle + a)} ${y2 - 7 * Math.sin(angle + a)}`).join('');
      svg.append(shape('path', { d: `M${x1} ${y1}L${x2} ${y2}${head}` }));
    }
  }
  return svg;
}
