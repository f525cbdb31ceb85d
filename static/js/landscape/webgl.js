// The landscape by WebGL2: the frame's own energies as a texture, the tables of levels, colours and
// lines as three more, one triangle.

/** @import {Frame} from '../types.js' */
/** @import {SurfaceStyle} from './surface-style.js' */
import { GPUTimer } from './gpu-timer.js';
import { BANDS, TABLE } from './levels.js';
import { VERTEX, fragment } from './shader.js';

const UNITS = { cells: 0, table: 1, map: 2, lines: 3 };
const UNIFORMS = /** @type {const} */ (['size', 'range', 'width', 'lowest', 'unit', 'hillshade', 'exact']);

/** Draws the landscape into a canvas of any size. */
export class WebGL {
  /**
   * @param {HTMLCanvasElement} canvas
   * @throws {Error} if WebGL2 is missing, or its compiler refuses the shader
   */
  constructor(canvas) {
    const gl = openContext(canvas, { antialias: false, depth: false });
    this.#gl = gl;
    this.#program = new SurfaceProgram(gl, VERTEX);
    gl.bindVertexArray(gl.createVertexArray());
    this.#timer = new GPUTimer(gl);
  }

  #gl;
  #program;
  #timer;

  /**
   * @param {Frame} frame
   * @param {Float32Array} table level numbers, from Levels
   * @param {number} lo
   * @param {number} hi
   * @param {SurfaceStyle} style
   * @param {number} unit pixels of this canvas per CSS pixel, times the scene's scale
   */
  draw(frame, table, lo, hi, style, unit) {
    const gl = this.#gl;
    const { width, height } = gl.canvas;
    this.#timer.start(width * height);
    this.#program.setEnergies(frame, table);
    this.#program.setStyle(style, style.hillshade);
    this.#program.setView(lo, hi, width, unit);
    gl.viewport(0, 0, width, height);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    this.#timer.stop();
  }

