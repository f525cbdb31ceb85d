// rooms.js: makes rooms, ends them, and fetches the catalogue that they share.
import { withFormerDefaults } from './address.js';
import { request, RequestError } from './request.js';
import { opening } from './run-log.js';
import { stored, tab } from './settings.js';

/** @typedef {import('./address.js').Config} Config */
/** A room, and what one is in it: its token, or the key of a member of its class. @typedef {{room:string, token:string, member?:string}} Key */

/** The catalogues by their hashes: each is fetched once. @type {Map<string, Promise<import('./types.js').Catalog>>} */
const catalogs = new Map();

/**
 * Returns the catalogue of a hash.
 * @param {string} hash
 */
export function catalogOf(hash) {
  const known = catalogs.get(hash) ?? request(`api/catalog/${hash}`);
  catalogs.set(hash, known);
  known.catch(() => catalogs.delete(hash)); // it may be asked for again
  return known;
}

/**
 * Makes a room of a configuration and returns its key. Fetching the catalogue begins
 * with the answer; a link of an earlier version needs it first.
 * @param {Pick<Config, 'model'|'data'|'points'|'axes'|'seed'|'knobs'|'log'|'earlier'>} config
 * @returns {Promise<Key>}
 */
export async function openRoom(config) {
  const { model, data, points, axes, seed, knobs, log } = await opening(config.earlier ? withFormerDefaults(config, await request('api/catalog')) : config);
  const { room, token, catalogHash } = await request('api/rooms', {
    method: 'POST',
    token: stored('token', tab) ?? undefined, // a server of a class asks for it
    json: { model, data, points, axes, seed, log, ...(Object.keys(knobs).length && { knobs }) },
  });
  catalogOf(catalogHash);
  return { room, token };
}

/** Ends a room that this page made, even while the page is being closed. @param {Key} key */
export function endRoom({ room, token }) {
  request(roomAddress(room), { method: 'DELETE', token, keepalive: true }).catch(() => {}); // the server ends it later by itself
}

/**
 * Whether a room is open. Throws where the server does not answer, and where it refuses a websocket of
 * this page: a browser does not say why a handshake was refused.
 * @param {string} room
 */
export async function roomExists(room) {
  try {
    await request(`ws?room=${encodeURIComponent(room)}`, { method: 'POST' });
    return true;
  } catch (e) {
    if (e instanceof RequestError && e.status === 404) return false;
    throw e;
  }
}

/** @param {string} room */
export const roomAddress = (room) => `api/rooms/${encodeURIComponent(room)}`;
