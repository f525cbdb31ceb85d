// change-view.js: a map of a change of the energy, with the range of its colours.
import { make, write } from '../dom.js';
import { changeTexts } from '../landscape/bar.js';
import { cellsNear, colorRange, divergingMap, writeColors } from '../landscape/change.js';
import { words } from '../strings.js';

/** @typedef {import('../types.js').Frame} Frame */
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
    /** The cells near the data, and of which points and plane. */
    this.cells = new Uint32Array(0);
    /** @type {Float32Array|null} */
    this.points = null;
    this.plane = '';
    /** What was drawn last: a frame, and the one it is compared with. @type {object|null} */
    this.of = null;
    /** @type {object|null} */
    this.and = null;
  }

  /** The cells of the frame near the points. @param {Frame} frame @param {Float32Array} points */
  near(frame, points) {
    const { nx, ny, x0, x1, y0, y1 } = frame;
    const plane = `${nx} ${ny} ${x0} ${x1} ${y0} ${y1}`;
    if (points !== this.points || plane !== this.plane) {
      this.cells = cellsNear(frame, points);
      [this.points, this.plane] = [points, plane];
    }
    return this.cells;
  }

  /** @param {Float32Array} values  lowest y2 first @param {Frame} frame @param {Float32Array} points @param {Theme} theme */
  draw(values, frame, points, theme) {
    const { nx, ny } = frame;
    if (theme !== this.theme) {
      this.theme = theme;
      this.map = divergingMap(theme);
      this.scale.getContext('2d')?.putImageData(new ImageData(this.map.slice(), this.map.length / 4, 1), 0, 0);
    }
    if (this.image.width !== nx || this.image.height !== ny) {
      this.image = new ImageData(nx, ny);
      Object.assign(this.canvas, { width: nx, height: ny });
      this.range = 0;
    }
    // The range follows slowly, so that the picture does not flicker.
    const now = colorRange(values, this.near(frame, points), frame);
    this.range = this.range > 0 && now / this.range < 4 && this.range / now < 4 ? this.range + 0.1 * (now - this.range) : now;
    writeColors(this.image.data, values, nx, this.range, this.map);
    this.canvas.getContext('2d')?.putImageData(this.image, 0, 0);
  }

  /** Writes the legend. */
  numbers() {
    const texts = changeTexts(this.range), same = texts.length === 1;
    const [low, high] = this.words;
    this.scale.hidden = this.low.hidden = same;
    this.high.className = same ? '' : 'up';
    write(this.low, same ? '' : `${low} ${texts[0]}`);
    write(this.high, same ? words.sameEverywhere : `${texts[texts.length - 1]} ${high}`);
  }
}
