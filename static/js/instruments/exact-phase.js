// exact-phase.js: where the exact gradient of maximum likelihood would push up. In the plane the
// normalized density of the model is computed by a sum over the cells.

/** @import {Frame, Theme} from '../types.js' */
import { rgb, THEMES } from '../landscape/palette.js';
import { make } from '../dom.js';
import { inForce } from '../room-data.js';

/**
 * The density of a landscape over its cells: e^(−βF), which sums to 1.
 * @param {Float32Array} out
 * @param {Float32Array} grid
 * @param {number} beta
 */
export function density(out, grid, beta) {
  let least = Infinity;
  for (const e of grid) least = Math.min(least, e);
  let sum = 0;
  for (let i = 0; i < grid.length; i++) sum += out[i] = Math.exp(-beta * (grid[i] - least));
  for (let i = 0; i < grid.length; i++) out[i] /= sum;
}

/** The inverse temperature of the density that a room's method learns: its knob's, where that has an effect, else 1. @param {import('../store.js').Store} store */
export const betaOf = ({ model, state }) => Number((state && inForce(model, state.knobs, 'beta')) ?? 1);

/** A canvas that shades the density. */
export class ExactPhaseView {
  constructor() {
    this.canvas = make('canvas', { class: 'exact-phase', 'aria-hidden': 'true', hidden: true });
    this.dense = new Float32Array(0);
    this.image = new ImageData(1, 1);
  }

  /** @param {Frame} frame @param {number} beta @param {Theme} theme */
  draw({ grid, nx, ny }, beta, theme) {
    if (this.dense.length !== grid.length) {
      this.dense = new Float32Array(grid.length);
      this.image = new ImageData(nx, ny);
      Object.assign(this.canvas, { width: nx, height: ny });
    }
    const { dense } = this;
    const { data } = this.image;
    density(dense, grid, beta);
    let most = 0;
    for (const p of dense) most = Math.max(most, p);
    const [r, g, b] = rgb(THEMES[theme].up);
    for (let j = 0; j < ny; j++) {
      for (let i = 0, p = 4 * (ny - 1 - j) * nx; i < nx; i++, p += 4) {
        data[p] = r;
        data[p + 1] = g;
        data[p + 2] = b;
        data[p + 3] = 220 * Math.sqrt(dense[j * nx + i] / most);
      }
    }
    this.canvas.getContext('2d')?.putImageData(this.image, 0, 0);
  }
}
