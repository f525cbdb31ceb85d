// pane.js: a run beside the page's own: a room and a connection of its own, and a landscape that
// is drawn in the page's one loop.
import { make } from '../dom.js';
import { createLandscape } from '../landscape/index.js';
import { RequestError } from '../request.js';
import { RoomClient } from '../room-client.js';
import { likeRoom, RoomConnector } from '../room-connector.js';
import { RoomData } from '../room-data.js';
import { openRoom } from '../rooms.js';
import { words } from '../strings.js';
import { paceOf } from '../view.js';

/** @typedef {import('../types.js').Frame} Frame */
/** @typedef {import('../types.js').Scene} Scene */

export class Pane {
  data = new RoomData();
  /** Why there is no new frame; '' while it is connected. */
  trouble = '';
  stale = true;
  /** How many frames it has drawn. */
  frames = 0;
  #fresh = false;
  #observer = new ResizeObserver(() => {
    this.#landscape?.resize();
    this.stale = true;
    this.draw(performance.now()); // before the browser paints: a canvas of another size is black
  });
  /** @type {ReturnType<typeof createLandscape>|null} */
  #landscape = null;

  /**
   * @param {import('../store.js').Store} store
   * @param {import('../rooms.js').Key} key
   * @param {Partial<Scene>} [differences]  of its scene from the page's
   * @param {boolean} [own]  whether the room was made for it, and ends with it
   */
  constructor(store, key, differences = {}, own = true) {
    this.store = store;
    this.own = own;
    this.differences = differences;
    /** Called when it has entered a room: at first, and after it had to be made again. */
    this.entered = () => {};
    /** Called when its state has changed. */
    this.changed = () => {};
    /** Called with every frame that is drawn. @type {(frame:Frame) => void} */
    this.drawn = () => {};
    this.canvas = make('canvas', { class: 'surface' });
    this.overlay = make('canvas', { class: 'over', 'aria-hidden': 'true' });
    this.square = make('div', { class: 'square' }, this.canvas, this.overlay);
    /** @type {Scene} */
    this.scene = { ...store.scene };
    this.connector = new RoomConnector(key, async () => {
      if (!own) throw new RequestError('gone', words.paneEnded, 404);
      return openRoom(likeRoom(this.data, store.userPoints));
    });
    this.client = new RoomClient({
      key: (attempt) => this.connector.key(attempt),
      message: (message) => this.#receive(message),
      frame: (frame) => {
        this.data.frame = frame;
        this.#fresh = true;
      },
      status: ({ now, refusal }) => {
        if (now !== 'opening') this.trouble = now === 'lost' ? refusal || words.connectionLost : '';
      },
    });
    this.client.connect();
  }

  /** @param {Record<string, any>} message */
  #receive(message) {
    const before = this.data.state;
    this.data.receive(message);
    if (message.welcome) {
      if (before && this.connector.first(this.data.room)) this.send({ view: { grid: before.grid, fps: before.fps, speed: paceOf(before) } });
      this.entered();
    }
    if (message.welcome || message.state) this.changed();
  }

  /** Sends a command; reports whether it was carried out. @param {Record<string, any>} command */
  send(command) {
    return this.client.command(command).then(() => true, () => false);
  }

  /** Makes its landscape, once its square is on the page. @param {'auto'|'webgl2'|'canvas2d'} renderer */
  open(renderer) {
    this.#landscape = createLandscape({ canvas: this.canvas, overlay: this.overlay, bar: make('canvas'), renderer });
    this.#observer.observe(this.square);
  }

  /** Draws what is new, and acknowledges the frame. @param {number} now */
  draw(now) {
    const { data: { frame } } = this;
    const landscape = this.#landscape;
    landscape?.tick(now);
    if (!frame || !landscape || !(this.#fresh || this.stale || landscape.animating())) return;
    Object.assign(this.scene, this.store.scene, this.differences);
    this.scene.cardRange = this.data.model?.range ?? 'data';
    this.scene.perturbed = this.data.perturbs;
    this.scene.points = this.data.pointsOf(frame);
    this.scene.groups = this.data.groupsOf(frame);
    this.scene.held = this.data.heldOf(frame);
    landscape.draw(frame, this.scene, now);
    this.stale = false;
    if (!this.#fresh) return;
    this.#fresh = false;
    this.frames++;
    this.client.ack(frame.seq);
    this.drawn(frame);
  }

  /** Removes its landscape, and ends its room if that is its own. */
  close() {
    const left = this.client.close();
    if (this.own) this.connector.end(left);
    this.#observer.disconnect();
    this.#landscape?.dispose();
    this.square.closest('.pane')?.remove();
  }
}
