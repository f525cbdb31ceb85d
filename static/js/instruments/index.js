// What the landscape can be asked and compared with: the instruments, each a module of its own.
// They are fetched when the first landscape is on the screen.
import { startDraw } from '../data/draw.js';
import { startLessons } from '../lessons/index.js';
import { startExport } from '../export/index.js';
import { startAsk } from './ask.js';
import { startCompare } from './compare.js';
import { startLedger } from './ledger.js';
import { startMarbles } from './marbles.js';
import { startRelief } from './relief.js';
import { startSound } from './sound.js';
import { startTime } from './time.js';
import { startWall } from './wall.js';

/**
 * What an instrument works with.
 * @typedef {object} Page
 * @property {import('../store.js').Store} store
 * @property {import('../commands.js').Commands} commands
 * @property {import('../socket.js').Socket} socket
 * @property {ReturnType<typeof import('../landscape/index.js').createLandscape>} landscape
 * @property {import('../charts.js').Charts|null} charts
 * @property {() => string} link  the address of this very landscape
 */

/**
 * What the page's one loop asks of an instrument: to draw what it has over the landscape, once
 * per animation frame; to do something with the landscape just drawn; and to write its numbers, a
 * few times a second. `close` takes away all that it has added to the page.
 * @typedef {{draw?:(now:number) => void, drawn?:() => void, numbers?:(now:number) => void, close?:() => void}} Instrument
 */

/**
 * Starts them all.
 * @param {Page} page
 * @returns {Instrument}
 */
export function startInstruments(page) {
  /** @type {Instrument[]} */
  const all = [startAsk, startMarbles, startDraw, startLedger, startRelief, startSound, startTime, startCompare, startWall, startLessons, startExport].map((start) => start(page));
  return {
    draw: (now) => all.forEach((i) => i.draw?.(now)),
    drawn: () => all.forEach((i) => i.drawn?.()),
    numbers: (now) => all.forEach((i) => i.numbers?.(now)),
  };
}
