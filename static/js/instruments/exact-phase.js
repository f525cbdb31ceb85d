// exact-phase.js: where the exact gradient of maximum likelihood would push up. In the plane the
// normalized density of the model is computed by a sum over the cells.

/** @import {Frame, Scene, Theme} from '../types.js' */
import { size } from '../landscape/canvas.js';
import { THEMES } from '../landscape/palette.js';
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

/** CSS pixels from line to line of the hatching, and the widths of its lines. */
const GAP = 8, LINE = 2, HALO = 3;
/** The share of the colour between the lines. */
const TINT = 0.16;

/** A canvas that hatches the density: strongest where it is greatest. */
export class ExactPhaseView {
  constructor() {
    this.canvas = make('canvas', { class: 'exact-phase', 'aria-hidden': 'true', hidden: true });
    this.dense = new Float32Array(0);
    this.mask = make('canvas');
    this.image = new ImageData(1, 1);
    this.hatching = make('canvas');
    this.hatched = '';
    this.least = 0;
    this.beta = 1;
    /** How strongly an energy is hatched, 0 to 1. @param {number} energy */
    this.strength = (energy) => Math.min(1, Math.exp((-this.beta * (energy - this.least)) / 3));
  }

  /** @param {Frame} frame @param {number} beta @param {Pick<Scene, 'theme'|'scale'>} scene */
  draw({ grid, nx, ny }, beta, { theme, scale }) {
    if (this.dense.length !== grid.length) {
      this.dense = new Float32Array(grid.length);
      this.image = new ImageData(nx, ny);
      Object.assign(this.mask, { width: nx, height: ny });
    }
    const { dense, canvas } = this;
    const { data } = this.image;
    density(dense, grid, beta);
    let most = 0, at = 0;
    for (let i = 0; i < dense.length; i++) if (dense[i] > most) most = dense[at = i];
    [this.least, this.beta] = [grid[at], beta];
    for (let j = 0; j < ny; j++) {
      for (let i = 0, p = 4 * (ny - 1 - j) * nx + 3; i < nx; i++, p += 4) data[p] = 255 * Math.cbrt(dense[j * nx + i] / most);
    }
    this.mask.getContext('2d')?.putImageData(this.image, 0, 0);

    const ratio = window.devicePixelRatio || 1;
    size(canvas, canvas.clientWidth, canvas.clientHeight, ratio);
    const ctx = canvas.getContext('2d');
    const hatching = ctx?.createPattern(this.#hatching(theme, ratio * scale), 'repeat');
    if (!ctx || !hatching) return;
    ctx.fillStyle = hatching;
    ctx.fillRect(0, 0, canvas.width, canvas.height);
    ctx.globalCompositeOperation = 'destination-in';
    ctx.drawImage(this.mask, 0, 0, canvas.width, canvas.height);
  }

  /** One tile of the hatching. @param {Theme} theme @param {number} unit  its pixels per CSS pixel */
  #hatching(theme, unit) {
    const { hatching: tile } = this, key = `${theme} ${unit}`;
    if (key === this.hatched) return tile;
    this.hatched = key;
    const side = Math.round(GAP * unit);
    Object.assign(tile, { width: side, height: side });
    const ctx = tile.getContext('2d');
    if (!ctx) return tile;
    const { up, halo } = THEMES[theme];
    ctx.globalAlpha = TINT;
    ctx.fillStyle = up;
    ctx.fillRect(0, 0, side, side);
    ctx.globalAlpha = 1;
    for (const [color, width] of /** @type {const} */ ([[halo, HALO], [up, LINE]])) {
      ctx.strokeStyle = color;
      ctx.lineWidth = width * unit;
      for (const shift of [-side, 0, side]) {
        ctx.beginPath();
        ctx.moveTo(shift - side, 2 * side);
        ctx.lineTo(shift + 2 * side, -side);
        ctx.stroke();
      }
    }
    return tile;
  }
}
