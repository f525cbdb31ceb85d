import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verdict } from '../js/check-verdict.js';
import { check } from '../js/strings.js';

test('a minute of trying is told in plain words, with what the school’s IT can do', () => {
  const good = { reached: true, transport: /** @type {'websocket'} */ ('websocket'), cuts: 0, fps: 9.8 };
  const host = '192.168.1.5:8080';
  /** @type {[Partial<import('../js/check-verdict.js').Tried>, string, string, RegExp][]} */
  const cases = [
    [{}, 'good', check.good, /^$/],
    [{ fps: 3 }, 'fair', check.slow, /^$/],
    [{ cuts: 1 }, 'fair', check.unsteady, /websockets.*192\.168\.1\.5:8080/],
    [{ transport: 'stream', cuts: 2 }, 'fair', check.otherWay, /Upgrade: websocket.*192\.168\.1\.5:8080/],
    [{ transport: 'poll', cuts: 3 }, 'fair', check.otherWay, /buffer.*192\.168\.1\.5:8080/],
    [{ transport: '', cuts: 1 }, 'bad', check.lost, /isolation.*192\.168\.1\.5:8080/],
    [{ reached: false }, 'bad', check.lost, /isolation/],
  ];
  for (const [tried, kind, title, tell] of cases) {
    const got = verdict({ ...good, ...tried }, host);
    assert.equal(got.kind, kind, title);
    assert.equal(got.title, title);
    assert.match(got.tell, tell);
    assert.ok(got.why.length > 20);
  }
});
