// rooms.js: makes rooms, ends them, and fetches the catalogue that they share.
import { withFormerDefaults } from './address.js';
import { request, RequestError } from './request.js';

/** @typedef {import('./address.js').Config} Config */
/** @typedef {{room:string, token:string}} Key */

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
 * @param {Pick<Config, 'model'|'data'|'points'|'seed'|'knobs'|'earlier'>} config
 * @returns {Promise<Key>}
 */
export async function openRoom(config) {
  const { model, data, points, seed, knobs } = config.earlier ? withFormerDefaults(config, await request('api/catalog')) : config;
  const { room, token, catalogHash } = await request('api/rooms', {
    method: 'POST',
    json: { model, data, points, seed, ...(Object.keys(knobs).length && { knobs }) },
  });
  catalogOf(catalogHash);
  return { room, token };
}

/** Ends a room that this page made, even while the page is being closed. @param {Key} key */
export function endRoom({ room, token }) {
  request(roomAddress(room), { method: 'DELETE', token, keepalive: true }).catch(() => {}); // the server ends it later by itself
}

/**
 * Whether a room is open. Throws where the server refuses to say or does not answer.
 * @param {string} room
 */
export async function roomExists(room) {
  try {
    await request(roomAddress(room), { fresh: true });
    return true;
  } catch (e) {
    if (e instanceof RequestError && e.status === 404) return false;
    throw e;
  }
}

/** @param {string} room */
export const roomAddress = (room) => `api/rooms/${encodeURIComponent(room)}`;
