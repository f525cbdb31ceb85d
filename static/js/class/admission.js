// admission.js: shows why the server does not let this page in, or that it waits in the lobby, and
// removes that once it is in.
import { forget, memberName } from './join.js';
import { words } from '../strings.js';

/**
 * @param {import('../store.js').Store} store
 * @param {import('../room-client.js').RoomClient} client
 * @param {import('../page-room.js').PageRoom} room
 */
export function startAdmission(store, client, room) {
  let shown = '';
  store.on('class', async () => {
    const code = store.classroom.refusal?.code ?? '';
    if (code === shown) return;
    shown = code;
    const { askForCode, closeEntry, refusalSentence, showClosed, showLobby } = await import('./entry.js');
    const { refusal } = store.classroom;
    const here = room.present?.room ?? '';
    if (!refusal || refusal.code === 'ended' && store.frame) return closeEntry(); // the last landscape stays
    if (refusal.code === 'lobby') return showLobby(memberName(here));
    const join = async () => client.enter(room.joined(await askForCode(forget(here))));
    if (refusal.code === 'ended' && forget(here)) return client.enter(room.joined(await askForCode('', refusalSentence(refusal)))); // there may be another
    if (refusal.code === 'removed') return showClosed(refusal, words.classBack, join); // as a new member, who waits to be let in
    if (refusal.code !== 'code') return showClosed(refusal, words.tryNow, () => client.connect());
    join();
  });
}
