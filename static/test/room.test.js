// Rooms: the client with its catalogue, which room is entered, and the end of rooms.
import test from 'node:test';
import assert from 'node:assert/strict';
import { RoomClient } from '../js/room-client.js';
import { RoomConnector } from '../js/room-connector.js';
import { catalogOf, openRoom, roomExists } from '../js/rooms.js';

/** A server of HTTP: `METHOD address` to what it answers, and all that was asked. */
class FakeServer {
  /** @type {string[]} */
  asked = [];
  /** @param {Record<string, [status:number, body?:unknown]>} answers */
  constructor(answers) {
    this.answers = answers;
    Object.assign(globalThis, { fetch: async (/** @type {string} */ address, { method = 'GET', headers = {}, keepalive = false } = {}) => {
      this.asked.push([method, address, headers.Authorization, keepalive && 'keepalive'].filter(Boolean).join(' '));
      const [status, body] = this.answers[`${method} ${address}`] ?? [404, { error: { code: 'not-found', message: 'nothing here' } }];
      return { ok: status < 300, status, json: async () => body, text: async () => JSON.stringify(body) };
    } });
  }
}

class FakeSocket {
  /** @type {any[]} */
  static all = [];
  constructor() { FakeSocket.all.push(this); }
  send() {}
  close() {}
  /** @param {object} message */
  says(message) { this.onmessage({ data: JSON.stringify(message) }); }
}
Object.assign(globalThis, { document: { hidden: false, baseURI: 'http://h/' }, WebSocket: FakeSocket });

/** Lets what has been answered arrive. */
const settled = async () => { for (let i = 0; i < 10; i++) await Promise.resolve(); };

test('the catalogue is fetched once by its hash, with the room, and again only if that failed', async () => {
  const server = new FakeServer({ 'POST api/rooms': [200, { room: 'r', token: 't', catalogHash: 'h1' }], 'GET api/catalog/h1': [503, {}] });
  assert.deepEqual(await openRoom({ knobs: {} }), { room: 'r', token: 't' });
  await settled();
  server.answers['GET api/catalog/h1'] = [200, { models: [] }];
  const [a, b] = await Promise.all([catalogOf('h1'), catalogOf('h1')]);
  assert.equal(a, b);
  assert.deepEqual(server.asked, ['POST api/rooms', 'GET api/catalog/h1', 'GET api/catalog/h1']);
});

test('what comes before the catalogue waits for it, in order', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  new FakeServer({ 'GET api/catalog/h2': [200, { models: ['m'] }] });
  FakeSocket.all = [];
  /** @type {any[]} */
  const got = [];
  const client = new RoomClient({ key: async () => ({ room: 'r', token: '' }), message: (m) => got.push(m), frame() {}, status() {} });
  await client.connect();
  const [socket] = FakeSocket.all;
  socket.onopen();
  socket.says({ welcome: { role: 'driver', catalogHash: 'h2' } });
  socket.says({ state: { step: 1 } });
  socket.says({ state: { step: 2 } });
  assert.deepEqual(got, []);
  await settled();
  assert.deepEqual(got.map((m) => m.welcome?.catalog.models[0] ?? m.state.step), ['m', 1, 2]);
  client.close();
});

test('a room that is open is entered again; one that has ended is made again', async () => {
  const server = new FakeServer({ 'POST ws?room=a': [204] });
  let made = 0;
  const connector = new RoomConnector({ room: 'a', token: 'ta' }, async () => ({ room: `new${++made}`, token: 'tn' }));
  assert.equal((await connector.key(0)).room, 'a');
  assert.deepEqual(server.asked, [], 'the first attempt asks nobody');
  assert.equal((await connector.key(1)).room, 'a');
  delete server.answers['POST ws?room=a'];
  assert.equal((await connector.key(2)).room, 'new1');
  assert.equal(connector.first('new1'), true);
  assert.equal(connector.first('new1'), false, 'entered once');
});

test('a refusal is no answer to whether a room exists', async () => {
  new FakeServer({ 'POST ws?room=a': [403, { error: { code: 'origin', message: 'not from here' } }] });
  await assert.rejects(roomExists('a'), { status: 403, message: 'not from here' });
});

test('ending ends the room, also one that is made meanwhile', async () => {
  const server = new FakeServer({});
  /** @type {(key:{room:string, token:string}) => void} */
  let give = () => {};
  const connector = new RoomConnector(null, () => new Promise((resolve) => (give = resolve)));
  const key = connector.key(0);
  connector.end(Promise.resolve());
  assert.deepEqual(server.asked, []);
  give({ room: 'late', token: 't' });
  await key;
  assert.deepEqual(server.asked, ['DELETE api/rooms/late Bearer t keepalive']);
});

test('a page whose room of the class ends returns to the class, and makes no new room while there is one', async () => {
  const node = { textContent: '', hidden: true };
  class Node {}
  Object.setPrototypeOf(node, Node.prototype);
  const kept = new Map([['ebmviz.member.home', 'id.secret']]);
  Object.assign(globalThis, { HTMLElement: Node, window: globalThis, location: { hash: '' }, sessionStorage: { getItem: (/** @type {string} */ k) => kept.get(k) ?? null, setItem() {} } });
  Object.assign(document, { getElementById: () => node });
  const { PageRoom } = await import('../js/page-room.js');
  const { Store } = await import('../js/store.js');
  const server = new FakeServer({ 'POST ws?room=home': [204] });
  for (const [role, me, token, key] of /** @type {const} */ ([['driver', null, 'site', { room: 'home', token: 'site' }], ['member', { id: '01', name: 'Otter 7' }, '', { room: 'home', token: '', member: 'id.secret' }]])) {
    const store = new Store();
    const page = new PageRoom(store, /** @type {any} */ ({ room: 'home', token, view: {}, knobs: {}, hide: [] }));
    const catalog = /** @type {any} */ (store.catalog);
    store.receive({ welcome: { room: 'home', role, class: 'home', member: me, catalog } });
    store.receive({ shown: { room: 'fork' } });
    page.enter({ ...key, room: 'fork' }); // it has ended
    node.textContent = '';
    assert.equal(store.classroom.screen, 'fork');
    assert.deepEqual(await page.key(1), key);
    assert.equal(node.textContent, 'The member’s copy has ended. This is the class again.');
    assert.equal(store.classroom.screen, 'home', 'what was shown is not entered again');
    assert.deepEqual(server.asked.splice(0), ['POST ws?room=fork', 'POST ws?room=home']);
  }
  delete server.answers['POST ws?room=home'];
  const member = new PageRoom(new Store(), /** @type {any} */ ({ room: 'home', view: {}, knobs: {}, hide: [] }));
  await assert.rejects(member.key(1), { code: 'ended' });
});
