// line.js: what a transport gives: a line that carries messages between the page and a room.

/**
 * @typedef {object} Line
 * @property {(text:string) => void} send
 * @property {(seq:number) => void} ack  acknowledges a frame and all before it
 * @property {() => Promise<void>} close  no event comes any more; resolved when nothing is under way
 */

/**
 * @typedef {object} Events
 * @property {(message:string|ArrayBuffer) => void} message
 * @property {(code:number) => void} closed  1006 where the server did not say why
 */

/** Opens a line to a room; hello is the first message on it. @typedef {(room:string, hello:string, events:Events) => Line} Transport */

/** The line failed, and the server did not say why. */
export const FAILED = 1006;
