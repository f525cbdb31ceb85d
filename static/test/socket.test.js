// The connection to a room, with a fake server.
import test from 'node:test';
import assert from 'node:assert/strict';
import { RequestError } from '../js/request.js';
import { Socket } from '../js/socket.js';

/** A websocket that records what it was sent. */
class FakeSocket {
  /** @type {FakeSocket[]} */
  static all = [];
  static CONNECTING = 0;
  static OPEN = 1;
  readyState = 0;
  /** @param {string} url */
  constructor(url) {
    this.url = url;
    /** @type {any[]} */
    this.sent = [];
    FakeSocket.all.push(this);
  }
  /** @param {string} text */
  send(text) { this.sent.push(JSON.parse(text)); }
  /** @param {object} message */
  says(message) { this.onmessage({ data: JSON.stringify(message) }); }
  close() {
    this.readyState = 3;
    this.onclose?.();
  }
}

Object.assign(globalThis, { document: { hidden: false, baseURI: 'http://h/' }, WebSocket: FakeSocket, fetch: () => Promise.reject(new TypeError('no network')) });

/** A socket that is not connected, with all that its receiver got. @param {(attempt:number) => Promise<{room:string, token:string}>} [key] */
function unconnected(key = async () => ({ room: 'r 1', token: 'secret' })) {
  FakeSocket.all = [];
  /** @type {any} */
  const got = { keys: [], status: [], messages: [], frames: [] };
  const socket = new Socket({
    key: (attempt) => (got.keys.push(attempt), key(attempt)),
    message: (m) => got.messages.push(m),
    frame: (f) => got.frames.push(f),
    status: (s) => got.status.push(s),
  });
  return { socket, got };
}

/** @param {FakeSocket} fake */
function welcome(fake) {
  fake.readyState = 1;
  fake.onopen();
  fake.says({ welcome: { role: 'driver' } });
}

/** The line carries messages for so many seconds. @param {import('node:test').TestContext} t @param {FakeSocket} fake @param {number} seconds */
function carries(t, fake, seconds) {
  for (let i = 0; i < 2 * seconds; i++) {
    fake.says({ state: { step: i } });
    t.mock.timers.tick(500);
  }
}

/** Lets what has been answered arrive. */
const settled = async () => { for (let i = 0; i < 20; i++) await Promise.resolve(); };

/** A socket that has been welcomed. */
async function welcomed() {
  const { socket, got } = unconnected();
  await socket.connect();
  const [fake] = FakeSocket.all;
  welcome(fake);
  return { socket, fake, got };
}

test('says hello with its token, to its room', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { fake, got } = await welcomed();
  assert.equal(fake.url, 'ws://h/ws?room=r%201');
  assert.deepEqual(fake.sent, [{ hello: { token: 'secret', enc: 'auto', catalog: 'by-hash' } }]);
  assert.deepEqual(got.status.map((s) => s.now), ['opening', 'open']);
});

test('its address is relative to that of the page', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  Object.assign(globalThis.document, { baseURI: 'https://school.example/ebm/index.html' });
  await unconnected().socket.connect();
  assert.equal(FakeSocket.all[0].url, 'wss://school.example/ebm/ws?room=r%201');
  Object.assign(globalThis.document, { baseURI: 'http://h/' });
});

test('every command has an id of its own, and gets its own answer', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { socket, fake } = await welcomed();
  const probe = socket.request({ probe: { y: [0, 0] } });
  const refused = socket.request({ set: { knob: 'k', value: -1 } });
  const [a, b] = fake.sent.slice(1);
  assert.notEqual(a.id, b.id);
  fake.says({ error: { code: 'bad-value', message: 'k is too small' }, id: b.id });
  fake.says({ probe: { F: 1 }, id: a.id });
  assert.deepEqual((await probe).probe, { F: 1 });
  await assert.rejects(refused, (e) => e instanceof RequestError && e.code === 'bad-value' && e.message === 'k is too small');
});

test('acknowledges a frame once', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { socket, fake } = await welcomed();
  socket.ack(0);
  socket.ack(0);
  socket.ack(3);
  assert.deepEqual(fake.sent.slice(1), [{ ack: 0 }, { ack: 3 }]);
  fake.readyState = 2; // it is closing, and the page does not know yet
  socket.ack(4);
  assert.equal(fake.sent.length, 3, 'nothing is sent any more');
});

test('connects again by itself, and rejects what was not answered', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { socket, fake, got } = await welcomed();
  carries(t, fake, 2);
  const unanswered = socket.request({ do: 'step' });
  fake.onclose();
  await assert.rejects(unanswered, { code: 'lost' });
  assert.equal(got.status.at(-1).now, 'lost');
  await assert.rejects(socket.request({ do: 'step' }), { code: 'offline' });
  t.mock.timers.tick(250);
  await Promise.resolve().then(() => {});
  assert.deepEqual(got.keys, [0, 1], 'the second attempt knows that one has failed');
  welcome(FakeSocket.all[1]);
  assert.equal(got.status.at(-1).now, 'open');
  fake.says({ state: { step: 9 } });
  assert.ok(!got.messages.some((/** @type {any} */ m) => m.state?.step === 9), 'the old connection is not heard any more');
});

