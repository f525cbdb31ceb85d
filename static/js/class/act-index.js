// act-index.js: the acts of a class on the page: the card in the dock, what is on the landscape, and the
// pointer while an act is open.
/** @import {Instrument, Page} from '../instruments/index.js' */
/** @import {Mine, Point} from './class-data.js' */
/** @import {Who} from './act-state.js' */
import { Brush } from '../data/brush.js';
import { byId, write } from '../dom.js';
import { ignored } from '../letter-keys.js';
import { Resources } from '../resources.js';
import { say } from '../strings.js';
import { OwnAnswer } from './act-answer.js';
import { ActCard, KINDS } from './act-card.js';
import { PinsChange } from './act-change.js';
import { ActMarks } from './act-marks.js';
import { ClassMarbles } from './act-marbles.js';
import { OwnerActs } from './act-owner.js';
import { ActPointer } from './act-pointer.js';
import { RIGHT_PLACE, differs, limitOf, modeOf, rose, withPin, withoutLastStroke } from './act-state.js';

/** The radius of the brush with which a class draws, in the plane. */
const BRUSH = 0.1;
/** The distance of two points along a stroke: the points of a member reach for a line across the plane. */
const GAP = 0.045;
/** How near to a pin a tap removes it: a share of the plane's width, which is a fingertip on a phone. */
const NEAR = 0.04;

