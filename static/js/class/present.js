// present.js: whoever leads a class, its owner or the member with the chalk, sends what this page shows:
// the room, the view as an address has it, and where the pointer is.
/** @import {Instrument, Page} from '../instruments/index.js' */
import { shownView } from '../view.js';

/** What is written of the pointer: thousandths of a unit are finer than a pixel. @param {number} v */
const short = (v) => Number(v.toFixed(3));

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startPresent({ store, client }) {
  const { classroom } = store;
  /** The message that was sent last, on which connection, and whether its answer is awaited. */
  let sent = '', waiting = false;

  return {
    // Ten times a second at most; while one message is on its way, the next waits and is then the newest.
    async numbers() {
      const { banner } = classroom;
      if (store.connection.now !== 'open' || !banner) sent = ''; // another connection is told anew
      else if (!waiting && (store.role === 'chalk' || !banner.lead)) {
        const at = banner.here > 0 && store.view.cursor;
        const shown = { room: store.room, ...shownView(store), pointer: at ? at.map(short) : null };
        const text = JSON.stringify(shown);
        if (text === sent) return;
        sent = text;
        waiting = true;
        await client.command({ show: shown }).catch(() => (sent = ''));
        waiting = false;
      }
    },
    close() {},
  };
}
