// film.js: the landscape as it learns, as a film that the browser encodes.
/** @import {Store} from '../store.js' */
import { paint } from './picture.js';

/** Frames per second, and the longest film in seconds. */
const FPS = 30, LONGEST = 120;
/** What browsers can write, the best first. */
const KINDS = ['video/webm;codecs=vp9', 'video/webm;codecs=vp8', 'video/webm'];

export class Film {
  /** @param {Store} store */
  constructor(store) {
    this.store = store;
    /** @type {MediaRecorder|null} */
    this.recorder = null;
    this.canvas = document.createElement('canvas');
    this.since = 0;
    this.encoding = false; // it is encoded as it goes
  }

  static get possible() {
    return typeof MediaRecorder !== 'undefined' && KINDS.some((kind) => MediaRecorder.isTypeSupported(kind));
  }

  get running() {
    return this.recorder !== null;
  }

  /** Seconds that have been filmed. */
  get seconds() {
    return this.running ? (performance.now() - this.since) / 1000 : 0;
  }

  /** Begins, and calls `done` with the film when it has ended. @param {(film:Blob) => void} done */
  begin(done) {
    paint(this.store, this.canvas, 1);
    const type = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    const recorder = new MediaRecorder(this.canvas.captureStream(FPS), { mimeType: type, videoBitsPerSecond: 6e6 });
    /** @type {Blob[]} */
    const parts = [];
    recorder.ondataavailable = (e) => parts.push(e.data);
    recorder.onstop = () => done(new Blob(parts, { type: 'video/webm' }));
    recorder.start(1000);
    this.recorder = recorder;
    this.since = performance.now();
  }

  /** Takes the picture that was just drawn. */
  shoot() {
    if (!this.running) return;
    paint(this.store, this.canvas, 1);
    if (this.seconds > LONGEST) this.end();
  }

  end() {
    this.recorder?.stop();
    this.recorder = null;
  }
}
