// gif.js: records the landscape while the model learns, as an animated GIF for slides. A worker encodes it
// at the end.
/** @import {Store} from '../store.js' */
import { toast } from '../dom.js';
import { words } from '../strings.js';
import { renderPicture } from './picture.js';

/** Milliseconds from picture to picture, the longest recording in seconds, and the largest width in pixels. */
const INTERVAL = 100, MAX_SECONDS = 10, MAX_WIDTH = 560;
/** Milliseconds for which the last picture stays longer. */
const LAST = 1000;

export class Gif {
  /** @param {Store} store */
  constructor(store) {
    this.store = store;
    this.running = false;
    this.encoding = false;
    this.canvas = document.createElement('canvas');
    this.ctx = this.canvas.getContext('2d', { willReadFrequently: true });
    this.ratio = 1;
    this.width = 0;
    /** @type {{pixels:Uint8ClampedArray, time:number}[]} */
    this.pictures = [];
    /** @type {(film:Blob) => void} */
    this.done = () => {};
  }

  /** Seconds recorded so far. */
  get seconds() {
    return this.pictures.length ? (performance.now() - this.pictures[0].time) / 1000 : 0;
  }

  /** Begins, and calls `done` with the GIF when it has ended. @param {(film:Blob) => void} done */
  begin(done) {
    renderPicture(this.store, this.canvas, 1);
    this.ratio = Math.min(1, MAX_WIDTH / this.canvas.width);
    this.width = 0;
    this.pictures = [];
    this.done = done;
    this.running = true;
  }

  /** Records the picture that was just drawn, if one is due. */
  capture() {
    if (!this.running) return;
    const time = performance.now();
    if (time - (this.pictures.at(-1)?.time ?? -Infinity) < INTERVAL) return;
    renderPicture(this.store, this.canvas, this.ratio);
    const { width, height } = this.canvas;
    this.width ||= width;
    const pixels = this.ctx?.getImageData(0, 0, width, height).data;
    if (pixels && width === this.width) this.pictures.push({ pixels, time }); // a GIF has one size: after a resize none is added
    if (this.seconds > MAX_SECONDS) this.end();
  }

  /** Ends the recording. Where nothing was recorded, there is no file. */
  end() {
    this.running = false;
    const { pictures } = this;
    this.pictures = [];
    if (pictures.length === 0) return toast(words.exportNoPicture);
    this.encoding = true;
    encode(pictures, this.width, performance.now()).then(this.done, (e) => toast(e.message)).finally(() => (this.encoding = false));
  }
}

/**
 * @param {{pixels:Uint8ClampedArray, time:number}[]} pictures
 * @param {number} width
 * @param {number} end  when the recording ended
 * @returns {Promise<Blob>}
 */
function encode(pictures, width, end) {
  const height = pictures[0].pixels.length / 4 / width;
  const timed = pictures.map(({ pixels, time }, k) => ({ pixels, delay: Math.round((pictures[k + 1]?.time ?? end + LAST) - time) }));
  const worker = new Worker(new URL('gif-worker.js', import.meta.url), { type: 'module' });
  return new Promise((resolve, reject) => {
    const failed = () => reject(new Error(words.exportFailed));
    worker.onmessage = ({ data }) => (data ? resolve(new Blob([data], { type: 'image/gif' })) : failed());
    worker.onerror = failed;
    worker.postMessage({ pictures: timed, width, height }, pictures.map(({ pixels }) => pixels.buffer));
  }).finally(() => worker.terminate());
}
