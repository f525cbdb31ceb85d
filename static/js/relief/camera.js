// The camera of the 3-D view: it orbits the surface and always looks at its centre. The surface is in
// a box: u and v from -1 to 1 (left to right, front to back), height from 0 to HEIGHT.

/** The height of the box, whose sides are 2. */
export const HEIGHT = 0.56;
/** The height at which the skirt ends. */
export const BASE = -0.05;
/** The first position, in degrees: a little to the left, looking down into the valleys. */
export const FIRST = { azimuth: -35, elevation: 47, zoom: 1 };
/** The range of the elevation: from below nothing could be seen, and straight from above there is the map. */
const ELEVATION = [12, 85];
const ZOOM = [0.7, 5];
const DISTANCE = 5;
/** The focal length, such that all of the surface is in the picture. */
const LENS = 3.2;
/** The height of the point that it looks at: low, for the numbers of the axes are below the surface. */
const MIDDLE = 0.03;

const clamp = (/** @type {number} */ x, /** @type {number[]} */ [lo, hi]) => Math.min(hi, Math.max(lo, x));

export class Camera {
  azimuth = FIRST.azimuth;
  elevation = FIRST.elevation;
  zoom = FIRST.zoom;
  /** Its position. */
  eye = { u: 0, v: 0, h: 0 };
  #width = 1;
  #height = 1;
  #margin = 0;
  #cosA = 1;
  #sinA = 0;
  #cosE = 1;
  #sinE = 0;
  #scale = 1;

  constructor() {
    this.#aim();
  }

  /**
   * The picture's size.
   * @param {number} width
   * @param {number} height
   * @param {number} [margin] for the numbers on each side
   */
  resize(width, height, margin = 0) {
    this.#width = width;
    this.#height = height;
    this.#margin = margin;
    this.#aim();
  }

  /** Orbits, and goes up or down. @param {number} azimuth degrees @param {number} elevation degrees */
  turn(azimuth, elevation) {
    this.azimuth = ((((this.azimuth + azimuth + 180) % 360) + 360) % 360) - 180;
    this.elevation = clamp(this.elevation + elevation, ELEVATION);
    this.#aim();
  }

  /** Zooms. @param {number} factor */
  enlarge(factor) {
    this.zoom = clamp(this.zoom * factor, ZOOM);
    this.#aim();
  }

  /** Goes to a position, the first if none is given. @param {{azimuth:number, elevation:number, zoom:number}} [to] */
  place({ azimuth, elevation, zoom } = FIRST) {
    Object.assign(this, { azimuth, elevation, zoom: clamp(zoom, ZOOM) });
    this.turn(0, 0);
  }

  /** Its position, null for the first. */
  get position() {
    const { azimuth, elevation, zoom } = this;
    const first = azimuth === FIRST.azimuth && elevation === FIRST.elevation && zoom === FIRST.zoom;
    return first ? null : { azimuth, elevation, zoom };
  }

  /** The pixels of a unit of length at that distance. @param {number} near 1 over the distance */
  size(near) {
    return this.#scale * near;
  }

  #aim() {
    const a = (this.azimuth * Math.PI) / 180, e = (this.elevation * Math.PI) / 180;
    [this.#cosA, this.#sinA, this.#cosE, this.#sinE] = [Math.cos(a), Math.sin(a), Math.cos(e), Math.sin(e)];
    this.#scale = (Math.min(this.#width, this.#height) / 2 - this.#margin) * LENS * this.zoom;
    this.eye.u = DISTANCE * this.#cosE * this.#sinA;
    this.eye.v = -DISTANCE * this.#cosE * this.#cosA;
    this.eye.h = MIDDLE + DISTANCE * this.#sinE;
  }

  /**
   * Projects a point of space into the picture.
   * @param {{x:number, y:number, near:number}} out pixels from the left and the top, and 1 over the distance
   * @param {number} u
   * @param {number} v
   * @param {number} h
   */
  project(out, u, v, h) {
    const away = v * this.#cosA - u * this.#sinA, over = h - MIDDLE;
    out.near = 1 / (DISTANCE + away * this.#cosE - over * this.#sinE);
    out.x = this.#width / 2 + this.#scale * (u * this.#cosA + v * this.#sinA) * out.near;
    out.y = this.#height / 2 - this.#scale * (away * this.#sinE + over * this.#cosE) * out.near;
    return out;
  }

  /**
   * The direction from the camera to what is seen at a pixel.
   * @param {number} x
   * @param {number} y
   * @returns {{u:number, v:number, h:number}}
   */
  ray(x, y) {
    const right = (x - this.#width / 2) / this.#scale, up = (this.#height / 2 - y) / this.#scale;
    const away = this.#cosE + up * this.#sinE;
    return { u: right * this.#cosA - away * this.#sinA, v: right * this.#sinA + away * this.#cosA, h: up * this.#cosE - this.#sinE };
  }

  /**
   * The same projection for a graphics card, column by column.
   * @param {Float32Array} out 16 numbers
   */
  matrix(out) {
    const sx = (2 * this.#scale) / this.#width, sy = (2 * this.#scale) / this.#height;
    const [ca, sa, ce, se] = [this.#cosA, this.#sinA, this.#cosE, this.#sinE];
    const close = DISTANCE - 2, far = DISTANCE + 2;
    const a = (far + close) / (far - close), b = (-2 * far * close) / (far - close);
    const d = DISTANCE + MIDDLE * se;
    out.set([
      sx * ca, -sy * sa * se, -a * sa * ce, -sa * ce,
      sx * sa, sy * ca * se, a * ca * ce, ca * ce,
      0, sy * ce, -a * se, -se,
      0, -sy * MIDDLE * ce, a * d + b, d,
    ]);
    return out;
  }
}
