// main.js wires the page: messages change the store, and one loop per animation frame shows
// what has changed, draws the newest frame and acknowledges it. Nothing else draws.
import { AddressBar, decode, encode } from './address.js';
import { writeAxes } from './axes.js';
import { Commands } from './commands.js';
import { byId, fillWords, startHints, toast } from './dom.js';
import { startHeader } from './header.js';
import { startHover } from './hover.js';
import { startHooks } from './hooks.js';
import { createLandscape } from './landscape/index.js';
import { startLayers } from './layers.js';
import { Entrance } from './entrance.js';
import { startPanel } from './panel.js';
import { startRail } from './rail.js';
import { loadMath } from './formula.js';
import { startReading } from './reading.js';
import { Socket } from './socket.js';
import { startStates } from './states.js';
import { Store } from './store.js';
import { words } from './strings.js';
import { onTheme, scale, theme } from './theme.js';
import { startTransport } from './transport.js';
import { applyView, configuration, roomView } from './view.js';

/** @typedef {import('./types.js').RoomState} RoomState */

const opened = decode(location.hash);
const store = new Store();
const entrance = new Entrance(store, opened);
const socket = new Socket({
  key: (attempt) => entrance.key(attempt),
  message: receive,
  frame(frame) {
    store.frame = frame;
    fresh = true;
    wanted = commands.asked === 0;
    commands.frameCame();
  },
  status(now, retryAt) {
    if (now !== 'opening' || store.link.now !== 'lost') store.link = { now, retryAt };
    store.note('link');
  },
});
const commands = new Commands(store, socket);
const bar = new AddressBar((fragment) => history.replaceState(null, '', fragment));

let fresh = false; // a frame has come that is not drawn yet
let wanted = false; // it is of the configuration asked for
let frames = 0; // drawn, of the configuration asked for
let drawnStep = 0;
/** The state as scripts see it: its address is already in the address bar. @type {RoomState|null} */
let published = null;

/** @param {Record<string, any>} message */
function receive(message) {
  if (message.welcome) {
    const { catalog, state, role, room } = message.welcome;
    Object.assign(store, { catalog, role, room });
    takeState(state);
    store.note('room');
    if (role !== 'driver') toast(words.viewer);
    if (role === 'driver' && entrance.first(room)) begin();
  } else if (message.state) takeState(message.state);
  else if (message.points) {
    const { generation, y } = message.points;
    store.points = { generation, y: Float32Array.from(y.flat()) };
    store.note('points');
  } else if (message.error && message.id === undefined) toast(message.error.message);
}

/** @param {RoomState} state */
function takeState(state) {
  store.state = state;
  store.scene.fps = state.fps;
  store.note('state');
  publish();
}

/** Writes the address of the present configuration; then scripts may see its state. */
function publish() {
  const { state } = store;
  if (state && bar.write(encode(configuration(store, state, opened)), performance.now())) published = state;
}

/**
 * Tells a room that was just made what its opening could not say: how it is looked at, the
 * step it is to stand at, and whether it plays.
 */
function begin() {
  const { view, step, play } = entrance.plan;
  if (view) commands.view(view);
  const go = () => play && !store.state?.playing && commands.act('play');
  if (step === undefined) return void go();
  commands.asked++;
  commands.seek(step, () => {
    commands.asked--;
    go();
  });
}

fillWords();
startHints();
applyView(store, opened);
if (opened.newer) toast(words.newerLink);
if (opened.token) bar.write(encode(opened), performance.now()); // no token stays in the address bar
socket.connect();

const square = byId('square', HTMLElement);
const landscape = createLandscape({
  canvas: byId('landscape', HTMLCanvasElement),
  overlay: byId('overlay', HTMLCanvasElement),
  bar: byId('bar', HTMLCanvasElement),
  renderer: opened.renderer === 'webgl2' || opened.renderer === 'canvas2d' ? opened.renderer : 'auto',
});
const rail = startRail(store, commands);
const panel = startPanel(store, commands);
const transport = startTransport(store, commands);
const hover = startHover(store, () => landscape);
const states = startStates(store, commands, () => socket.connect());
const layers = startLayers(store, commands);
const read = startReading(store);
startHeader(store, commands);

