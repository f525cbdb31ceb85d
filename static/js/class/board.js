// board.js: the runs of the members as small live landscapes, in one stream from the server. One of them
// can be put on the screen, without a name, and up to six laid side by side.
/** @import {Page} from '../instruments/index.js' */
/** @import {Resources} from '../resources.js' */
/** @import {Person} from './class-data.js' */
import { byId, hint, make, write } from '../dom.js';
import { Pane } from '../instruments/pane.js';
import { RoomClient } from '../room-client.js';
import { say, words } from '../strings.js';
import { onTheme, scale } from '../theme.js';
import { byName, canGather } from './people.js';
import { Thumbnails } from './thumbnail-canvas.js';

/** A fork's picture. @typedef {import('../types.js').SmallPicture} Picture */

/** What a fork does, as a picture has it. */
const STATUS = /** @type {const} */ (['boardPaused', 'boardPlays', 'boardAsleep', 'boardHalted', 'boardWaits']);
/** So many runs are laid side by side. */
const MOST = 6;
/** What those ask for: they are smaller than the page's own landscape. */
const LOOK = { fps: 10, side: 64 };
/** How they are drawn. @type {Partial<import('../types.js').Scene>} */
const SCENE = { relief: false, follow: false, notes: [], fps: LOOK.fps };

/** How forks are ordered; forks that are alike keep the order of their names. @type {Record<'name'|'measure'|'step'|'status', (a:Fork, b:Fork) => number>} */
const ORDERS = {
  name: () => 0,
  measure: (a, b) => (b.picture?.measure ?? -1) - (a.picture?.measure ?? -1),
  step: (a, b) => (b.picture?.step ?? -1) - (a.picture?.step ?? -1),
  status: (a, b) => Number(b.picture?.status === 1) - Number(a.picture?.status === 1),
};
const ORDER_WORDS = /** @type {const} */ ({ name: 'boardByName', measure: 'boardByMeasure', step: 'boardByStep', status: 'boardByStatus' });

/** A member's run. @typedef {{person:Person, picture:Picture|null}} Fork */

/**
 * The forks in an order.
 * @param {Fork[]} forks
 * @param {keyof typeof ORDERS} by
 */
export function ordered(forks, by) {
  return [...forks].sort((a, b) => ORDERS[by](a, b) || byName.compare(a.person.name, b.person.name));
}

/**
 * @param {Page} page
 * @param {Resources} resources
 */
