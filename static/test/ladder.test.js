// The ladder of transports: which one is used when a line fails, is stuck, or a better one works.
import test from 'node:test';
import assert from 'node:assert/strict';
import { Ladder, forget, RUNGS } from '../js/ladder.js';
import { RequestError } from '../js/request.js';
import { Socket } from '../js/socket.js';

/** @typedef {{name:string, sent:any[], events:any, closed:boolean, says:(message:object) => void, frame:(seq:number) => void, fails:(code?:number) => void}} FakeLine */

/** Lines in the order in which they were opened. @type {FakeLine[]} */
let lines = [];
for (const rung of RUNGS) {
  rung.open = (room, hello, events) => {
    /** @type {FakeLine} */
    const line = {
      name: rung.name, events, closed: false, sent: [JSON.parse(hello)],
      says: (message) => events.message(JSON.stringify(message)),
      frame: (seq) => events.message(frameOf(seq)),
      fails: (code = 1006) => line.closed || events.closed(code),
    };
    lines.push(line);
    return {
      send: (text) => void line.sent.push(JSON.parse(text)),
      ack: (seq) => void line.sent.push({ ack: seq }),
      close: async () => void (line.closed = true),
    };
  };
}

/** A frame with a grid of one cell. @param {number} seq */
function frameOf(seq) {
  const v = new DataView(new ArrayBuffer(96));
  v.setUint32(0, 0x314d4245, true);
  v.setUint8(4, 1);
  for (const [at, value] of [[6, 64], [8, 1], [10, 1], [64, 1]]) v.setUint16(at, value, true);
  for (const [at, value] of [[12, seq], [28, 1], [68, 1], [72, 88], [80, 4]]) v.setUint32(at, value, true);
  v.setUint8(67, 1);
  return v.buffer;
}

let answers = true; // whether the server answers requests
Object.assign(globalThis, { document: { hidden: false, baseURI: 'http://h/' }, fetch: async () => {
  if (!answers) throw new TypeError('no network');
  return { ok: true };
} });

/** Lets what has been answered arrive. */
const settled = async () => { for (let i = 0; i < 20; i++) await Promise.resolve(); };

/** A page on a network, with a fake clock. @param {import('node:test').TestContext} t */
function page(t) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  lines = [];
  answers = true;
  forget();
  let room = 'r';
  /** @type {any} */
  const got = { status: [], messages: [], frames: [] };
  const socket = new Socket({
    key: async () => {
      if (!answers) throw new TypeError('no network');
      return { room, token: '', member: 'id.secret' };
    },
    message: (m) => got.messages.push(m),
    frame: (f) => got.frames.push(f.seq),
    status: (s) => got.status.push(s),
  });
  /** Lets time pass. @param {number} ms @param {() => void} [each]  called each quarter second */
  const pass = async (ms, each) => {
    for (let i = 0; i < ms; i += 250) {
      each?.();
      t.mock.timers.tick(250);
      await settled();
    }
  };
  const line = () => /** @type {FakeLine} */ (lines.at(-1));
  let seq = 0;
  /** The line carries frames. @param {FakeLine} on */
  const draws = (on) => () => on.closed || on.frame(++seq);
  const other = (/** @type {string} */ id) => (room = id);
  return { socket, got, pass, line, draws, other, names: () => lines.map(({ name }) => name).join(' ') };
}

/** @param {FakeLine} line */
const welcome = (line) => line.says({ welcome: { role: 'member' } });

test('a handshake that fails steps down at once, and the member stays who it is', async (t) => {
  const { socket, got, pass, line, names } = page(t);
  await socket.connect();
  line().fails();
  await pass(250);
  line().fails();
  await pass(500);
  welcome(line());
  assert.equal(names(), 'websocket stream poll');
  assert.deepEqual(got.status.at(-1), { now: 'open', retryAt: 0, refusal: '', transport: 'poll' });
  assert.ok(lines.every(({ sent }) => sent[0].hello.member === 'id.secret'));
});

test('a room that has ended has no bad line', async (t) => {
  const { socket, pass, line, other, names } = page(t);
  await socket.connect();
  other('home'); // the fork is gone
  line().fails();
  await pass(250);
  assert.equal(names(), 'websocket websocket');
});

test('a line that opens and is cut within a second steps down; one that has held is made once more', async (t) => {
  const { socket, pass, line, draws, names } = page(t);
  await socket.connect();
  welcome(line());
  await pass(750, draws(line()));
  line().fails();
  await pass(250);
  assert.equal(names(), 'websocket stream');
  welcome(line());
  await pass(10_000, draws(line()));
  line().fails();
  await pass(250);
  assert.equal(names(), 'websocket stream stream');
  welcome(line());
  await pass(10_000, draws(line()));
  line().fails();
  await pass(250);
  assert.equal(names(), 'websocket stream stream poll', 'two short lines in a row');
});

