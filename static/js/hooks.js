// hooks.js: what scripts and tests may read and do, as window.ebmviz.

/**
 * What only the loop knows.
 * @typedef {object} Drawn
 * @property {number} frames     frames drawn, of the configuration asked for
 * @property {number} drawnStep  the step of the frame on the screen
 * @property {import('./types.js').RoomState|null} published  the state whose address is in the address bar
 * @property {{renderer:string, resolution:number, levels:() => object, followed:import('./landscape/followed-point.js').Followed|null}} landscape
 * @property {object|null} instruments  null until they are loaded
 */

/**
 * @param {import('./store.js').Store} store
 * @param {import('./commands.js').Commands} commands
 * @param {() => Drawn} drawn
 */
export function startHooks(store, commands, drawn) {
  window.ebmviz = {
    get frames() { return drawn().frames; },
    get seq() { return store.frame?.seq ?? -1; },
    get step() { return drawn().drawnStep; },
    get state() { return drawn().published; },
    get room() { return store.room; },
    get role() { return store.role; },
    /** What carries the connection: `websocket`, `stream` or `poll`; '' until the room has been entered. */
    get transport() { return store.connection.transport ?? ''; },
    /** The class, as far as this page is told of it; empty without one. */
    get class() {
      const { me, people, act, shown, following, banner, room } = store.classroom;
      return { me, people, act, shown, following, banner, room };
    },
    get renderer() { return drawn().landscape.renderer; },
    /** The share of the screen's pixels, per side, that the surface is drawn at. */
    get resolution() { return drawn().landscape.resolution; },
    /** Milliseconds from the last input event to the first frame drawn with its value. */
    get latency() { return commands.latencies.at(-1) ?? NaN; },
    get latencies() { return [...commands.latencies]; },
    /** The contour levels as drawn. */
    levels: () => drawn().landscape.levels(),
    /** The energies of the newest frame, lowest y2 first, with nx and ny. */
    grid() {
      const { frame } = store;
      return frame ? Object.assign(frame.grid.slice(), { nx: frame.nx, ny: frame.ny }) : new Float32Array(0);
    },
    /** The change of the energy, if asked for, and since which step. */
    change: () => Object.assign(store.frame?.change.slice() ?? new Float32Array(0), { since: store.frame?.since ?? NaN }),
    /** The pushes of the newest frame: rows of y1, y2, from y1, from y2, amount. */
    pushes: () => store.frame?.pushes.slice() ?? new Float32Array(0),
    /** The point that is followed: of which step, where it started and where it is pushed up, and how much of its way is drawn; null for none. */
    get followed() {
      const { followed } = drawn().landscape;
      return followed && { step: followed.frame.step, path: [...followed.up.path], parts: { ...followed.parts } };
    },
    /** The points: rows of y1, y2. */
    points: () => [...store.points.y],
    /** The points as they are drawn, which are others while the user draws. */
    drawnPoints: () => [...store.scene.points],
    /** Which of the points are held out from training, by their numbers. */
    held: () => [...(store.points.held ?? [])].flatMap((isHeld, i) => (isHeld ? [i] : [])),
    /** The units of the axes, and the label of the points if they have one. */
    get axes() { return store.units.axes; },
    get label() { return store.points.label; },
    /** The numbers of the newest frame, by name. */
    get scalars() { return Object.fromEntries((store.model?.scalars ?? []).map((name) => [name, store.scalar(name)])); },
    /** Whether a stroke is drawn, or the room has not answered it yet. */
    get drawing() { return store.view.drawing; },
    /** Where the marbles are: rows of y1, y2. */
    get marbles() { return [...store.marblePositions]; },
    /** The runs that are compared with this one. */
    get panes() { return [...store.panes].map(({ data: { room, state, frame }, frames }) => ({ room, state, frames, step: frame?.step ?? -1, grid: () => frame?.grid.slice() ?? new Float32Array(0) })); },
    /** The small landscapes of the wall: how often each was drawn, and of which step last. */
    get tiles() { return [...store.tiles].map(({ model, pane: { data: { room, frame }, frames } }) => ({ model, room, frames, step: frame?.step ?? -1 })); },
    /** How many listeners the store has. */
    get listeners() { return store.listeners; },
    /** The instruments, to close and open them by name. */
    get instruments() { return drawn().instruments; },
    /** What the model says about a point. @param {[number, number]} y */
    probe: (y) => commands.probe(y),
  };
}
