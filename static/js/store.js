// store.js: what the modules of the page share. Messages change it at once; listeners are called
// in the page's loop, once per animation frame, so that nothing is drawn in between.
import { ClassData } from './class/class-data.js';
import { RoomData } from './room-data.js';
import { safely } from './safely.js';
import { words } from './strings.js';
import { TabView } from './tab-view.js';

/** @typedef {'room'|'state'|'points'|'scene'|'connection'|'tool'|'marbles'|'lesson'|'compare'|'class'} Part */

export class Store extends RoomData {
  view = new TabView();
  scene = this.view.scene;
  classroom = new ClassData();
  /** @type {import('./socket.js').Status} */
  connection = { now: 'opening', retryAt: 0, refusal: '' };
  /** The user's own points, where this page has them, with what goes with them, and their id in the room. @type {{id:string} & import('./data/user-points.js').Set} */
  userPoints = { id: '', y: [] };

  // What instruments add while they are open.
  /** More lines of text for the point under the cursor; '' for none. @type {Set<(y1:number, y2:number) => string>} */
  cursorLines = new Set();
  /** The runs that are compared with this one. @type {Set<import('./instruments/compare-pane.js').ComparePane>} */
  panes = new Set();
  /** The small landscapes of the wall. @type {Set<{model:string, pane:import('./instruments/pane.js').Pane}>} */
  tiles = new Set();
  /** Marbles on the landscape: the first `count` rows of y. @type {Set<{count:number, y:Float32Array}>} */
  marbles = new Set();

  /** Opens a lesson that was dropped as a file. @type {((name:string, text:string) => void)|null} */
  openLesson = null;
  /**
   * Asks the class the question of a step of a lesson: the card that shows it, and what shows the result
   * or ends it; null where this page has no class. `play` plays the lesson on.
   * @type {((question:import('./types.js').Question, link:string, play:() => void) => {node:HTMLElement, started:Promise<boolean>, reveal:() => void, end:() => void})|null}
   */
  askClass = null;

  /** Takes in a message of the room or of its class. @param {Record<string, any>} message */
  receive(message) {
    super.receive(message);
    const { classroom } = this;
    if (!classroom.receive(message)) return;
    this.markChanged('class');
    if (!classroom.me || this.room !== classroom.room || !classroom.own) return;
    const role = classroom.chalk ? 'chalk' : 'member'; // the chalk moves while one is connected
    if (role === this.role) return;
    Object.assign(this, { role });
    for (const part of /** @type {const} */ (['room', 'state', 'points'])) this.markChanged(part); // whatever depends on who drives
  }

  /** Whether this page drives the room, and is no member of a class. */
  get owns() {
    return this.role === 'driver' && !this.classroom.me;
  }

  /** Whether this page is the owner of a class, in the class's own room or in a fork. */
  get owner() {
    return this.owns && this.classroom.room !== '';
  }

  /** Whether this page shows what another shows: as a screen, as a member who follows, or as the owner while a member has the chalk. */
  get led() {
    const { me, following, banner } = this.classroom;
    if (this.role === 'member') return me !== null && following;
    return this.role === 'screen' || (this.role === 'driver' && me === null && Boolean(banner?.lead));
  }

  /** The axes of the user's own points, also while the room has yet to send the points. */
  get ownAxes() {
    const { state, points, userPoints } = this;
    const coming = state?.own && userPoints.id === state.own && points.generation !== state.generation;
    return coming ? userPoints.axes : super.ownAxes;
  }

  /** Where marbles are: rows of y1, y2. */
  get marblePositions() {
    const [first, ...others] = [...this.marbles].map(({ count, y }) => y.subarray(0, 2 * count));
    return others.length ? Float32Array.from([first, ...others].flatMap((rows) => [...rows])) : first ?? new Float32Array(0);
  }

  /** @type {Set<Part>} */
  #changed = new Set();
  /** @type {Map<Part, Set<() => void>>} */
  #listeners = new Map();

  /** Marks a part as changed: its listeners are called in the next animation frame. @param {Part} part */
  markChanged(part) {
    this.#changed.add(part);
  }

  /** Calls back when a part has changed, until the signal aborts. @param {Part} part @param {() => void} listener @param {AbortSignal} [signal] */
  on(part, listener, signal) {
    let listeners = this.#listeners.get(part);
    if (!listeners) this.#listeners.set(part, (listeners = new Set()));
    listeners.add(listener);
    signal?.addEventListener('abort', () => listeners.delete(listener), { once: true });
  }

  /** How many listeners there are. */
  get listeners() {
    return [...this.#listeners.values()].reduce((n, { size }) => n + size, 0);
  }

  /** Calls the listeners of all that changed since the last call. */
  flush() {
    const parts = [...this.#changed];
    this.#changed.clear();
    for (const part of parts) for (const listener of this.#listeners.get(part) ?? []) safely(listener);
  }

  /** The titles of the method and of the data. */
  get title() {
    return { model: this.model?.title ?? words.loading, data: this.dataset?.title ?? '' };
  }
}
