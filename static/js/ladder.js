// ladder.js: which transport a connection uses. A websocket is the best; many networks do not pass it,
// cut it, or hold back what it carries. Then the page steps down, and tries the better ones again now
// and then.
import { openPoll } from './transports/poll.js';
import { crowded } from './transports/session.js';
import { openStream } from './transports/stream.js';
import { openWebsocket } from './transports/websocket.js';

/** The transports, the best first. @type {{name:'websocket'|'stream'|'poll', open:import('./transports/line.js').Transport}[]} */
export const RUNGS = [
  { name: 'websocket', open: openWebsocket },
  { name: 'stream', open: (...line) => (crowded() ? openPoll : openStream)(...line) },
  { name: 'poll', open: openPoll },
];

/** Seconds for which a line has to carry messages until it is taken for good. */
export const HEALTHY = 5;
/** Seconds below which the page steps down when a line is lost. */
const CUT = 1;
/** Seconds below which a line was short; so many short ones in a row, and the page steps down. */
const SHORT = 60;
const SHORT_LINES = 2;
/** Seconds until a better transport is tried again; more where one that was tried was lost again, at most so many. */
const UPGRADE_AFTER = [60, 960];
/** Seconds for which an attempt waits for the welcome: at first, and at most. */
const WELCOME_WITHIN = [4, 15];

/** The transport that worked last in this page: a new connection begins with it. */
let working = 0;

export class Ladder {
  /** The present transport, an index of RUNGS. */
  rung = working;
  #short = 0;
  #failed = 0; // lines in a row
  #upgradeAfter = UPGRADE_AFTER[0];
  /** The present transport was an upgrade. */
  #upgraded = false;

  get transport() {
    return RUNGS[this.rung];
  }

  /** Milliseconds that an attempt may take until the welcome; more, once all transports have failed. */
  get welcomeWithin() {
    return 1000 * Math.min(WELCOME_WITHIN[1], WELCOME_WITHIN[0] * 2 ** Math.floor(this.#failed / RUNGS.length));
  }

  /**
   * A line was lost, and the server answers otherwise.
   * @param {{held:number, stuck:boolean}} how  for how many seconds it carried messages; whether it is
   *   still open but carries none
   */
  lost({ held, stuck }) {
    this.#failed = held ? 0 : this.#failed + 1;
    this.#short = held < SHORT ? this.#short + 1 : 0;
    if (stuck ? held >= SHORT : held >= CUT && this.#short < SHORT_LINES) return; // once more
    this.#short = 0;
    if (this.#upgraded) this.#upgradeAfter = Math.min(UPGRADE_AFTER[1], 2 * this.#upgradeAfter); // no flapping
    this.#upgraded = false;
    this.rung = (this.rung + 1) % RUNGS.length;
  }

  /** The present line carries messages for a while now. */
  works() {
    working = this.rung;
    this.#failed = 0;
  }

  /** Milliseconds until a better transport is to be tried; 0 where there is none. @param {() => number} [random] */
  upgradeAfter(random = Math.random) {
    return this.rung && 1000 * this.#upgradeAfter * (0.75 + 0.5 * random());
  }

  /** A better transport works and is the present one now. @param {number} rung */
  upgrade(rung) {
    this.rung = rung;
    this.#short = 0;
    this.#upgraded = true;
    this.works();
  }
}

/** Forgets what worked last, for tests. */
export const forget = () => void (working = 0);
