// poll.js: a line made of GETs, each of which is answered with the messages that can be sent at once,
// and of POSTs. A GET acknowledges the frame that came before.
import { crowded, MessageReader, Session } from './session.js';

/** Milliseconds for which the next GET waits for the frame to be drawn, which it acknowledges. */
const DRAW_WITHIN = 100;

/** @type {import('./line.js').Transport} */
export function openPoll(room, hello, events) {
  let came = -1, acked = -1; // frames
  let waits = false; // a GET is under way
  /** Called when the frame has been drawn. @type {(() => void)|null} */
  let drawn = null;
  const session = new Session({
    ...events,
    message(message) {
      if (typeof message !== 'string') came = new DataView(message).getUint32(12, true);
      events.message(message);
    },
  });
  const messages = new MessageReader((kind, message) => session.receive(kind, message));

  /** Resolved when the newest frame is acknowledged, or after a while. @returns {Promise<void>} */
  const frameDrawn = () => new Promise((resolve) => {
    if (acked === came) return resolve();
    const timer = setTimeout(resolve, DRAW_WITHIN);
    drawn = () => {
      clearTimeout(timer);
      resolve();
    };
  });

  (async () => {
    if (!(await session.open(room, hello))) return;
    try {
      while (!session.ended) {
        const query = `?one${acked >= 0 ? `&ack=${acked}` : ''}${crowded() ? '&hold=1' : ''}`;
        waits = true;
        const answer = await session.get(query);
        if (!answer.ok) break;
        const bytes = new Uint8Array(await answer.arrayBuffer());
        waits = false;
        messages.push(bytes);
        await frameDrawn();
      }
    } catch {
      // aborted, or cut
    }
    session.fail();
  })();

  return {
    send: (text) => session.send(text),
    ack(seq) {
      acked = seq;
      if (waits) session.ack(seq); // else the next GET has it
      drawn?.();
    },
    close: async () => session.close(),
  };
}
