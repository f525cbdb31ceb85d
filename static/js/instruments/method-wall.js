// wall.js: all methods on the present data, side by side, learning live: small multiples, each a
// room of its own. A click makes one of them the run in hand, which waits meanwhile.
/** @import {Instrument, Page} from './index.js' */
import { byId, hint, make, write } from '../dom.js';
import { openRoom } from '../room.js';
import { say, words } from '../strings.js';
import { Pane } from './pane.js';

/** @typedef {import('../types.js').ModelCard} ModelCard */

/** What each room shows: coarse, a few times a second, for there are many. */
const VIEW = { grid: 40, fps: 5 };
/** How its landscape is drawn: fine lines, small points, and nothing that moves by itself. */
const SCENE = {
  layers: { heat: true, contours: true, labels: false, data: true, up: false, down: false, paths: false, proposals: false, marks: false, field: false },
  scale: 0.5, still: true, relief: false, frozen: false, fps: VIEW.fps,
};
/** So many rooms are opened at once. */
const AT_ONCE = 4;
/** Milliseconds that the others wait for one whose first landscape does not come. */
const PATIENCE = 6000;

class Tile {
  /** @param {ModelCard} card @param {() => void} enlarge */
  constructor(card, enlarge) {
    this.card = card;
    this.picture = make('div', { class: 'picture' });
    this.numbers = make('small', { text: words.loading });
    const name = make('span', { class: 'name' }, make('i', { text: card.strategy || '–' }), ` ${card.title}`);
    this.node = make('button', { class: 'tile', 'data-tile': card.id }, name, this.picture, this.numbers);
    this.node.addEventListener('click', enlarge);
    /** @type {Pane|null} */
    this.pane = null;
    this.refused = false;
  }

  /** Whether it can begin, or never will. */
  get ready() {
    return this.refused || (this.pane?.frames ?? 0) > 0;
  }

  /** Says why it has no landscape. @param {string} sentence */
  refuse(sentence) {
    this.refused = true;
    write(this.numbers, '');
    this.picture.append(make('p', { class: 'refused', text: sentence }));
  }

  write() {
    const { pane } = this;
    if (!pane?.frame) return;
    const auc = pane.scalar('auc'), low = pane.scalar('vol95');
    write(this.numbers, say.tile(pane.frame.step, Number.isFinite(auc) ? auc.toFixed(2) : '', Number.isFinite(low) ? (100 * low).toFixed(0) : ''));
  }
}

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startWall({ store, commands }) {
  const dialog = byId('wall', HTMLDialogElement);
  const title = make('h2', { id: 'wall-title' });
  const all = make('button', { class: 'tool', 'data-wall': 'all', text: words.wallAll });
  const seven = make('button', { class: 'tool', 'data-wall': 'seven', text: words.wallSeven });
  const pause = make('button', { class: 'button', 'data-wall': 'pause', text: words.pause });
  const anew = make('button', { class: 'button', 'data-wall': 'reset', text: words.reset });
  const close = make('button', { class: 'button', 'data-wall': 'close', text: words.close });
  const grid = make('div', { class: 'tiles' });
  hint(all, words.wallAllTip);
  hint(seven, words.wallSevenTip);
  dialog.append(make('div', { class: 'top' }, title, make('div', { class: 'group' }, all, seven), pause, anew, close), grid);

  /** @type {Tile[]} */
  let tiles = [];
  let few = false;
  let playing = true;
  /** Whether all have begun, and since when they are waited for. */
  let begun = false;
  let since = 0;
  let run = 0;
  /** Whether the run in hand was playing, and will again. */
  let waits = false;

  /** @param {Record<string, any>} command */
  const tell = (command) => tiles.forEach((t) => t.pane?.socket.send(command));
  /** Lets them play as far as that is wanted and somebody can see it. */
  const go = () => begun && tell({ do: playing && !document.hidden ? 'play' : 'pause' });
  /** @param {boolean} on */
  const play = (on) => {
    playing = on;
    write(pause, on ? words.pause : words.play);
    go();
  };

  const clear = () => {
    run++;
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
    tiles = cards.map((card) => new Tile(card, () => enlarge(card.id)));
    grid.append(...tiles.map((t) => t.node));
    const waiting = [...tiles];
    const mine = run;
    const opener = async () => {
      for (let tile = waiting.shift(); tile && mine === run; tile = waiting.shift()) await open(tile, mine);
    };
    for (let i = 0; i < AT_ONCE; i++) opener();
  };
  /** Opens the room of a tile, at step 0. @param {Tile} tile @param {number} mine */
  const open = async (tile, mine) => {
    const { state } = store;
    if (!state) return;
    const knobs = Object.fromEntries(Object.entries(state.knobs).filter(([name]) => name.startsWith('data.')));
    try {
      const key = await openRoom({ model: tile.card.id, data: state.data, points: state.own, seed: state.seed, knobs });
      if (mine !== run) return;
      const pane = new Pane(store, key, 'canvas2d', SCENE);
      tile.pane = pane;
      store.tiles.set(tile.card.id, pane);
      tile.picture.append(pane.square);
      pane.open();
      let told = false;
      pane.changed = () => {
        if (told) return;
        told = true;
        pane.socket.send({ view: VIEW });
        if (begun) go(); // the others would not wait any longer
      };
    } catch (e) {
      if (mine === run) tile.refuse(/** @type {Error} */ (e).message);
    }
  };
  /** @param {string} model */
  const enlarge = (model) => {
    waits = false;
    dialog.close();
    if (store.driving) commands.chooseModel(model);
  };

  document.querySelector('[data-action="wall"]')?.addEventListener('click', () => {
    waits = store.driving && store.state?.playing === true;
    if (waits) commands.act('pause');
    dialog.showModal();
    fill();
  });
  dialog.addEventListener('close', () => {
    clear();
    if (waits) commands.act('play');
  });
  close.addEventListener('click', () => dialog.close());
  pause.addEventListener('click', () => play(!playing));
  anew.addEventListener('click', () => {
    tell({ do: 'reset' });
    play(true);
  });
  document.addEventListener('visibilitychange', go);
  for (const [node, on] of /** @type {const} */ ([[all, false], [seven, true]])) {
    node.addEventListener('click', () => {
      few = on;
      fill();
    });
  }

  return {
    draw(now) {
      for (const { pane } of tiles) pane?.draw(now);
      if (begun || !tiles.length || !(tiles.every((t) => t.ready) || performance.now() - since > PATIENCE)) return;
      begun = true;
      go();
    },
    numbers() {
      for (const tile of tiles) tile.write();
    },
  };
}
