import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AdaptiveResolution, SHARES } from '../js/landscape/adaptive-resolution.js';

const SCREEN_PERIOD = 1000 / 60;
const PIXELS = 600 * 600;

/**
 * A simulated page. The screen shows a picture every SCREEN_PERIOD; between two of them the page works
 * `other` milliseconds and draws, if a frame has come, at `whole` milliseconds for all pixels.
 */
class Page {
  fps = 60;
  /** Frames per second that the server sends; as many as asked for, if not said. */
  sent = NaN;
  whole = 1;
  other = 2;
  /** The screen's pixels per CSS pixel. */
  ratio = 2;
  /** The time of a drawing is known. */
  timed = true;
  dragging = false;
  playing = true;

  now = 1000;
  resolution = new AdaptiveResolution();
  share = 1;
  /** Every share that was chosen, as often as it was. @type {number[]} */
  shares = [];
  drawn = 0;
  changes = 0;
  #next = 0;

  constructor() {
    for (; this.now < 1200; this.now += SCREEN_PERIOD) this.resolution.tick(this.now); // no frame has come yet
  }

  /** Lets the page run. @param {number} seconds */
  run(seconds) {
    this.shares = [];
    this.drawn = this.changes = 0;
    const end = this.now + 1000 * seconds;
    while (this.now < end) this.#animationFrame();
    return this;
  }

  #animationFrame() {
    this.resolution.tick(this.now);
    const fresh = this.playing && this.now >= this.#next;
    const msPerPixel = this.timed ? this.whole / PIXELS : NaN;
    const share = this.resolution.choose({ fresh, period: 1000 / this.fps, ratio: this.ratio, pixels: PIXELS, msPerPixel, dragging: this.dragging, moving: false });
    if (share !== this.share) this.changes++;
    this.share = share;
    this.shares.push(share);
    const busy = this.other + (fresh ? this.whole * share ** 2 : 0);
    if (fresh) {
      this.drawn++;
      const gap = 1000 / (this.sent || this.fps);
      this.#next = Math.max(this.#next + gap, this.now - gap) - 1e-6;
    }
    this.now += SCREEN_PERIOD * Math.max(1, Math.ceil(busy / SCREEN_PERIOD - 1e-9));
  }
}

/** @param {Partial<Page>} machine */
const page = (machine) => Object.assign(new Page(), machine);

test('a machine that keeps up draws all pixels, always', () => {
  for (const fps of [30, 60]) {
    for (const timed of [true, false]) {
      const { shares, drawn } = page({ fps, timed, whole: 6 }).run(20);
      assert.ok(shares.every((s) => s === 1));
      assert.ok(drawn >= 20 * fps - 1, `${drawn} frames`);
    }
  }
});

test('one that does not draws fewer, and then keeps up', () => {
  for (const [whole, fps] of [[18, 60], [24, 60], [50, 60], [36, 30], [80, 30]]) {
    for (const timed of [true, false]) {
      const p = page({ whole, fps, timed }).run(3);
      assert.ok(p.share < 1, `${whole} ms at ${fps}: ${p.share}`);
      p.run(4);
      assert.ok(p.drawn >= 0.93 * 4 * fps, `${whole} ms at ${fps}: ${p.drawn / 4} a second at ${p.share}`);
    }
  }
});

test('drawing leaves half of the time to the page, where its time is known', () => {
  for (const [whole, fps] of [[12, 60], [14, 60], [25, 30]]) {
    const p = page({ whole, fps }).run(3);
    assert.ok(p.whole * p.share ** 2 <= 500 / fps, `${whole} ms at ${fps}: ${p.share}`);
  }
});

test('a varying drawing time does not make the resolution vary', () => {
  for (let whole = 6; whole < 60; whole += 2) {
    const p = page({ whole }).run(3);
    let changes = 0;
    for (let i = 0; i < 200; i++) {
      p.whole = whole * (1 + 0.15 * Math.sin(i));
      changes += p.run(0.3).changes;
    }
    assert.ok(changes <= 1, `${changes} changes in a minute at ${whole} ms`);
  }
});

