// gif-worker.js: encodes the pictures of a GIF by modern-gif, in a thread of its own. It posts the
// GIF, or null if that failed: an error of an asynchronous function does not reach the page.

/** @typedef {{pixels:Uint8ClampedArray, delay:number}} Picture  the delay in milliseconds */
/** @typedef {{pictures:Picture[], width:number, height:number}} Job */

onmessage = async (/** @type {MessageEvent<Job>} */ { data: { pictures, width, height } }) => {
  try {
    await import(new URL('../../vendor/modern-gif/index.js', import.meta.url).href);
    const { modernGif } = /** @type {{modernGif:ModernGif}} */ (/** @type {unknown} */ (globalThis));
    const encoder = new modernGif.Encoder({ width, height, maxColors: 255 });
    for (const { pixels, delay } of pictures) await encoder.encode({ data: pixels, delay, transparent: false });
    const gif = await encoder.flush();
    postMessage(gif, { transfer: [gif] });
  } catch {
    postMessage(null);
  }
};
