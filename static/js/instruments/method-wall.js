// method-wall.js: all methods on the present data, side by side, learning live: small landscapes,
// each a room of its own. A click chooses the method for the run, which is paused meanwhile.
/** @import {Instrument, Page} from './index.js' */
import { byId, hint, make, write } from '../dom.js';
import { Resources } from '../resources.js';
import { endRoom, openRoom } from '../rooms.js';
import { say, words } from '../strings.js';
import { Pane } from './pane.js';

/** @typedef {import('../types.js').ModelCard} ModelCard */
/** @typedef {import('../types.js').Strategy} Strategy */

/** What each room computes: a coarse grid a few times a second, since there are many. */
const VIEW = { grid: 40, fps: 5 };
/** How its landscape is drawn: fine lines, small points, no animation. @type {Partial<import('../types.js').Scene>} */
const SCENE = {
  layers: { heat: true, contours: true, labels: false, data: true, up: false, down: false, paths: false, proposals: false, marks: false, field: false },
  scale: 0.5, reducedMotion: true, relief: false, follow: false, notes: [], range: '', frozen: false, fps: VIEW.fps,
};
/** How many rooms are opened at a time. */
const AT_ONCE = 4;
/** Milliseconds after which the tiles begin without those that have no landscape yet. */
const BEGIN_AFTER = 6000;

class Tile {
  /**
   * @param {ModelCard} card
   * @param {Strategy|undefined} strategy  stated beside the picture; undefined where there is no room
   * @param {() => void} choose
   */
  constructor(card, strategy, choose) {
    this.model = card.id;
    this.picture = make('div', { class: 'picture' });
    this.numbers = make('small', { text: words.loading });
    const name = make('span', { class: 'name' }, make('i', { text: card.strategy || '–' }), ` ${card.title}`);
    const statement = strategy ? [make('span', { class: 'statement' }, make('b', { text: `${strategy.title}. ` }), strategy.text)] : [];
    this.node = make('button', { class: 'tile', 'data-tile': card.id }, name, ...statement, this.picture, this.numbers);
    this.node.addEventListener('click', choose);
    /** @type {Pane|null} */
    this.pane = null;
    this.refused = false;
  }

  /** Whether it can begin, or never will. */
  get ready() {
    return this.refused || (this.pane?.frames ?? 0) > 0;
  }

  /** Shows why it has no landscape. @param {string} sentence */
  refuse(sentence) {
    this.refused = true;
    write(this.numbers, '');
    this.picture.append(make('p', { class: 'refused', text: sentence }));
  }

