// The recording of a GIF, and its worker.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gif } from '../js/export/gif.js';
import { words } from '../js/strings.js';

class FakeElement {
  textContent = '';
  hidden = true;
  getContext() { return null; }
}

/** Runs in a page with nothing but a toast, which it returns. @param {object} [more] */
function page(more) {
  const toast = new FakeElement();
  Object.assign(globalThis, {
    HTMLElement: FakeElement, window: { setTimeout: () => 0 }, clearTimeout() {},
    document: { createElement: () => new FakeElement(), getElementById: () => toast }, ...more,
  });
  return toast;
}

test('a GIF that is stopped before its first picture says so, and saves nothing', async () => {
  const toast = page();
  const gif = new Gif(/** @type {any} */ ({}));
  gif.running = true; // begin draws the page first
  let saved = 0;
  gif.done = () => saved++;
  gif.end();
  await Promise.resolve();
  assert.deepEqual([gif.running, gif.encoding, saved, toast.textContent, toast.hidden], [false, false, 0, words.exportNoPicture, false]);
});

test('a GIF that cannot be encoded says so, and saves nothing', async () => {
  let terminated = 0;
  const toast = page({
    Worker: class {
      onmessage = (/** @type {{data:null}} */ _) => {};
      postMessage() { queueMicrotask(() => this.onmessage({ data: null })); }
      terminate() { terminated++; }
    },
  });
  const gif = new Gif(/** @type {any} */ ({}));
  gif.running = true;
  gif.width = 1;
  gif.pictures = [{ pixels: new Uint8ClampedArray(4), time: 0 }];
  let saved = 0;
  gif.done = () => saved++;
  gif.end();
  assert.ok(gif.encoding);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([gif.encoding, saved, toast.textContent, terminated], [false, 0, words.exportFailed, 1]);
});

test('the worker answers also if it fails', async () => {
  /** @type {unknown[]} */
  const posted = [];
  Object.assign(globalThis, { onmessage: null, postMessage: (/** @type {unknown} */ answer) => posted.push(answer) });
  await import('../js/export/gif-worker.js');
  await /** @type {any} */ (globalThis).onmessage({ data: { pictures: null, width: 1, height: 1 } });
  assert.deepEqual(posted, [null]);
});