test('it never oscillates: where one share is too much and the next is little, tries become rare', () => {
  for (const timed of [true, false]) {
    for (let whole = 8; whole < 120; whole += 3) {
      for (const other of [2, 9, 14]) {
        const p = page({ whole, other, timed }).run(60);
        p.run(120);
        assert.ok(p.changes <= 6, `${p.changes} changes in two minutes with ${whole} and ${other} ms, ${timed ? 'timed' : 'not timed'}`);
      }
    }
  }
});

test('the surface keeps its resolution where something else is slow', () => {
  const p = page({ whole: 1.5, other: 40 }).run(10);
  assert.equal(p.share, 1, 'drawing takes next to nothing');
  const slow = page({ whole: 5, sent: 20 }).run(10);
  assert.equal(slow.share, 1, 'the server sends no more');
});

test('it rises again when the machine is fast enough', () => {
  for (const timed of [true, false]) {
    const p = page({ whole: 60, timed }).run(5);
    assert.ok(p.share <= 0.5);
    p.whole = 4;
    assert.equal(p.run(timed ? 5 : 30).share, 1); // without times it takes longer, the more so after tries that failed
  }
});

test('when the picture rests all pixels are drawn, and once only', () => {
  const p = page({ whole: 30 }).run(5);
  assert.ok(p.share < 1);
  p.playing = false;
  p.run(2);
  assert.equal(p.share, 1);
  assert.equal(p.changes, 1);
  p.playing = true;
  p.run(1);
  assert.ok(p.share < 1, 'the last share is remembered');
});

test('frames that come seldom are each drawn at full resolution', () => {
  const p = page({ whole: 30, sent: 2 }).run(10);
  assert.ok(p.shares.every((s) => s === 1));
});

test('a slow page does not count as a picture at rest', () => {
  const p = page({ whole: 30, other: 400 }).run(10);
  assert.ok(p.share < 1 && p.changes <= 3, `${p.share}`);
});

test('while a slider is dragged the picture follows at once, and is sharp again after', () => {
  const p = page({ whole: 6, fps: 30 }).run(2);
  assert.equal(p.share, 1);
  p.dragging = true;
  p.run(1);
  assert.ok(p.whole * p.share ** 2 <= 3.4, `${p.share}`);
  assert.equal(p.changes, 1);
  p.dragging = false;
  assert.equal(p.run(0.2).share, 1);
});

test('one frame that took long changes nothing', () => {
  const p = page({ whole: 4 }).run(2);
  for (let i = 0; i < 20; i++) {
    p.whole = 60;
    p.run(0.01);
    p.whole = 4;
    assert.ok(p.run(1).shares.every((s) => s === 1));
  }
});

test('a screen of 30 Hz does not count as a slow machine', () => {
  const p = page({ whole: 3, timed: false });
  const resolution = new AdaptiveResolution();
  let share = 1;
  for (let now = 0; now < 20000; now += 1000 / 30) {
    resolution.tick(now);
    share = Math.min(share, resolution.choose({ fresh: true, period: 1000 / p.fps, ratio: 1, pixels: PIXELS, msPerPixel: NaN, dragging: false, moving: false }));
  }
  assert.equal(share, 1);
});

test('no picture is so coarse that its lines cannot be followed', () => {
  for (const [ratio, least] of [[1, 1 / 2], [1.4, 3 / 8], [2, 1 / 4], [3, 1 / 4], [0.4, 1]]) {
    const p = page({ whole: 900, ratio }).run(20);
    assert.equal(p.share, least);
  }
});

test('the shares fall, each step a good part of the work', () => {
  assert.equal(SHARES[0], 1);
  for (let i = 1; i < SHARES.length; i++) assert.ok(SHARES[i] ** 2 <= 0.6 * SHARES[i - 1] ** 2);
});
