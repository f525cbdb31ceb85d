// user-points.js: the user's own points. The room says which it has by their name; here they are
// fetched, and sent after they were drawn, imported or computed.
/** @import {Commands} from '../commands.js' */
/** @import {Resources} from '../resources.js' */
/** @import {Store} from '../store.js' */
/** @import {Point} from './link-code.js' */
import { toast } from '../dom.js';
import { words } from '../strings.js';
import { rounded } from './link-code.js';

/** @typedef {''|'on'|'draft'} Learn  from step 0; from the present step; likewise, while more points are to come */

export class UserPoints {
  #fetching = '';
  /** What is to be sent next. @type {{points:Point[], learn:Learn}|null} */
  #next = null;
  /** Until all is sent. @type {Promise<boolean>|null} */
  #sending = null;

  /** @param {Store} store @param {Commands} commands @param {Resources} resources */
  constructor(store, commands, resources) {
    this.store = store;
    this.commands = commands;
    store.on('state', () => this.#follow(), resources.signal);
    this.#follow();
  }

  /** Fetches the points that the room has, unless they are known. */
  async #follow() {
    const { store } = this;
    const id = store.state?.own ?? '';
    if (!id || id === store.userPoints.id || id === this.#fetching || this.sending) return;
    this.#fetching = id;
    try {
      store.userPoints = { id, y: await this.commands.client.query({ points: id }) };
      store.markChanged('scene'); // the address now has their code
    } catch {
      // The link has their name instead.
    }
    this.#fetching = '';
  }

  get sending() {
    return this.#sending !== null;
  }

  /**
   * Sends points for the room to learn from. While some are being sent only the latest wait.
   * Reports, when all are sent, whether the server accepted the last.
   * @param {Point[]} points
   * @param {Learn} [learn]
   * @returns {Promise<boolean>}
   */
  send(points, learn = '') {
    const { box } = this.store.catalog.limits;
    this.#next = { points: points.map((y) => rounded(y, box)), learn };
    return (this.#sending ??= this.#sendAll());
  }

  async #sendAll() {
    const { store, commands } = this;
    commands.opening++;
    let accepted = false;
    while (this.#next) {
      const { points, learn } = this.#next;
      this.#next = null;
      accepted = await this.#put(points, learn);
    }
    this.#sending = null;
    commands.opening--;
    if (accepted && !store.state?.playing) commands.act('play');
    return accepted;
  }

  /** @param {Point[]} points @param {Learn} learn */
  async #put(points, learn) {
    const { store, commands } = this;
    commands.rewrites++;
    try {
      const { state } = await commands.client.command({ points, learn });
      store.userPoints = { id: state.own, y: points };
      return true;
    } catch (e) {
      const { code, message } = /** @type {import('../request.js').RequestError} */ (e);
      toast(code === 'unreachable' ? words.pointsUnsent : message);
      return false;
    }
  }
}
