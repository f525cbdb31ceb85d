// How long a drawing takes on the GPU, where the browser supports EXT_disjoint_timer_query_webgl2.
// A result comes a few frames later, so one drawing is timed at a time and those meanwhile are not.

/** Times drawings on the GPU. */
export class GPUTimer {
  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.#gl = gl;
    this.#timer = gl.getExtension('EXT_disjoint_timer_query_webgl2');
  }

  /** Milliseconds for each pixel of the last drawing that was timed; NaN before. */
  msPerPixel = NaN;

  #gl;
  #timer;
  /** @type {WebGLQuery|null} that of a drawing without a result yet */
  #query = null;
  #running = false;
  #pixels = 0;

  /** A drawing begins. @param {number} pixels */
  start(pixels) {
    const gl = this.#gl;
    if (!this.#timer || (this.#query && !this.#finished(this.#query))) return;
    this.#query = gl.createQuery();
    if (!this.#query) return;
    this.#pixels = pixels;
    this.#running = true;
    gl.beginQuery(this.#timer.TIME_ELAPSED_EXT, this.#query);
  }

  /** It ends. */
  stop() {
    if (this.#running) this.#gl.endQuery(this.#timer.TIME_ELAPSED_EXT);
    this.#running = false;
  }

  /** Reads the result if there is one, and reports whether there was. @param {WebGLQuery} query */
  #finished(query) {
    const gl = this.#gl;
    if (!gl.getQueryParameter(query, gl.QUERY_RESULT_AVAILABLE)) return false;
    // After a disjoint operation, such as a change of the GPU's clock, the time means nothing.
    if (!gl.getParameter(this.#timer.GPU_DISJOINT_EXT)) this.msPerPixel = gl.getQueryParameter(query, gl.QUERY_RESULT) / 1e6 / this.#pixels;
    gl.deleteQuery(query);
    return true;
  }
}
