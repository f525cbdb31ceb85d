// class-data.js: what the server has sent of the class that this page is in. It outlasts the way into
// a fork and back: the class stays the same.

/**
 * What all see of the class.
 * @typedef {object} Banner
 * @property {number} here      how many are connected
 * @property {number} members
 * @property {string} lead      the name of the member who has the chalk; '' for the owner
 * @property {boolean} locked   nobody new comes in
 * @property {boolean} lobby    new members wait to be let in
 * @property {boolean} names    members may change their names
 * @property {boolean} paused   all forks are paused
 * @property {[number, number]|null} between  the steps that forks may be at
 * @property {number} gathered  how often the owner has called all back
 * @property {string} class     the id of the class's own room
 */

/**
 * A member. A member's own entry has `you`; the others come to the owner only.
 * @typedef {object} Person
 * @property {string} id
 * @property {string} name
 * @property {'following'|'detached'|'forked'|'away'|'lobby'} where
 * @property {boolean} [chalk]
 * @property {string} [room]     the fork
 * @property {number} [index]    of the fork on the board
 * @property {boolean} [answered]
 * @property {boolean} [you]
 */

/** @typedef {[number, number]} Point */

/** A member's own answer. @typedef {{choice?:number, points?:Point[], strokes?:number[], share?:number}} Mine */

/**
 * What the class is asked.
 * @typedef {object} Act
 * @property {number} id
 * @property {'question'|'pins'|'drawing'|'marbles'} kind
 * @property {'open'|'closed'|'revealed'} phase
 * @property {string} text
 * @property {string[]} [choices]
 * @property {boolean} [place]   a place on the landscape is asked for
 * @property {number} [limit]
 * @property {number} answered
 * @property {number} here
 * @property {number[]} [counts]
 * @property {number[]} [earlier]
 * @property {number[]} [right]
 * @property {string[]} [why]
 * @property {[number, number, number][]} [circles]
 * @property {Point[]} [points]
 * @property {number} [share]
 * @property {number} [from]
 * @property {number} [to]
 * @property {[name:string, answer:number|Point[]][]} [names]  a choice, or places
 * @property {Mine} [mine]
 */

/**
 * What the driver shows: the room that is on the screen, the view as links have it, the layers that
 * are hidden, and where the driver points.
 * @typedef {object} Shown
 * @property {string} [room]
 * @property {Record<string, string>} [view]
 * @property {string[]} [hide]
 * @property {Point|null} [pointer]
 */

/** Codes of the errors by which the server does not let a page in. */
export const CLOSED = ['code', 'lobby', 'removed', 'locked', 'full', 'ended'];

export class ClassData {
  /** The id of the class's own room; '' where there is no class. */
  room = '';
  /** This page's member; null for the owner and for a screen. @type {{id:string, name:string}|null} */
  me = null;
  /** Whether this page shows what the driver shows. */
  following = true;
  /** Why the server does not let this page in; null while it does. @type {{code:string, message:string}|null} */
  refusal = null;
  /** @type {Banner|null} */
  banner = null;
  /** All members for the owner, oneself for a member. @type {Person[]} */
  people = [];
  /** @type {Act|null} */
  act = null;
  /** @type {Shown|null} */
  shown = null;
  /** Rooms of the class that have ended. @type {Set<string>} */
  #ended = new Set();

  /** Takes in a message; reports whether it was of the class. @param {Record<string, any>} message */
  receive({ welcome, banner, people, shown, act, error, id }) {
    if (error && id === undefined && CLOSED.includes(error.code)) {
      this.refusal = error;
      if (error.code === 'ended') this.act = null; // nobody takes in an answer any more
    } else if (welcome) this.#enter(welcome.class ?? '', welcome.member ?? null);
    else if (banner) this.#banner(banner);
    else if (people) this.people = people;
    else if (shown) this.shown = shown;
    else if (act !== undefined) this.act = act;
    else return false;
    const { own } = this;
    if (this.me && own) this.me = { id: own.id, name: own.name };
    return true;
  }

  /** @param {string} room @param {{id:string, name:string}|null} me */
  #enter(room, me) {
    if (room !== this.room) Object.assign(this, { banner: null, people: [], act: null, shown: null, following: true });
    this.refusal = null;
    this.room = room;
    this.me = me;
  }

  /** @param {Banner} banner */
  #banner(banner) {
    this.banner = banner;
    this.room = banner.class || this.room; // a class that was opened after this page had entered
  }

  /** The room that the driver shows; the class's own where that has ended. */
  get screen() {
    const room = this.shown?.room;
    return room && !this.#ended.has(room) ? room : this.room;
  }

  /** Notes that a room of the class has ended. @param {string} room */
  roomEnded(room) {
    this.#ended.add(room);
  }

  /** This member's own entry. */
  get own() {
    return this.people.find(({ you }) => you);
  }

  /** Whether this member has the chalk. */
  get chalk() {
    return this.own?.chalk === true;
  }
}
