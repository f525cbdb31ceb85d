// room-connector.js: which room to enter, at first and after the connection was lost: the same
// one while it is open, else a new one like it.
import { differing } from './address.js';
import { asText, MESSAGE_POINTS } from './data/link-code.js';
import { RequestError } from './request.js';
import { endRoom, roomExists } from './rooms.js';
import { words } from './strings.js';

/** @typedef {import('./rooms.js').Key} Key */

export class RoomConnector {
  #closed = false;
  /** Rooms made here and not yet entered. @type {Set<string>} */
  #made = new Set();

  /**
   * @param {Key|null} key             the room to enter first; null: one is made
   * @param {() => Promise<Key>} make  makes a room
   */
  constructor(key, make) {
    this.present = key;
    this.make = make;
  }

  /**
   * The key of the room to enter.
   * @param {number} attempt  how many have failed since the last success
   * @returns {Promise<Key>}
   */
  async key(attempt) {
    if (this.present && (attempt === 0 || (await roomExists(this.present.room)))) return this.present;
    const key = await this.make();
    if (this.#closed) endRoom(key);
    this.#made.add(key.room);
    return (this.present = key);
  }

  /** From now on, the room to enter is another. @param {Key} key */
  enter(key) {
    this.present = key;
  }

  /** Whether a room was made here and is entered for the first time. @param {string} room */
  first(room) {
    return this.#made.delete(room);
  }

  /**
   * Ends the room, also one that is still being made.
   * @param {Promise<void>} left  resolved when it is left: the handshake of a room that has ended fails
   */
  async end(left) {
    this.#closed = true;
    await left;
    if (this.present) endRoom(this.present);
  }
}

/**
 * The configuration of a room as it is now, to make another like it.
 * @param {import('./room-data.js').RoomData} room
 * @param {{id:string, y:import('./data/link-code.js').Point[]}} userPoints
 */
export function likeRoom(room, userPoints) {
  const { state, knobs, catalog } = room;
  if (!state) throw new RequestError('unknown', words.connectionLost);
  return { ...differing(state, knobs), points: asText(userPoints, state.own, catalog.limits, MESSAGE_POINTS), axes: room.ownAxes };
}
