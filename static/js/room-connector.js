// connector.js: which room the page enters, at first and after the line was cut. Each tab has
// a room of its own, made from the address, unless the address names one.
import { differing } from './address.js';
import { asText, MOST_IN_MESSAGE } from './data/link-code.js';
import { toast } from './dom.js';
import { answer } from './prefetch-room.js';
import { namedRoom, openRoom, roomLives, Refusal } from './room.js';
import { words } from './strings.js';
import { roomView } from './view.js';

/** @typedef {import('./address.js').Config} Config */
/** @typedef {import('./socket.js').Key} Key */

export class RoomConnector {
  /**
   * @param {import('./store.js').Store} store
   * @param {Config} opened  what the address asks for
   */
  constructor(store, opened) {
    this.store = store;
    this.opened = opened;
    /** @type {Key|null} */
    this.present = namedRoom(opened);
    /** Rooms made for this page, entered once. @type {Set<string>} */
    this.made = new Set();
    const { step } = opened;
    this.answer = answer;
    /** What a room just made is still to be told. */
    this.plan = { step, play: step === undefined, view: roomView(opened) };
  }

  /**
   * The key of the room to enter: the present one while it lives, else a new one of the same
   * configuration.
   * @param {number} attempt  how many have failed since the last success
   * @returns {Promise<Key>}
   */
  async key(attempt) {
    if (this.present && (attempt === 0 || (await roomLives(this.present.room)))) return this.present;
    const { state, knobs, frame } = this.store;
    const config = state ? { ...differing(state, knobs), points: asText(this.store.own, state.own, MOST_IN_MESSAGE) } : this.opened;
    if (state) {
      const { playing, grid, fps, speed } = state;
      this.plan = { step: frame?.step ?? state.step, play: playing, view: { grid, fps, speed } };
    }
    if (this.present) {
      toast(words.newRoom);
      this.opened.room = undefined;
    }
    this.present = await this.make(config);
    this.made.add(this.present.room);
    return this.present;
  }

  /**
   * Makes a room; where the server refuses the address its sentence is shown, and as much of
   * it is opened as can be.
   * @param {Pick<Config, 'model'|'data'|'points'|'seed'|'knobs'>} config
   * @returns {Promise<Key>}
   */
  async make(config) {
    const attempts = [config, { ...config, knobs: {} }, { knobs: {} }];
    for (const attempt of attempts) {
      try {
        return await (attempt === this.opened ? this.knocked() : openRoom(attempt));
      } catch (e) {
        if (!(e instanceof Refusal)) throw e;
        if (attempt === config) toast(e.message);
      }
    }
    throw new Error(words.noRoom);
  }

  /** The room that was asked for before the page was there; later, a new one. */
  async knocked() {
    const known = this.answer;
    this.answer = null;
    const key = known ? await known : await openRoom(this.opened);
    if (key instanceof Error) throw key;
    return key;
  }

  /** Whether a room was made by this page and is entered for the first time. @param {string} room */
  first(room) {
    return this.made.delete(room);
  }
}
