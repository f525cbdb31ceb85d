// axes.js: the names of the axes and two numbers on each, in the units of the data's source.
import { byId, make, write } from './dom.js';
import { short } from './units.js';

/** The user's own points have the numbers at their own ends, if they cover so much of the axis. */
const COVER = 0.6;
/** There is space for so many characters beside the landscape; each more needs so many rem. */
const CHARACTERS = 4, WIDTH = 0.42;

/**
 * What is written along an axis: its name, and two numbers with where they are, 0 for its low end and 1
 * for its high end.
 * @typedef {{name:string, numbers:[string, string], at:[number, number]}} AxisTexts
 */

/** @param {import('./store.js').Store} store @returns {[AxisTexts, AxisTexts]} */
export function axisTexts({ units, points, state, frame, catalog: { limits: { box } } }) {
  const { x0, x1, y0, y1 } = frame ?? { x0: -box, x1: box, y0: -box, y1: box };
  /** @param {0|1} i @param {number} low @param {number} high @returns {AxisTexts} */
  const texts = (i, low, high) => {
    let [first, last] = [low, high];
    if (state?.own) {
      const [least, most] = extent(points.y, i);
      if (least >= low && most <= high && most - least > COVER * (high - low)) [first, last] = [least, most];
    }
    return { name: units.names[i], numbers: units.ends(first, last, i), at: [(first - low) / (high - low), (last - low) / (high - low)] };
  };
  return [texts(0, x0, x1), texts(1, y0, y1)];
}

/** The least and the largest coordinate of points. @param {Float32Array} y @param {0|1} i */
function extent(y, i) {
  let least = Infinity, most = -Infinity;
  for (let p = i; p < y.length; p += 2) {
    least = Math.min(least, y[p]);
    most = Math.max(most, y[p]);
  }
  return [least, most];
}

/** Makes the two axes of a landscape beside the page's own, to be written by writeAxes. */
export const makeAxes = () => ['y1', 'y2'].map((axis) => make('div', { class: `axis ${axis}`, 'aria-hidden': 'true' }, make('span'), make('b'), make('span')));

/** Writes all axes of the page: all landscapes have the same. @param {import('./store.js').Store} store */
export function writeAxes(store) {
  const both = axisTexts(store);
  for (const [i, texts] of both.entries()) {
    for (const node of document.querySelectorAll(`.axis.y${i + 1}`)) writeAxis(node, texts);
  }
  const widest = Math.max(...both[1].numbers.map((text) => text.length));
  byId('stage', HTMLElement).style.setProperty('--more', `${(WIDTH * Math.max(0, widest - CHARACTERS)).toFixed(2)}rem`);
}

/** @param {Element} node  its low number, its name, its high number @param {AxisTexts} texts */
function writeAxis(node, { name, numbers, at }) {
  const [low, title, high] = node.children;
  for (const [k, end] of [low, high].entries()) {
    if (!(end instanceof HTMLElement)) continue;
    write(end, numbers[k]);
    end.style.setProperty('--at', at[k].toFixed(4));
    end.toggleAttribute('data-tick', at[k] > 0 && at[k] < 1);
  }
  write(title, name);
  if (title instanceof HTMLElement) title.title = name === short(name) ? '' : name;
  title.toggleAttribute('data-upright', name.length > 3);
}
