// page-room.js: the room of this tab: the one that the address names, or one made from the address.
import { toast } from './dom.js';
import { enterByCode, memberKey } from './class/join.js';
import { answer } from './prefetch-room.js';
import { RequestError } from './request.js';
import { likeRoom, RoomConnector } from './room-connector.js';
import { openRoom, roomExists } from './rooms.js';
import { store, stored, tab } from './settings.js';
import { words } from './strings.js';
import { paceOf, roomView } from './view.js';

/** @typedef {import('./address.js').Config} Config */
/** @typedef {import('./rooms.js').Key} Key */

export class PageRoom extends RoomConnector {
  /**
   * @param {import('./store.js').Store} store
   * @param {Config} opened  what the address asks for
   */
  constructor(store, opened) {
    super(namedRoom(opened), () => this.#make());
    this.store = store;
    this.opened = opened;
    this.answer = answer;
    /** The room that the address names: for a member and a screen the class's own, which outlasts its forks. */
    this.home = this.present;
    const { step } = opened;
    /** What a new room still has to be sent. @type {{step?:number, play:boolean, view:Record<string, unknown>|null}} */
    this.plan = { step, play: step === undefined && !opened.view.lesson, view: roomView(opened) }; // a lesson begins with a question
  }

  async #make() {
    const { state, frame, classroom } = this.store;
    const back = await this.#backToClass();
    if (back) return back;
    if (this.home && (this.home.member || this.store.role === 'screen')) throw new RequestError('ended', words.classEnded, 410);
    if (this.opened.join) return this.#joined(this.opened.join);
    const config = state ? likeRoom(this.store, this.store.userPoints) : this.opened;
    if (state) {
      const { playing, grid, fps } = state;
      this.plan = { step: frame?.step ?? state.step, play: playing, view: { grid, fps, speed: paceOf(state) } };
    }
    if (this.present) {
      toast(words.newRoom);
      this.opened.room = undefined;
    }
    return this.#open(config);
  }

  /**
   * Makes a room. Where the server does not accept the address, its sentence is shown, and as much
   * of it is opened as can be.
   * @param {Pick<Config, 'model'|'data'|'points'|'axes'|'seed'|'knobs'|'log'|'earlier'>} config
   * @returns {Promise<Key>}
   */
  async #open(config) {
    /** @type {unknown} */
    let refusal;
    for (const attempt of [config, ...(config.log ? [{ ...config, log: undefined }] : []), { ...config, log: undefined, knobs: {} }, { knobs: {} }]) {
      try {
        return await (attempt === this.opened ? this.#prefetched() : openRoom(attempt));
      } catch (e) {
        refusal = e;
        if (e instanceof RequestError && e.code === 'site-token') {
          if (this.store.owns) throw new RequestError(e.code, words.serverRestarted, e.status); // with another token
          return this.#joined();
        }
        if (!(e instanceof RequestError) || (e.status !== 400 && e.status !== 404)) break;
        if (attempt === config) toast(e.message);
      }
    }
    throw refusal;
  }

  /** The key of a member of the class of a code, which is asked for where none is given. @param {string} [code] */
  async #joined(code) {
    return this.joined(await enterByCode(code));
  }

  /** From now on this page belongs to a member of a class. @param {Key} key */
  joined(key) {
    this.opened.room = key.room;
    this.opened.join = undefined;
    this.plan = { play: false, view: null };
    return (this.home = key);
  }

  /** The key of another room of the same class. @param {string} room @returns {Key} */
  keyOf(room) {
    return { token: '', ...this.home, room };
  }

  /** The class's own room, where the present one was another of the class and has ended; null where the class has ended too. */
  async #backToClass() {
    const { present, home, store: { classroom, role } } = this;
    const room = (home?.member && home.room) || classroom.room;
    if (!present || !room || present.room === room || !(await roomExists(room))) return null;
    classroom.roomEnded(present.room);
    this.store.markChanged('class');
    if (role !== 'screen') toast(present.member && !classroom.following ? words.copyEnded : words.shownEnded);
    return { ...present, room };
  }

  /** The room that was asked for before the page was loaded; later, a new one. */
  async #prefetched() {
    const known = this.answer;
    this.answer = null;
    const key = known ? await known : await openRoom(this.opened);
    if (key instanceof Error) throw key;
    return key;
  }
}

/**
 * The key of the room that the address names, if it names one. Its token is stored for this
 * tab, so that a reload may still drive it.
 * @param {Config} config
 */
function namedRoom(config) {
  if (!config.room) return null;
  const name = `token.${config.room}`;
  if (config.token) store(name, config.token, tab);
  const token = config.token ?? stored(name, tab) ?? '';
  return (!token && memberKey(config.room)) || { room: config.room, token };
}