  write() {
    const { pane } = this;
    if (!pane?.data.frame) return;
    const auc = pane.data.scalar('auc'), low = pane.data.scalar('vol95');
    write(this.numbers, pane.trouble || say.tile(pane.data.frame.step, Number.isFinite(auc) ? auc.toFixed(2) : '', Number.isFinite(low) ? (100 * low).toFixed(0) : '', pane.data.measuredOn));
  }
}

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startMethodWall({ store, commands }) {
  const resources = new Resources();
  const { signal } = resources;
  const dialog = byId('wall', HTMLDialogElement);
  const title = make('h2', { id: 'wall-title' });
  const all = make('button', { class: 'tool', 'data-wall': 'all', text: words.wallAll });
  const seven = make('button', { class: 'tool', 'data-wall': 'seven', text: words.wallSeven });
  const pause = make('button', { class: 'button', 'data-wall': 'pause', text: words.pause });
  const reset = make('button', { class: 'button', 'data-wall': 'reset', text: words.reset });
  const close = make('button', { class: 'button', 'data-wall': 'close', text: words.close });
  const grid = make('div', { class: 'tiles' });
  hint(all, words.wallAllTip);
  hint(seven, words.wallSevenTip);
  const top = make('div', { class: 'top' }, title, make('div', { class: 'group' }, all, seven), pause, reset, close);
  dialog.append(top, grid);
  resources.nodes(top, grid);

  /** @type {Tile[]} */
  let tiles = [];
  let few = false;
  let playing = true;
  /** Whether all have begun, and since when they are waited for. */
  let begun = false;
  let since = 0;
  /** Counts the fillings: what was asked for an earlier one is not used. */
  let filling = 0;
  /** Whether the run was playing, and will again. */
  let resume = false;

  /** @param {Record<string, any>} command */
  const sendAll = (command) => tiles.forEach((t) => t.pane?.send(command));
  /** Plays them as far as that is wanted and the page is visible. */
  const go = () => begun && sendAll({ do: playing && !document.hidden ? 'play' : 'pause' });
  /** @param {boolean} on */
  const play = (on) => {
    playing = on;
    write(pause, on ? words.pause : words.play);
    go();
  };

  const clear = () => {
    filling++;
    for (const { pane } of tiles) pane?.close();
    tiles = [];
    store.tiles.clear();
    grid.replaceChildren();
  };
  const fill = () => {
    clear();
    const { models, strategies } = store.catalog;
    const cards = few ? strategies.flatMap((s) => models.find((m) => m.strategy === s.id) ?? []) : models;
    write(title, say.wall(store.dataset?.title ?? '', few));
    all.setAttribute('aria-pressed', String(!few));
    seven.setAttribute('aria-pressed', String(few));
    grid.classList.toggle('few', few);
    begun = false;
    since = performance.now();
    play(true);
    tiles = cards.map((card) => new Tile(card, few ? strategies.find((s) => s.id === card.strategy) : undefined, () => choose(card.id)));
    grid.append(...tiles.map((t) => t.node));
    const waiting = [...tiles];
    const mine = filling;
    const openOneByOne = async () => {
      for (let tile = waiting.shift(); tile && mine === filling; tile = waiting.shift()) await open(tile, mine);
    };
    for (let i = 0; i < AT_ONCE; i++) openOneByOne();
  };
  /** Opens the room of a tile, at step 0. @param {Tile} tile @param {number} mine */
  const open = async (tile, mine) => {
    const { state } = store;
    if (!state) return;
    const knobs = Object.fromEntries(Object.entries(state.knobs).filter(([name]) => name.startsWith('data.')));
    try {
      const key = await openRoom({ model: tile.model, data: state.data, points: state.own, axes: store.ownAxes, seed: state.seed, knobs });
      if (mine !== filling) return endRoom(key);
      const pane = (tile.pane = new Pane(store, key, SCENE));
      store.tiles.add({ model: tile.model, pane });
      tile.picture.append(pane.square);
      pane.open('canvas2d');
      pane.entered = () => {
        pane.send({ view: VIEW });
        if (begun) go(); // the others have begun without it
      };
    } catch (e) {
      if (mine === filling) tile.refuse(/** @type {Error} */ (e).message);
    }
  };
  /** @param {string} model */
  const choose = (model) => {
    resume = false;
    dialog.close();
    if (store.driving) commands.chooseModel(model);
  };

  document.querySelector('[data-action="wall"]')?.addEventListener('click', () => {
    resume = store.driving && store.state?.playing === true;
    if (resume) commands.act('pause');
    dialog.showModal();
    fill();
  }, { signal });
  dialog.addEventListener('close', () => {
    clear();
    if (resume) commands.act('play');
  }, { signal });
  close.addEventListener('click', () => dialog.close());
  pause.addEventListener('click', () => play(!playing));
  reset.addEventListener('click', () => {
    sendAll({ do: 'reset' });
    play(true);
  });
  document.addEventListener('visibilitychange', go, { signal });
  for (const [node, on] of /** @type {const} */ ([[all, false], [seven, true]])) {
    node.addEventListener('click', () => {
      few = on;
      fill();
    });
  }

  return {
    draw(now) {
      for (const { pane } of tiles) pane?.draw(now);
      if (begun || !tiles.length || !(tiles.every((t) => t.ready) || performance.now() - since > BEGIN_AFTER)) return;
      begun = true;
      go();
    },
    numbers() {
      for (const tile of tiles) tile.write();
    },
    close() {
      clear();
      if (dialog.open && resume) commands.act('play');
      resources.release();
      dialog.close();
    },
  };
}
