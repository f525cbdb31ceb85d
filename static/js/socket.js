// socket.js: a websocket to a room. It says hello, passes on what arrives, gives every command an
// id, acknowledges frames, and connects again when the connection is lost.
//
// Why no library: of these lines some twenty connect again. The rest (hello, ids, acknowledgments,
// and making the room again when it has ended) is the protocol's own. partysocket and
// reconnecting-websocket count an attempt as successful when the socket opens; here it is
// successful when the room has said welcome.
import { delay } from './backoff.js';
import { RequestError } from './request.js';
import { words } from './strings.js';
import { decodeFrame } from './wire.js';

/** @typedef {Record<string, any>} Message */

/**
 * How the connection is. `retryAt` is when it tries again by itself, 0 for never; `refusal` is why
 * the server refused, '' if it did not.
 * @typedef {{now:'opening'|'open'|'lost', retryAt:number, refusal:string}} Status
 */

/**
 * @typedef {object} Receiver
 * @property {(attempt:number) => Promise<import('./rooms.js').Key>} key  the room to enter; attempt counts failures since the last welcome
 * @property {(key:import('./rooms.js').Key) => void} [enter]  from now on another room is to be entered
 * @property {(message:Message) => void} message
 * @property {(frame:import('./types.js').Frame) => void} frame
 * @property {(status:Status) => void} status
 */

/** Milliseconds that an attempt to connect may take. */
const OPEN_WITHIN = 15_000;

/** After so many handshakes in a row that failed although the server answers requests, the page says so. */
const HANDSHAKES = 3;

export class Socket {
  /** @type {'idle'|'opening'|'open'|'lost'|'closed'} */
  #phase = 'idle';
  /** @type {WebSocket|null} */
  #socket = null;
  /** @type {import('./rooms.js').Key} */
  #key = { room: '', token: '' };
  /** Counts the connections that were begun, also those that never came to be. */
  #begun = 0;
  #attempt = 0;
  /** Handshakes that failed since a socket was open; each follows an answer of the server. */
  #handshakes = 0;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;
  /** How many messages have come. */
  heard = 0;
  #id = 0;
  #acked = -1;
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
      const key = await this.receiver.key(this.#attempt);
      if (!current()) return; // closed, or in another room, meanwhile
      const socket = new WebSocket(addressOf(key.room), 'ebmviz.v1');
      socket.binaryType = 'arraybuffer';
      this.#key = { ...key };
      this.#handshakes++;
      socket.onopen = () => {
        if (socket !== this.#socket) return socket.close(); // given up meanwhile
        this.#handshakes = 0;
        this.#hello();
      };
      socket.onmessage = (event) => socket === this.#socket && this.#receive(event.data);
      socket.onclose = () => socket === this.#socket && this.lose();
      this.#socket = socket;
      this.#timer = setTimeout(() => socket.close(), OPEN_WITHIN);
    } catch (e) {
      if (!current()) return;
      if (!(e instanceof RequestError && e.status > 0)) this.#handshakes = 0; // the server does not answer at all
      this.lose(e);
    }
  }

  #hello() {
    // Any name of a catalogue means: say its hash only.
    const { token, member } = this.#key;
    this.#socket?.send(JSON.stringify({ hello: { ...(token && { token }), ...(member && { member }), enc: 'f32', catalog: 'by-hash' } }));
  }

  /** @param {string|ArrayBuffer} data */
  #receive(data) {
    this.heard++;
    if (typeof data !== 'string') {
      const frame = decodeFrame(data);
      this.receiver.frame(frame);
      if (document.hidden) this.ack(frame.seq); // no loop runs to draw it
      return;
    }
    /** @type {Message} */
    const message = JSON.parse(data);
    if (message.welcome) {
      clearTimeout(this.#timer);
      this.#phase = 'open';
      this.#attempt = 0;
      this.#acked = -1;
      this.receiver.status({ now: 'open', retryAt: 0, refusal: '' });
    }
    if (message.error && this.#phase === 'opening' && this.#key.token) {
      this.#key.token = ''; // the token is not, or no longer, the room's: watching needs none
      this.#hello();
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    this.receiver.message(message);
    if (message.error) waiting?.reject(new RequestError(message.error.code, message.error.message));
    else waiting?.resolve(message);
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
    const socket = this.#socket;
    this.#end();
    if (socket?.readyState !== WebSocket.CONNECTING) return Promise.resolve();
    return new Promise((/** @type {(none:void) => void} */ resolve) => (socket.onclose = () => resolve()));
  }

  /** @param {string} [code]  why what was not answered is rejected */
  #end(code = 'lost') {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    if (socket?.readyState !== WebSocket.CONNECTING) socket?.close(); // else when it is open: browsers warn of a handshake that is cut off
    for (const { reject } of this.#waiting.values()) reject(new RequestError(code, words.connectionLost));
    this.#waiting.clear();
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
    const refusal = refused ? reason.message : this.#handshakes >= HANDSHAKES ? words.noSocket : '';
    const wait = delay(this.#attempt++);
    if (refused && reason.status < 500) return this.receiver.status({ now: 'lost', retryAt: 0, refusal });
    this.receiver.status({ now: 'lost', retryAt: performance.now() + wait, refusal });
    this.#timer = setTimeout(() => this.connect(), wait);
  }

  /**
   * Sends a command and waits for its answer; rejects with a RequestError.
   * @param {Message} command
   * @returns {Promise<Message>}
   */
  request(command) {
    const socket = this.#socket;
    if (!socket || this.#phase !== 'open') return Promise.reject(new RequestError('offline', words.noConnection));
    const id = ++this.#id;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      socket.send(JSON.stringify({ ...command, id }));
    });
  }

  /**
   * Tells the server that this frame and all before it have been drawn.
   * @param {number} seq
   */
  ack(seq) {
    if (seq === this.#acked || this.#phase !== 'open') return;
    this.#acked = seq;
    this.#socket?.send(JSON.stringify({ ack: seq }));
  }
}

/** @param {string} room */
function addressOf(room) {
  const address = new URL(`ws?room=${encodeURIComponent(room)}`, document.baseURI);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return address.href;
}
