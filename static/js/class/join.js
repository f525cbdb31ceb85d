// join.js: the way into a class: a code becomes the key of a member. The key lives in this tab, so that
// a reload comes back as the same member.
import { request, RequestError } from '../request.js';
import { store as save, stored, tab } from '../settings.js';
import { say } from '../strings.js';

/** @typedef {import('../rooms.js').Key} Key */

/** The signs of a code, and how many it has. */
const SIGNS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
export const LENGTH = 6;

/**
 * Reads a code as it was typed: in capital letters, without blanks and hyphens. `wrong` says which sign
 * no code has; nothing is guessed.
 * @param {string} text
 * @returns {{code:string, wrong:string}}
 */
export function readCode(text) {
  const code = text.toUpperCase().replace(/[\s-]/g, '');
  const odd = [...code].find((sign) => !SIGNS.includes(sign));
  return { code, wrong: odd === undefined ? '' : say.joinSign(odd, 'O0I1'.includes(odd)) };
}

/**
 * Joins the class of a code, or comes back to it where this tab has joined it before. Throws a
 * RequestError where the server refuses.
 * @param {string} text  as it was typed
 * @returns {Promise<Key>}
 */
export async function join(text) {
  const { code, wrong } = readCode(text);
  if (wrong) throw new RequestError('code', wrong);
  const known = stored(`class.${code}`, tab);
  if (known) {
    const key = memberKey(known);
    if (key) return key;
  }
  const { room, member, name } = await request('api/join', { method: 'POST', json: { code } });
  save(`class.${code}`, room, tab);
  save(`member.${room}`, member, tab);
  save(`name.${room}`, name, tab);
  save(`code.${room}`, code, tab);
  return { room, token: '', member };
}

/** The key of this tab's member in the class of a room; null if there is none. @param {string} room @returns {Key|null} */
export function memberKey(room) {
  const member = stored(`member.${room}`, tab);
  return member ? { room, token: '', member } : null;
}

/** The name that the server has made up for this tab's member. @param {string} room */
export const memberName = (room) => stored(`name.${room}`, tab) ?? '';

/** Forgets the member of a class, whom the server does not know any more; returns the code that was typed. @param {string} room */
export function forget(room) {
  save(`member.${room}`, '', tab);
  return stored(`code.${room}`, tab) ?? '';
}

/** Asks for a code until it opens a class, which the entry shows. @param {string} [code]  tried first @returns {Promise<Key>} */
export async function enterByCode(code) {
  const { askForCode } = await import('./entry.js');
  return askForCode(code);
}
