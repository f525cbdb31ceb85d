// commands.js: what the page asks of its room. Values of knobs are shown at once and sent as
// fast as the line takes them; the room's answer is what counts in the end.
import { Coalescer } from './coalesce.js';
import { toast } from './dom.js';

/** @typedef {import('./address.js').Value} Value */
/** @typedef {import('./types.js').RoomState} RoomState */

/** A room takes 60 commands a second: a dragged slider sends at most every other frame. */
const INTERVAL = 20;

export class Commands {
  /**
   * @param {import('./store.js').Store} store
   * @param {import('./socket.js').Socket} socket
   */
  constructor(store, socket) {
    this.store = store;
    this.socket = socket;
    /** @type {Coalescer<Value>} */
    this.sets = new Coalescer((name, value, time) => this.transmit(name, value, time), INTERVAL);
    /** @type {Map<string, Value>} values not yet confirmed */
    this.wanted = new Map();
    /** @type {Map<string, number>} sets under way, by knob */
    this.underWay = new Map();
    /** Configurations asked for and not yet confirmed: frames until then are of an older one. */
    this.asked = 0;
    /** @type {number|null} */
    this.seekTo = null;
    this.seeking = false;
    /** Times of input whose value is in the room's state; the next frame shows it. @type {number[]} */
    this.confirmed = [];
    /** Times of input that the newest frame shows. @type {number[]} */
    this.shown = [];
    /** How often a hand has changed what comes next: by a knob, or by starting afresh. */
    this.rewrites = 0;
    /** When a hand last moved a knob. */
    this.touched = -Infinity;
    /** Milliseconds from an input event to the first frame drawn with its value. @type {number[]} */
    this.latencies = [];
  }

  /** The value of a knob as the hand has it, else as the room has it. @param {string} name */
  value(name) {
    return this.wanted.get(name) ?? this.store.state?.knobs[name];
  }

  /**
   * Moves a knob.
   * @param {string} name
   * @param {Value} value
   * @param {number} [time]  of the event
   */
  set(name, value, time = performance.now()) {
    this.touched = performance.now();
    this.rewrites++;
    this.wanted.set(name, value);
    this.sets.put(name, value, time);
    this.store.note('state');
  }

  /** @param {string} name @param {Value} value @param {number} time */
  transmit(name, value, time) {
    this.underWay.set(name, (this.underWay.get(name) ?? 0) + 1);
    const sent = this.socket.send({ set: { knob: name, value } }, (answer) => {
      this.settle(name);
      if (!answer.error) this.confirmed.push(time);
      else if (this.store.knobs.some((k) => k.name === name)) toast(answer.error.message); // else the method changed under the hand
    });
    if (!sent) this.settle(name);
  }

  /** One set of a knob is answered; after the last the room's own value is shown. @param {string} name */
  settle(name) {
    const left = (this.underWay.get(name) ?? 1) - 1;
    this.underWay.set(name, left);
    if (left === 0 && !this.sets.waits(name)) this.wanted.delete(name);
    this.store.note('state');
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

  /** Sends what waits. @param {number} now */
  flush(now) {
    this.sets.flush(now);
  }

  /** @param {Record<string, any>} command @param {() => void} [then] */
  tell(command, then) {
    this.socket.send(command, (answer) => (answer.error ? toast(answer.error.message) : then?.()));
  }

  /** @param {'play'|'pause'|'step'|'reset'} what */
  act(what) {
    if (what === 'step' && this.store.state?.playing) this.tell({ do: 'pause' });
    if (what === 'reset') this.rewrites++;
    this.tell({ do: what });
  }

  /**
   * Opens another configuration in the same room, and lets it play unless it has a step.
   * @param {{model?:string, data?:string, points?:string, seed?:number, step?:number, knobs:Record<string, Value>}} config
   * @param {string} [visit]  the exhibit of the museum that it belongs to
   */
  open({ step, ...config }, visit = '') {
    this.store.visit = visit;
    this.sets.clear();
    this.wanted.clear();
    this.asked++;
    const done = () => this.asked--;
    const sent = this.socket.send({ open: config }, (answer) => {
      if (answer.error) {
        toast(answer.error.message);
        done();
      } else if (step === undefined) {
        done();
        if (!this.store.state?.playing) this.act('play');
      } else {
        this.socket.send({ do: 'pause' });
        if (!this.socket.send({ seek: { step } }, done)) done();
      }
    });
    if (!sent) done();
  }

  /** Chooses a method: the data stay, the method's knobs are its own; twice its usual speed stays twice. @param {string} model */
  chooseModel(model) {
    const { store } = this;
    const multiple = (store.state?.speed ?? 0) / store.usualSpeed();
    this.choose({ model }, (name) => name.startsWith('data.'));
    if (multiple > 0 && Math.abs(multiple - 1) > 0.01) this.view({ speed: multiple * store.usualSpeed(model) });
  }

  /** Chooses data: the method's knobs stay. @param {string} data */
  chooseData(data) {
    const { own } = this.store;
    this.choose({ data, points: this.store.catalog.datasets.find((d) => d.id === data)?.own ? own.id : undefined }, (name) => !name.startsWith('data.'));
  }

  /** @param {number} seed */
  chooseSeed(seed) {
    this.choose({ seed }, () => true);
  }

  /**
   * @param {{model?:string, data?:string, points?:string, seed?:number}} change
   * @param {(knob:string) => boolean} keeps
   */
  choose(change, keeps) {
    const { state, knobs } = this.store;
    if (!state) return;
    const kept = knobs.filter((k) => keeps(k.name) && state.knobs[k.name] !== k.default).map((k) => [k.name, state.knobs[k.name]]);
    const { model, data, own, seed } = state;
    this.open({ model, data, points: own, seed, ...change, knobs: Object.fromEntries(kept) });
  }

  /**
   * Goes to a step. While one journey is under way only the newest wish is kept.
   * @param {number} step
   * @param {() => void} [then]
   */
  seek(step, then) {
    this.seekTo = Math.max(0, Math.round(step));
    if (this.seeking) return;
    const next = () => {
      this.seeking = this.seekTo !== null;
      if (this.seekTo === null) return then?.();
      const to = this.seekTo;
      this.seekTo = null;
      const sent = this.socket.send({ seek: { step: to } }, (answer) => {
        if (answer.error) toast(answer.error.message);
        next();
      });
      if (!sent) this.seeking = false;
    };
    next();
  }

  /** Goes back by one step, and stays there. */
  back() {
    const { state, frame } = this.store;
    if (!state) return;
    if (state.playing) this.tell({ do: 'pause' });
    this.seek((this.seekTo ?? (state.playing ? frame?.step : state.step) ?? 0) - 1);
  }

  /** @param {Partial<Pick<RoomState, 'grid'|'fps'|'speed'|'ledger'>>} view */
  view(view) {
    this.tell({ view });
  }

  /**
   * What the model says about a point.
   * @param {[number, number]} y
   * @param {{beta?:number, way?:'descent'|'reconstruct'}} [how]
   */
  async probe(y, how) {
    return (await this.socket.ask({ probe: { y, ...how } })).probe;
  }
}
