// room-data.js: what a room has sent: the role of this page, its state, its points, its newest frame.

/** @typedef {import('./types.js').Frame} Frame */
/** @typedef {import('./types.js').RoomState} RoomState */

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
  points = { generation: -1, y: NOTHING };

  /** Takes in a message of the room. @param {Record<string, any>} message */
  receive({ welcome, state = welcome?.state, points }) {
    if (welcome) Object.assign(this, { catalog: welcome.catalog, role: welcome.role, room: welcome.room });
    if (state) this.state = state;
    if (points) this.points = { generation: points.generation, y: Float32Array.from(points.y.flat()) };
  }

  get driving() {
    return this.role === 'driver';
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

  /** The knobs of a configuration, the model's and the data's. @param {{model:string, data:string}} of */
  knobsOf({ model, data }) {
    return [...(this.catalog.models.find((m) => m.id === model)?.knobs ?? []), ...this.dataKnobsOf(data)];
  }

  /** All knobs of the room. */
  get knobs() {
    return this.state ? this.knobsOf(this.state) : [];
  }

  /** Steps per second at the pace "auto": the model's usual number of steps takes eight seconds. @param {string} [model] */
  usualSpeed(model = this.state?.model) {
    return (this.catalog.models.find((m) => m.id === model)?.steps ?? 800) / 8;
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
}
