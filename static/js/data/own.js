// own.js: somebody's own points. The room says which it has by their name; here they are fetched,
// and sent after they were drawn, imported or computed.
/** @import {Commands} from '../commands.js' */
/** @import {Store} from '../store.js' */
/** @import {Point} from './code.js' */
import { toast } from '../dom.js';
import { answered } from '../room.js';
import { words } from '../strings.js';
import { settle } from './code.js';

export class OwnPoints {
  /** @param {Store} store @param {Commands} commands */
  constructor(store, commands) {
    this.store = store;
    this.commands = commands;
    this.fetching = '';
    this.sending = false;
    /** @type {Point[]|null} */
    this.next = null;
    store.on('state', () => this.follow());
    this.follow();
  }

  /** Fetches the points that the room has, unless they are known. */
  async follow() {
    const { store } = this;
    const id = store.state?.own ?? '';
    if (!id || id === store.own.id || id === this.fetching) return;
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

  /**
   * Lets the room learn from these points, from step 0. While some are on their way only the
   * latest wait. Reports whether the server took them.
   * @param {Point[]} points
   */
  async send(points) {
    if (this.sending) {
      this.next = points;
      return true;
    }
    this.sending = true;
    const { store, commands } = this;
    commands.asked++;
    commands.rewrites++;
    try {
      const { state } = await answered(fetch(`api/rooms/${store.room}/points`, {
        method: 'PUT',
        headers: { Authorization: `Bearer ${commands.socket.token}` },
        body: JSON.stringify(points.map(settle)),
      }));
      store.own = { id: state.own, y: points.map(settle) };
      store.note('own');
      if (!state.playing) commands.act('play');
      return true;
    } catch (e) {
      toast(e instanceof TypeError ? words.ownLost : /** @type {Error} */ (e).message);
      return false;
    } finally {
      commands.asked--;
      this.sending = false;
      const { next } = this;
      this.next = null;
      if (next) this.send(next);
    }
  }
}
