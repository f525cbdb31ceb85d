// pane.js: a run beside the one in hand: a room of its own, a socket of its own, and a landscape
// that is drawn in the page's one loop.
import { make } from '../dom.js';
import { createLandscape } from '../landscape/index.js';
import { Socket } from '../socket.js';

/** @typedef {import('../types.js').Frame} Frame */
/** @typedef {import('../types.js').RoomState} RoomState */
/** @typedef {import('../types.js').Scene} Scene */

export class Pane {
  /**
   * @param {import('../store.js').Store} store
   * @param {import('../socket.js').Key} key
   * @param {'auto'|'webgl2'|'canvas2d'} renderer
   * @param {Partial<Scene>} [own]  what its scene has that the page's has not
   */
  constructor(store, key, renderer, own = {}) {
    this.store = store;
    this.own = own;
    this.room = key.room;
    /** @type {RoomState|null} */
    this.state = null;
    /** @type {Frame|null} */
    this.frame = null;
    this.points = { generation: -1, y: new Float32Array(0) };
    /** Called when its state has changed. */
    this.changed = () => {};
    /** Called with every frame that is drawn. @type {(frame:Frame) => void} */
    this.drawn = () => {};
    const canvas = make('canvas', { class: 'surface' });
    const overlay = make('canvas', { class: 'over', 'aria-hidden': 'true' });
    this.square = make('div', { class: 'square' }, canvas, overlay);
    /** @type {ReturnType<typeof createLandscape>|null} */
    this.landscape = null;
    this.open = () => {
      this.landscape = createLandscape({ canvas, overlay, bar: make('canvas'), renderer });
      this.watch.observe(this.square);
    };
    this.watch = new ResizeObserver(() => {
      this.landscape?.resize();
      this.stale = true;
    });
    this.stale = true;
    this.fresh = false;
    /** How many frames it has drawn. */
    this.frames = 0;
    /** @type {Scene} */
    this.scene = { ...store.scene };
    this.socket = new Socket({
      key: async () => key,
      message: (m) => this.receive(m),
      frame: (frame) => {
        this.frame = frame;
        this.fresh = true;
      },
      status: () => {},
    });
    this.socket.connect();
  }

  /** @param {Record<string, any>} message */
  receive(message) {
    const state = message.welcome?.state ?? message.state;
    if (state) this.state = state;
    if (message.points) this.points = { generation: message.points.generation, y: Float32Array.from(message.points.y.flat()) };
    if (state) this.changed();
  }

  /** Draws what is new, and tells the server. @param {number} now */
  draw(now) {
    const { frame, landscape } = this;
    landscape?.tick(now);
    if (!frame || !landscape || !(this.fresh || this.stale || landscape.animating())) return;
    Object.assign(this.scene, this.store.scene, this.own);
    this.scene.points = this.points.generation === frame.generation ? this.points.y : NOTHING;
    landscape.draw(frame, this.scene, now);
    this.stale = false;
    if (!this.fresh) return;
    this.fresh = false;
    this.frames++;
    this.socket.ack(frame.seq);
    this.drawn(frame);
  }

  /** The card of its method. */
  get card() {
    return this.store.catalog.models.find((m) => m.id === this.state?.model);
  }

  /** A number of its newest frame; NaN where there is none. @param {string} name */
  scalar(name) {
    const i = this.card?.scalars.indexOf(name) ?? -1;
    return this.frame && i >= 0 ? this.frame.scalars[i] : NaN;
  }

  /** Leaves the room. */
  close() {
    this.socket.close();
    this.watch.disconnect();
    this.landscape?.dispose();
    this.square.closest('.pane')?.remove();
  }
}

const NOTHING = new Float32Array(0);
