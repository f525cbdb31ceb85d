// film.js: records the landscape while the model learns, as a WebM that the browser encodes on the fly.
/** @import {Store} from '../store.js' */
import { renderPicture } from './picture.js';

/** Frames per second, and the longest film in seconds. */
const FPS = 30, MAX_SECONDS = 120;
/** What browsers can write, the best first. */
const TYPES = ['video/webm;codecs=vp9', 'video/webm;codecs=vp8', 'video/webm'];

export class Film {
  /** @param {Store} store */
  constructor(store) {
    this.store = store;
    /** @type {MediaRecorder|null} */
    this.recorder = null;
    this.canvas = document.createElement('canvas');
    this.startedAt = 0;
    this.encoding = false; // there is nothing left to encode at the end
  }

  static get possible() {
    return typeof MediaRecorder !== 'undefined' && TYPES.some((type) => MediaRecorder.isTypeSupported(type));
  }

  get running() {
    return this.recorder !== null;
  }

  /** Seconds recorded so far. */
  get seconds() {
    return this.running ? (performance.now() - this.startedAt) / 1000 : 0;
  }

  /** Begins, and calls `done` with the film when it has ended. @param {(film:Blob) => void} done */
  begin(done) {
    renderPicture(this.store, this.canvas, 1);
    const type = TYPES.find((t) => MediaRecorder.isTypeSupported(t));
    const stream = this.canvas.captureStream(FPS);
    const recorder = new MediaRecorder(stream, { mimeType: type, videoBitsPerSecond: 6e6 });
    /** @type {Blob[]} */
    const parts = [];
    recorder.ondataavailable = (e) => parts.push(e.data);
    recorder.onstop = () => {
      for (const track of stream.getTracks()) track.stop();
      done(new Blob(parts, { type: 'video/webm' }));
    };
    recorder.start(1000);
    this.recorder = recorder;
    this.startedAt = performance.now();
  }

  /** Records the picture that was just drawn. */
  capture() {
    if (!this.running) return;
    renderPicture(this.store, this.canvas, 1);
    if (this.seconds > MAX_SECONDS) this.end();
  }

  end() {
    this.recorder?.stop();
    this.recorder = null;
  }
}