test('connecting twice at once makes one connection: one key, one socket, one timer', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { socket, fake, got } = await welcomed();
  carries(t, fake, 2);
  fake.onclose();
  const both = [socket.connect(), socket.connect()];
  await Promise.all(both);
  assert.deepEqual(got.keys, [0, 1]);
  assert.equal(FakeSocket.all.length, 2);
  t.mock.timers.tick(8000); // the timer of the loss does nothing any more
  await Promise.resolve().then(() => {});
  assert.equal(FakeSocket.all.length, 2);
  welcome(FakeSocket.all[1]);
  await socket.connect();
  assert.equal(FakeSocket.all.length, 2, 'connected, it stays so');
});

test('a refusal is shown as the server says it, and not tried again by itself', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let allowed = false;
  const { socket, got } = unconnected(async () => {
    if (!allowed) throw new RequestError('forbidden', 'This address is not allowed.', 403);
    return { room: 'r', token: '' };
  });
  await socket.connect();
  assert.deepEqual(got.status.at(-1), { now: 'lost', retryAt: 0, refusal: 'This address is not allowed.', code: 'forbidden' });
  t.mock.timers.tick(60_000);
  assert.equal(got.keys.length, 1);
  allowed = true;
  await socket.connect(); // the button of the notice
  welcome(FakeSocket.all[0]);
  assert.equal(got.status.at(-1).now, 'open');
});

test('a full server is tried again, and its sentence is shown meanwhile', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { socket, got } = unconnected(async () => { throw new RequestError('limit', 'All rooms are taken.', 503); });
  await socket.connect();
  assert.equal(got.status.at(-1).refusal, 'All rooms are taken.');
  t.mock.timers.tick(250);
  assert.equal(got.keys.length, 2);
});

test('lines that fail although the server answers are named as that, and tried again', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let answers = true;
  const { socket, got } = unconnected(async () => {
    if (!answers) throw new RequestError('unreachable', 'The server did not answer.');
    return { room: 'r', token: '' };
  });
  const fails = async () => {
    const before = FakeSocket.all.length;
    await socket.connect();
    if (FakeSocket.all.length > before) FakeSocket.all.at(-1)?.onclose();
    await settled(); // the other transports fail by themselves: there is no network
    return got.status.at(-1);
  };
  for (let i = 0; i < 3; i++) assert.equal((await fails()).refusal, '', 'one of the three transports may work');
  const status = await fails();
  assert.match(status.refusal, /no connection lasts/);
  assert.ok(status.retryAt > 0, 'it is tried again');
  assert.equal(FakeSocket.all.length, 2, 'websocket, stream, poll, websocket');
  answers = false;
  await socket.connect();
  assert.equal(got.status.at(-1).refusal, '', 'now the server does not answer at all');
  answers = true;
  assert.equal((await fails()).refusal, '');
});

test('an attempt that takes too long is given up', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { socket, got } = unconnected();
  await socket.connect();
  t.mock.timers.tick(4_000);
  assert.equal(got.status.at(-1).now, 'lost');
});

test('given up during the handshake, it closes when it is open', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { socket } = unconnected();
  await socket.connect();
  const [fake] = FakeSocket.all;
  const closed = socket.close();
  assert.equal(fake.readyState, FakeSocket.CONNECTING);
  welcome(fake);
  assert.equal(fake.readyState, 3);
  await closed;
  assert.deepEqual(fake.sent, []);
});

test('closed, it opens nothing more', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  /** @type {(key:{room:string, token:string}) => void} */
  let give = () => {};
  const { socket } = unconnected(() => new Promise((resolve) => (give = resolve)));
  const attempt = socket.connect();
  socket.close();
  give({ room: 'r', token: '' });
  await attempt;
  t.mock.timers.tick(60_000);
  assert.equal(FakeSocket.all.length, 0);
});

test('with a wrong token it enters without one, to watch', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { socket } = unconnected(async () => ({ room: 'r', token: 'stale' }));
  await socket.connect();
  const [fake] = FakeSocket.all;
  fake.readyState = 1;
  fake.onopen();
  fake.says({ error: { code: 'token', message: 'this is not the token of the room' } });
  fake.says({ error: { code: 'token', message: 'again' } });
  assert.deepEqual(fake.sent.map(({ hello }) => hello.token), ['stale', undefined]);
});

test('entering another room leaves the present one at once, also one that is being entered', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  /** @type {{room:string, token:string, member?:string}} */
  let key = { room: 'a', token: 'ta' };
  const { socket, got } = unconnected(async () => key);
  await socket.connect();
  welcome(FakeSocket.all[0]);
  const unanswered = socket.request({ do: 'step' });
  key = { room: 'b', token: '', member: 'm.s' };
  const entered = socket.enter();
  key = { room: 'c', token: 'tc' };
  await Promise.all([entered, socket.enter()]);
  await assert.rejects(unanswered, { code: 'offline' }, 'no loss is reported');
  assert.equal(FakeSocket.all[0].readyState, 3);
  assert.deepEqual(FakeSocket.all.slice(1).map(({ url }) => url), ['ws://h/ws?room=c'], 'b is not entered any more');
  welcome(FakeSocket.all[1]);
  assert.equal(got.status.at(-1).now, 'open');
  key = { room: 'b', token: '', member: 'm.s' };
  await socket.enter();
  welcome(FakeSocket.all[2]);
  assert.deepEqual(FakeSocket.all[2].sent[0].hello.member, 'm.s');
  assert.deepEqual(got.status.filter((/** @type {any} */ s) => s.now === 'lost'), []);
});
