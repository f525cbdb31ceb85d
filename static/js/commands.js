// commands.js: the commands that the page sends to its room. A knob shows a new value at once; the
// value is sent as fast as the room accepts commands, and after the answer the room's value is shown.
import { Coalescer } from './coalesce.js';
import { calledBy } from './controls.js';
import { toast } from './dom.js';
import { say } from './strings.js';

/** @typedef {import('./address.js').Value} Value */
/** @typedef {import('./types.js').Axes} Axes */
/** @typedef {import('./types.js').RoomState} RoomState */
/** @typedef {import('./request.js').RequestError} RequestError */

/** Milliseconds between two values of a knob: a room accepts 60 commands a second. */
const INTERVAL = 20;

export class Commands {
  /**
   * @param {import('./store.js').Store} store
   * @param {import('./room-client.js').RoomClient} client
   */
  constructor(store, client) {
    this.store = store;
    this.client = client;
    /** @type {Coalescer<Value>} */
    this.sets = new Coalescer((name, value, time) => this.#transmit(name, value, time), INTERVAL);
    /** Values not yet confirmed. @type {Map<string, Value>} */
    this.unconfirmed = new Map();
    /** How many values of each knob are not yet answered. @type {Map<string, number>} */
    this.unanswered = new Map();
    /** Configurations asked for and not yet confirmed: frames until then are of an older one. */
    this.opening = 0;
    /** The step to seek next. @type {number|null} */
    this.seekTo = null;
    /** Until that step is reached. @type {Promise<boolean>|null} */
    this.seekDone = null;
    /** Times of input whose value is in the room's state; the next frame shows it. @type {number[]} */
    this.confirmed = [];
    /** Times of input that the newest frame shows. @type {number[]} */
    this.shown = [];
    /** How often this page has changed what comes next: by a knob, by points, or by a reset. */
    this.rewrites = 0;
    /** When a knob was last moved here. */
    this.lastInput = -Infinity;
    /** Milliseconds from an input event to the first frame drawn with its value. @type {number[]} */
    this.latencies = [];
  }

  /** The value of a knob as set here, else as the room has it. @param {string} name */
  value(name) {
    return this.unconfirmed.get(name) ?? this.store.state?.knobs[name];
  }

  /**
   * Sets a knob.
   * @param {string} name
   * @param {Value} value
   * @param {number} [time]  of the event
   */
  set(name, value, time = performance.now()) {
    this.lastInput = performance.now();
    this.rewrites++;
    this.unconfirmed.set(name, value);
    this.sets.put(name, value, time);
    this.store.markChanged('state');
  }

  /** @param {string} name @param {Value} value @param {number} time */
  async #transmit(name, value, time) {
    this.unanswered.set(name, (this.unanswered.get(name) ?? 0) + 1);
    try {
      await this.client.command({ set: { knob: name, value } });
      this.confirmed.push(time);
    } catch (e) {
      const knob = this.store.knobs.find((k) => k.name === name);
      if (knob) this.#report(e, (message) => message.replace(`knob "${name}"`, calledBy(knob))); // else the method has changed meanwhile
    }
    const left = (this.unanswered.get(name) ?? 1) - 1;
    this.unanswered.set(name, left);
    if (left === 0 && !this.sets.waits(name)) this.unconfirmed.delete(name); // from now on the room's own value is shown
    this.store.markChanged('state');
  }

  /** A frame has come: it shows all that was confirmed before it. */
  frameCame() {
    this.shown.push(...this.confirmed.splice(0));
  }

  /** A frame was drawn. @param {number} now */
  frameDrawn(now) {
    for (const time of this.shown) this.latencies.push(now - time);
    this.shown.length = 0;
    if (this.latencies.length > 2000) this.latencies.splice(0, 1000);
  }

  /** Sends the values that wait. @param {number} now */
  flush(now) {
    this.sets.flush(now);
  }

