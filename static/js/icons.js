// icons.js: the pictures of the datasets, which their cards have as paths on a 32 x 32 field,
// and the signs on the buttons.
import { makeSVG } from './dom.js';

/** The icon of a dataset whose card has none: 24 scattered points. */
const scattered = Array.from({ length: 24 }, (_, i) => {
  const r = 12.5 * Math.sqrt(i / 24), a = i * Math.PI * (3 - Math.sqrt(5));
  return `M${(16 + r * Math.cos(a)).toFixed(1)} ${(16 - r * Math.sin(a)).toFixed(1)}h.1`;
}).join('');

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
  const svg = makeSVG('svg', { viewBox: `0 0 ${size} ${size}`, 'aria-hidden': 'true' });
  svg.append(makeSVG('path', { d }));
  return svg;
}

/** The picture of a dataset. @param {{icon?:string}} card */
export function dataPicture(card) {
  return picture(card.icon ?? scattered, 32);
}

/** The sign of an action. @param {string} action */
export function sign(action) {
  return picture(SIGNS[action] ?? '', 16);
}
