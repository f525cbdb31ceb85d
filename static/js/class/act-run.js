// act-run.js: the run goes on for a number of steps, in a few seconds, and stops there.
/** @import {Page} from '../instruments/index.js' */
import { paceOf } from '../view.js';

/** Seconds that it takes, and steps per second at least. */
const SECONDS = 6, LEAST_SPEED = 1;

export class RunOn {
  /** Where it stops, and the pace before. @type {{step:number, pace:number|'auto'}|null} */
  #goal = null;

  /** @param {Pick<Page, 'store'|'commands'>} page */
  constructor({ store, commands }) {
    this.store = store;
    this.commands = commands;
  }

  get running() {
    return this.#goal !== null;
  }

  /** @param {number} steps */
  start(steps) {
    const { store: { state, scene }, commands } = this;
    if (!state) return;
    if (scene.reducedMotion) return void commands.seek(state.step + steps);
    this.#goal = { step: state.step + steps, pace: this.#goal?.pace ?? paceOf(state) };
    commands.view({ speed: Math.max(LEAST_SPEED, steps / SECONDS) });
    if (!state.playing) commands.act('play');
  }

  /** Stops where it was to stop; called when a frame has been drawn. */
  follow() {
    const { store: { frame, state }, commands } = this;
    if (!this.#goal || !frame || !state || frame.step < this.#goal.step) return;
    const { step, pace } = this.#goal;
    this.#goal = null;
    if (state.playing) commands.act('pause');
    if (state.playing || frame.step > step) commands.seek(step); // the room may be further than the frame
    commands.view({ speed: pace });
  }
}
