// socket.js: the one websocket of the page. It says hello, hands on what arrives, gives every
// command an id, acknowledges frames, and connects again by itself when the line is cut.
import { decodeFrame } from './wire.js';
import { delay } from './backoff.js';
import { words } from './strings.js';

/** @typedef {{room:string, token:string}} Key */
/** @typedef {Record<string, any>} Message */

/**
 * @typedef {object} Receiver
 * @property {(attempt:number) => Promise<Key>} key   the room to enter; attempt counts what failed
 * @property {(message:Message) => void} message      a JSON message
 * @property {(frame:import('./types.js').Frame) => void} frame
 * @property {(status:'opening'|'open'|'lost', retryAt:number) => void} status
 */

export class Socket {
  /** @param {Receiver} receiver */
  constructor(receiver) {
    this.receiver = receiver;
    /** @type {WebSocket|null} */
    this.socket = null;
    this.welcomed = false;
    this.token = '';
    this.attempt = 0;
    this.timer = 0;
    this.id = 0;
    this.acked = -1;
    /** @type {Map<number, (answer:Message) => void>} */
    this.waiting = new Map();
  }

  /** Connects now; called again by itself after each loss. */
  async connect() {
    clearTimeout(this.timer);
    this.receiver.status('opening', 0);
    try {
      const { room, token } = await this.receiver.key(this.attempt);
      const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
      const socket = new WebSocket(`${scheme}://${location.host}/ws?room=${encodeURIComponent(room)}`, 'ebmviz.v1');
      socket.binaryType = 'arraybuffer';
      this.token = token;
      socket.onopen = () => this.hello();
      socket.onmessage = (event) => socket === this.socket && this.receive(event.data);
      socket.onclose = () => socket === this.socket && this.lost();
      this.socket = socket;
    } catch {
      this.lost();
    }
  }

  hello() {
    this.socket?.send(JSON.stringify({ hello: { ...(this.token && { token: this.token }), enc: 'f32' } }));
  }

  /** @param {string|ArrayBuffer} data */
  receive(data) {
    if (typeof data !== 'string') {
      const frame = decodeFrame(data);
      this.receiver.frame(frame);
      if (document.hidden) this.ack(frame.seq); // no loop runs to draw it: skipped
      return;
    }
    /** @type {Message} */
    const message = JSON.parse(data);
    if (message.welcome) {
      this.welcomed = true;
      this.attempt = 0;
      this.acked = -1;
      this.receiver.status('open', 0);
    }
    if (message.error && !this.welcomed && this.token) {
      this.token = ''; // the token is not, or no longer, the room's: to watch needs none
      this.hello();
    }
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    this.receiver.message(message);
    waiting?.(message);
  }

  /** Ends it for good. */
  close() {
    clearTimeout(this.timer);
    const { socket } = this;
    this.socket = null;
    this.welcomed = false;
    socket?.close();
  }

  lost() {
    this.socket = null;
    this.welcomed = false;
    const gone = { error: { code: 'lost', message: words.connectionLost } };
    for (const answer of this.waiting.values()) answer(gone);
    this.waiting.clear();
    const wait = delay(this.attempt++);
    this.receiver.status('lost', performance.now() + wait);
    this.timer = window.setTimeout(() => this.connect(), wait);
  }

  /**
   * Sends a command; `answer` is called with whatever answers it, an error included.
   * Reports whether it went out: without a connection nothing does.
   * @param {Message} command
   * @param {(answer:Message) => void} [answer]
   */
  send(command, answer) {
    if (!this.socket || !this.welcomed) return false;
    const id = ++this.id;
    if (answer) this.waiting.set(id, answer);
    this.socket.send(JSON.stringify({ ...command, id }));
    return true;
  }

  /**
   * Sends a command and waits for its answer; rejects with the sentence of an error.
   * @param {Message} command
   * @returns {Promise<Message>}
   */
  ask(command) {
    return new Promise((resolve, reject) => {
      const sent = this.send(command, (answer) => (answer.error ? reject(new Error(answer.error.message)) : resolve(answer)));
      if (!sent) reject(new Error(words.noConnection));
    });
  }

  /**
   * Tells the server that this frame and all before it are done with.
   * @param {number} seq
   */
  ack(seq) {
    if (seq === this.acked || !this.socket || !this.welcomed) return;
    this.acked = seq;
    this.socket.send(JSON.stringify({ ack: seq }));
  }
}
