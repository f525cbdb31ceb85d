// prefetch-room.js asks the server for a room before the rest of the page is loaded: the first
// landscape is on its way while the browser still reads the modules that will draw it.
import { decode } from './address.js';
import { openRoom } from './rooms.js';

const config = decode(location.hash);

/** The room of the address, asked for once: its key, or the error; null if the address names one, or a class. */
export const answer = config.room || config.join ? null : openRoom(config).catch((/** @type {Error} */ e) => e);
