// session.js: what the lines that are made of requests share: a session of the server, which takes
// messages by POST, and the format of the messages that come by GET.
import { FAILED } from './line.js';

/** The server has no place for another line. */
const FULL = 1013;

const TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9;
/** Bytes before a message: its kind and its length. */
const HEAD = 5;
/** The most bytes of a message: what says more is no answer of the server. */
const MOST = 1 << 26;

/** Sessions of this page that are open: a browser has few connections to a server. */
let open = 0;

/** Whether this page has so many sessions that each must not keep a connection for long. */
export const crowded = () => open > 2;

export class Session {
  /** Aborts all requests of the session. */
  #abort = new AbortController();
  #secret = '';
  /** @type {string[]} */
  #queue = [];
  #ack = -1;
  #posting = false;
  #ended = false;
  #decoder = new TextDecoder();

  /** @param {import('./line.js').Events} events */
  constructor(events) {
    this.events = events;
    open++;
  }

  /** Opens the session; reports whether it is open now. @param {string} room @param {string} hello */
  async open(room, hello) {
    try {
      const answer = await this.#fetch(`api/send?room=${encodeURIComponent(room)}`, { method: 'POST', body: hello });
      if (!answer.ok) return this.fail(answer.status === 503 ? FULL : FAILED);
      this.#secret = (await answer.json()).session;
    } catch {
      return this.fail();
    }
    if (this.#ended) return false;
    this.#post();
    return true;
  }

  /** @param {string} address @param {RequestInit} [how] */
  #fetch(address, how) {
    return fetch(address, { cache: 'no-store', signal: this.#abort.signal, ...(this.#secret && { headers: { Authorization: `Bearer ${this.#secret}` } }), ...how });
  }

  /** Asks for messages. @param {string} query */
  get(query) {
    return this.#fetch(`api/stream${query}`);
  }

  get ended() {
    return this.#ended;
  }

  /** @param {string} text */
  send(text) {
    this.#queue.push(text);
    this.#post();
  }

  /** Acknowledges a frame by POST. Of several that wait, the newest counts. @param {number} seq */
  ack(seq) {
    this.#ack = seq;
    this.#post();
  }

  /** Sends what waits, one POST after the other. */
  async #post() {
    if (this.#posting || !this.#secret) return;
    this.#posting = true;
    while (!this.#ended && (this.#queue.length || this.#ack >= 0)) {
      const lines = this.#queue.splice(0, 16);
      if (this.#ack >= 0) lines.push(JSON.stringify({ ack: this.#ack }));
      this.#ack = -1;
      const sent = await this.#fetch('api/send', { method: 'POST', body: lines.join('\n') }).then(({ ok }) => ok, () => false);
      if (!sent) this.fail();
    }
    this.#posting = false;
  }

  /** The line has failed, or the server has closed it. @param {number} [code] */
  fail(code = FAILED) {
    if (!this.#ended) {
      this.#end();
      this.events.closed(code);
    }
    return false;
  }

  #end() {
    this.#ended = true;
    open--;
    this.#abort.abort();
  }

  /** Leaves. */
  close() {
    if (this.#ended) return;
    this.#end();
    if (this.#secret) fetch('api/stream', { method: 'DELETE', keepalive: true, headers: { Authorization: `Bearer ${this.#secret}` } }).catch(() => {});
  }

  /** A message has come. @param {number} kind @param {ArrayBuffer} body */
  receive(kind, body) {
    if (this.#ended) return;
    if (kind === TEXT) this.events.message(this.#decoder.decode(body));
    else if (kind === BINARY) this.events.message(body);
    else if (kind === PING) this.send('');
    else if (kind === CLOSE) this.fail(new DataView(body).getUint16(0, true));
  }
}

/** Finds the messages in pieces of bytes. */
export class MessageReader {
  #head = new Uint8Array(HEAD);
  #filled = 0; // of the head, then of the body
  /** @type {Uint8Array<ArrayBuffer>|null} */
  #body = null;

  /** @param {(kind:number, body:ArrayBuffer) => void} message */
  constructor(message) {
    this.message = message;
  }

  /** @param {Uint8Array} bytes */
  push(bytes) {
    for (let at = 0; at < bytes.length || this.#body?.length === this.#filled;) {
      const target = this.#body ?? this.#head;
      const part = bytes.subarray(at, at + target.length - this.#filled);
      target.set(part, this.#filled);
      at += part.length;
      this.#filled += part.length;
      if (this.#filled < target.length) return;
      this.#filled = 0;
      if (target === this.#head) {
        const length = new DataView(this.#head.buffer).getUint32(1, true);
        if (length > MOST) throw new RangeError('not a message');
        this.#body = new Uint8Array(length);
      }
      else {
        this.#body = null;
        this.message(this.#head[0], /** @type {ArrayBuffer} */ (target.buffer));
      }
    }
  }
}
