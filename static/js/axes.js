// axes.js: the names of the axes and two numbers on each, in the units of the data's source.
import { byId, write } from './dom.js';
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

/** @param {import('./store.js').Store} store */
export function writeAxes(store) {
  const both = axisTexts(store);
  for (const [i, { name, numbers, at }] of both.entries()) {
    const axis = `y${i + 1}`;
    for (const [k, end] of ['low', 'high'].entries()) {
      const node = byId(`${axis}-${end}`, HTMLElement);
      write(node, numbers[k]);
      node.style.setProperty('--at', at[k].toFixed(4));
      node.toggleAttribute('data-tick', at[k] > 0 && at[k] < 1);
    }
    const title = byId(`${axis}-name`, HTMLElement);
    write(title, name);
    title.title = name === short(name) ? '' : name;
    title.toggleAttribute('data-upright', name.length > 3);
  }
  const widest = Math.max(...both[1].numbers.map((text) => text.length));
  const plot = byId('y2-low', HTMLElement).closest('.plot');
  if (plot instanceof HTMLElement) plot.style.setProperty('--more', `${(WIDTH * Math.max(0, widest - CHARACTERS)).toFixed(2)}rem`);
}
