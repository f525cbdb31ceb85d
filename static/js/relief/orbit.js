// Turns the 3-D view: a drag orbits, two fingers or the wheel zoom, keys do both.

/** @import {Resources} from '../resources.js' */
/** @import {Camera} from './camera.js' */

/** Degrees per CSS pixel of a drag. */
const TURN = 0.45;
/** The step of an arrow key, in degrees. */
const KEY = 6;
/** Milliseconds in which the turn after a drag loses 63 % of its speed. */
const DECAY = 140;

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [KEY, 0], ArrowRight: [-KEY, 0], ArrowUp: [0, KEY], ArrowDown: [0, -KEY] };

/**
 * @param {HTMLElement} box     what is dragged
 * @param {Camera} camera
 * @param {() => boolean} reducedMotion no motion after a drag
 * @param {(e:PointerEvent) => boolean} taken  a press that moves something else
 * @param {() => void} changed
 * @param {Resources} resources
 */
export function startOrbit(box, camera, reducedMotion, taken, changed, { signal }) {
  /** The pointers that are down. @type {Map<number, {x:number, y:number}>} */
  const pointers = new Map();
  let speed = { azimuth: 0, elevation: 0, time: 0 };
  let last = 0;

  const spread = () => {
    const [a, b] = pointers.values();
    return Math.hypot(a.x - b.x, a.y - b.y);
  };
  box.addEventListener('pointerdown', (e) => {
    if (e.button > 0 || !(e.target instanceof HTMLCanvasElement) || taken(e)) return;
    pointers.set(e.pointerId, { x: e.clientX, y: e.clientY });
    box.setPointerCapture(e.pointerId);
    speed.azimuth = speed.elevation = 0;
  }, { signal });
  box.addEventListener('pointermove', (e) => {
    const pointer = pointers.get(e.pointerId);
    if (!pointer) return;
    const before = pointers.size === 2 ? spread() : 0;
    const dx = e.clientX - pointer.x, dy = e.clientY - pointer.y;
    Object.assign(pointer, { x: e.clientX, y: e.clientY });
    if (pointers.size === 2) camera.enlarge(spread() / Math.max(1, before));
    else if (pointers.size === 1) {
      camera.turn(-TURN * dx, TURN * dy);
      const passed = Math.max(1, e.timeStamp - speed.time);
      speed = { azimuth: (-TURN * dx) / passed, elevation: (TURN * dy) / passed, time: e.timeStamp };
    }
    changed();
  }, { signal });
  /** @param {PointerEvent} e */
  const end = (e) => {
    pointers.delete(e.pointerId);
    if (reducedMotion() || e.timeStamp - speed.time > 60) speed.azimuth = speed.elevation = 0;
  };
  for (const type of /** @type {const} */ (['pointerup', 'pointercancel', 'lostpointercapture'])) box.addEventListener(type, end, { signal });
  box.addEventListener('wheel', (e) => {
    camera.enlarge(Math.exp(-e.deltaY * (e.deltaMode === 1 ? 0.05 : 0.0015)));
    changed();
    e.preventDefault();
  }, { passive: false, signal });
  const reset = () => {
    speed.azimuth = speed.elevation = 0;
    camera.place();
    changed();
  };
  box.addEventListener('dblclick', (e) => e.target instanceof HTMLCanvasElement && reset(), { signal });
  box.addEventListener('keydown', (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || !(e.target instanceof HTMLCanvasElement)) return;
    const arrow = ARROWS[e.key];
    if (arrow) camera.turn(arrow[0], arrow[1]);
    else if (e.key === '+' || e.key === '=') camera.enlarge(1.15);
    else if (e.key === '-') camera.enlarge(1 / 1.15);
    else if (e.key === '0') reset();
    else return;
    changed();
    e.preventDefault();
    e.stopPropagation(); // elsewhere arrow keys step in time
  }, { signal });

  return {
    /** Turns on for a moment after a drag. @param {number} now milliseconds */
    tick(now) {
      const passed = Math.min(50, now - last);
      last = now;
      if (pointers.size > 0 || (!speed.azimuth && !speed.elevation)) return;
      camera.turn(speed.azimuth * passed, speed.elevation * passed);
      const left = Math.exp(-passed / DECAY);
      speed.azimuth *= left;
      speed.elevation *= left;
      if (Math.hypot(speed.azimuth, speed.elevation) < 0.004) speed.azimuth = speed.elevation = 0;
      changed();
    },
  };
}
