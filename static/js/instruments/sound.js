// sound.js: plays the energy under the cursor as the pitch of a tone.
/** @import {Instrument, Page} from './index.js' */
import { sample } from '../landscape/index.js';
import { Resources } from '../resources.js';

/** Hertz at the low and the high end of the colour range: three octaves. */
const LOW = 110, HIGH = 880;
/** Seconds in which the tone changes, swells and fades, so that nothing clicks. */
const GLIDE = 0.03;
const LOUD = 0.12;

/** The pitch of an energy in the colour range lo..hi, in hertz: an octave a third. @param {number} f @param {number} lo @param {number} hi */
export function pitch(f, lo, hi) {
  const t = hi > lo ? Math.min(1, Math.max(0, (f - lo) / (hi - lo))) : 0;
  return LOW * (HIGH / LOW) ** t;
}

class Tone {
  constructor() {
    this.context = new AudioContext();
    this.oscillator = new OscillatorNode(this.context, { type: 'triangle', frequency: LOW });
    this.volume = new GainNode(this.context, { gain: 0 });
    this.oscillator.connect(this.volume).connect(this.context.destination);
    this.oscillator.start();
  }

  /** @param {number} hertz  0 for silence */
  play(hertz) {
    const now = this.context.currentTime;
    if (hertz) this.oscillator.frequency.setTargetAtTime(hertz, now, GLIDE);
    this.volume.gain.setTargetAtTime(hertz ? LOUD : 0, now, GLIDE);
  }

  close() {
    this.context.close();
  }
}

/**
 * Plays the tone while the menu of the view has it switched on.
 * @param {Page} page
 * @returns {Instrument}
 */
export function startSound({ store }) {
  const resources = new Resources();
  /** @type {Tone|null} */
  let tone = null;
  let played = 0;
  const toggle = () => {
    const { sound } = store.view;
    if (sound === (tone !== null)) return;
    tone?.close();
    tone = sound ? new Tone() : null;
    played = 0;
  };
  store.on('scene', toggle, resources.signal);
  toggle();
  return {
    draw() {
      const { frame, view: { cursor } } = store;
      if (!tone || !frame) return;
      const hertz = cursor ? pitch(sample(frame, cursor[0], cursor[1]), frame.lo, frame.hi) : 0;
      if (hertz !== played) tone.play(hertz);
      played = hertz;
    },
    close() {
      tone?.close();
      resources.release();
    },
  };
}
