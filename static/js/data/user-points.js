// own.js: somebody's own points. The room says which it has by their name; here they are fetched,
// and sent after they were drawn, imported or computed.
/** @import {Commands} from '../commands.js' */
/** @import {Store} from '../store.js' */
/** @import {Point} from './link-code.js' */
import { toast } from '../dom.js';
import { answered } from '../room.js';
import { words } from '../strings.js';
import { settle } from './link-code.js';

/** @typedef {''|'on'|'draft'} Learn */

export class UserPoints {
  /** @param {Store} store @param {Commands} commands */
  constructor(store, commands) {
    this.store = store;
    this.commands = commands;
    this.fetching = '';
    /** What is to be sent next. @type {{points:Point[], learn:Learn}|null} */
    this.next = null;
    /** Until all is sent. @type {Promise<boolean>|null} */
    this.way = null;
    store.on('state', () => this.follow());
    this.follow();
  }

  /** Fetches the points that the room has, unless they are known. */
  async follow() {
    const { store } = this;
    const id = store.state?.own ?? '';
    if (!id || id === store.own.id || id === this.fetching || this.sending) return;
    this.fetching = id;
    try {
      store.own = { id, y: await answered(fetch(`api/points/${id}`)) };
      store.note('own');
      store.note('scene'); // the address has them now
    } catch {
      // The link then has their name instead.
    }
    this.fetching = '';
  }

  /** Whether points are on their way. */
  get sending() {
    return this.way !== null;
  }

  /**
   * Lets the room learn from these points from step 0, or, told to learn `on`, from where it is; a `draft`
   * likewise, while more are to come. While some are on their way only the latest wait. Reports, when all are
   * there, whether the server took the last.
   * @param {Point[]} points
   * @param {Learn} [learn]
   * @returns {Promise<boolean>}
   */
  send(points, learn = '') {
    this.next = { points: points.map(settle), learn };
    return (this.way ??= this.#deliver());
  }

  async #deliver() {
    const { store, commands } = this;
    commands.asked++;
    let taken = false;
    while (this.next) {
      const { points, learn } = this.next;
      this.next = null;
      taken = await this.#put(points, learn);
    }
    this.way = null;
    commands.asked--;
    this.follow();
    if (taken && !store.state?.playing) commands.act('play');
    return taken;
  }

  /** @param {Point[]} points @param {Learn} learn */
  async #put(points, learn) {
    const { store, commands } = this;
    commands.rewrites++;
    try {
      const { state } = await answered(fetch(`api/rooms/${store.room}/points${learn && `?learn=${learn}`}`, {
        method: 'PUT',
        headers: { Authorization: `Bearer ${commands.socket.token}` },
        body: JSON.stringify(points),
      }));
      store.own = { id: state.own, y: points };
      store.note('own');
      return true;
    } catch (e) {
      toast(e instanceof TypeError ? words.ownLost : /** @type {Error} */ (e).message);
      return false;
    }
  }
}
