// room-client.js: the page's connection to a room: commands, queries and files. No other module
// depends on how they are sent: by a websocket or by HTTP.
import { request, requestFile } from './request.js';
import { catalogOf, roomAddress } from './rooms.js';
import { Socket } from './socket.js';

/** @typedef {Record<string, any>} Message */

/**
 * What is asked over HTTP: by the name of the query, the address and how it is asked.
 * @type {Record<string, (body:any, room:string) => [address:string, how?:Parameters<typeof request>[1]]>}
 */
const QUERIES = {
  chart: (name, room) => [`${roomAddress(room)}/charts/${name}.json`],
  points: (id) => [`api/points/${encodeURIComponent(id)}`],
  opening: (room) => [`${roomAddress(room)}/files/open.json`],
  lessons: () => ['api/lessons'],
  lesson: (id) => [`api/lessons/${encodeURIComponent(id)}`],
  lessonFile: (text) => ['api/lessons', { method: 'POST', text }],
  curve: (formulas) => ['api/curve', { method: 'POST', json: formulas }],
  table: ({ query, table, signal }) => [`api/table?${query}`, { method: 'POST', text: table, signal }],
};

export class RoomClient {
  #socket;
  #receiver;
  /** @type {import('./rooms.js').Key} */
  #key = { room: '', token: '' };

  /** What arrives before the catalogue waits for it; null otherwise. @type {(() => void)[]|null} */
  #held = null;

  /** @param {import('./socket.js').Receiver} receiver */
  constructor(receiver) {
    this.#receiver = receiver;
    this.#socket = new Socket({
      key: async (attempt) => {
        this.#held = null;
        return (this.#key = await receiver.key(attempt));
      },
      message: (message) => this.#pass(() => this.#message(message)),
      frame: (frame) => this.#pass(() => receiver.frame(frame)),
      status: receiver.status,
    });
  }

  /** @param {() => void} arrival */
  #pass(arrival) {
    if (this.#held) this.#held.push(arrival);
    else arrival();
  }

  /** @param {Message} message */
  #message(message) {
    const { welcome } = message;
    if (!welcome) return this.#receiver.message(message);
    /** @type {(() => void)[]} */
    const held = (this.#held = []);
    catalogOf(welcome.catalogHash).then((catalog) => {
      if (held !== this.#held) return; // another connection meanwhile
      this.#held = null;
      this.#receiver.message({ ...message, welcome: { ...welcome, catalog } });
      for (const arrival of held) this.#pass(arrival);
    }, (e) => held === this.#held && this.#socket.lose(e));
  }

  /** Connects now, if it is not connected. */
  connect() {
    return this.#socket.connect();
  }

  /** Gives the connection up and makes it anew. */
  reconnect() {
    this.#socket.reconnect();
  }

  /** Leaves the room and enters another, at once. @param {import('./rooms.js').Key} key */
  enter(key) {
    this.#receiver.enter?.(key);
    return this.#socket.enter();
  }

  /** The key of the room that was entered last. */
  get key() {
    return this.#key;
  }

  /** How many messages have come. */
  get heard() {
    return this.#socket.heard;
  }

  /** Whether an answer to a command is awaited. */
  get waits() {
    return this.#socket.waits;
  }

  /** Leaves the room for good. The promise is resolved when the room may be ended. */
  close() {
    this.#held = null;
    return this.#socket.close();
  }

  /**
   * Has the room carry out a command: `{set}`, `{do}`, `{open}`, `{view}`, `{seek}`, `{fork}`,
   * `{points, axes, label, learn}` or `{checkpoint}`; `{class: room}` opens the class of a room, or asks for
   * the one that it has. Returns its answer; rejects with a RequestError.
   * @param {Message} body
   * @returns {Promise<Message>}
   */
  command(body) {
    const { room } = this.#key;
    const bearer = this.#bearer;
    const { points, axes, label, learn } = body;
    if (points) return request(`${roomAddress(room)}/points${learn && `?learn=${learn}`}`, { method: 'PUT', token: bearer, json: { points, axes, label } });
    if (body.checkpoint) return request(`${roomAddress(room)}/checkpoint`, { method: 'PUT', token: bearer, text: body.checkpoint });
    if (body.class) return request(`${roomAddress(body.class)}/class`, { method: 'POST', token: bearer });
    return this.#socket.request(body);
  }

  /**
   * Asks without changing anything: `{probe}`, `{chart: name}`, `{points: id}`, `{lessons}`,
   * `{lesson: id}`, `{lessonFile: text}`, `{opening: room}`, `{curve}`, `{table}`.
   * @param {Message} body
   * @returns {Promise<any>}
   */
  query(body) {
    const [name] = Object.keys(body);
    if (!QUERIES[name]) return this.#socket.request(body);
    const [address, how] = QUERIES[name](body[name], this.#key.room);
    return request(address, { token: this.#bearer, ...how });
  }

  /** The address of a file of the room, for a link. @param {string} name */
  file(name) {
    return `${roomAddress(this.#key.room)}/${name}`;
  }

  /** Fetches a file of the room, which a class shows its members only. @param {string} name */
  fetchFile(name) {
    return requestFile(this.file(name), this.#bearer);
  }

  /** What shows the server who asks. */
  get #bearer() {
    return this.#key.token || this.#key.member;
  }

  /** Tells the room that a frame and all before it have been drawn. @param {number} seq */
  ack(seq) {
    this.#socket.ack(seq);
  }
}
