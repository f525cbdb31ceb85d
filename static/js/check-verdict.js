// check-verdict.js: what a minute of trying says about a line, in plain words.
import { check } from './strings.js';

/**
 * @typedef {object} Tried
 * @property {boolean} reached  whether the server answers now
 * @property {'websocket'|'stream'|'poll'|''} transport  that works now
 * @property {number} cuts  how often the line was lost
 * @property {number} fps  pictures a second, of ten
 */

/** Pictures a second below which it is slow. */
const FEW = 7;

/**
 * @param {Tried} tried
 * @param {string} host  that the school's IT should let through
 * @returns {{kind:'good'|'fair'|'bad', title:string, why:string, tell:string}}
 */
export function verdict({ reached, transport, cuts, fps }, host) {
  if (!reached || !transport) return { kind: 'bad', title: check.lost, why: check.lostWhy, tell: check.tellIsolation(host) };
  if (transport === 'poll') return { kind: 'fair', title: check.otherWay, why: check.pollWhy, tell: check.tellStreams(host) };
  if (transport === 'stream') return { kind: 'fair', title: check.otherWay, why: check.otherWayWhy, tell: check.tellSockets(host) };
  if (cuts > 0) return { kind: 'fair', title: check.unsteady, why: check.unsteadyWhy, tell: check.tellSockets(host) };
  if (fps < FEW) return { kind: 'fair', title: check.slow, why: check.slowWhy, tell: '' };
  return { kind: 'good', title: check.good, why: check.goodWhy, tell: '' };
}
