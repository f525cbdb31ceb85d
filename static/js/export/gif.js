// gif.js: the landscape as it learns, as a moving picture for slides. It is encoded by modern-gif in
// a thread of its own.
/** @import {Store} from '../store.js' */
import { toast } from '../dom.js';
import { load } from '../formula.js';
import { words } from '../strings.js';
import { paint } from './picture.js';

/** Milliseconds from picture to picture, the longest of all in seconds, and the widest in pixels. */
const EVERY = 100, LONGEST = 10, WIDEST = 560;
const FOLDER = 'vendor/modern-gif/';

export class Gif {
  /** @param {Store} store */
  constructor(store) {
    this.store = store;
    this.running = false;
    this.encoding = false;
    this.canvas = document.createElement('canvas');
    this.ctx = this.canvas.getContext('2d', { willReadFrequently: true });
    this.sharp = 1;
    this.width = 0;
    /** @type {{pixels:Uint8ClampedArray, time:number}[]} */
    this.shots = [];
    /** @type {(film:Blob) => void} */
    this.done = () => {};
  }

  /** Seconds that have been filmed. */
  get seconds() {
    return this.shots.length ? (performance.now() - this.shots[0].time) / 1000 : 0;
  }

  /** Begins, and calls `done` with the pictures when it has ended. @param {(film:Blob) => void} done */
  begin(done) {
    paint(this.store, this.canvas, 1);
    this.sharp = Math.min(1, WIDEST / this.canvas.width);
    this.width = 0;
    this.shots = [];
    this.done = done;
    this.running = true;
  }

  /** Takes the picture that was just drawn, if one is due. */
  shoot() {
    if (!this.running) return;
    const time = performance.now();
    if (time - (this.shots.at(-1)?.time ?? -Infinity) < EVERY) return;
    paint(this.store, this.canvas, this.sharp);
    const { width, height } = this.canvas;
    this.width ||= width;
    const pixels = this.ctx?.getImageData(0, 0, width, height).data;
    if (pixels && width === this.width) this.shots.push({ pixels, time }); // the page has its size still
    if (this.seconds > LONGEST) this.end();
  }

  end() {
    this.running = false;
    this.encoding = true;
    this.#encode().then(this.done, (e) => toast(e.message)).finally(() => (this.encoding = false));
  }

  async #encode() {
    const { shots, width } = this;
    this.shots = [];
    await load('script', `${FOLDER}index.js`);
    if (!window.modernGif) throw new Error(words.takeLost);
    const height = shots[0].pixels.length / 4 / width;
    const encoder = new window.modernGif.Encoder({ width, height, maxColors: 255, workerUrl: `${FOLDER}worker.js` });
    for (const [k, { pixels, time }] of shots.entries()) {
      const delay = Math.round((shots[k + 1]?.time ?? time + 10 * EVERY) - time); // the last is held
      await encoder.encode({ data: pixels, delay, transparent: false });
    }
    return new Blob([await encoder.flush()], { type: 'image/gif' });
  }
}
