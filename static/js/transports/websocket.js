// websocket.js: a line that is a websocket.
import { FAILED } from './line.js';

/** @type {import('./line.js').Transport} */
export function openWebsocket(room, hello, events) {
  const socket = new WebSocket(addressOf(room), 'ebmviz.v1');
  socket.binaryType = 'arraybuffer';
  let ended = false;
  socket.onopen = () => (ended ? socket.close() : socket.send(hello)); // it may have been given up meanwhile
  socket.onmessage = ({ data }) => ended || events.message(data);
  socket.onclose = (event) => ended || events.closed(event?.code ?? FAILED);
  // What is sent while it closes is lost, and browsers warn of it.
  const send = (/** @type {string} */ text) => socket.readyState === WebSocket.OPEN && socket.send(text);
  return {
    send,
    ack: (seq) => send(JSON.stringify({ ack: seq })),
    close() {
      ended = true;
      if (socket.readyState !== WebSocket.CONNECTING) {
        socket.close();
        return Promise.resolve();
      }
      // Closed once it is open: browsers warn of a handshake that is cut off.
      return new Promise((resolve) => (socket.onclose = () => resolve()));
    },
  };
}

/** @param {string} room */
function addressOf(room) {
  const address = new URL(`ws?room=${encodeURIComponent(room)}`, document.baseURI);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return address.href;
}
