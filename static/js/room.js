// room.js: which room this tab is in. Each tab has its own, made from the address, unless
// the address names one; the token of a named room moves out of the address bar.
import { say } from './strings.js';

/** @typedef {import('./address.js').Config} Config */

/**
 * Makes a room of that configuration and returns its key.
 * @param {Pick<Config, 'model'|'data'|'points'|'seed'|'knobs'>} config
 * @returns {Promise<{room:string, token:string}>}
 */
export function openRoom({ model, data, points, seed, knobs }) {
  const open = { model, data, points, seed, ...(Object.keys(knobs).length && { knobs }) };
  return answered(fetch('/api/rooms', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(open),
  }));
}

/**
 * What the server answers; throws its sentence where it refuses.
 * @param {Promise<Response>} asked
 * @returns {Promise<any>}
 */
export async function answered(asked) {
  const answer = await asked;
  if (!answer.ok) throw new Refusal(await sentence(answer));
  return answer.json();
}

/** What the server said no to, in its own words. */
export class Refusal extends Error {}

/** @param {Response} answer */
async function sentence(answer) {
  const text = await answer.text();
  try {
    const { error } = JSON.parse(text);
    return String(error?.message ?? error ?? text);
  } catch {
    return text.trim() || say.serverSaid(answer.status);
  }
}

/**
 * The key of the room that the address names, if it names one. Its token is kept for this
 * tab, so that a reload drives on.
 * @param {Config} config
 */
export function namedRoom(config) {
  if (!config.room) return null;
  const place = `ebmviz.token.${config.room}`;
  if (config.token) sessionStorage.setItem(place, config.token);
  return { room: config.room, token: config.token ?? sessionStorage.getItem(place) ?? '' };
}

/**
 * Whether a room is still open. Throws where the server does not answer at all.
 * @param {string} room
 */
export async function roomLives(room) {
  const { status } = await fetch(`/api/rooms/${encodeURIComponent(room)}`, { cache: 'no-store' });
  return status !== 404;
}
