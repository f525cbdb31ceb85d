// The lines that are made of requests, with a fake server.
import test from 'node:test';
import assert from 'node:assert/strict';
import { openPoll } from '../js/transports/poll.js';
import { MessageReader } from '../js/transports/session.js';
import { openStream } from '../js/transports/stream.js';

/** @param {number} kind @param {string|Uint8Array} body */
function message(kind, body) {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const out = new Uint8Array(5 + bytes.length);
  out[0] = kind;
  new DataView(out.buffer).setUint32(1, bytes.length, true);
  out.set(bytes, 5);
  return out;
}

/** The head of a frame. @param {number} seq */
function frame(seq) {
  const head = new Uint8Array(64);
  new DataView(head.buffer).setUint32(12, seq, true);
  return message(2, head);
}

/** @param {...Uint8Array} parts */
const joined = (...parts) => Uint8Array.from(parts.flatMap((p) => [...p]));

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A server that records what it is asked. */
class FakeServer {
  /** @type {string[]} */
  asked = [];
  /** @type {string[]} */
  bodies = [];
  /** GETs that wait. @type {((answer:any) => void)[]} */
  gets = [];
  status = 200;

  constructor() {
    Object.assign(globalThis, { fetch: (/** @type {string} */ address, { method = 'GET', body = '', headers = {}, signal = undefined } = {}) => {
      this.asked.push([method, address, headers.Authorization].filter(Boolean).join(' '));
      if (method !== 'GET') {
        this.bodies.push(body);
        return Promise.resolve({ ok: this.status < 300, status: this.status, json: async () => ({ session: 's3cret' }) });
      }
      return new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
        this.gets.push(resolve);
      });
    } });
  }

  /** Answers the GET that waits. @param {...Uint8Array} messages */
  async answers(...messages) {
    const bytes = joined(...messages);
    this.gets.shift()?.({ ok: true, status: messages.length ? 200 : 204, arrayBuffer: async () => bytes.buffer });
    await settled();
  }
}

/** @param {import('../js/transports/line.js').Transport} open */
async function opened(open) {
  const server = new FakeServer();
  /** @type {any[]} */
  const got = [];
  const line = open('r 1', '{"hello":{}}', {
    message: (m) => got.push(typeof m === 'string' ? m : new DataView(m).getUint32(12, true)),
    closed: (code) => got.push(`closed ${code}`),
  });
  await settled();
  return { server, got, line };
}

test('messages are found wherever the bytes are cut', () => {
  const bytes = joined(message(1, 'eins'), message(9, ''), message(2, new Uint8Array(300).fill(7)), message(1, 'é'), message(9, ''));
  for (const size of [1, 2, 3, 5, 6, 7, 64, bytes.length]) {
    /** @type {string[]} */
    const got = [];
    const reader = new MessageReader((kind, body) => got.push(`${kind} ${body.byteLength} ${new Uint8Array(body).at(-1) ?? ''}`));
    for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
    assert.deepEqual(got, ['1 4 115', '9 0 ', '2 300 7', '1 2 169', '9 0 '], `pieces of ${size}`);
  }
  assert.throws(() => new MessageReader(() => {}).push(new TextEncoder().encode('<!DOCTYPE html>')), 'a page of a proxy');
});

test('a poll acknowledges a frame with the next GET, and by POST only when one is under way', async (t) => {
  const { server, got, line } = await opened(openPoll);
  assert.deepEqual(server.asked, ['POST api/send?room=r%201', 'GET api/stream?one Bearer s3cret']);
  await server.answers(message(1, '{"welcome":{}}'), frame(7));
  assert.deepEqual(got, ['{"welcome":{}}', 7]);
  assert.equal(server.asked.length, 2, 'the next GET waits for the frame to be drawn');
  line.ack(7);
  await settled();
  assert.deepEqual(server.asked.slice(2), ['GET api/stream?one&ack=7 Bearer s3cret']);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  await server.answers(frame(9));
  t.mock.timers.tick(100); // it is drawn late
  await settled();
  assert.equal(server.asked.length, 4);
  line.ack(9);
  await settled();
  assert.deepEqual(server.asked.slice(4), ['POST api/send Bearer s3cret']);
  assert.equal(server.bodies.at(-1), '{"ack":9}');
  await server.answers(); // 204
  assert.equal(server.asked.at(-1), 'GET api/stream?one&ack=9 Bearer s3cret');
  await server.answers(message(8, Uint8Array.of(0xe9, 3)));
  assert.equal(got.at(-1), 'closed 1001');
  assert.equal(server.gets.length, 0, 'nothing is asked any more');
});

test('messages of the page are sent in their order, one POST after the other', async () => {
  const { server, line } = await opened(openPoll);
  line.send('{"a":1}');
  line.send('{"b":1}');
  line.send('{"c":1}');
  await settled();
  assert.deepEqual(server.bodies, ['{"hello":{}}', '{"a":1}', '{"b":1}\n{"c":1}']);
  await line.close();
  assert.equal(server.asked.at(-1), 'DELETE api/stream Bearer s3cret');
  line.send('{"d":1}');
  await settled();
  assert.equal(server.bodies.length, 4, 'closed, it sends nothing');
});

test('a stream is read as it comes; it answers pings, and ends with its answer', async () => {
  const { server, got, line } = await opened(openStream);
  assert.equal(server.asked.at(-1), 'GET api/stream Bearer s3cret');
  /** @type {ReadableStreamDefaultController} */
  let body;
  server.gets[0]({ ok: true, body: new ReadableStream({ start: (c) => void (body = c) }) });
  const bytes = joined(message(1, '{"welcome":{}}'), frame(3), message(9, ''));
  body.enqueue(bytes.subarray(0, 30));
  await settled();
  assert.deepEqual(got, ['{"welcome":{}}']);
  body.enqueue(bytes.subarray(30));
  await settled();
  assert.deepEqual(got, ['{"welcome":{}}', 3]);
  assert.deepEqual(server.bodies.slice(1), ['']);
  line.ack(1);
  line.ack(2);
  line.ack(3);
  await settled();
  assert.deepEqual(server.bodies.slice(2), ['{"ack":1}', '{"ack":3}'], 'the newest counts');
  body.close();
  await settled();
  assert.equal(got.at(-1), 'closed 1006');
});

test('a session that is refused has failed; a full server says so', async () => {
  for (const [status, code] of [[403, 1006], [503, 1013]]) {
    const server = new FakeServer();
    server.status = status;
    /** @type {number[]} */
    const codes = [];
    openStream('r', '{}', { message() {}, closed: (c) => codes.push(c) });
    await settled();
    assert.deepEqual(codes, [code]);
  }
});