/** A coordinate as it is sent. @param {number} v */
const short = (v) => Number(v.toFixed(4));

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startActs(page) {
  const { store, client, landscape } = page;
  const { classroom } = store;
  const resources = new Resources();
  const { signal } = resources;
  let stale = true; // the card and the landscape
  let spoken = NaN; // the act that was announced
  const changed = () => (stale = true);

  const answer = new OwnAnswer(store, client, changed);
  const card = new ActCard({
    choose: (choice) => answer.set({ choice }),
    removePin: (i) => answer.set({ points: (answer.value.points ?? []).filter((_, k) => k !== i) }),
    undo: () => answer.set(withoutLastStroke(answer.value)),
    point: (y) => store.units.point(y),
  });
  const dock = byId('dock', HTMLElement);
  dock.prepend(card.node);
  resources.nodes(card.node);
  const marks = new ActMarks(landscape, resources);
  const marbles = new ClassMarbles();
  const brush = new Brush(() => ({ box: store.catalog.limits.box, points: classroom.act ? limitOf(classroom.act) : 0, linkPoints: 0 }), Math.random, GAP);
  /** What is on the landscape. @type {import('./act-marks.js').Marks|null} */
  let drawn = null;
  /** The answer while a stroke is drawn. @type {Mine|null} */
  let stroke = null;
  /** @type {OwnerActs|null} */
  let owner = null;

  /** @returns {Who} */
  const who = () => (store.owner ? 'owner' : classroom.me ? 'member' : 'watcher');
  const away = () => store.room !== classroom.room;
  const mode = () => (away() || owner?.ofLesson ? null : modeOf(classroom.act, who()));
  /** @param {Point} y @returns {Point} */
  const inside = ([y1, y2]) => {
    const { x0, x1, y0, y1: top } = store.frame ?? { x0: -1.5, x1: 1.5, y0: -1.5, y1: 1.5 };
    return [short(Math.min(x1, Math.max(x0, y1))), short(Math.min(top, Math.max(y0, y2)))];
  };

  new ActPointer((e) => landscape.pointUnder(e), resources, {
    mode,
    tap(at) {
      const { act } = classroom, y = inside(at), { points = [] } = answer.value;
      if (!act) return;
      const limit = limitOf(act), width = store.frame ? store.frame.x1 - store.frame.x0 : 3;
      if (owner && act.place) {
        owner.markRight([...y, RIGHT_PLACE * width]);
        changed();
      } else if (act.kind === 'question') answer.set({ points: [y] });
      else if (act.kind === 'pins') answer.set({ points: withPin(points, y, limit, NEAR * width) });
      else if (points.length < limit) answer.set({ points: [...points, y] });
    },
    down(at) {
      stroke = answer.value;
      brush.begin(stroke.points ?? []);
      brush.down(at, 'brush', BRUSH);
      changed();
    },
    move(at) {
      brush.move(at, 'brush', BRUSH);
      changed();
    },
    up() {
      const { points = [], strokes = [] } = stroke ?? {}, drawn = brush.points.length - points.length;
      stroke = null;
      if (drawn > 0) answer.set({ points: brush.points.map(([a, b]) => [short(a), short(b)]), strokes: [...strokes, drawn] });
    },
  });

  document.addEventListener('keydown', (e) => {
    const { act } = classroom, k = Number(e.key) - 1;
    if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || ignored(e.key) || who() !== 'member' || act?.phase !== 'open') return;
    if (!(k >= 0 && k < (act.choices?.length ?? 0)) || (e.target instanceof Element && e.target.closest('input, textarea, select, dialog'))) return;
    answer.set({ choice: k });
    e.preventDefault();
  }, { signal });

  const pins = new PinsChange(page, resources);
  card.extra.before(pins.legend);
  resources.nodes(pins.legend);

  const newMarbles = differs();
  /** Takes in what the server has sent. */
  function follow() {
    const { act } = classroom;
    if (store.owner && !owner) owner = new OwnerActs(page, card);
    else if (!store.owner && owner) {
      owner.close();
      owner = null;
    }
    answer.follow();
    if (newMarbles(act, answer.value)) marbles.follow(act?.kind === 'marbles' ? act.points ?? [] : [], answer.value.points ?? []);
    if (act && act.id !== spoken) {
      spoken = act.id;
      write(byId('spoken', HTMLElement), say.actSpoken(KINDS[act.kind], act.text));
      if (mode() && store.scene.relief) {
        store.scene.relief = false; // one points on the map
        store.markChanged('scene');
      }
    }
    if (!act) spoken = NaN;
    const draws = act?.kind === 'drawing' && !away();
    if (draws !== store.view.withoutData) store.markChanged('scene');
    store.view.withoutData = draws; // they would look like what the class draws
    store.marbles.delete(marbles);
    if (act?.kind === 'marbles') store.marbles.add(marbles);
    changed();
  }
  for (const part of /** @type {const} */ (['class', 'room'])) store.on(part, follow, signal);
  store.on('scene', changed, signal);
  store.on('connection', () => {
    answer.connected();
    changed();
  }, signal);
  resources.resized(byId('square', HTMLElement), changed);
  resources.defer(() => {
    store.marbles.delete(marbles);
    store.view.withoutData = store.view.withoutStep = false;
    store.markChanged('scene');
  });
  follow();

  const newMarks = differs();
  /** Shows the card, and what is on the landscape. */
  function show() {
    stale = false;
    const { act } = classroom;
    const square = byId('square', HTMLElement);
    const taps = mode();
    square.toggleAttribute('data-act-taps', taps !== null);
    const shown = pins.show(away());
    if (store.view.withoutStep !== (shown !== null)) store.markChanged('scene');
    store.view.withoutStep = shown !== null;
    owner?.show();
    if (!act) {
      card.hide();
      newMarks(null);
      return marks.draw((drawn = null), store.scene);
    }
    const mine = stroke ? { points: brush.points } : answer.value;
    const host = owner?.ofLesson ? null : dock; // the player of a lesson has it on its own card
    if (host && card.node.parentElement !== host) host.prepend(card.node);
    card.show({ act, who: who(), mine, sent: answer.sent, connected: store.connection.now === 'open', away: away(), lesson: owner?.ofLesson === true });
    const { theme, scale, relief } = store.scene;
    if (!newMarks(act, owner?.right, stroke ? brush.points.length : mine, shown, away(), theme, scale, relief, square.clientWidth, square.clientHeight)) return;
    drawn = away() ? null : { act: owner?.right ? { ...act, circles: [owner.right] } : act, mine, rose: shown && ((y) => rose(shown.values, shown.frame, y)), marbles: act.kind === 'marbles' ? marbles : null };
    marks.draw(drawn, store.scene);
  }

  return {
    draw(now) {
      const { frame, scene } = store;
      const rolled = classroom.act?.kind === 'marbles' && frame !== null && marbles.advance(frame, now, scene.reducedMotion);
      if (stale) show();
      else if (rolled && drawn) marks.draw(drawn, scene);
    },
    drawn() {
      if (!away() && pins.follow()) changed();
      owner?.follow();
    },
    numbers() {
      owner?.show(); // the panel may have come, and the run gone on
    },
    close() {
      owner?.close();
      byId('square', HTMLElement).removeAttribute('data-act-taps');
      resources.release();
    },
  };
}
