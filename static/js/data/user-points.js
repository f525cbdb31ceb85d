// user-points.js: the user's own points. The room says which it has by their name; here they are
// fetched, and sent after they were drawn, imported or computed.
/** @import {Commands} from '../commands.js' */
/** @import {Resources} from '../resources.js' */
/** @import {Store} from '../store.js' */
/** @import {Axes, Label} from '../types.js' */
/** @import {Point} from './link-code.js' */
import { toast } from '../dom.js';
import { words } from '../strings.js';

/** @typedef {''|'on'|'draft'} Learn  from step 0; from the present step; likewise, while more points are to come */
/** Points with what goes with them: their units, and the group of each. @typedef {{y:Point[], axes?:Axes, label?:Label}} Set */

export class UserPoints {
  #fetching = '';
  /** What is to be sent next. @type {{set:Set, learn:Learn}|null} */
  #next = null;
  /** Until all is sent. @type {Promise<boolean>|null} */
  #sending = null;
  /** The state in which the room has the points that were sent last. */
  #answered = { room: '', revision: 0 };
  /** Why the server did not accept the last points. */
  refusal = '';
  /** The points of all groups, of which the room may have one alone. @type {Set|null} */
  #whole = null;
  /** The names of those in the room, and the group that each has alone: -1 for all. @type {Map<string, number>} */
  #parts = new Map();
  /** The group that was chosen last; while its points are being sent the room has others. */
  #chosen = -1;

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
      const { points, axes, label } = await this.commands.client.query({ points: id });
      store.userPoints = { id, y: points, axes, label };
      store.markChanged('scene'); // the address now has their code
    } catch {
      // The link has their name instead.
    }
    this.#fetching = '';
  }

  /** Whether points are being sent, or are accepted and the room's state with them has yet to come. */
  get sending() {
    const { state, room } = this.store;
    return this.#sending !== null || (room === this.#answered.room && (state?.revision ?? 0) < this.#answered.revision);
  }

  /**
   * The groups of the room's points with how many each has, also where it learns from one of them
   * alone; null where they have no label, or a single group.
   * @returns {{name:string, names:string[], counts:number[], only:number}|null}
   */
  get groups() {
    const { state, points, userPoints } = this.store;
    const only = this.sending && this.#parts.size > 0 ? this.#chosen : this.#parts.get(state?.own ?? '');
    const whole = only === undefined ? userPoints.id === state?.own ? userPoints.label : points.label : this.#whole?.label;
    if (!state?.own || !whole) return null;
    const counts = whole.groups.map(() => 0);
    for (const group of whole.of) if (group < counts.length) counts[group]++;
    return counts.filter((n) => n > 0).length > 1 ? { name: whole.name, names: whole.groups, counts, only: only ?? -1 } : null;
  }

  /** Has the room learn from one group alone. @param {number} group  -1 for all */
  async choose(group) {
    const { state, userPoints } = this.store;
    if (!this.#parts.has(state?.own ?? '')) {
      if (userPoints.id !== state?.own) return;
      this.#whole = userPoints;
      this.#parts = new Map([[userPoints.id, -1]]);
    }
    const { y, axes, label } = this.#whole ?? userPoints;
    if (!label) return;
    const chosen = (/** @type {unknown} */ _, /** @type {number} */ i) => group < 0 || label.of[i] === group;
    const part = { y: y.filter(chosen), axes, label: { ...label, of: label.of.filter(chosen) } };
    this.#chosen = group;
    if (await this.#queue(part, '')) this.#parts.set(this.store.userPoints.id, group);
    this.store.markChanged('state');
  }

  /**
   * Sends points for the room to learn from. While some are being sent only the latest wait.
   * Reports, when all are sent, whether the server accepted the last.
   * @param {Set} set
   * @param {Learn} [learn]
   * @returns {Promise<boolean>}
   */
  send(set, learn = '') {
    this.#parts.clear(); // they may be the same points with other groups
    return this.#queue(set, learn);
  }

  /** @param {Set} set @param {Learn} learn @returns {Promise<boolean>} */
  #queue(set, learn) {
    this.#next = { set, learn };
    return (this.#sending ??= this.#sendAll());
  }

  async #sendAll() {
    const { store, commands } = this;
    commands.opening++;
    let accepted = false;
    while (this.#next) {
      const { set, learn } = this.#next;
      this.#next = null;
      accepted = await this.#put(set, learn);
    }
    this.#sending = null;
    commands.opening--;
    if (accepted && !store.state?.playing) commands.act('play');
    return accepted;
  }

  /** @param {Set} set @param {Learn} learn */
  async #put(set, learn) {
    const { store, commands } = this;
    commands.rewrites++;
    try {
      const { y, axes, label } = set;
      const { state } = await commands.client.command({ points: y, axes, label, learn });
      store.userPoints = { id: state.own, y, axes, label };
      this.#answered = { room: store.room, revision: state.revision };
      return true;
    } catch (e) {
      const { code, message } = /** @type {import('../request.js').RequestError} */ (e);
      this.refusal = code === 'unreachable' ? words.pointsUnsent : message;
      toast(this.refusal);
      return false;
    }
  }
}
