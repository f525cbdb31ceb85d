// socket.js: the connection to a room, whichever transport carries it. It gives every command an id,
// connects again when the connection is lost, steps down to another transport where one does not work
// (ladder.js), and up again when a better one does.
//
// Why no library: of these lines some twenty connect again. The rest (hello, ids, acknowledgments,
// and making the room again when it has ended) is the protocol's own. partysocket and
// reconnecting-websocket count an attempt as successful when the socket opens; here it is
// successful when the room has said welcome.
import { delay } from './backoff.js';
import { Connection } from './connection.js';
import { HEALTHY, Ladder, RUNGS } from './ladder.js';
import { RequestError } from './request.js';
import { words } from './strings.js';

/** @typedef {Record<string, any>} Message */
/** @typedef {'websocket'|'stream'|'poll'} TransportName */

/**
 * How the connection is. `retryAt` is when it tries again by itself, 0 for never; `refusal` is why
 * the server refused, '' if it did not, and `code` the code of that; `transport` is what carries it.
 * @typedef {{now:'opening'|'open'|'lost', retryAt:number, refusal:string, code?:string, transport?:TransportName}} Status
 */

/**
 * @typedef {object} Receiver
 * @property {(attempt:number) => Promise<import('./rooms.js').Key>} key  the room to enter; attempt counts failures since the last welcome
 * @property {(key:import('./rooms.js').Key) => void} [enter]  from now on another room is to be entered
 * @property {(message:Message) => void} message
 * @property {(frame:import('./types.js').Frame) => void} frame
 * @property {(status:Status) => void} status
 */

/** After so many lines in a row that failed although the server answers requests, the page says so. */
const FAILURES = 4;
/** Milliseconds between two looks at a better transport that is being tried. */
const TRIAL_LOOK = 250;

export class Socket {
  /** @type {'idle'|'opening'|'open'|'lost'|'closed'} */
  #phase = 'idle';
  /** @type {Connection|null} */
  #connection = null;
  /** A better transport that is being tried beside the present one. @type {Connection|null} */
  #trial = null;
  /** @type {import('./rooms.js').Key} */
  #key = { room: '', token: '' };
  #ladder = new Ladder();
  /** The present line has carried messages for a while. */
  #works = false;
  /** How the last line failed, until the server has answered a request. @type {import('./connection.js').Loss|null} */
  #loss = null;
  /** Lines that failed in a row; each follows an answer of the server. */
  #failures = 0;
  /** Counts the connections that were begun, also those that never came to be. */
  #begun = 0;
  #attempt = 0;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #upgradeTimer;
  /** How many messages had come over earlier lines. */
  #heard = 0;
  #id = 0;
  /** What waits for an answer, by id. @type {Map<number, {resolve:(answer:Message) => void, reject:(e:Error) => void}>} */
  #waiting = new Map();

  /** @param {Receiver} receiver */
  constructor(receiver) {
    this.receiver = receiver;
  }

