// main.js wires the page: messages change the store, and one loop per animation frame shows
// what has changed, draws the newest frame and acknowledges it. Nothing else draws.
import { AddressBar, decode, encode, withFormerDefaults } from './address.js';
import { writeAxes } from './axes.js';
import { startAdmission } from './class/admission.js';
import { startBackCloses } from './back-closes.js';
import { Commands } from './commands.js';
import { byId, fillWords, startHints, toast } from './dom.js';
import { loadMath } from './formula.js';
import { startFirstMinute } from './first-minute.js';
import { startHeader } from './header.js';
import { startHooks } from './hooks.js';
import { startHover } from './hover.js';
import { createLandscape } from './landscape/index.js';
import { LandscapeLink } from './landscape-link.js';
import { startLayers } from './layers.js';
import { PageRoom } from './page-room.js';
import { startPanel } from './panel.js';
import { rememberPresses } from './presses.js';
import { startProjector } from './projector.js';
import { RoomClient } from './room-client.js';
import { opening } from './run-log.js';
import { safely } from './safely.js';
import { startScreenReaderText } from './screen-reader-text.js';
import { startSidebar } from './sidebar.js';
import { startStates } from './states.js';
import { Store } from './store.js';
import { say, words } from './strings.js';
import { onTheme, scale, theme } from './theme.js';
import { startToolbar } from './toolbar.js';
import { startTransport } from './transport.js';
import { applyInstruments, applyView, configuration, roomView } from './view.js';

const presses = rememberPresses();
const opened = decode(location.hash);
const store = new Store();
const room = new PageRoom(store, opened);
const client = new RoomClient({
  key: (attempt) => room.key(attempt),
  enter: (key) => room.enter(key),
  message: receive,
  frame(frame) {
    store.frame = frame;
    fresh = true;
    wanted = commands.opening === 0;
    commands.frameCame();
  },
  status(status) {
    const { transport } = status;
    if (transport && transport !== 'websocket' && !slower) toast(words.slowerLine); // once
    slower ||= Boolean(transport && transport !== 'websocket');
    if (status.now !== 'opening' || store.connection.now !== 'lost') store.connection = status;
    if (status.code) store.receive({ error: { code: status.code, message: status.refusal } });
    store.markChanged('connection');
  },
});
const commands = new Commands(store, client);
const link = new LandscapeLink(store, client, opened);
const bar = new AddressBar((fragment) => history.replaceState(history.state, '', fragment));

let slower = false; // the page has stepped down from a websocket
let fresh = false; // a frame has come that is not drawn yet
let wanted = false; // it is of the configuration asked for
let frames = 0; // drawn, of the configuration asked for
let drawnStep = 0;
/** The state as scripts see it: its address is already in the address bar. @type {import('./types.js').RoomState|null} */
let published = null;

/** @param {Record<string, any>} message */
function receive(message) {
  store.receive(message);
  if (message.welcome) {
    stateChanged();
    store.markChanged('room');
    if (!store.driving && !store.classroom.room) toast(words.viewer);
    else if (room.first(store.room)) begin();
  } else if (message.state) stateChanged();
  else if (message.points) store.markChanged('points');
  else if (message.error && message.id === undefined && message.error !== store.classroom.refusal) toast(say.sentence(message.error.message));
}

function stateChanged() {
  store.scene.fps = store.state?.fps ?? store.scene.fps;
  store.markChanged('state');
  publish();
}

/** Writes the address of the present configuration; then scripts may see its state. */
function publish() {
  const { state } = store;
  if (state && bar.write(encode(configuration(store, state, opened, link.shown)), performance.now())) published = state;
}

/**
 * Sends a room that was just made the settings that opening does not set: its view, the step to
 * seek, and whether it plays.
 */
async function begin() {
  const { view, step, play } = room.plan;
  if (view) commands.view(view);
  if (step !== undefined) {
    commands.opening++;
    await commands.seek(step);
    commands.opening--;
  }
  if (play && !store.state?.playing) commands.act('play');
}

fillWords();
startHints(() => (store.classroom.me ? words.memberWatches : words.viewer));
applyView(store, opened);
if (opened.newer) toast(words.newerLink);
if (opened.token) bar.write(encode(opened), performance.now()); // no token stays in the address bar
client.connect();

const square = byId('square', HTMLElement);
const landscape = createLandscape({
  canvas: byId('landscape', HTMLCanvasElement),
  overlay: byId('overlay', HTMLCanvasElement),
  bar: byId('bar', HTMLCanvasElement),
  renderer: opened.renderer === 'webgl2' || opened.renderer === 'canvas2d' ? opened.renderer : 'auto',
});
const sidebar = startSidebar(store, commands);
const panel = startPanel(store, commands);
const transport = startTransport(store, commands);
const hover = startHover(store, () => landscape);
const states = startStates(store, commands, client);
const layers = startLayers(store, commands);
const screenReaderText = startScreenReaderText(store);
startHeader(store, commands);
startToolbar(byId('tools', HTMLElement));
startProjector();
startBackCloses(() => bar.written);
startFirstMinute(store, client);
startAdmission(store, client, room);

/** @type {import('./charts.js').Charts|null} */
let charts = null;
/** @type {ReturnType<typeof import('./instruments/index.js').startInstruments>|null} */
let instruments = null;

