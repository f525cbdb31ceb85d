// landscape-link.js: the address of this very landscape: the configuration, the step, the moves of the
// knobs before it, and what the instruments show. The server knows the moves; they are fetched while
// the run is paused, so that the address bar has them, and again for Share.
import { encode, LONGEST_LINK } from './address.js';
import { rounded } from './data/link-code.js';
import { encodeLog } from './run-log.js';
import { say, words } from './strings.js';
import { pressed } from './toggles.js';
import { configuration } from './view.js';

/** @typedef {import('./run-log.js').RunLog} RunLog */
/** The moves of a run as text, '' for none, and their steps; or why a link cannot have them. @typedef {{text:string, steps:number[], missing:string}} Moves */

/** @type {Moves} */
const NONE = { text: '', steps: [], missing: '' };

export class LandscapeLink {
  /** The state whose moves are known, and that whose moves are being fetched. */
  #known = '';
  #asking = '';
  /** The run whose moves are known; null before the first answer. @type {string|null} */
  #run = null;
  #own;
  /** The copies that are compared with the run. @type {Moves[]} */
  #copies = [];

  /**
   * @param {import('./store.js').Store} store
   * @param {import('./room-client.js').RoomClient} client
   * @param {import('./address.js').Config} opened  the address that the page was opened with
   */
  constructor(store, client, opened) {
    this.store = store;
    this.client = client;
    this.opened = opened;
    /** @type {Moves} */
    this.#own = { ...NONE, text: opened.log ?? '' };
  }

  /** The moves of the present run, as far as they are known. */
  get #moves() {
    return this.#run === null || this.#run === this.#present ? this.#own : NONE;
  }

  get #present() {
    const { room, state } = this.store;
    return `${room} ${state?.run}`;
  }

  /** What the moves depend on: the runs and how often each was changed. */
  get #key() {
    const { state, panes } = this.store;
    return [`${this.#present} ${state?.revision}`, ...[...panes].map(({ data }) => `${data.room} ${data.state?.run} ${JSON.stringify(data.state?.knobs)}`)].join(';');
  }

  /** Fetches the moves, if the run is paused and they may have changed. To be called now and then. */
  follow() {
    const { state } = this.store;
    if (!state || state.playing || state.goal || this.#asking || this.#known === this.#key) return;
    if ([...this.store.panes].some(({ data }) => !data.state)) return; // a copy is still being opened
    this.update().catch(() => {}); // the address then has none
  }

  /** Fetches the moves. */
  async update() {
    const key = (this.#asking = this.#key);
    try {
      const { room, panes } = this.store;
      const run = this.#present;
      const [own, ...copies] = await Promise.all([this.#fetch(this.client, room, ''), ...[...panes].map(({ client, data }) => (data.state ? this.#fetch(client, data.room, data.state.model) : NONE))]);
      [this.#own, this.#run, this.#copies, this.#known] = [own, run, copies, key];
    } finally {
      this.#asking = '';
    }
  }

  /**
   * @param {Pick<import('./room-client.js').RoomClient, 'query'>} client  of the room, which may watch it
   * @param {string} room
   * @param {string} model  written with the moves; '' for none
   * @returns {Promise<Moves>}
   */
  async #fetch(client, room, model) {
    const { open, missing = '' } = await client.query({ opening: room });
    if (!open) return { ...NONE, missing };
    const log = open.log ?? [];
    if (!log.length && !model) return NONE;
    const usual = new Map(this.store.knobsOf(open).map((k) => [k.name, k.default]));
    const knobs = Object.fromEntries(Object.entries(open.knobs).filter(([name, value]) => usual.get(name) !== value));
    return { text: await encodeLog({ knobs, log, ...(model && { model }) }), steps: log.map((/** @type {import('./run-log.js').Move} */ m) => m.step), missing: '' };
  }

  /** What the address has besides the configuration. */
  get shown() {
    const { panes, view } = this.store;
    const copies = this.#copies.length === panes.size ? this.#copies.map(({ text }) => text || '1') : [...panes].map(() => '1');
    if (copies.length && view.difference) copies.push('difference');
    return { log: this.#moves.text, on: pressed(), compare: copies.join('.') };
  }

  /** The address as the address bar has it, with the step of the frame. */
  get address() {
    const { store, opened } = this;
    const { state, frame } = store;
    if (!state) return location.href;
    const config = configuration(store, state, { ...opened, room: undefined }, this.shown);
    // Slow motion begins with making the step that it shows.
    const step = (frame?.step ?? state.step) - Number(config.view.on?.split(',').includes('slow') ?? false);
    return new URL(encode({ ...config, step: Math.max(0, step) }), location.href).href;
  }

  /** The address of the room, where others watch this very run; they cannot change it. */
  get room() {
    return new URL(encode({ room: this.store.room, knobs: {}, view: {}, hide: [] }), location.href).href;
  }

  /** What the link opens, in a sentence. */
  get opens() {
    const { state, frame } = this.store;
    const step = frame?.step ?? state?.step ?? 0;
    return this.differences.length ? '' : say.linkOpens(step, this.#moves.steps.filter((s) => s <= step).length);
  }

  /** What differs where the link is opened, in sentences. @returns {string[]} */
  get differences() {
    const { store } = this;
    const { state, userPoints, catalog: { limits } } = store;
    const own = this.#moves;
    const hasLog = this.address.includes('&log=');
    /** @type {string[]} */
    const all = [];
    if (own.missing) all.push(say.linkWithoutHistory(own.missing));
    else if (own.text && !hasLog) all.push(say.linkTooLong(own.steps.length));
    if (state?.own && userPoints.id === state.own) {
      const same = (/** @type {import('./data/link-code.js').Point} */ y) => rounded(y, limits.box).every((v, i) => v === y[i]);
      if (userPoints.y.length > limits.linkPoints) all.push(say.linkManyPoints(userPoints.y.length, limits.linkPoints));
      else if (!userPoints.y.every(same)) all.push(words.linkRounded);
    }
    if (this.#copies.some(({ missing }) => missing)) all.push(words.linkWithoutCopy);
    return all;
  }
}
