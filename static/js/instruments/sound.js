// sound.js: the height of the landscape as the pitch of a tone, for the ear.
/** @import {Instrument, Page} from './index.js' */
import { sample } from '../landscape/index.js';

/** Hertz at the bottom of the colours and at their top: three octaves. */
const LOW = 110, HIGH = 880;
/** Seconds in which the tone glides, swells and fades, so that nothing clicks. */
const GLIDE = 0.03;
const LOUD = 0.12;

/** The pitch of an energy between the ends of the colours, in hertz: an octave a third. @param {number} f @param {number} lo @param {number} hi */
export function pitch(f, lo, hi) {
  const t = hi > lo ? Math.min(1, Math.max(0, (f - lo) / (hi - lo))) : 0;
  return LOW * (HIGH / LOW) ** t;
}

/** A tone that is silent until it is told a pitch. */
class Tone {
  constructor() {
    this.context = new AudioContext();
    this.voice = new OscillatorNode(this.context, { type: 'triangle', frequency: LOW });
    this.volume = new GainNode(this.context, { gain: 0 });
    this.voice.connect(this.volume).connect(this.context.destination);
    this.voice.start();
  }

  /** @param {number} hertz  0 for none */
  sing(hertz) {
    const now = this.context.currentTime;
    if (hertz) this.voice.frequency.setTargetAtTime(hertz, now, GLIDE);
    this.volume.gain.setTargetAtTime(hertz ? LOUD : 0, now, GLIDE);
  }

  end() {
    this.context.close();
  }
}

/**
 * Sings the energy where the reader is, once the view's menu asks for it.
 * @param {Page} page
 * @returns {Instrument}
 */
export function startSound({ store }) {
  /** @type {Tone|null} */
  let tone = null;
  let sung = 0;
  store.on('scene', () => {
    if (store.sound === (tone !== null)) return;
    tone?.end();
    tone = store.sound ? new Tone() : null;
    sung = 0;
  });
  return {
    draw() {
      const { frame, spot } = store;
      if (!tone || !frame) return;
      const hertz = spot ? pitch(sample(frame, spot[0], spot[1]), frame.lo, frame.hi) : 0;
      if (hertz !== sung) tone.sing(hertz);
      sung = hertz;
    },
  };
}