test('a line that passes nothing is left within five seconds', async (t) => {
  const { socket, pass, line, names } = page(t);
  await socket.connect();
  await pass(4_750);
  assert.equal(names(), 'websocket stream');
  assert.ok(lines[0].closed);
  welcome(line()); // and then nothing
  await pass(4_750);
  assert.equal(names(), 'websocket stream poll');
});

test('a line that has carried frames and then holds them back is left within five seconds', async (t) => {
  const { socket, pass, line, draws, names } = page(t);
  await socket.connect();
  welcome(line());
  await pass(20_000, draws(line()));
  await pass(4_750);
  assert.equal(names(), 'websocket stream');
});

test('a room that pauses or is busy does not make the line a bad one', async (t) => {
  const { socket, pass, line, names } = page(t);
  await socket.connect();
  welcome(line());
  const answersAsks = () => {
    const asked = line().sent.at(-1);
    if (asked.id < 0) line().says({ done: {}, id: line().sent.pop().id });
  };
  const unanswered = socket.request({ do: 'step' });
  await pass(60_000, answersAsks);
  assert.equal(names(), 'websocket');
  assert.equal(socket.heard, 1, 'the page can still tell that the room is silent');
  socket.close();
  await assert.rejects(unanswered);
});

test('where the server does not answer either, the page does not step down', async (t) => {
  const { socket, got, pass, line, draws, names } = page(t);
  await socket.connect();
  welcome(line());
  await pass(2_000, draws(line()));
  answers = false;
  await pass(20_000);
  assert.equal(names(), 'websocket');
  line().fails();
  await pass(20_000);
  assert.equal(names(), 'websocket');
  assert.equal(got.status.at(-1).now, 'lost');
  answers = true;
  await pass(8_000);
  assert.equal(names(), 'websocket websocket');
});

test('a server that is shut down, is full or removes a member has no bad line', async (t) => {
  for (const code of [1001, 1008, 1013]) {
    const { socket, pass, line, names } = page(t);
    await socket.connect();
    line().fails(code);
    await pass(500);
    assert.equal(names(), 'websocket websocket');
    socket.close();
    t.mock.timers.reset();
  }
});

/** A page that has stepped down to the poll. @param {import('node:test').TestContext} t */
async function onPoll(t) {
  t.mock.method(Math, 'random', () => 0.5);
  const p = page(t);
  await p.socket.connect();
  p.line().fails();
  await p.pass(250);
  p.line().fails();
  await p.pass(500);
  const poll = p.line();
  welcome(poll);
  return { ...p, poll };
}

test('a better transport is tried after a minute, beside the present one, and taken when it has carried frames', async (t) => {
  const { socket, got, pass, line, draws, names, poll } = await onPoll(t);
  await pass(59_000, draws(poll));
  assert.equal(names(), 'websocket stream poll');
  await pass(1_250, draws(poll));
  assert.equal(names(), 'websocket stream poll websocket');
  const better = line();
  better.says({ welcome: { role: 'member' } });
  better.says({ state: { step: 8 } });
  better.says({ state: { step: 9 } });
  const answersAsks = () => better.sent.some(({ id }) => id < 0) && better.says({ done: {}, id: -1 });
  const welcomes = got.messages.filter((/** @type {any} */ m) => m.welcome).length;
  await pass(4_000, () => { draws(poll)(); better.frame(1000); });
  assert.ok(!poll.closed, 'not yet');
  assert.ok(!got.frames.includes(1000));
  assert.ok(better.sent.some(({ ack }) => ack === 1000), 'its frames are acknowledged');
  const unanswered = socket.request({ do: 'step' });
  await pass(3_000, () => { draws(poll)(); better.frame(1001); answersAsks(); });
  assert.ok(!poll.closed, 'an answer is awaited');
  poll.says({ state: { step: 10 }, id: poll.sent.at(-1).id ?? poll.sent.findLast(({ id }) => id)?.id });
  await unanswered;
  await pass(500, () => better.frame(1002));
  assert.ok(poll.closed);
  assert.equal(got.status.at(-1).transport, 'websocket');
  assert.equal(got.messages.filter((/** @type {any} */ m) => m.welcome).length, welcomes, 'the page does not enter again');
  assert.ok(got.frames.includes(1002));
  const before = got.messages.length;
  better.says({ state: { step: 11 } });
  assert.equal(got.messages.length, before + 1, 'now it is heard');
  assert.ok(got.status.every((/** @type {any} */ s) => s.now !== 'lost' || s.retryAt), 'no loss');
});

