// The landscape by WebGL2: the frame's own energies as a texture, one table, one triangle.

/** @import {Frame} from '../types.js' */
/** @import {Ground} from './surface-style.js' */
import { BANDS, TABLE } from './levels.js';
import { VERTEX, fragment } from './shader.js';
import { Stopwatch } from './gpu-timer.js';

const UNITS = { cells: 0, table: 1, map: 2, inks: 3 };

/** Draws the landscape into a canvas of any size. */
export class WebGL {
  /**
   * @param {HTMLCanvasElement} canvas
   * @throws {Error} if WebGL2 is missing, or its compiler refuses the shader
   */
  constructor(canvas) {
    // The buffer is kept so that a picture can be taken of it at any time.
    const gl = canvas.getContext('webgl2', { antialias: false, alpha: false, depth: false, preserveDrawingBuffer: true });
    if (!gl) throw new Error('this browser has no WebGL2');
    this.#gl = gl;
    this.#linear = gl.getExtension('OES_texture_float_linear') !== null;
    const program = link(gl, VERTEX, fragment(this.#linear));
    gl.useProgram(program);
    for (const [name, unit] of Object.entries(UNITS)) gl.uniform1i(gl.getUniformLocation(program, name), unit);
    const at = (/** @type {string} */ name) => gl.getUniformLocation(program, name);
    this.#uniform = { size: at('size'), range: at('range'), width: at('width'), rim: at('rim'), unit: at('unit'), relief: at('relief'), lines: at('lines'), exact: at('exact') };
    gl.bindVertexArray(gl.createVertexArray());
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 4);
    texture(gl, UNITS.table, gl.R32F, TABLE, 1, gl.NEAREST);
    texture(gl, UNITS.map, gl.RGBA8, 256, 1, gl.LINEAR);
    texture(gl, UNITS.inks, gl.RGBA8, BANDS + 1, 1, gl.NEAREST);
    this.#watch = new Stopwatch(gl);
  }

  #gl;
  #linear;
  #uniform;
  #watch;
  #nx = 0;
  #ny = 0;
  /** @type {WebGLTexture|null} */
  #texture = null;
  /** @type {Ground|null} */
  #ground = null;

  /**
   * @param {Frame} frame
   * @param {Float32Array} table level numbers, from Levels
   * @param {number} lo
   * @param {number} hi
   * @param {Ground} ground
   * @param {number} unit pixels of this canvas per CSS pixel, times the scene's scale
   */
  draw(frame, table, lo, hi, ground, unit) {
    const gl = this.#gl;
    const { width, height } = gl.canvas;
    this.#fit(frame);
    this.#watch.start(width * height);
    write(gl, UNITS.cells, frame.nx, frame.ny, gl.RED, frame.grid);
    write(gl, UNITS.table, TABLE, 1, gl.RED, table);
    if (this.#ground !== ground) this.#stand(ground);
    gl.viewport(0, 0, width, height);
    gl.uniform2f(this.#uniform.range, lo, 1 / (hi - lo));
    gl.uniform1f(this.#uniform.width, width);
    gl.uniform1f(this.#uniform.unit, unit);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    this.#watch.stop();
  }

  /** Milliseconds that a late picture took on the graphics card, for each of its pixels; NaN where the card does not tell. */
  get price() { return this.#watch.price; }

  /** @param {Frame} frame */
  #fit({ nx, ny }) {
    if (nx === this.#nx && ny === this.#ny) return;
    const gl = this.#gl;
    gl.deleteTexture(this.#texture);
    this.#texture = texture(gl, UNITS.cells, gl.R32F, nx, ny, this.#linear ? gl.LINEAR : gl.NEAREST);
    this.#nx = nx;
    this.#ny = ny;
    gl.uniform2f(this.#uniform.size, nx, ny);
  }

  /** @param {Ground} ground */
  #stand(ground) {
    const gl = this.#gl;
    this.#ground = ground;
    write(gl, UNITS.map, 256, 1, gl.RGBA, ground.map);
    write(gl, UNITS.inks, BANDS + 1, 1, gl.RGBA, ground.inks);
    gl.uniform3f(this.#uniform.rim, ground.rim[0] / 255, ground.rim[1] / 255, ground.rim[2] / 255);
    gl.uniform1f(this.#uniform.relief, ground.relief);
    gl.uniform1f(this.#uniform.lines, ground.lines ? 1 : 0);
    gl.uniform1i(this.#uniform.exact, ground.exact ? 1 : 0);
  }
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
export function texture(gl, unit, format, width, height, filter) {
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
 * @param {number} channels gl.RED of floats, or gl.RGBA of bytes
 * @param {Float32Array|Uint8ClampedArray} values
 */
export function write(gl, unit, width, height, channels, values) {
  gl.activeTexture(gl.TEXTURE0 + unit);
  const bytes = values instanceof Uint8ClampedArray ? new Uint8Array(values.buffer, values.byteOffset, values.length) : values;
  gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, channels, bytes instanceof Uint8Array ? gl.UNSIGNED_BYTE : gl.FLOAT, bytes);
}
