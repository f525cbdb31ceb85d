// The body by WebGL2: the frame's energies as a texture, a net of triangles raised by its heights.

/** @import {Camera} from './camera.js' */
/** @import {Mesh} from './mesh.js' */
/** @import {Picture} from './canvas2d.js' */
import { BANDS, TABLE } from '../landscape/levels.js';
import { link, texture, write } from '../landscape/webgl.js';
import { SURFACE, WALL, surface, wall } from './shader.js';
import { walls } from './skirt.js';

const UNITS = { cells: 0, table: 1, map: 2, inks: 3 };

export class WebGLBody {
  /** Knots per side. */
  static KNOTS = 145;

  /**
   * @param {HTMLCanvasElement} canvas
   * @throws {Error} if WebGL2 is missing, or its compiler refuses the shaders
   */
  constructor(canvas) {
    const gl = canvas.getContext('webgl2', { antialias: true, alpha: false, preserveDrawingBuffer: true });
    if (!gl) throw new Error('this browser has no WebGL2');
    this.#gl = gl;
    this.#linear = gl.getExtension('OES_texture_float_linear') !== null;
    this.#surface = link(gl, SURFACE, surface(this.#linear));
    this.#wall = link(gl, WALL, wall);
    gl.useProgram(this.#surface);
    for (const [name, unit] of Object.entries(UNITS)) gl.uniform1i(gl.getUniformLocation(this.#surface, name), unit);
    const at = (/** @type {string} */ name) => gl.getUniformLocation(this.#surface, name);
    this.#uniform = { size: at('size'), range: at('range'), width: at('width'), rim: at('rim'), unit: at('unit'), relief: at('relief'), lines: at('lines'), exact: at('exact'), camera: at('camera') };
    this.#wallUniform = { tone: gl.getUniformLocation(this.#wall, 'tone'), camera: gl.getUniformLocation(this.#wall, 'camera') };
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 4);
    texture(gl, UNITS.table, gl.R32F, TABLE, 1, gl.NEAREST);
    texture(gl, UNITS.map, gl.RGBA8, 256, 1, gl.LINEAR);
    texture(gl, UNITS.inks, gl.RGBA8, BANDS + 1, 1, gl.NEAREST);
    gl.enable(gl.DEPTH_TEST);
    this.#net();
  }

  renderer = /** @type {const} */ ('webgl2');
  #gl;
  #linear;
  #surface;
  #wall;
  #uniform;
  #wallUniform;
  #matrix = new Float32Array(16);
  /** The buffers of the places over the plane, heights, light, and the walls' corners. @type {WebGLBuffer[]} */
  #buffers = [];
  #sides = new Float32Array(4 * 2 * WebGLBody.KNOTS * 4);
  /** @type {WebGLVertexArrayObject[]} */
  #arrays = [];
  #nx = 0;
  #ny = 0;
  /** @type {WebGLTexture|null} */
  #cells = null;

  /** The net: its knots, and the triangles between them. */
  #net() {
    const gl = this.#gl, n = WebGLBody.KNOTS;
    const knots = new Float32Array(2 * n * n);
    const triangles = new Uint16Array(6 * (n - 1) ** 2);
    for (let p = 0; p < n * n; p++) knots.set([(2 * (p % n)) / (n - 1) - 1, (2 * Math.floor(p / n)) / (n - 1) - 1], 2 * p);
    for (let j = 0, k = 0; j < n - 1; j++) {
      for (let i = 0; i < n - 1; i++, k += 6) {
        const p = j * n + i;
        triangles.set([p, p + 1, p + n, p + 1, p + n + 1, p + n], k);
      }
    }
    const attribute = (/** @type {number} */ index, /** @type {number} */ parts, /** @type {Float32Array|null} */ values) => {
      const buffer = gl.createBuffer();
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      if (values) gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW);
      gl.enableVertexAttribArray(index);
      gl.vertexAttribPointer(index, parts, gl.FLOAT, false, 0, 0);
      return buffer;
    };
    this.#arrays = [gl.createVertexArray(), gl.createVertexArray()];
    gl.bindVertexArray(this.#arrays[0]);
    attribute(0, 2, knots);
    this.#buffers = [attribute(1, 2, null), attribute(2, 1, null), attribute(3, 1, null)];
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, triangles, gl.STATIC_DRAW);
    gl.bindVertexArray(this.#arrays[1]);
    this.#buffers.push(attribute(0, 4, null));
  }

  /**
   * @param {Camera} camera
   * @param {Mesh} mesh
   * @param {Picture} picture
   */
  draw(camera, mesh, { frame, table, lo, hi, ground, unit, back, side, raised }) {
    const gl = this.#gl, n = WebGLBody.KNOTS;
    const { width, height } = gl.canvas;
    if (raised) this.#raise(mesh, frame, table);
    gl.viewport(0, 0, width, height);
    gl.clearColor(back[0] / 255, back[1] / 255, back[2] / 255, 1);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    camera.matrix(this.#matrix);

    gl.useProgram(this.#wall);
    gl.bindVertexArray(this.#arrays[1]);
    gl.uniformMatrix4fv(this.#wallUniform.camera, false, this.#matrix);
    gl.uniform3f(this.#wallUniform.tone, side[0] / 255, side[1] / 255, side[2] / 255);
    for (let s = 0; s < 4; s++) gl.drawArrays(gl.TRIANGLE_STRIP, 2 * n * s, 2 * n);

    gl.useProgram(this.#surface);
    gl.bindVertexArray(this.#arrays[0]);
    write(gl, UNITS.map, 256, 1, gl.RGBA, ground.map);
    write(gl, UNITS.inks, BANDS + 1, 1, gl.RGBA, ground.inks);
    const u = this.#uniform;
    gl.uniformMatrix4fv(u.camera, false, this.#matrix);
    gl.uniform2f(u.size, frame.nx, frame.ny);
    gl.uniform2f(u.range, lo, 1 / (hi - lo));
    gl.uniform3f(u.rim, ground.rim[0] / 255, ground.rim[1] / 255, ground.rim[2] / 255);
    gl.uniform1f(u.width, width);
    gl.uniform1f(u.unit, unit);
    gl.uniform1f(u.relief, 0); // the light that falls on the body is its shade
    gl.uniform1f(u.lines, ground.lines ? 1 : 0);
    gl.uniform1i(u.exact, ground.exact ? 1 : 0);
    gl.drawElements(gl.TRIANGLES, 6 * (n - 1) ** 2, gl.UNSIGNED_SHORT, 0);
  }

  /** @param {Mesh} mesh @param {import('../types.js').Frame} frame @param {Float32Array} table */
  #raise(mesh, { nx, ny, grid }, table) {
    const gl = this.#gl;
    if (nx !== this.#nx || ny !== this.#ny) {
      gl.deleteTexture(this.#cells);
      this.#cells = texture(gl, UNITS.cells, gl.R32F, nx, ny, this.#linear ? gl.LINEAR : gl.NEAREST);
      [this.#nx, this.#ny] = [nx, ny];
    }
    write(gl, UNITS.cells, nx, ny, gl.RED, grid);
    write(gl, UNITS.table, TABLE, 1, gl.RED, table);
    walls(this.#sides, mesh);
    [mesh.at, mesh.heights, mesh.light, this.#sides].forEach((values, k) => {
      gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffers[k]);
      gl.bufferData(gl.ARRAY_BUFFER, values, gl.DYNAMIC_DRAW);
    });
  }
}