export function startBoard({ store, client, commands, landscape }, resources) {
  const { classroom } = store;
  const dialog = byId('board', HTMLDialogElement);
  const title = make('h2', { id: 'board-title' });
  const order = make('select', { 'data-board': 'order', 'aria-label': words.boardOrder }, ...Object.entries(ORDER_WORDS).map(([value, word]) => make('option', { value, text: words[word] })));
  const beside = make('button', { class: 'button', 'data-board': 'beside' });
  hint(beside, words.boardBesideTip);
  const names = make('button', { class: 'button', 'data-board': 'names', 'aria-pressed': 'false', text: words.classNames });
  hint(names, words.classNamesTip);
  const gather = make('button', { class: 'button', 'data-board': 'gather', text: words.classGather });
  hint(gather, words.classGatherTip);
  const pause = make('button', { class: 'button', 'data-board': 'pause', text: words.classPause });
  hint(pause, words.classPauseTip);
  const back = make('button', { class: 'button', 'data-board': 'back', text: words.boardBack });
  const close = make('button', { class: 'button', 'data-board': 'close', text: words.close });
  const empty = make('p', { class: 'why', text: words.boardEmpty });
  const tiles = make('div', { class: 'forks' });
  const side = make('div', { class: 'beside', hidden: true });
  dialog.append(make('div', { class: 'top' }, title, order, beside, names, gather, pause, back, close), empty, tiles, side);

  /** @type {RoomClient|null} */
  let stream = null;
  /** The newest pictures, by index. @type {Map<number, Picture>} */
  const pictures = new Map();
  /** The newest frame that is not acknowledged; -1 for none. */
  let fresh = -1;
  /** By the id of the member. @type {Map<string, Tile>} */
  const shown = new Map();
  /** The members whose runs are to be laid side by side. @type {Set<string>} */
  const chosen = new Set();
  /** @type {BesidePane[]} */
  let panes = [];
  const thumbnails = new Thumbnails(tiles, store);
  onTheme(() => {
    thumbnails.restyle();
    show();
  });

  const forks = () => classroom.people.filter((p) => p.room).map((person) => ({ person, picture: pictures.get(person.index ?? -1) ?? null }));

  function show() {
    if (!dialog.open) return;
    const all = ordered(forks(), /** @type {keyof typeof ORDERS} */ (order.value));
    const laid = panes.length > 0;
    const seen = scale() > 1 || laid; // others may look at this: the projector, and what is laid side by side for them
    const anonymous = seen && names.getAttribute('aria-pressed') !== 'true';
    names.hidden = !seen;
    write(title, say.board(all.length));
    empty.hidden = all.length > 0;
    tiles.style.setProperty('--tile', all.length <= 8 ? '15rem' : all.length <= 24 ? '11rem' : '8rem');
    const ids = new Set(all.map(({ person }) => person.id));
    for (const [id, tile] of shown) {
      if (ids.has(id)) continue;
      tile.node.remove();
      thumbnails.forget(tile.canvas);
      shown.delete(id);
      chosen.delete(id);
    }
    for (const [i, { person, picture }] of all.entries()) {
      let tile = shown.get(person.id);
      if (!tile) {
        tile = new Tile(person.id, () => project(person.id), (on) => choose(person.id, on));
        shown.set(person.id, tile);
        thumbnails.watch(tile.canvas);
      }
      tile.show(anonymous ? '' : person.name, picture);
      tile.pick.disabled = !tile.pick.checked && chosen.size >= MOST;
      if (tiles.children[i] !== tile.node) tiles.insertBefore(tile.node, tiles.children[i] ?? null);
      if (picture) thumbnails.set(tile.canvas, picture);
    }
    write(beside, say.boardBeside(chosen.size));
    beside.disabled = chosen.size < 2;
    for (const node of [order, beside]) node.hidden = laid;
    tiles.hidden = laid;
    side.hidden = back.hidden = !laid;
    gather.disabled = !canGather(classroom.people);
    const { paused = false } = classroom.banner ?? {};
    pause.setAttribute('aria-pressed', String(paused));
    write(pause, paused ? words.classResume : words.classPause);
    for (const pane of panes) pane.name(anonymous ? '' : classroom.people.find(({ room }) => room === pane.fork)?.name ?? '');
  }

  /** @param {string} id @param {boolean} on */
  function choose(id, on) {
    if (on) chosen.add(id);
    else chosen.delete(id);
    show();
  }

  /** Puts the run of a member on the screen, for all who follow. @param {string} id */
  function project(id) {
    const room = classroom.people.find((p) => p.id === id)?.room;
    if (!room) return;
    dialog.close();
    client.enter({ room, token: client.key.token });
  }

  function lay() {
    const { token } = client.key;
    for (const id of chosen) {
      const room = classroom.people.find((p) => p.id === id)?.room;
      if (room) panes.push(new BesidePane(store, { room, token }, landscape.renderer, side, () => project(id)));
    }
    side.dataset.panes = String(panes.length);
    show();
    back.focus();
  }

  function clear() {
    for (const pane of panes) pane.close();
    panes = [];
  }

  beside.addEventListener('click', lay);
  back.addEventListener('click', () => {
    clear();
    show();
  });
  order.addEventListener('change', show);
  names.addEventListener('click', () => {
    names.setAttribute('aria-pressed', String(names.getAttribute('aria-pressed') !== 'true'));
    show();
  });
  gather.addEventListener('click', () => commands.send({ people: { gather: true } }));
  pause.addEventListener('click', () => commands.send({ people: { pause: !classroom.banner?.paused } }));
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => {
    stream?.close();
    stream = null;
    clear();
    thumbnails.clear();
    for (const { node } of shown.values()) node.remove();
    shown.clear();
    pictures.clear();
    chosen.clear();
  }, resources);
  store.on('class', show, resources.signal);
  resources.defer(() => {
    dialog.close();
    dialog.replaceChildren();
  });

  return {
    open() {
      const { token } = client.key;
      names.setAttribute('aria-pressed', 'false');
      dialog.showModal();
      stream = new RoomClient({
        key: async () => ({ room: `${classroom.room}.board`, token }),
        message() {},
        frame(frame) {
          for (const picture of frame.pictures ?? []) pictures.set(picture.index, picture);
          fresh = frame.seq;
        },
        status({ now, refusal }) {
          write(empty, now === 'lost' ? refusal || words.connectionLost : words.boardEmpty);
        },
      });
      stream.connect();
      show();
    },
    close: () => dialog.close(),
    /** @param {number} now */
    draw(now) {
      if (!dialog.open) return;
      for (const pane of panes) pane.draw(now);
      if (fresh >= 0) {
        stream?.ack(fresh);
        fresh = -1;
        show();
      }
      if (!panes.length) thumbnails.draw();
    },
  };
}

