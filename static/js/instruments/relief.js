/** @import {Instrument, Page} from './index.js' */

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startRelief(page) {
  return {};
}
