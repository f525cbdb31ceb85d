// The line to the server, with a server of straw.
import test from 'node:test';
import assert from 'node:assert/strict';
import { Socket } from '../js/socket.js';

/** A websocket that keeps what it was sent. */
class Straw {
  /** @type {Straw[]} */
  static all = [];
  /** @param {string} url */
  constructor(url) {
    this.url = url;
    /** @type {any[]} */
    this.sent = [];
    Straw.all.push(this);
  }
  /** @param {string} text */
  send(text) { this.sent.push(JSON.parse(text)); }
  /** @param {object} message */
  says(message) { this.onmessage({ data: JSON.stringify(message) }); }
}

/** @type {(() => void)[]} */
let timers = [];
const page = { location: { protocol: 'http:', host: 'h' }, document: { hidden: false }, WebSocket: Straw };
Object.assign(globalThis, page, { window: { setTimeout: (/** @type {() => void} */ f) => timers.push(f) } });

/** A socket that has been welcomed, with all that its receiver was told. */
async function welcomed(token = 'secret') {
  Straw.all = [];
  timers = [];
  /** @type {any} */
  const told = { keys: [], status: [], messages: [], frames: [] };
  const socket = new Socket({
    key: async (attempt) => (told.keys.push(attempt), { room: 'r 1', token }),
    message: (m) => told.messages.push(m),
    frame: (f) => told.frames.push(f),
    status: (s) => told.status.push(s),
  });
  await socket.connect();
  const [straw] = Straw.all;
  straw.onopen();
  straw.says({ welcome: { role: 'driver' } });
  return { socket, straw, told };
}

test('says hello with its token, to its room', async () => {
  const { straw, told } = await welcomed();
  assert.equal(straw.url, 'ws://h/ws?room=r%201');
  assert.deepEqual(straw.sent, [{ hello: { token: 'secret', enc: 'f32' } }]);
  assert.deepEqual(told.status, ['opening', 'open']);
});

test('every command has an id of its own, and its answer finds back', async () => {
  const { socket, straw } = await welcomed();
  const probe = socket.ask({ probe: { y: [0, 0] } });
  const refused = socket.ask({ set: { knob: 'k', value: -1 } });
  const [a, b] = straw.sent.slice(1);
  assert.notEqual(a.id, b.id);
  straw.says({ error: { code: 'bad-value', message: 'k is too small' }, id: b.id });
  straw.says({ probe: { F: 1 }, id: a.id });
  assert.deepEqual((await probe).probe, { F: 1 });
  await assert.rejects(refused, /k is too small/);
  assert.equal(socket.waiting.size, 0, 'nobody is kept waiting');
});

test('acknowledges a frame once', async () => {
  const { socket, straw } = await welcomed();
  socket.ack(0);
  socket.ack(0);
  socket.ack(3);
  assert.deepEqual(straw.sent.slice(1), [{ ack: 0 }, { ack: 3 }]);
});

test('comes back by itself, and tells those who wait', async () => {
  const { socket, straw, told } = await welcomed();
  const waiting = socket.ask({ do: 'step' });
  straw.onclose();
  await assert.rejects(waiting, /lost/);
  assert.equal(told.status.at(-1), 'lost');
  assert.equal(socket.send({ do: 'step' }), false, 'nothing goes out on a cut line');
  assert.equal(timers.length, 1);
  await timers[0]();
  assert.deepEqual(told.keys, [0, 1], 'the second attempt knows that one has failed');
  const next = Straw.all[1];
  next.onopen();
  next.says({ welcome: { role: 'driver' } });
  assert.equal(told.status.at(-1), 'open');
  straw.says({ state: { step: 9 } });
  assert.ok(!told.messages.some((/** @type {any} */ m) => m.state), 'the old line is not heard any more');
});

test('a token that is refused is put aside: one may watch without', async () => {
  Straw.all = [];
  const socket = new Socket({ key: async () => ({ room: 'r', token: 'stale' }), message() {}, frame() {}, status() {} });
  await socket.connect();
  const [straw] = Straw.all;
  straw.onopen();
  straw.says({ error: { code: 'token', message: 'this is not the token of the room' } });
  straw.says({ error: { code: 'token', message: 'again' } });
  assert.deepEqual(straw.sent, [{ hello: { token: 'stale', enc: 'f32' } }, { hello: { enc: 'f32' } }]);
});