  /**
   * Shows why a command was not carried out; without a connection the page says so elsewhere.
   * @param {unknown} e
   * @param {(message:string) => string} [reword]
   */
  #report(e, reword = (message) => message) {
    const { code, message } = /** @type {RequestError} */ (e);
    if (code !== 'offline') toast(say.sentence(reword(message)));
  }

  /** Sends a command; reports whether it was carried out. @param {Record<string, any>} command */
  async send(command) {
    if (command.set || command.do === 'reset') this.rewrites++;
    try {
      await this.client.command(command);
      return true;
    } catch (e) {
      this.#report(e);
      return false;
    }
  }

  /** @param {'play'|'pause'|'step'|'reset'} what */
  act(what) {
    if (what === 'step' && this.store.state?.playing) this.send({ do: 'pause' });
    this.send({ do: what });
  }

  /**
   * Opens another configuration in the same room, and plays it unless it has a step.
   * @param {{model?:string, data?:string, points?:string, axes?:Axes, seed?:number, step?:number, knobs:Record<string, Value>, log?:import('./run-log.js').Move[]}} config
   * @param {string} [exhibit]  the exhibit of the museum that it belongs to
   */
  async open({ step, ...config }, exhibit = '') {
    this.store.view.exhibit = exhibit;
    this.sets.clear();
    this.unconfirmed.clear();
    this.opening++;
    if (await this.send({ open: config })) {
      if (step !== undefined) {
        this.send({ do: 'pause' });
        await this.send({ seek: { step } });
      } else if (!this.store.state?.playing) this.act('play');
    }
    this.opening--;
  }

  /** Chooses a method: the data stay, the method's knobs are its defaults; twice its usual speed stays twice. @param {string} model */
  chooseModel(model) {
    const { store } = this;
    const { pace, speed } = store.state ?? {};
    const multiple = pace === 'set' ? (speed ?? 0) / store.usualSpeed() : 0;
    this.choose({ model }, (name) => name.startsWith('data.'));
    if (multiple > 0) this.view({ speed: multiple * store.usualSpeed(model) });
  }

  /** Chooses data: the method's knobs stay. @param {string} data */
  chooseData(data) {
    const { userPoints, catalog } = this.store;
    const own = catalog.datasets.find((d) => d.id === data)?.own;
    this.choose({ data, points: own ? userPoints.id : undefined, axes: own ? userPoints.axes : undefined }, (name) => !name.startsWith('data.'));
  }

  /** @param {number} seed */
  chooseSeed(seed) {
    this.choose({ seed }, () => true);
  }

  /**
   * @param {{model?:string, data?:string, points?:string, axes?:Axes, seed?:number}} change
   * @param {(knob:string) => boolean} stays
   */
  choose(change, stays) {
    const { state, knobs } = this.store;
    if (!state) return;
    const same = knobs.filter((k) => stays(k.name) && state.knobs[k.name] !== k.default).map((k) => [k.name, state.knobs[k.name]]);
    const { model, data, own, seed } = state;
    this.open({ model, data, points: own, axes: this.store.ownAxes, seed, ...change, knobs: Object.fromEntries(same) });
  }

  /** Whether a seek is not yet answered. */
  get seeking() {
    return this.seekDone !== null;
  }

  /**
   * Goes to a step. While one seek is being answered only the newest step counts. The promise
   * is resolved when the newest is reached, or the room refuses; it reports which.
   * @param {number} step
   */
  seek(step) {
    this.seekTo = Math.max(0, Math.round(step));
    return (this.seekDone ??= this.#seekAll());
  }

  async #seekAll() {
    let reached = false;
    while (this.seekTo !== null) {
      const step = this.seekTo;
      this.seekTo = null;
      reached = await this.send({ seek: { step } });
    }
    this.seekDone = null;
    return reached;
  }

  /** Goes back by one step, and pauses there. */
  back() {
    const { state, frame } = this.store;
    if (!state) return;
    if (state.playing) this.send({ do: 'pause' });
    this.seek((this.seekTo ?? (state.playing ? frame?.step : state.step) ?? 0) - 1);
  }

  /** @param {Partial<Pick<RoomState, 'grid'|'fps'|'ledger'>> & {speed?:number|'auto'}} view */
  view(view) {
    this.send({ view });
  }

  /**
   * What the model says about a point.
   * @param {[number, number]} y
   * @param {{beta?:number, way?:'descent'|'reconstruct'}} [how]
   */
  async probe(y, how) {
    return (await this.client.query({ probe: { y, ...how } })).probe;
  }
}
