// membership.js: where a member is: following the driver, looking around on the same run, in an own
// copy of it, or leading with the chalk; and the ways from one to another.
import { say, words } from '../strings.js';

/** @typedef {'following'|'detached'|'forked'|'leading'} Place */

export class Membership {
  /** How often all were called back, as far as this page knows. */
  #gathered = NaN;
  #chalk = false;
  /** Changes of the place that the server has not answered yet. */
  #asked = 0;

  /**
   * @param {Pick<import('../instruments/index.js').Page, 'store'|'client'|'room'>} page
   * @param {(text:string) => void} tell  shows a sentence
   */
  constructor({ store, client, room }, tell) {
    this.store = store;
    this.client = client;
    this.room = room;
    this.tell = tell;
  }

  /** @returns {Place} */
  get place() {
    const { role, classroom, room } = this.store;
    if (role === 'chalk') return 'leading';
    if (role === 'driver' && room !== classroom.room) return 'forked';
    return classroom.following ? 'following' : 'detached';
  }

  /** The member's own copy of the run, if there is one that is not on the screen. */
  get copy() {
    const copy = this.store.classroom.own?.room ?? '';
    return copy === this.store.room ? '' : copy;
  }

  /** From now on the view and the tools are the member's own. */
  detach() {
    this.#follow(false);
  }

  /** Makes a copy of the run from the step on the screen, and enters it. */
  async fork() {
    const { store, client } = this;
    try {
      const { forked } = await client.command({ fork: { step: store.frame?.step } });
      this.enter(forked.room);
    } catch (e) {
      this.tell(say.sentence(/** @type {Error} */ (e).message));
    }
  }

  /** Enters the member's own copy. @param {string} copy */
  enter(copy) {
    this.store.classroom.following = false;
    this.store.markChanged('class');
    this.client.enter(this.room.keyOf(copy));
  }

  /** Follows the driver again. */
  back() {
    const { store: { classroom, room } } = this;
    this.#follow(true);
    if (room !== classroom.room && room !== classroom.screen) this.client.enter(this.room.keyOf(classroom.screen));
  }

  /** Gives the chalk back. */
  async giveBack() {
    try {
      await this.client.command({ people: { back: true } });
    } catch (e) {
      this.tell(say.sentence(/** @type {Error} */ (e).message));
    }
  }

  /** @param {string} name */
  async rename(name) {
    try {
      await this.client.command({ people: { name } });
      return true;
    } catch (e) {
      this.tell(say.sentence(/** @type {Error} */ (e).message));
      return false;
    }
  }

  /** Takes in what the server says of this member: called back, given the chalk, or without it. */
  update() {
    const { store: { classroom } } = this;
    const { own, banner } = classroom;
    const called = banner !== null && banner.gathered > this.#gathered;
    this.#gathered = banner?.gathered ?? this.#gathered;
    if (called && !classroom.following) {
      this.tell(words.gathered);
      return this.back();
    }
    if (!own) return;
    if (own.chalk !== true && this.#chalk) this.#ledBack();
    if (own.chalk === true && !this.#chalk) this.#lead();
    if (!this.#asked && own.where === 'detached' && classroom.following) this.#follow(true); // as after the page was loaded again
  }

  #lead() {
    const { store: { classroom, room } } = this;
    this.#chalk = true;
    classroom.following = true; // for the time after
    this.tell(words.chalkGiven);
    if (room !== classroom.room) this.client.enter(this.room.keyOf(classroom.room));
  }

  #ledBack() {
    this.#chalk = false;
    this.tell(words.ledBack);
  }

  /** @param {boolean} following */
  async #follow(following) {
    const { store, client } = this;
    store.classroom.following = following;
    store.markChanged('class');
    this.#asked++;
    await client.command({ people: { follow: following } }).catch(() => {}); // on another way in, the place is said again
    this.#asked--;
  }
}