/** Fetches what comes after the first landscape; where a part is missing the others work. */
function loadRest() {
  const first = loadInstruments();
  const after = store.classroom.me ? first : Promise.resolve(); // on a slow phone, what belongs to the class comes first
  const parts = [first, after.then(loadMathematics), after.then(loadCharts)];
  for (const part of parts) part.catch((e) => toast(e.message));
}

async function loadInstruments() {
  const { startInstruments } = await import('./instruments/index.js');
  instruments = startInstruments({ store, commands, client, room, landscape, link, get charts() { return charts; } });
  showInstruments(opened.view);
  presses.replay();
}

/** Shows with the instruments what the address names. @param {Record<string, string>} view */
function showInstruments(view) {
  store.view.compare = view.compare ?? '';
  applyInstruments(store, view);
  store.markChanged('compare');
}

async function loadMathematics() {
  await loadMath();
  sidebar.typeset();
  panel.typeset();
}

async function loadCharts() {
  const { Charts } = await import('./charts.js');
  charts = new Charts(store, commands);
  await charts.start();
}

const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');
function applyTheme() {
  Object.assign(store.scene, { theme: theme(), scale: scale(), reducedMotion: reducedMotion.matches });
  store.markChanged('scene');
  charts?.restyle();
}
onTheme(applyTheme);
reducedMotion.addEventListener('change', applyTheme);
applyTheme();

const NO_POINTS = new Float32Array(0);
/** The layers of a step, off. */
const NO_STEP = { up: false, down: false, paths: false, proposals: false, marks: false };
let sceneChanged = true;
store.on('scene', () => {
  sceneChanged = true;
  publish();
});
const resized = new ResizeObserver(() => {
  landscape.resize();
  sceneChanged = true;
  safely(draw, performance.now()); // before the browser paints: a canvas of another size is black
});
for (const box of [square, byId('bar', HTMLElement)]) resized.observe(box);

for (const part of /** @type {const} */ (['state', 'points'])) store.on(part, () => writeAxes(store));

/** Draws the frame, acknowledges it and counts it. @param {number} now */
function draw(now) {
  const { frame, scene } = store;
  scene.dragging = performance.now() - commands.lastInput < 300;
  instruments?.draw(now);
  if (!frame || !(fresh || sceneChanged || landscape.animating())) return;
  scene.cardRange = store.model?.range ?? 'data';
  scene.points = store.view.drawn ?? (store.view.withoutData ? NO_POINTS : store.pointsOf(frame));
  scene.perturbed = store.perturbs;
  scene.held = store.view.drawn || store.view.withoutData ? null : store.heldOf(frame);
  scene.groups = store.view.drawn ? store.view.drawnGroups : store.view.withoutData ? null : store.groupsOf(frame);
  landscape.draw(frame, store.view.withoutStep ? { ...scene, follow: false, layers: { ...scene.layers, ...NO_STEP } } : scene, now);
  instruments?.drawn();
  sceneChanged = false;
  if (!fresh) return;
  fresh = false;
  drawnStep = frame.step;
  charts?.append();
  client.ack(frame.seq);
  commands.frameDrawn(performance.now());
  if (!wanted || ++frames > 1) return;
  performance.mark('first landscape');
  loadRest();
}

let written = -1; // the frame whose numbers are on the page

/** What need not move with every frame: numbers and charts. @param {number} now */
function numbers(now) {
  if (!store.led) link.follow(); // hundreds who follow need not ask for the moves
  publish();
  states.show();
  hover.show();
  layers.offer();
  if (!store.frame) return;
  instruments?.numbers(now);
  transport.numbers(charts?.horizon ?? Math.max(store.model?.steps ?? 1, store.frame.step));
  if (store.frame.seq !== written || charts?.behind) charts?.fill();
  if (store.frame.seq !== written) panel.numbers();
  written = store.frame.seq;
  screenReaderText(now);
}

let due = 0; // when the numbers are written next
/** The one loop of the page. @param {number} now */
function loop(now) {
  requestAnimationFrame(loop);
  commands.flush(performance.now());
  landscape.tick(now);
  const waiting = frames === 0;
  safely(draw, now);
  if (waiting && frames > 0) return; // the first landscape is on the screen before the panels are built
  store.flush();
  if (now < due) return;
  const start = performance.now();
  safely(numbers, now);
  // Ten times a second; where the machine is slow, less often: the landscape comes first.
  due = now + Math.max(100, 8 * (performance.now() - start));
}
requestAnimationFrame(loop);

addEventListener('hashchange', async ({ newURL }) => {
  const { hash } = new URL(newURL); // the page may have written its own address since
  if (hash === bar.written) return; // the page's own
  bar.written = hash;
  const config = decode(hash);
  if (config.newer) toast(words.newerLink);
  if (config.join || (config.room && config.room !== store.room && config.room !== opened.room)) return location.reload();
  Object.assign(opened, { room: config.room, view: config.view });
  applyView(store, config);
  const view = roomView(config);
  const { model, data, points, axes, seed, step, knobs, log } = await opening(withFormerDefaults(config, store.catalog));
  // The address of a room has no configuration: the room goes on.
  const opens = config.room ? null : commands.open({ model, data, points, axes, seed, step, knobs, log }, config.view.exhibit);
  if (view) commands.view(view);
  await opens;
  showInstruments(config.view);
});
// The rooms that instruments made end with the page, unless the browser caches it for going back.
addEventListener('pagehide', (e) => e.persisted || instruments?.close());

startHooks(store, commands, () => ({ frames, drawnStep, published, landscape, instruments }));
