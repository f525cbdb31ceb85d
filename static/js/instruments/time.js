/** @import {Instrument, Page} from './index.js' */

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startTime(page) {
  return {};
}
