// act-answer.js: a member's own answer. It shows at once, is sent as a whole, the newest wins, and after
// a lost connection it is sent again; what the server has of it comes back with every act.
/** @import {Mine} from './class-data.js' */
import { toast } from '../dom.js';
import { answerOf } from './act-state.js';

/** Milliseconds between two answers that are sent. */
const INTERVAL = 250;
/** Milliseconds after an answer in which an act may still show the one before. */
const SETTLING = 1000;

export class OwnAnswer {
  /** @type {Mine} */
  value = {};
  /** Whether the server has all of it. */
  sent = true;
  #act = NaN;
  /** Whether it is being sent. */
  busy = false;
  #sentAt = -Infinity;

  /**
   * @param {import('../store.js').Store} store
   * @param {Pick<import('../room-client.js').RoomClient, 'command'>} client
   * @param {() => void} changed
   */
  constructor(store, client, changed) {
    this.store = store;
    this.client = client;
    this.changed = changed;
  }

  /** Takes in the act as the server has it. */
  follow() {
    const { act } = this.store.classroom;
    const other = act?.id !== this.#act;
    if (other) Object.assign(this, { value: {}, sent: true });
    this.#act = act?.id ?? NaN;
    if (other || act?.phase !== 'open' || (this.sent && performance.now() - this.#sentAt > SETTLING)) {
      if (act?.phase !== 'open') this.sent = true;
      this.value = act?.mine ?? {};
    }
  }

  /** Answers, or changes the answer; an empty one withdraws it. @param {Mine} value */
  set(value) {
    this.value = answerOf(value);
    this.sent = false;
    this.changed();
    this.#send();
  }

  /** Sends the answer again where it was lost; called when the connection changes. */
  connected() {
    if (!this.sent && this.store.connection.now === 'open') this.#send();
  }

  async #send() {
    if (this.busy) return;
    this.busy = true;
    while (!this.sent) {
      const { value } = this, act = this.#act;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, this.#sentAt + INTERVAL - performance.now())));
      if (value !== this.value || act !== this.#act || this.sent) continue; // a newer one, or no act any more
      this.#sentAt = performance.now();
      try {
        await this.client.command({ act: { answer: { act, ...value } } });
        if (value === this.value) this.sent = true;
      } catch (e) {
        const { code, message } = /** @type {import('../request.js').RequestError} */ (e);
        if (code === 'offline' || code === 'lost') break; // sent again when the connection is back
        if (value === this.value && act === this.#act) Object.assign(this, { sent: true, value: this.store.classroom.act?.mine ?? {} });
        toast(message);
      }
      this.#sentAt = performance.now();
    }
    this.busy = false;
    this.changed();
  }
}
