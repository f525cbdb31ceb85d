// Which renderer draws the landscape here.

/** @import {Renderer} from '../types.js' */
import { Raster } from './raster.js';
import { WebGL } from './webgl.js';

/**
 * Whether WebGL2 is here and runs on a graphics card. A rasteriser in software computes the same
 * picture, but slower than raster.js does.
 * @returns {boolean}
 */
function hasCard() {
  const gl = document.createElement('canvas').getContext('webgl2');
  if (!gl) return false;
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const name = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return !/swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
}

/**
 * Opens a canvas for drawing. Where WebGL2 cannot be had on it, Canvas2D takes its place, on a
 * fresh canvas if this one is spoilt for it.
 * @param {HTMLCanvasElement} canvas
 * @param {'auto'|Renderer} wanted
 * @returns {{renderer:Renderer, canvas:HTMLCanvasElement, surface:Raster|WebGL, software:boolean}}
 *   `software`: other canvases, too, are better drawn in memory
 */
export function open(canvas, wanted) {
  const software = wanted === 'canvas2d' || !hasCard();
  if (wanted === 'webgl2' || (wanted === 'auto' && !software)) {
    try {
      return { renderer: 'webgl2', canvas, surface: new WebGL(canvas), software };
    } catch {
      // The picture is the same by Canvas2D; there is nothing that a viewer should do about it.
    }
  }
  let ground = canvas;
  try {
    return { renderer: 'canvas2d', canvas: ground, surface: new Raster(ground), software };
  } catch {
    ground = fresh(canvas);
    return { renderer: 'canvas2d', canvas: ground, surface: new Raster(ground), software };
  }
}

/**
 * Puts a canvas without a context in the place of one that has the wrong one or lost it.
 * @param {HTMLCanvasElement} old
 * @returns {HTMLCanvasElement}
 */
export function fresh(old) {
  const canvas = /** @type {HTMLCanvasElement} */ (old.cloneNode(false));
  old.replaceWith(canvas);
  return canvas;
}
