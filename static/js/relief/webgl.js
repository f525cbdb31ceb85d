// The 3-D surface by WebGL2: the frame's energies as a texture on a mesh of triangles.

/** @import {Camera} from './camera.js' */
/** @import {Mesh} from './mesh.js' */
/** @import {Picture} from './canvas2d.js' */
import { SurfaceProgram, link, loseContext, openContext } from '../landscape/webgl.js';
import { LIT, SKIRT_FRAGMENT, SKIRT_VERTEX, SURFACE } from './shader.js';
import { skirt } from './skirt.js';

export class WebGLSurface {
  /** Vertices per side. */
  static SIDE = 145;

  /**
   * @param {HTMLCanvasElement} canvas
   * @throws {Error} if WebGL2 is missing, or its compiler refuses the shaders
   */
  constructor(canvas) {
    const gl = openContext(canvas, { antialias: true });
    this.#gl = gl;
    this.#surface = new SurfaceProgram(gl, SURFACE, LIT);
    this.#camera = gl.getUniformLocation(this.#surface.program, 'camera');
    this.#skirt = link(gl, SKIRT_VERTEX, SKIRT_FRAGMENT);
    this.#skirtUniform = { tone: gl.getUniformLocation(this.#skirt, 'tone'), camera: gl.getUniformLocation(this.#skirt, 'camera') };
    gl.enable(gl.DEPTH_TEST);
    this.#createBuffers();
  }

  renderer = /** @type {const} */ ('webgl2');
  #gl;
  #surface;
  #camera;
  #skirt;
  #skirtUniform;
  #matrix = new Float32Array(16);
  /** The buffers of the positions over the plane, heights, light, and the skirt's corners. @type {WebGLBuffer[]} */
  #buffers = [];
  #corners = new Float32Array(4 * 2 * WebGLSurface.SIDE * 4);
  /** Of the surface and of the skirt. @type {WebGLVertexArrayObject[]} */
  #arrays = [];

  /** The mesh: its vertices, and the triangles between them. */
  #createBuffers() {
    const gl = this.#gl, n = WebGLSurface.SIDE;
    const vertices = new Float32Array(2 * n * n);
    const triangles = new Uint16Array(6 * (n - 1) ** 2);
    for (let p = 0; p < n * n; p++) vertices.set([(2 * (p % n)) / (n - 1) - 1, (2 * Math.floor(p / n)) / (n - 1) - 1], 2 * p);
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
    attribute(0, 2, vertices);
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
  draw(camera, mesh, { frame, table, lo, hi, style, unit, background, skirt: tone, moved }) {
    const gl = this.#gl, n = WebGLSurface.SIDE;
    const { width, height } = gl.canvas;
    gl.useProgram(this.#surface.program);
    if (moved) {
      this.#surface.setEnergies(frame, table);
      this.#uploadMesh(mesh);
    }
    gl.viewport(0, 0, width, height);
    gl.clearColor(background[0] / 255, background[1] / 255, background[2] / 255, 1);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    camera.matrix(this.#matrix);

    gl.bindVertexArray(this.#arrays[0]);
    this.#surface.setStyle(style, 0); // the light takes the place of the hill shading
    this.#surface.setView(lo, hi, width, unit);
    gl.uniformMatrix4fv(this.#camera, false, this.#matrix);
    gl.drawElements(gl.TRIANGLES, 6 * (n - 1) ** 2, gl.UNSIGNED_SHORT, 0);

    gl.useProgram(this.#skirt);
    gl.bindVertexArray(this.#arrays[1]);
    gl.uniformMatrix4fv(this.#skirtUniform.camera, false, this.#matrix);
    gl.uniform3f(this.#skirtUniform.tone, tone[0] / 255, tone[1] / 255, tone[2] / 255);
    for (let s = 0; s < 4; s++) gl.drawArrays(gl.TRIANGLE_STRIP, 2 * n * s, 2 * n);
  }

  /** Gives the context back, and with it all that is on the GPU. */
  dispose() {
    loseContext(this.#gl);
  }

  /** @param {Mesh} mesh */
  #uploadMesh(mesh) {
    const gl = this.#gl;
    skirt(this.#corners, mesh);
    [mesh.at, mesh.heights, mesh.light, this.#corners].forEach((values, k) => {
      gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffers[k]);
      gl.bufferData(gl.ARRAY_BUFFER, values, gl.DYNAMIC_DRAW);
    });
  }
}