  /** Milliseconds that a recent picture took on the GPU for each of its pixels; NaN where the browser does not measure it. */
  get msPerPixel() { return this.#timer.msPerPixel; }

  /** Gives the context back, and with it all that is on the GPU. */
  dispose() {
    loseContext(this.#gl);
  }
}

/** The program that colours the surface, with its textures: of the map, and of the 3-D view. */
export class SurfaceProgram {
  /**
   * @param {WebGL2RenderingContext} gl
   * @param {string} vertex
   * @param {{inputs:string, last:string}} [more] see [fragment]
   * @throws {Error} if the compiler refuses the shader
   */
  constructor(gl, vertex, more) {
    this.#gl = gl;
    this.#linear = gl.getExtension('OES_texture_float_linear') !== null;
    this.program = link(gl, vertex, fragment(this.#linear, more));
    gl.useProgram(this.program);
    for (const [name, unit] of Object.entries(UNITS)) gl.uniform1i(gl.getUniformLocation(this.program, name), unit);
    this.#uniform = /** @type {Record<typeof UNIFORMS[number], WebGLUniformLocation|null>} */ (Object.fromEntries(UNIFORMS.map((name) => [name, gl.getUniformLocation(this.program, name)])));
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 4);
    texture(gl, UNITS.table, gl.R32F, TABLE, 1, gl.NEAREST);
    texture(gl, UNITS.map, gl.RGBA8, 256, 1, gl.LINEAR);
    texture(gl, UNITS.lines, gl.RGBA32F, 2, BANDS + 1, gl.NEAREST);
  }

  #gl;
  #linear;
  #uniform;
  #nx = 0;
  #ny = 0;
  /** @type {WebGLTexture|null} */
  #cells = null;
  /** @type {SurfaceStyle|null} */
  #style = null;

  /**
   * Uploads a frame and the level numbers.
   * @param {Frame} frame
   * @param {Float32Array} table
   */
  setEnergies({ nx, ny, grid }, table) {
    const gl = this.#gl;
    if (nx !== this.#nx || ny !== this.#ny) {
      gl.deleteTexture(this.#cells);
      this.#cells = texture(gl, UNITS.cells, gl.R32F, nx, ny, this.#linear ? gl.LINEAR : gl.NEAREST);
      [this.#nx, this.#ny] = [nx, ny];
      gl.uniform2f(this.#uniform.size, nx, ny);
    }
    upload(gl, UNITS.cells, nx, ny, gl.RED, grid);
    upload(gl, UNITS.table, TABLE, 1, gl.RED, table);
  }

  /**
   * Uploads a style, if it is another than before.
   * @param {SurfaceStyle} style
   * @param {number} hillshade  its strength here
   */
  setStyle(style, hillshade) {
    if (style === this.#style) return;
    this.#style = style;
    const gl = this.#gl, { lowest: [r, g, b] } = style;
    upload(gl, UNITS.map, 256, 1, gl.RGBA, style.colors);
    upload(gl, UNITS.lines, 2, BANDS + 1, gl.RGBA, style.lines);
    gl.uniform4f(this.#uniform.lowest, r / 255, g / 255, b / 255, style.lowestFill);
    gl.uniform1f(this.#uniform.hillshade, hillshade);
    gl.uniform1i(this.#uniform.exact, style.exact ? 1 : 0);
  }

  /**
   * @param {number} lo
   * @param {number} hi
   * @param {number} width  of the picture in pixels
   * @param {number} unit
   */
  setView(lo, hi, width, unit) {
    const gl = this.#gl;
    gl.uniform2f(this.#uniform.range, lo, 1 / (hi - lo));
    gl.uniform1f(this.#uniform.width, width);
    gl.uniform1f(this.#uniform.unit, unit);
  }
}

/**
 * The WebGL2 context of a canvas. It keeps what was drawn, so that the canvas can be copied at any time.
 * @param {HTMLCanvasElement} canvas
 * @param {WebGLContextAttributes} attributes
 */
export function openContext(canvas, attributes) {
  const gl = canvas.getContext('webgl2', { alpha: false, preserveDrawingBuffer: true, ...attributes });
  if (!gl) throw new Error('this browser has no WebGL2');
  return gl;
}

/**
 * Frees a context and all that it holds. A browser keeps about sixteen contexts alive and then
 * takes away the oldest: those that are no longer needed must not be left to the garbage collector.
 * @param {WebGL2RenderingContext|null} gl
 */
export function loseContext(gl) {
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
}

/**
 * @param {WebGL2RenderingContext} gl
 * @param {string} vertex
 * @param {string} fragment
 * @returns {WebGLProgram}
 */
export function link(gl, vertex, fragment) {
  const program = gl.createProgram();
  for (const [kind, source] of /** @type {[number, string][]} */ ([[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]])) {
    const shader = gl.createShader(kind);
    if (!shader) throw new Error('the WebGL context was lost');
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(`the landscape's shader does not compile here: ${gl.getShaderInfoLog(shader)}`);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(`the landscape's shader does not link here: ${gl.getProgramInfoLog(program)}`);
  return program;
}

/**
 * @param {WebGL2RenderingContext} gl
 * @param {number} unit
 * @param {number} format
 * @param {number} width
 * @param {number} height
 * @param {number} filter
 */
function texture(gl, unit, format, width, height, filter) {
  const made = gl.createTexture();
  gl.activeTexture(gl.TEXTURE0 + unit);
  gl.bindTexture(gl.TEXTURE_2D, made);
  gl.texStorage2D(gl.TEXTURE_2D, 1, format, width, height);
  for (const kind of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, kind, filter);
  for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE);
  return made;
}

/**
 * @param {WebGL2RenderingContext} gl
 * @param {number} unit
 * @param {number} width
 * @param {number} height
 * @param {number} channels gl.RED or gl.RGBA
 * @param {Float32Array|Uint8ClampedArray} values floats, or bytes
 */
function upload(gl, unit, width, height, channels, values) {
  gl.activeTexture(gl.TEXTURE0 + unit);
  const data = values instanceof Uint8ClampedArray ? new Uint8Array(values.buffer, values.byteOffset, values.length) : values;
  gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, channels, data instanceof Uint8Array ? gl.UNSIGNED_BYTE : gl.FLOAT, data);
}
