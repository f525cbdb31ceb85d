// The instruments: tools that probe, compare and export the landscape, each a module of its own.
// They are fetched when the first landscape is on the screen.
import { startClass } from '../class/index.js';
import { startDraw } from '../data/draw.js';
import { startExport } from '../export/index.js';
import { startLessons } from '../lessons/index.js';
import { safely } from '../safely.js';
import { startAsk } from './ask.js';
import { startCompare } from './compare.js';
import { startEnergyChange } from './energy-change.js';
import { startFollow } from './follow.js';
import { startMarbles } from './marbles.js';
import { startMethodWall } from './method-wall.js';
import { startRange } from './range.js';
import { startRelief } from './relief.js';
import { startSound } from './sound.js';
import { startTime } from './time.js';

/**
 * What an instrument works with.
 * @typedef {object} Page
 * @property {import('../store.js').Store} store
 * @property {import('../commands.js').Commands} commands
 * @property {import('../room-client.js').RoomClient} client
 * @property {ReturnType<typeof import('../landscape/index.js').createLandscape>} landscape
 * @property {import('../charts.js').Charts|null} charts
 * @property {import('../page-room.js').PageRoom} room
 * @property {import('../landscape-link.js').LandscapeLink} link  the address of this very landscape
 */

/**
 * What the page's one loop calls: `draw` once per animation frame, to draw over the landscape;
 * `drawn` after the landscape was drawn; `numbers` a few times a second. `close` removes all
 * that the instrument has added to the page.
 * @typedef {{draw?:(now:number) => void, drawn?:() => void, numbers?:(now:number) => void, close:() => void}} Instrument
 */

/** In the order in which their buttons stand. @type {Record<string, (page:Page) => Instrument>} */
const STARTS = {
  ask: startAsk, marbles: startMarbles, draw: startDraw, ledger: startEnergyChange, follow: startFollow, range: startRange, relief: startRelief, sound: startSound,
  time: startTime, compare: startCompare, wall: startMethodWall, lessons: startLessons, export: startExport,
  class: startClass,
};

/**
 * Opens them all. An instrument that throws does not stop the others.
 * @param {Page} page
 */
export function startInstruments(page) {
  /** @type {Map<string, Instrument>} */
  const opened = new Map();
  /** @param {string} name */
  const open = (name) => {
    if (!opened.has(name)) opened.set(name, STARTS[name](page));
  };
  /** Closes one, or all. @param {string} [name] */
  const close = (name) => {
    for (const [known, instrument] of opened) {
      if (name !== undefined && name !== known) continue;
      opened.delete(known);
      safely(instrument.close);
    }
  };
  /** @param {'draw'|'drawn'|'numbers'} what @param {number} now */
  const each = (what, now) => {
    for (const instrument of opened.values()) {
      const f = instrument[what];
      if (f) safely(f, now);
    }
  };
  for (const name of Object.keys(STARTS)) safely(open, name);
  return {
    draw: (/** @type {number} */ now) => each('draw', now),
    drawn: () => each('drawn', 0),
    numbers: (/** @type {number} */ now) => each('numbers', now),
    names: Object.keys(STARTS), open, close,
  };
}
