// stream.js: a line made of one GET whose answer does not end, and of POSTs.
import { MessageReader, Session } from './session.js';

/** @type {import('./line.js').Transport} */
export function openStream(room, hello, events) {
  const session = new Session(events);
  run(session, room, hello);
  return {
    send: (text) => session.send(text),
    ack: (seq) => session.ack(seq),
    close: async () => session.close(),
  };
}

/** @param {Session} session @param {string} room @param {string} hello */
async function run(session, room, hello) {
  if (!(await session.open(room, hello))) return;
  try {
    const { ok, body } = await session.get('');
    if (ok && body) {
      const messages = new MessageReader((kind, message) => session.receive(kind, message));
      for (const reader = body.getReader(); ;) {
        const { done, value } = await reader.read();
        if (done || session.ended) break;
        messages.push(value);
      }
    }
  } catch {
    // aborted, or cut
  }
  session.fail();
}
