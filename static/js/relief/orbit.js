// Hands on the body: dragging goes round it, two fingers or the wheel come closer, keys do both.

/** @import {Camera} from './camera.js' */

/** Degrees per CSS pixel of a drag. */
const TURN = 0.45;
/** What an arrow key turns by, in degrees. */
const KEY = 6;
/** Milliseconds in which a turn that was let go loses 63 % of its swing. */
const SWING = 140;

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [KEY, 0], ArrowRight: [-KEY, 0], ArrowUp: [0, KEY], ArrowDown: [0, -KEY] };

/**
 * @param {HTMLElement} box     what is touched
 * @param {Camera} camera
 * @param {() => boolean} still no motion of its own
 * @param {() => void} moved
 */
export function startOrbit(box, camera, still, moved) {
  /** The fingers on it. @type {Map<number, {x:number, y:number}>} */
  const fingers = new Map();
  let swing = { azimuth: 0, elevation: 0, time: 0 };
  let last = 0;

  const spread = () => {
    const [a, b] = fingers.values();
    return Math.hypot(a.x - b.x, a.y - b.y);
  };
  box.addEventListener('pointerdown', (e) => {
    if (e.button > 0 || !(e.target instanceof HTMLCanvasElement)) return;
    fingers.set(e.pointerId, { x: e.clientX, y: e.clientY });
    box.setPointerCapture(e.pointerId);
    swing.azimuth = swing.elevation = 0;
  });
  box.addEventListener('pointermove', (e) => {
    const finger = fingers.get(e.pointerId);
    if (!finger) return;
    const before = fingers.size === 2 ? spread() : 0;
    const dx = e.clientX - finger.x, dy = e.clientY - finger.y;
    Object.assign(finger, { x: e.clientX, y: e.clientY });
    if (fingers.size === 2) camera.enlarge(spread() / Math.max(1, before));
    else if (fingers.size === 1) {
      camera.turn(-TURN * dx, TURN * dy);
      const passed = Math.max(1, e.timeStamp - swing.time);
      swing = { azimuth: (-TURN * dx) / passed, elevation: (TURN * dy) / passed, time: e.timeStamp };
    }
    moved();
  });
  /** @param {PointerEvent} e */
  const end = (e) => {
    fingers.delete(e.pointerId);
    if (still() || e.timeStamp - swing.time > 60) swing.azimuth = swing.elevation = 0;
  };
  for (const type of /** @type {const} */ (['pointerup', 'pointercancel', 'lostpointercapture'])) box.addEventListener(type, end);
  box.addEventListener('wheel', (e) => {
    camera.enlarge(Math.exp(-e.deltaY * (e.deltaMode === 1 ? 0.05 : 0.0015)));
    moved();
    e.preventDefault();
  }, { passive: false });
  const reset = () => {
    swing.azimuth = swing.elevation = 0;
    camera.reset();
    moved();
  };
  box.addEventListener('dblclick', (e) => e.target instanceof HTMLCanvasElement && reset());
  box.addEventListener('keydown', (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || !(e.target instanceof HTMLCanvasElement)) return;
    const arrow = ARROWS[e.key];
    if (arrow) camera.turn(arrow[0], arrow[1]);
    else if (e.key === '+' || e.key === '=') camera.enlarge(1.15);
    else if (e.key === '-') camera.enlarge(1 / 1.15);
    else if (e.key === '0') reset();
    else return;
    moved();
    e.preventDefault();
    e.stopPropagation(); // arrows are steps in time elsewhere
  });

  return {
    /** Lets it swing on for a moment after it was let go. @param {number} now milliseconds */
    tick(now) {
      const passed = Math.min(50, now - last);
      last = now;
      if (fingers.size > 0 || (!swing.azimuth && !swing.elevation)) return;
      camera.turn(swing.azimuth * passed, swing.elevation * passed);
      const left = Math.exp(-passed / SWING);
      swing.azimuth *= left;
      swing.elevation *= left;
      if (Math.hypot(swing.azimuth, swing.elevation) < 0.004) swing.azimuth = swing.elevation = 0;
      moved();
    },
  };
}
