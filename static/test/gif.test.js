import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gif } from '../js/export/gif.js';
import { words } from '../js/strings.js';

test('a GIF that is stopped before its first picture says so, and saves nothing', async () => {
  class FakeElement { textContent = ''; hidden = true; getContext() { return null; } }
  const toast = new FakeElement();
  Object.assign(globalThis, {
    HTMLElement: FakeElement, window: { setTimeout: () => 0 }, clearTimeout() {},
    document: { createElement: () => new FakeElement(), getElementById: () => toast },
  });
  const gif = new Gif(/** @type {any} */ ({}));
  gif.running = true; // begin paints the page first
  let saved = 0;
  gif.done = () => saved++;
  gif.end();
  await Promise.resolve();
  assert.deepEqual([gif.running, gif.encoding, saved, toast.textContent, toast.hidden], [false, false, 0, words.exportNoPicture, false]);
});