  /** Connects now, unless it is connected, connecting, or closed for good. */
  async connect() {
    if (this.#phase !== 'idle' && this.#phase !== 'lost') return;
    clearTimeout(this.#timer);
    this.#phase = 'opening';
    const begun = ++this.#begun;
    const current = () => begun === this.#begun && this.#phase === 'opening';
    this.receiver.status({ now: 'opening', retryAt: 0, refusal: '' });
    try {
      const asked = this.#attempt > 0;
      const key = await this.receiver.key(this.#attempt);
      if (!current()) return; // closed, or in another room, meanwhile
      if (asked && this.#loss && key.room === this.#key.room) this.#ladder.lost(this.#loss); // the server answers and has the room: it was the line
      this.#loss = null;
      this.#works = false;
      this.#key = key;
      this.#failures++;
      const connection = this.#open(this.#ladder.rung, this.#ladder.welcomeWithin);
      connection.awaits = () => this.waits;
      connection.handlers = {
        message: (message) => this.#receive(message),
        frame: this.receiver.frame,
        lost: (loss) => this.#lost(loss),
      };
      this.#connection = connection;
    } catch (e) {
      if (!current()) return;
      if (e instanceof RequestError && e.status > 0) this.#loss = null; // it was not the line: the server refuses
      else this.#failures = 0; // the server does not answer at all
      this.lose(e);
    }
  }

  /** @param {number} rung @param {number} within  milliseconds until the welcome */
  #open(rung, within) {
    const nothing = () => {};
    return new Connection(RUNGS[rung].open, this.#key, within, { message: nothing, frame: nothing, lost: nothing });
  }

  /** @param {Message} message */
  #receive(message) {
    if (message.welcome) {
      this.#phase = 'open';
      this.#attempt = 0;
      this.#failures = 0;
      this.#status();
      this.#scheduleUpgrade();
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    this.receiver.message(message);
    if (message.error) waiting?.reject(new RequestError(message.error.code, message.error.message));
    else waiting?.resolve(message);
  }

  #status() {
    this.receiver.status({ now: 'open', retryAt: 0, refusal: '', transport: this.#ladder.transport.name });
  }

  /** How many messages have come. */
  get heard() {
    return this.#heard + (this.#connection?.heard ?? 0);
  }

  /** Whether an answer is awaited. */
  get waits() {
    return this.#waiting.size > 0;
  }

  /** Gives the connection up and makes it anew. */
  reconnect() {
    if (this.#phase === 'closed') return;
    this.lose();
    this.connect();
  }

  /** Leaves the room at once for the one that the receiver now has the key of. */
  enter() {
    if (this.#phase === 'closed') return;
    this.#end('offline');
    this.#attempt = 0;
    this.#phase = 'idle';
    return this.connect();
  }

  /** Closes the connection for good. The promise is resolved when no handshake is under way. */
  close() {
    this.#phase = 'closed';
    return this.#end();
  }

  /** @param {string} [code]  why what was not answered is rejected */
  async #end(code = 'lost') {
    clearTimeout(this.#timer);
    clearTimeout(this.#upgradeTimer);
    const ended = [this.#connection?.close(), this.#trial?.close()];
    this.#heard = this.heard;
    this.#connection = this.#trial = null;
    for (const { reject } of this.#waiting.values()) reject(new RequestError(code, words.connectionLost));
    this.#waiting.clear();
    await Promise.all(ended);
  }

  /** The line has failed. @param {import('./connection.js').Loss} loss */
  #lost(loss) {
    if (!loss.byServer && !loss.refusal && !loss.slept) this.#loss = loss;
    this.lose(loss.refusal);
  }

  /**
   * Gives the connection up and tries again after a while; not by itself where the server forbids it.
   * @param {unknown} [reason]
   */
  lose(reason) {
    if (this.#phase === 'closed') return;
    this.#phase = 'lost';
    this.#end();
    const refused = reason instanceof RequestError && reason.status > 0;
    const refusal = refused ? reason.message : this.#failures >= FAILURES ? words.noLine : '';
    const code = refused ? reason.code : '';
    const wait = delay(this.#attempt++);
    if (refused && reason.status < 500) return this.receiver.status({ now: 'lost', retryAt: 0, refusal, code });
    this.receiver.status({ now: 'lost', retryAt: performance.now() + wait, refusal, code });
    this.#timer = setTimeout(() => this.connect(), wait);
  }

  #scheduleUpgrade() {
    clearTimeout(this.#upgradeTimer);
    const after = this.#ladder.upgradeAfter();
    if (after) this.#upgradeTimer = setTimeout(() => this.#upgrade(0), after);
  }

  /**
   * Tries a better transport beside the present one; if that does not work, the next. It takes the
   * place of the present one when it has carried messages for a while and no answer is awaited.
   * @param {number} rung
   */
  #upgrade(rung) {
    if (rung >= this.#ladder.rung) return this.#scheduleUpgrade();
    const trial = this.#open(rung, this.#ladder.welcomeWithin);
    this.#trial = trial;
    /** The newest of each kind of message. @type {Map<string, Message>} */
    const newest = new Map();
    /** @type {import('./types.js').Frame|null} */
    let frame = null;
    let welcomed = 0, asked = false;
    const fails = () => {
      this.#trial = null;
      clearTimeout(this.#upgradeTimer);
      this.#upgrade(rung + 1);
    };
    const look = () => {
      this.#upgradeTimer = setTimeout(look, TRIAL_LOOK);
      welcomed++;
      if (welcomed * TRIAL_LOOK < 1000 * HEALTHY) return;
      if (!asked) { // a room that pauses sends nothing
        asked = true;
        return trial.ask();
      }
      if (trial.answered && !this.waits) this.#adopt(trial, rung, newest, frame);
    };
    trial.handlers = {
      message(message) {
        if (message.welcome) look();
        const [kind] = Object.keys(message);
        newest.delete(kind);
        if (kind !== 'welcome' && kind !== 'error') newest.set(kind, message);
      },
      frame(next) {
        frame = next;
        trial.ack(next.seq);
      },
      lost: fails,
    };
  }

  /**
   * @param {Connection} connection  that works
   * @param {number} rung
   * @param {Map<string, Message>} newest  what came over it
   * @param {import('./types.js').Frame|null} frame
   */
  #adopt(connection, rung, newest, frame) {
    const present = this.#connection;
    connection.handlers = /** @type {Connection} */ (present).handlers;
    connection.awaits = () => this.waits;
    this.#heard += present?.heard ?? 0;
    present?.close();
    this.#connection = connection;
    this.#trial = null;
    this.#ladder.upgrade(rung);
    for (const message of newest.values()) this.#receive(message);
    if (frame) this.receiver.frame(frame);
    this.#status();
    this.#scheduleUpgrade();
  }

  /**
   * Sends a command and waits for its answer; rejects with a RequestError.
   * @param {Message} command
   * @returns {Promise<Message>}
   */
  request(command) {
    const connection = this.#connection;
    if (!connection || this.#phase !== 'open') return Promise.reject(new RequestError('offline', words.noConnection));
    const id = ++this.#id;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      connection.send({ ...command, id });
    });
  }

  /**
   * Tells the server that this frame and all before it have been drawn.
   * @param {number} seq
   */
  ack(seq) {
    const connection = this.#connection;
    connection?.ack(seq);
    if (this.#works || !connection || connection.held < HEALTHY) return;
    this.#works = true;
    this.#ladder.works();
  }
}
