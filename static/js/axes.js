// axes.js: the numbers at the ends of the axes, in the units of the data's source.
import { byId, write } from './dom.js';
import { signed } from './scale.js';

/** @param {import('./store.js').Store} store */
export function writeAxes({ dataset, frame, catalog: { limits: { box } } }) {
  const { scale: [s1, s2], offset: [o1, o2] } = dataset?.axes ?? { scale: [1, 1], offset: [0, 0] };
  const { x0, x1, y0, y1 } = frame ?? { x0: -box, x1: box, y0: -box, y1: box };
  const ends = { 'y1-low': x0 * s1 + o1, 'y1-high': x1 * s1 + o1, 'y2-low': y0 * s2 + o2, 'y2-high': y1 * s2 + o2 };
  for (const [id, value] of Object.entries(ends)) write(byId(id, HTMLElement), signed(value, 1));
}
