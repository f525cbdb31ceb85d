// connection.js: one line to a room: hello, what comes, acknowledgments, and whether it still carries
// messages. A line that is open is not yet one that works: proxies hold it back, or pass nothing. So
// what counts is what arrives, and where nothing does the server is asked over the line for an answer.
import { RequestError, serverAnswers } from './request.js';
import { decodeFrame } from './wire.js';

/** @typedef {Record<string, any>} Message */

/**
 * Why a connection has ended: for how many seconds it carried messages, whether it is still open but
 * carries none, whether the server itself has closed it, whether the page was frozen or the computer
 * slept meanwhile, and what it refused hello with.
 * @typedef {{held:number, stuck:boolean, byServer:boolean, slept:boolean, refusal?:RequestError}} Loss
 */

/**
 * @typedef {object} Handlers
 * @property {(message:Message) => void} message
 * @property {(frame:import('./types.js').Frame) => void} frame
 * @property {(loss:Loss) => void} lost
 */

/** Milliseconds between two looks at a connection. */
const LOOK = 500;
/** Milliseconds by which a timer is late where the page was frozen or the computer slept. */
const SLEPT = 5000;
/** Looks without a message until the server is asked: at first, while frames come or an answer is awaited; else. */
const QUIET = [3, 20];
/** Looks within which it should answer; then whether it answers by another way is asked. */
const ANSWER = 2;
/** Milliseconds between two hellos of a member who waits to be let in. */
const LOBBY = 2000;
/** Codes of a close message by which a server ends a connection that works. */
const BY_SERVER = [1001, 1008, 1009, 1013];
/** Refusals of hello after which another one does not help. */
const FINAL = ['code', 'removed', 'ended', 'locked', 'full', 'gone'];

export class Connection {
  /** How many messages have come, besides answers to {@link ask}. */
  heard = 0;
  /** Whether the last question was answered over the line. */
  answered = false;
  /** Whether an answer of the server is awaited: then silence is noticed sooner. */
  awaits = () => false;
  #line;
  #key;
  #welcomed = false;
  #ended = false;
  #acked = -1;
  #seq = -1;
  #looks = 0; // since the welcome
  #quiet = 0; // looks since the last message
  #signs = 0; // all that has come
  #seen = 0; // of it, at the last look
  #frames = 0; // looks since the last frame
  #asks = 0; // looks since the server was asked over the line; 0 if it was not
  #due = 0; // when the timer is to fire
  #slept = false; // the page has slept, and nothing has come since
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;

  /**
   * @param {import('./transports/line.js').Transport} open
   * @param {import('./rooms.js').Key} key
   * @param {number} within  milliseconds until the welcome
   * @param {Handlers} handlers
   */
  constructor(open, key, within, handlers) {
    this.#key = { ...key };
    this.handlers = handlers;
    this.#line = open(key.room, this.#hello(), {
      message: (message) => this.#receive(message),
      closed: (code) => this.#lose({ byServer: BY_SERVER.includes(code) }),
    });
    this.#after(within, () => this.#lose());
  }

  #hello() {
    const { token, member } = this.#key;
    // Any name of a catalogue means: say its hash only.
    return JSON.stringify({ hello: { ...(token && { token }), ...(member && { member }), enc: 'auto', catalog: 'by-hash' } });
  }

  /** @param {string|ArrayBuffer} data */
  #receive(data) {
    if (this.#ended) return;
    this.#signs++;
    if (typeof data !== 'string') {
      this.heard++;
      const frame = decodeFrame(data);
      this.#frames = 0;
      this.#seq = frame.seq;
      this.handlers.frame(frame);
      if (document.hidden) this.ack(frame.seq); // no loop runs to draw it
      return;
    }
    /** @type {Message} */
    const message = JSON.parse(data);
    if (message.done && message.id < 0) {
      this.answered = true;
      return;
    }
    this.heard++;
    if (message.welcome) {
      this.#welcomed = true;
      this.#after(LOOK, () => this.#look());
    } else if (message.error && !this.#welcomed) this.#refused(message.error);
    if (!this.#ended) this.handlers.message(message);
  }

  /** Hello was refused. @param {{code:string, message:string}} error */
  #refused({ code, message }) {
    if (code === 'lobby') {
      this.#after(LOBBY, () => this.#line.send(this.#hello()));
    } else if (FINAL.includes(code)) this.#lose({ refusal: new RequestError(code, message, 403) });
    else if (this.#key.token) {
      this.#key.token = ''; // it is not, or no longer, the room's: watching needs none
      this.#line.send(this.#hello());
    }
  }

  /** Looks whether messages come. */
  #look() {
    const late = this.#late;
    this.#after(LOOK, () => this.#look());
    this.#looks++;
    this.#frames++;
    this.#quiet++;
    if (this.#seen !== this.#signs) this.#quiet = this.#asks = 0;
    if (late) this.#slept = true;
    else if (this.#seen !== this.#signs) this.#slept = false;
    this.#seen = this.#signs;
    if (document.hidden) return; // timers come late
    if (this.#asks) {
      if (++this.#asks === 1 + ANSWER) this.#askOtherwise();
    } else if (this.#slept || this.#quiet >= QUIET[Math.min(this.#looks, this.#frames) < QUIET[1] || this.awaits() ? 0 : 1]) this.ask();
  }

  /** Calls f after some milliseconds, and nothing else. @param {number} ms @param {() => void} f */
  #after(ms, f) {
    clearTimeout(this.#timer);
    this.#due = performance.now() + ms;
    this.#timer = setTimeout(f, ms);
  }

  /** Whether the timer should have fired long ago. */
  get #late() {
    return performance.now() - this.#due > SLEPT;
  }

  /** Asks the server for an answer over the line. */
  ask() {
    this.#asks = 1;
    this.answered = false;
    this.#line.send(JSON.stringify({ ack: Math.max(0, this.#seq), id: -1 }));
  }

  /** Asks the server by a request of its own: if that is answered sooner, the line is stuck. */
  async #askOtherwise() {
    const signs = this.#signs;
    const answers = await serverAnswers();
    if (this.#ended || signs !== this.#signs) return;
    if (!answers) return void (this.#asks = 0); // it is asked again
    setTimeout(() => signs === this.#signs && this.#lose({ stuck: true }), LOOK);
  }

  /** Seconds for which it has carried messages. */
  get held() {
    return ((this.#looks - this.#quiet) * LOOK) / 1000;
  }

  /** @param {Partial<Loss>} [how] */
  #lose({ stuck = false, byServer = false, refusal } = {}) {
    if (this.#ended) return;
    const held = this.#welcomed ? Math.max(0.001, this.held) : 0;
    this.close();
    this.handlers.lost({ held, stuck, byServer: byServer && (held === 0 || held >= 1), slept: this.#slept || this.#late, refusal });
  }

  /** @param {Message} message */
  send(message) {
    this.#line.send(JSON.stringify(message));
  }

  /** @param {number} seq */
  ack(seq) {
    if (seq === this.#acked || !this.#welcomed) return;
    this.#acked = seq;
    this.#line.ack(seq);
  }

  /** Ends it without a word. The promise is resolved when no handshake is under way. */
  close() {
    this.#ended = true;
    clearTimeout(this.#timer);
    return this.#line.close();
  }
}