test('a better transport that does not work is tried again each minute, and the picture goes on', async (t) => {
  const { got, pass, draws, poll } = await onPoll(t);
  let from = lines.length;
  /** @type {number[]} */
  const times = [];
  for (let s = 0; s < 260; s++) {
    await pass(1_000, draws(poll));
    for (; from < lines.length; from++) {
      times.push(s);
      if (lines[from].name === 'websocket') welcome(lines[from]); // and then nothing
      else lines[from].fails();
    }
  }
  const tries = times.filter((_, i) => lines[3 + i].name === 'websocket');
  assert.ok(tries.length >= 4);
  tries.forEach((s, i) => i && assert.ok(s - tries[i - 1] < 75, `${tries}`));
  assert.ok(!poll.closed);
  assert.equal(got.status.filter((/** @type {any} */ s) => s.now === 'lost').length, 2, 'only those before');
});

test('a connection that is made later begins with the transport that works', async (t) => {
  const { socket, got, pass, draws, poll } = await onPoll(t);
  const drawsOn = () => {
    draws(poll)();
    socket.ack(got.frames.at(-1));
  };
  await pass(4_000, drawsOn);
  assert.equal(new Ladder().transport.name, 'websocket');
  await pass(2_000, drawsOn);
  assert.equal(new Ladder().transport.name, 'poll');
});

test('an upgrade that is lost again is tried later', () => {
  forget();
  const ladder = new Ladder();
  for (let i = 0; i < 2; i++) ladder.lost({ held: 0, stuck: false });
  assert.equal(ladder.upgradeAfter(() => 0.5), 60_000);
  ladder.upgrade(0);
  assert.equal(ladder.upgradeAfter(() => 0.5), 0);
  ladder.lost({ held: 0.5, stuck: false });
  assert.equal(ladder.transport.name, 'stream');
  assert.equal(ladder.upgradeAfter(() => 0.5), 120_000);
  assert.deepEqual([ladder.upgradeAfter(() => 0), ladder.upgradeAfter(() => 1)], [90_000, 150_000], 'a class does not try at the same instant');
});

test('a room that is not there, or that the server refuses, does not make the line a bad one', async (t) => {
  const { socket, pass, line, names } = page(t);
  let room = 'fork';
  socket.receiver.key = async (attempt) => ({ room: attempt ? (room = 'home') : room, token: '' });
  await socket.connect();
  line().fails(); // 404: a browser does not say why
  await pass(500);
  assert.equal(names(), 'websocket websocket');
  welcome(line());
  line().fails();
  socket.receiver.key = async () => { throw new RequestError('origin', 'Not from here.', 403); };
  await pass(500);
  socket.receiver.key = async () => ({ room: 'home', token: '' });
  await socket.connect();
  assert.equal(names(), 'websocket websocket websocket');
});

test('a line that was lost while the page was frozen is not a bad one, and is looked at at once', async (t) => {
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  const { socket, pass, line, draws, names } = page(t);
  const tick = () => void (now += 250);
  for (const wakes of [() => line().fails(), () => {}]) {
    lines = [];
    await socket.connect();
    welcome(line());
    await pass(2000, () => { tick(); draws(line())(); });
    now += 160_000; // frozen
    wakes();
    await pass(3000, tick);
    assert.equal(names(), 'websocket websocket');
    socket.reconnect();
    lines = [];
  }
});

test('a member in the lobby says hello again on the same line', async (t) => {
  const { socket, got, pass, line, names } = page(t);
  await socket.connect();
  for (let i = 0; i < 20; i++) {
    line().says({ error: { code: 'lobby', message: 'Wait.' } });
    await pass(2_000);
  }
  assert.equal(names(), 'websocket');
  assert.equal(line().sent.length, 21);
  assert.equal(got.messages.length, 20);
  welcome(line());
  assert.equal(got.status.at(-1).now, 'open');
});

test('a member who was removed does not try again', async (t) => {
  const { socket, got, pass, line, names } = page(t);
  await socket.connect();
  line().says({ error: { code: 'removed', message: 'You were removed.' } });
  await pass(60_000);
  assert.equal(names(), 'websocket');
  assert.deepEqual(got.status.at(-1), { now: 'lost', retryAt: 0, refusal: 'You were removed.', code: 'removed' });
});
