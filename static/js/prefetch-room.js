// prefetch-room.js asks the server for a room before the rest of the page is loaded: the first
// landscape is on its way while the browser still reads the modules that will draw it.
import { decode } from './address.js';
import { openRoom } from './rooms.js';
import { store, tab } from './settings.js';

const config = decode(location.hash);
if (config.token) store('token', config.token, tab); // a server of a class asks for it where this tab opens rooms

/** The room of the address, asked for once: its key, or the error; null if the address names one, or a class. */
export const answer = config.room || config.join ? null : openRoom(config).catch((/** @type {Error} */ e) => e);
