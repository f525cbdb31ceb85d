// room-data.js: what a room has sent: the role of this page, its state, its points, its newest frame.
import { Units } from './units.js';

/** @typedef {import('./types.js').Frame} Frame */
/** @typedef {import('./types.js').RoomState} RoomState */
/** @typedef {import('./types.js').Axes} Axes */
/** @typedef {import('./types.js').Label} Label */
/** The values of knobs. @typedef {Record<string, number|string|boolean>} Values */
/**
 * The points that a room has sent.
 * @typedef {object} Points
 * @property {number} generation
 * @property {Float32Array} y      rows of y1, y2
 * @property {Axes} [axes]         the units of the user's own points
 * @property {Label} [label]
 * @property {Uint8Array|null} groups  the group of each, as label.of has it
 * @property {Uint8Array|null} held    1 for each that is held out from training; null if none is
 */

const NOTHING = new Float32Array(0);

export class RoomData {
  /** @type {import('./types.js').Catalog} */
  catalog = { strategies: [], models: [], datasets: [], exhibits: [], limits: { box: 0, points: 0, linkPoints: 0, gridMin: 0, gridMax: 0 }, links: { version: 0, former: [] } };
  /** The id of the room. */
  room = '';
  role = 'viewer';
  /** @type {RoomState|null} */
  state = null;
  /** @type {Frame|null} */
  frame = null;
  /** @type {Points} */
  points = { generation: -1, y: NOTHING, groups: null, held: null };

  /** Takes in a message of the room. @param {Record<string, any>} message */
  receive({ welcome, state = welcome?.state, points }) {
    if (welcome) Object.assign(this, { catalog: welcome.catalog, role: welcome.role, room: welcome.room });
    if (state) this.state = state;
    if (points) {
      const { generation, y, axes, label, held } = points;
      this.points = { generation, y: Float32Array.from(y.flat()), axes, label, groups: label ? Uint8Array.from(label.of) : null, held: held ? mask(held, y.length) : null };
    }
  }

  /** Whether this page has the controls of the room: as its driver, or with the chalk of the class. */
  get driving() {
    return this.role === 'driver' || this.role === 'chalk';
  }

  /** The card of the present model. */
  get model() {
    return this.catalog.models.find((m) => m.id === this.state?.model);
  }

  /** The card of the present data. */
  get dataset() {
    return this.catalog.datasets.find((d) => d.id === this.state?.data);
  }

  /** The axes of the user's own points, which go with them wherever they are opened. */
  get ownAxes() {
    return this.state?.own ? this.points.axes : undefined;
  }

  /** The units that coordinates are shown in. */
  get units() {
    return new Units(this.ownAxes ?? this.dataset?.axes, this.catalog.limits.box);
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

  /** The knobs of a configuration, the model's and the data's. @param {{model:string, data:string}} of */
  knobsOf({ model, data }) {
    return [...(this.catalog.models.find((m) => m.id === model)?.knobs ?? []), ...this.dataKnobsOf(data)];
  }

  /** All knobs of the room. */
  get knobs() {
    return this.state ? this.knobsOf(this.state) : [];
  }

  /** Steps per second at the pace "auto". @param {string} [model] */
  usualSpeed(model = this.state?.model) {
    return this.catalog.models.find((m) => m.id === model)?.speed ?? 100;
  }

  /**
   * A scalar of the newest frame by name; NaN where there is none.
   * @param {string} name
   */
  scalar(name) {
    const i = this.model?.scalars.indexOf(name) ?? -1;
    return this.frame && i >= 0 && i < this.frame.scalars.length ? this.frame.scalars[i] : NaN;
  }

  /** The training points, if they are those the frame was made with. @param {Frame} frame */
  pointsOf(frame) {
    return this.points.generation === frame.generation ? this.points.y : NOTHING;
  }

  /** Whether the method perturbs its samples before it moves them. */
  get perturbs() {
    return this.state !== null && inForce(this.model, this.state.knobs, 'kick') !== undefined;
  }

  /** Which of those points are held out from training; null if none is. @param {Frame} frame */
  heldOf(frame) {
    return this.points.generation === frame.generation ? this.points.held : null;
  }

  /**
   * What the measures are taken on, if not on fresh samples of the data: '' for those. Of the user's
   * own points it is those held out, or all, if they are too few for that.
   * @returns {''|'held'|'training'}
   */
  get measuredOn() {
    if (!this.state?.own) return '';
    return this.points.held ? 'held' : 'training';
  }

  /** The groups of those points; null where they have no label. @param {Frame} frame */
  groupsOf(frame) {
    return this.points.generation === frame.generation ? this.points.groups : null;
  }
}

/**
 * The value of a knob that the method has and that has an effect now.
 * @param {import('./types.js').ModelCard|undefined} card
 * @param {Values} values
 * @param {string} name
 */
export function inForce(card, values, name) {
  const knob = card?.knobs.find((k) => k.name === name);
  if (!knob || (knob.when && !knob.when.is.includes(String(values[knob.when.knob])))) return undefined;
  return values[name];
}

/** @param {number[]} indices @param {number} length */
function mask(indices, length) {
  const all = new Uint8Array(length);
  for (const i of indices) all[i] = 1;
  return all;
}