/** The address of this very landscape: as the address bar has it, and at this step. */
function link() {
  const { state, frame } = store;
  if (!state || opened.room) return location.href;
  return new URL(encode({ ...configuration(store, state, opened), step: frame?.step ?? state.step }), location.href).href;
}

/** @type {import('./charts.js').Charts|null} */
let charts = null;
/** @type {import('./instruments/index.js').Instrument|null} */
let instruments = null;

/** Mathematics and charts are fetched when the landscape is there: it comes first. */
async function furnish() {
  await loadMath();
  rail.typeset();
  panel.typeset();
  const { Charts } = await import('./charts.js');
  charts = new Charts(store, commands);
  await charts.start();
  const { startInstruments } = await import('./instruments/index.js');
  instruments = startInstruments({ store, commands, socket, landscape, link, get charts() { return charts; } });
}

const still = matchMedia('(prefers-reduced-motion: reduce)');
function lightUp() {
  Object.assign(store.scene, { theme: theme(), scale: scale(), still: still.matches });
  store.note('scene');
  charts?.restyle();
}
onTheme(lightUp);
still.addEventListener('change', lightUp);
lightUp();

let sceneChanged = true;
store.on('scene', () => {
  sceneChanged = true;
  publish();
});
new ResizeObserver(() => {
  landscape.resize();
  sceneChanged = true;
}).observe(square);

store.on('state', () => writeAxes(store));

/** Draws the frame, tells the server, and counts. @param {number} now */
function draw(now) {
  const { frame, scene } = store;
  scene.hasty = performance.now() - commands.touched < 300;
  instruments?.draw?.(now);
  if (!frame || !(fresh || sceneChanged || landscape.animating())) return;
  scene.points = store.drawn ?? store.pointsOf(frame);
  landscape.draw(frame, scene, now);
  instruments?.drawn?.();
  sceneChanged = false;
  if (!fresh) return;
  fresh = false;
  drawnStep = frame.step;
  charts?.note();
  socket.ack(frame.seq);
  commands.frameDrawn(performance.now());
  if (!wanted || ++frames > 1) return;
  performance.mark('first landscape');
  furnish().catch((e) => toast(e.message));
}

let told = -1; // the frame whose numbers are on the page

/** What need not move with every frame: numbers and charts. @param {number} now */
function numbers(now) {
  publish();
  states.show();
  hover.show();
  layers.offer();
  if (!store.frame) return;
  instruments?.numbers?.(now);
  transport.numbers(charts?.horizon ?? Math.max(store.model?.steps ?? 1, store.frame.step));
  if (store.frame.seq !== told || charts?.behind) charts?.fill();
  if (store.frame.seq !== told) panel.numbers();
  told = store.frame.seq;
  read(now);
}

let due = 0; // when the numbers are

/** The one loop of the page. @param {number} now */
function loop(now) {
  requestAnimationFrame(loop);
  commands.flush(performance.now());
  landscape.tick(now);
  const waiting = frames === 0;
  draw(now);
  if (waiting && frames > 0) return; // the first landscape is on the screen before the panels are built
  store.flush();
  if (now < due) return;
  const start = performance.now();
  numbers(now);
  // Ten times a second; where the machine is slow, less often: the landscape comes first.
  due = now + Math.max(100, 8 * (performance.now() - start));
}
requestAnimationFrame(loop);

addEventListener('hashchange', () => {
  bar.written = location.hash;
  const config = decode(location.hash);
  if (config.newer) toast(words.newerLink);
  if (config.room && config.room !== store.room) return location.reload();
  Object.assign(opened, { room: config.room, view: config.view });
  applyView(store, config);
  const view = roomView(config);
  const { model, data, points, seed, step, knobs } = config;
  commands.open({ model, data, points, seed, step, knobs }, config.view.exhibit);
  if (view) commands.view(view);
});

startHooks(store, commands, () => ({ frames, drawnStep, published, landscape }));
