// change-view.js: a map of a change of the energy, with the range of its colours.
import { make, write } from '../dom.js';
import { colorRange, divergingMap, writeColors } from '../landscape/change.js';

/** @typedef {import('../types.js').Theme} Theme */

export class ChangeView {
  /** @param {string} low @param {string} high  the meaning of the ends of the range */
  constructor(low, high) {
    this.canvas = make('canvas', { class: 'change', 'aria-hidden': 'true' });
    this.scale = make('canvas', { class: 'change-scale', 'aria-hidden': 'true', width: 255, height: 1 });
    this.low = make('span', { class: 'down' });
    this.high = make('span', { class: 'up' });
    this.words = [low, high];
    this.legend = make('p', { class: 'change-legend' }, this.low, this.scale, this.high);
    this.theme = '';
    this.range = 0;
    this.map = new Uint8ClampedArray(0);
    this.image = new ImageData(1, 1);
    /** What was drawn last: a frame, and the one it is compared with. @type {object|null} */
    this.of = null;
    /** @type {object|null} */
    this.and = null;
  }

  /** @param {Float32Array} values  lowest y2 first @param {number} nx @param {Theme} theme */
  draw(values, nx, theme) {
    if (theme !== this.theme) {
      this.theme = theme;
      this.map = divergingMap(theme);
      this.scale.getContext('2d')?.putImageData(new ImageData(this.map.slice(), this.map.length / 4, 1), 0, 0);
    }
    const ny = values.length / nx;
    if (this.image.width !== nx || this.image.height !== ny) {
      this.image = new ImageData(nx, ny);
      Object.assign(this.canvas, { width: nx, height: ny });
      this.range = 0;
    }
    // The range follows slowly, so that the picture does not flicker.
    const now = colorRange(values);
    this.range = this.range > 0 && now / this.range < 4 && this.range / now < 4 ? this.range + 0.1 * (now - this.range) : now;
    writeColors(this.image.data, values, nx, this.range, this.map);
    this.canvas.getContext('2d')?.putImageData(this.image, 0, 0);
  }

  /** Writes the legend. */
  numbers() {
    const text = this.range.toPrecision(2);
    write(this.low, `${this.words[0]} −${text}`);
    write(this.high, `+${text} ${this.words[1]}`);
  }
}
