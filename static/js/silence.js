// silence.js: whether the server sends what it should. Where it has not for a while, it is asked whether
// it is there at all: a long step is one thing, a server that does not answer another.

/** Milliseconds without a message after which the page says so, and between two questions. */
export const SILENT_AFTER = 3000;
/** Milliseconds after which the connection is made anew, if the server answers otherwise. */
const RECONNECT_AFTER = 15_000;
/** The most milliseconds that count between two looks: the computer may have slept. */
const LOOK = 500;

/** What is known of a silent server: it is being asked, it answers, or it does not. @typedef {'asked'|'answers'|'gone'} Found */

export class Silence {
  #heard = -1;
  #last = NaN;
  #silent = 0;
  #asked = -Infinity;
  /** @type {Found} */
  #found = 'asked';

  /**
   * @param {() => Promise<boolean>} ask  whether the server answers
   * @param {() => void} reconnect
   */
  constructor(ask, reconnect) {
    this.ask = ask;
    this.reconnect = reconnect;
  }

  /**
   * Returns for how long the server has been silent, if that is too long; null otherwise.
   * @param {number} now    milliseconds
   * @param {number} heard  how many messages have come
   * @param {number} wait   milliseconds after which one should have come; 0 if none is awaited
   * @returns {{seconds:number, found:Found}|null}
   */
  follow(now, heard, wait) {
    if (heard !== this.#heard || !wait) {
      this.#heard = heard;
      this.#silent = 0;
      this.#found = 'asked';
    } else this.#silent += Math.min(LOOK, now - this.#last || 0);
    this.#last = now;
    if (this.#silent < Math.max(SILENT_AFTER, wait)) return null;
    if (now - this.#asked >= SILENT_AFTER) this.#question(now);
    if (this.#found === 'answers' && this.#silent >= RECONNECT_AFTER) {
      this.#silent = 0;
      this.reconnect();
    }
    return { seconds: Math.floor(this.#silent / 1000), found: this.#found };
  }

  /** @param {number} now */
  async #question(now) {
    this.#asked = now;
    const heard = this.#heard;
    const answers = await this.ask();
    if (heard === this.#heard && this.#silent) this.#found = answers ? 'answers' : 'gone';
  }
}