class Tile {
  /**
   * @param {string} id
   * @param {() => void} open
   * @param {(on:boolean) => void} choose
   */
  constructor(id, open, choose) {
    this.canvas = make('canvas', { 'aria-hidden': 'true' });
    this.name = make('b');
    this.numbers = make('small');
    this.button = make('button', { class: 'fork' }, make('span', { class: 'picture' }, this.canvas), this.name, this.numbers);
    hint(this.button, words.boardProjectTip);
    this.button.addEventListener('click', open);
    this.pick = make('input', { type: 'checkbox', 'aria-label': words.boardPick });
    hint(this.pick, words.boardPick);
    this.pick.addEventListener('change', () => choose(this.pick.checked));
    this.node = make('div', { class: 'fork-tile', 'data-fork': id }, this.button, this.pick);
  }

  /** @param {string} name  '' where it does not show @param {Picture|null} picture */
  show(name, picture) {
    write(this.name, name || words.boardAnonymous);
    write(this.numbers, picture ? say.boardFork(picture.step, picture.measure >= 0 ? picture.measure.toFixed(2) : '', words[STATUS[picture.status] ?? 'boardPaused']) : words.loading);
    this.node.dataset.status = String(picture?.status ?? 2);
  }
}

/** A member's run beside others: it is watched, and goes on without this page. */
class BesidePane extends Pane {
  #name = make('b');
  #numbers = make('small');

  /**
   * @param {import('../store.js').Store} store
   * @param {import('../rooms.js').Key} key
   * @param {'auto'|'webgl2'|'canvas2d'} renderer
   * @param {HTMLElement} among
   * @param {() => void} project
   */
  constructor(store, key, renderer, among, project) {
    super(store, key, SCENE, false);
    this.fork = key.room;
    const button = make('button', { class: 'button', text: words.boardProject });
    hint(button, words.boardProjectTip);
    button.addEventListener('click', project);
    this.node = make('section', { class: 'pane' }, make('header', {}, this.#name, this.#numbers, button), make('div', { class: 'frame' }, this.square));
    among.append(this.node);
    this.open(renderer);
    this.entered = () => this.send({ look: LOOK });
    this.drawn = () => this.#write();
  }

  /** @param {string} name  '' where it does not show */
  name(name) {
    write(this.#name, name || words.boardAnonymous);
  }

  #write() {
    const { data } = this;
    const auc = data.scalar('auc');
    write(this.#numbers, say.pane(data.frame?.step ?? 0, Number.isFinite(auc) ? auc.toFixed(3) : '', '', data.measuredOn));
  }
}
