// Canvases and their pixels.

/** The font of the page: a canvas does not inherit it. */
export const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif";

/**
 * The context of a canvas to draw on.
 * @param {HTMLCanvasElement} canvas
 * @param {boolean} software there is no graphics card: draw in memory, which is many times faster
 *   than a graphics card emulated by the processor
 * @returns {CanvasRenderingContext2D}
 */
export function context(canvas, software) {
  const ctx = canvas.getContext('2d', { willReadFrequently: software });
  if (!ctx) throw new Error('this browser cannot draw on a canvas');
  return ctx;
}

/**
 * Gives a canvas so many pixels per CSS pixel of its box.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width  CSS pixels
 * @param {number} height
 * @param {number} ratio
 */
export function size(canvas, width, height, ratio) {
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = Math.max(1, Math.round(height * ratio));
}

/** Frees the pixels of a canvas at once, not when it is garbage collected. @param {HTMLCanvasElement} canvas */
export function release(canvas) {
  canvas.width = canvas.height = 0;
}
