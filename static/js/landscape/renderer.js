// Which renderer draws the landscape here.

/** @import {Renderer} from '../types.js' */
import { Raster } from './raster.js';
import { WebGL, loseContext } from './webgl.js';

/** @type {boolean|undefined} */
let hardware;

/**
 * Whether WebGL2 is here and runs on a graphics card. A software rasteriser computes the same
 * picture, but slower than raster.js does. The answer is found once per page.
 * @returns {boolean}
 */
function hasGPU() {
  return (hardware ??= probeGPU());
}

function probeGPU() {
  const gl = document.createElement('canvas').getContext('webgl2');
  if (!gl) return false;
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const name = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  loseContext(gl);
  return !/swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
}

/**
 * Opens a canvas for drawing. Where WebGL2 cannot be had on it, Canvas2D takes its place, on a new
 * canvas if this one has a WebGL context already.
 * @param {HTMLCanvasElement} canvas
 * @param {'auto'|Renderer} wanted
 * @returns {{renderer:Renderer, canvas:HTMLCanvasElement, surface:Raster|WebGL, software:boolean}}
 *   `software`: other canvases, too, are better drawn in memory
 */
export function openRenderer(canvas, wanted) {
  const software = wanted === 'canvas2d' || !hasGPU();
  if (wanted === 'webgl2' || (wanted === 'auto' && !software)) {
    try {
      return { renderer: 'webgl2', canvas, surface: new WebGL(canvas), software };
    } catch {
      // Canvas2D draws the same picture; there is nothing for a viewer to do.
      loseContext(canvas.getContext('webgl2'));
    }
  }
  try {
    return { renderer: 'canvas2d', canvas, surface: new Raster(canvas), software };
  } catch {
    const other = replaceCanvas(canvas);
    return { renderer: 'canvas2d', canvas: other, surface: new Raster(other), software };
  }
}

/**
 * Puts a canvas without a context in the place of one that has the wrong one or lost it.
 * @param {HTMLCanvasElement} old
 * @returns {HTMLCanvasElement}
 */
export function replaceCanvas(old) {
  const canvas = /** @type {HTMLCanvasElement} */ (old.cloneNode(false));
  old.replaceWith(canvas);
  return canvas;
}
