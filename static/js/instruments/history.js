// history.js: what can be undone: changes of a knob, the method, the data or the seed.

/** @typedef {import('../types.js').RoomState} RoomState */
/** @typedef {Pick<RoomState, 'model'|'data'|'own'|'seed'|'knobs'>} Setting */

/** Changes of one knob within so many milliseconds count as one: a drag. */
const ONE_MOVE = 1500;
/** How many changes can be undone. */
const MOST = 200;

/** The settings that a room has had, and which of them is the present one. */
export class History {
  /** @type {Setting[]} */
  settings = [];
  at = -1;
  #moved = -Infinity;
  #knob = '';

  /** Whether there is something to undo, or to redo. */
  get before() { return this.at > 0; }
  get after() { return this.at < this.settings.length - 1; }

  /**
   * Records the present setting. The setting that undo or redo has led to is not a new one; a new
   * one discards what could have been redone.
   * @param {Setting} now
   * @param {number} time  milliseconds
   */
  record({ model, data, own, seed, knobs }, time) {
    const present = this.settings[this.at];
    const knob = present ? change(present, { model, data, own, seed, knobs }) : '*';
    if (knob === '') return;
    this.settings.length = this.at + 1;
    const setting = { model, data, own, seed, knobs: { ...knobs } };
    if (knob !== '*' && knob === this.#knob && time - this.#moved < ONE_MOVE) this.settings[this.at] = setting;
    else this.settings.push(setting);
    if (this.settings.length > MOST) this.settings.shift();
    this.at = this.settings.length - 1;
    this.#knob = knob;
    this.#moved = time;
  }

  /**
   * Goes back or forth by one change, and returns the setting there; undefined if there is none.
   * @param {-1|1} direction
   * @returns {Setting|undefined}
   */
  go(direction) {
    const to = this.settings[this.at + direction];
    if (to) this.at += direction;
    this.#knob = '';
    return to;
  }
}

/**
 * What differs between two settings: '' nothing, the name of a knob, or '*' more than one knob.
 * @param {Setting} a
 * @param {Setting} b
 */
export function change(a, b) {
  if (a.model !== b.model || a.data !== b.data || a.own !== b.own || a.seed !== b.seed) return '*';
  const names = Object.keys({ ...a.knobs, ...b.knobs }).filter((k) => a.knobs[k] !== b.knobs[k]);
  return names.length > 1 ? '*' : names[0] ?? '';
}
