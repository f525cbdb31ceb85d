// A server that sends nothing.
import test from 'node:test';
import assert from 'node:assert/strict';
import { Silence } from '../js/silence.js';

/** A silent server that answers when asked, or not. */
function silentServer(answers = true) {
  const seen = { asked: 0, reconnected: 0 };
  const silence = new Silence(async () => (seen.asked++, answers), () => seen.reconnected++);
  let now = 1000;
  /** Ten looks a second, for so many seconds; returns the last. @param {number} seconds @param {number} heard @param {number} wait */
  const look = async (seconds, heard, wait) => {
    /** @type {ReturnType<Silence['follow']>} */
    let last = null;
    for (let i = 0; i < Math.round(10 * seconds); i++) {
      last = silence.follow((now += 100), heard, wait);
      await Promise.resolve();
      await Promise.resolve();
    }
    return last;
  };
  return { seen, silence, look, sleep: (/** @type {number} */ ms) => (now += ms) };
}

test('after three seconds of silence the server is asked, and what it says is known', async () => {
  for (const answers of [true, false]) {
    const { seen, look } = silentServer(answers);
    assert.equal(await look(2.9, 7, 1), null);
    assert.equal(seen.asked, 0);
    const first = await look(0.2, 7, 1);
    assert.deepEqual(first?.seconds, 3);
    assert.deepEqual(await look(0.2, 7, 1), { seconds: 3, found: answers ? 'answers' : 'gone' });
    assert.deepEqual(await look(4, 7, 1), { seconds: 7, found: answers ? 'answers' : 'gone' });
    assert.equal(seen.asked, 2, 'every three seconds');
    assert.equal(await look(0.1, 8, 1), null, 'a message ends it');
    assert.equal((await look(3, 8, 1))?.seconds, 3);
  }
});

test('silence is none where nothing is awaited, or not yet', async () => {
  const { seen, look } = silentServer();
  assert.equal(await look(30, 7, 0), null);
  assert.equal(await look(5, 7, 6000), null, 'a slow run');
  assert.equal((await look(2, 7, 6000))?.seconds, 7);
  assert.equal(await look(1, 7, 0), null);
  assert.equal(seen.asked, 1);
});

test('the time that the computer has slept is not silence', async () => {
  const { look, sleep } = silentServer();
  await look(1, 7, 1);
  sleep(3_600_000);
  for (let i = 0; i < 10; i++) assert.equal(await look(0.1, 7, 1), null);
});

test('a connection that is silent while the server answers is made anew; one to a server that is gone is not', async () => {
  const { seen, look } = silentServer();
  await look(14, 7, 1);
  assert.equal(seen.reconnected, 0);
  await look(2, 7, 1);
  assert.equal(seen.reconnected, 1);
  const gone = silentServer(false);
  await gone.look(60, 7, 1);
  assert.equal(gone.seen.reconnected, 0);
});
