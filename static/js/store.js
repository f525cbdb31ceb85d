// store.js: what the page knows. Messages change it at once; whoever shows a part of it is
// told in the page's loop, once per animation frame, so that nothing is drawn in between.
import { words } from './strings.js';

/** @typedef {import('./types.js').Frame} Frame */
/** @typedef {import('./types.js').Layers} Layers */
/** @typedef {'room'|'state'|'points'|'frame'|'scene'|'link'|'theme'|'tool'|'lesson'|'own'} Part */

/** The layers in the order of their chips: the word, the tone, and whether shown at first. */
export const LAYERS = /** @type {const} */ ([
  { id: 'heat', word: 'heat', tone: '', on: true },
  { id: 'contours', word: 'contours', tone: '', on: true },
  { id: 'labels', word: 'labels', tone: '', on: false },
  { id: 'data', word: 'dots', tone: '', on: true },
  { id: 'up', word: 'up', tone: 'up', on: true },
  { id: 'down', word: 'down', tone: 'down', on: false },
  { id: 'paths', word: 'paths', tone: '', on: false },
  { id: 'proposals', word: 'proposals', tone: '', on: false },
  { id: 'marks', word: 'marks', tone: '', on: true },
  { id: 'field', word: 'field', tone: '', on: false },
]);

export class Store {
  constructor() {
    /** @type {import('./types.js').Catalog} */
    this.catalog = { strategies: [], models: [], datasets: [], exhibits: [] };
    /** @type {import('./types.js').RoomState|null} */
    this.state = null;
    /** @type {Frame|null} */
    this.frame = null;
    this.points = { generation: -1, y: new Float32Array(0) };
    /** Somebody's own points, and the name that the room calls them by. @type {{id:string, y:import('./data/code.js').Point[]}} */
    this.own = { id: '', y: [] };
    /** Points that a hand is drawing, rows of y1, y2; null while none is. @type {Float32Array|null} */
    this.drawn = null;
    /** Whether a stroke is under way, until the room has learnt of its end. */
    this.stroke = false;
    this.room = '';
    this.role = 'viewer';
    /** What a pointer does on the landscape. */
    this.tool = 'ask';
    /** Where the reader is, in the plane: under the pointer, or where arrow keys put it. @type {[number, number]|null} */
    this.spot = null;
    /** Whether the height there is sung. */
    this.sound = false;
    /** The marbles on the landscape: how many, and where. */
    this.balls = { count: 0, y: new Float32Array(0) };
    /** What else there is to say of a point, under the pointer; '' for nothing. @type {(y1:number, y2:number) => string} */
    this.read = () => '';
    /** The runs that are compared with this one. @type {import('./instruments/pinned.js').Pinned[]} */
    this.panes = [];
    /** The small landscapes of the wall, by method. @type {Map<string, import('./instruments/pane.js').Pane>} */
    this.tiles = new Map();
    /** The step of a lesson that is shown, as an address has it: collapse.2; '' for none. */
    this.lesson = '';
    /** The piece of the museum that was opened last. */
    this.visit = '';
    /** @type {{now:'opening'|'open'|'lost', retryAt:number}} */
    this.link = { now: 'opening', retryAt: 0 };

    const layers = Object.fromEntries(LAYERS.map(({ id, on }) => [id, on]));
    /** @type {import('./types.js').Scene} */
    this.scene = {
      theme: 'light',
      layers: /** @type {Layers} */ (/** @type {unknown} */ (layers)),
      spacing: 'quantile',
      map: 'depth',
      frozen: false,
      exact: false,
      fps: 30,
      still: false,
      points: this.points.y,
      scale: 1,
    };

    /** @type {Set<Part>} */
    this.changed = new Set();
    /** @type {Map<Part, (() => void)[]>} */
    this.listeners = new Map();
  }

  /** The card of the present model. */
  get model() {
    return this.catalog.models.find((m) => m.id === this.state?.model);
  }

  /** The card of the present data. */
  get dataset() {
    return this.catalog.datasets.find((d) => d.id === this.state?.data);
  }

  /** The knobs of the data by full name: `data.n`, not `n`. */
  get dataKnobs() {
    return this.dataKnobsOf(this.state?.data ?? '');
  }

  /** @param {string} data */
  dataKnobsOf(data) {
    const knobs = this.catalog.datasets.find((d) => d.id === data)?.knobs ?? [];
    return knobs.map((k) => (k.name.startsWith('data.') ? k : { ...k, name: `data.${k.name}` }));
  }

  /** All knobs of the room. */
  get knobs() {
    return [...(this.model?.knobs ?? []), ...this.dataKnobs];
  }

  /** Steps per second that bring a model to its landscape in eight seconds. @param {string} [model] */
  usualSpeed(model = this.state?.model) {
    return (this.catalog.models.find((m) => m.id === model)?.steps ?? 800) / 8;
  }

  get driving() {
    return this.role === 'driver';
  }

  /**
   * A scalar of the present frame by name; NaN where there is none.
   * @param {string} name
   */
  scalar(name) {
    const i = this.model?.scalars.indexOf(name) ?? -1;
    return this.frame && i >= 0 && i < this.frame.scalars.length ? this.frame.scalars[i] : NaN;
  }

  /** The training points, if they are those the frame was made with. */
  pointsOf(/** @type {Frame} */ frame) {
    return this.points.generation === frame.generation ? this.points.y : NOTHING;
  }

  /** @param {Part} part */
  note(part) {
    this.changed.add(part);
  }

  /** Calls back when a part has changed, until the signal aborts. @param {Part} part @param {() => void} listener @param {AbortSignal} [signal] */
  on(part, listener, signal) {
    const before = this.listeners.get(part) ?? [];
    this.listeners.set(part, [...before, listener]);
    signal?.addEventListener('abort', () => this.listeners.set(part, (this.listeners.get(part) ?? []).filter((l) => l !== listener)), { once: true });
  }

  /** Tells the listeners of all that changed since the last call. */
  flush() {
    if (!this.changed.size) return;
    const parts = [...this.changed];
    this.changed.clear();
    for (const part of parts) for (const listener of this.listeners.get(part) ?? []) listener();
  }

  /** What the picture is of, in words. */
  get place() {
    return { model: this.model?.title ?? words.loading, data: this.dataset?.title ?? '' };
  }
}

const NOTHING = new Float32Array(0);
