import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLandscape } from '../js/landscape/index.js';
import { Surface3D } from '../js/relief/surface3d.js';
import { frameOf, sceneOf, spiral } from './landscape-frames.js';
import { RoomData } from '../js/room-data.js';

/** A WebGL2 context that can only be lost. @param {() => void} lose */
function fakeGL(lose) {
  /** @type {Record<string, any>} */
  const known = {
    getExtension: (/** @type {string} */ name) => (name === 'WEBGL_lose_context' ? { loseContext: lose } : null),
    getParameter: () => 'a graphics card',
    getShaderParameter: () => true,
    getProgramParameter: () => true,
  };
  return new Proxy(known, { get: (target, name) => target[String(name)] ?? (() => ({})), set: (target, name, value) => ((target[String(name)] = value), true) });
}

/** A page of canvases that counts the WebGL contexts that are alive and the listeners. */
function fakePage() {
  const page = { contexts: 0, listeners: 0, pixels: 0, canvas };
  /** @returns {any} */
  function canvas() {
    /** @type {Map<string, Set<() => void>>} */
    const listeners = new Map();
    /** @type {any} */
    let context = null;
    const node = {
      width: 1, height: 1, clientWidth: 40, clientHeight: 40, dataset: {},
      getContext(/** @type {string} */ kind) {
        if (context) return context.kind === kind ? context : null;
        if (kind === 'webgl2') {
          page.contexts++;
          context = fakeGL(() => {
            page.contexts--;
            for (const f of [...listeners.get('webglcontextlost') ?? []]) f();
          });
        } else {
          const known = /** @type {Record<string, any>} */ ({ createImageData: (/** @type {number} */ w, /** @type {number} */ h) => ({ data: new Uint8ClampedArray(4 * w * h) }), measureText: () => ({ width: 9 }) });
          context = new Proxy(known, { get: (target, name) => target[String(name)] ?? (() => {}), set: (target, name, value) => ((target[String(name)] = value), true) });
        }
        context.kind = kind;
        context.canvas = node;
        return context;
      },
      addEventListener(/** @type {string} */ name, /** @type {() => void} */ f) {
        listeners.set(name, new Set([...listeners.get(name) ?? [], f]));
        page.listeners++;
      },
      removeEventListener(/** @type {string} */ name, /** @type {() => void} */ f) {
        if (listeners.get(name)?.delete(f)) page.listeners--;
      },
      cloneNode: () => canvas(),
      replaceWith() {},
    };
    return node;
  }
  Object.assign(globalThis, { window: { devicePixelRatio: 1 }, document: { createElement: canvas }, Path2D: class { moveTo() {} lineTo() {} arc() {} closePath() {} addPath() {} } });
  return page;
}

const frame = frameOf(16, spiral);
const scene = sceneOf({ reducedMotion: true });

/** @param {ReturnType<typeof fakePage>} page @param {'auto'|'webgl2'|'canvas2d'} renderer */
function landscapeOn(page, renderer) {
  const on = { canvas: page.canvas(), overlay: page.canvas(), bar: page.canvas(), renderer };
  const landscape = createLandscape(on);
  landscape.draw(frame, scene, 0);
  return { ...on, landscape };
}

test('dispose gives back the WebGL context, the listener and the pixels, however often', () => {
  const page = fakePage();
  for (let i = 0; i < 40; i++) {
    const { landscape, canvas, overlay, bar } = landscapeOn(page, 'auto');
    assert.equal(landscape.renderer, 'webgl2');
    assert.equal(page.contexts, 1, `before closing number ${i}`);
    landscape.dispose();
    assert.equal(page.contexts, 0, `after closing number ${i}`);
    assert.equal(page.listeners, 0);
    for (const c of [canvas, overlay, bar]) assert.deepEqual([c.width, c.height], [0, 0]);
    assert.equal(landscape.renderer, 'webgl2', 'its own loss does not open another renderer');
  }
});

test('a context that the browser takes away is followed by Canvas2D, once', () => {
  const page = fakePage();
  const { landscape, canvas } = landscapeOn(page, 'webgl2');
  canvas.getContext('webgl2').getExtension('WEBGL_lose_context').loseContext();
  assert.equal(landscape.renderer, 'canvas2d');
  assert.equal(page.listeners, 0);
  landscape.draw({ ...frame }, scene, 100);
  landscape.dispose();
  assert.equal(page.contexts, 0);
});

test('the 3-D view gives back the same', () => {
  const page = fakePage();
  const { landscape } = landscapeOn(page, 'webgl2');
  const store = /** @type {any} */ (Object.assign(new RoomData(), { frame, scene, view: { tool: 'ask', at: null, answer: null }, marblePositions: new Float32Array(0), pointsOf: () => scene.points }));
  for (let i = 0; i < 40; i++) {
    const [canvas, over] = [page.canvas(), page.canvas()];
    const surface = new Surface3D(canvas, over, landscape, store);
    surface.draw(0);
    assert.equal(canvas.dataset.renderer, 'webgl2');
    assert.equal(page.contexts, 2);
    surface.dispose();
    assert.deepEqual([page.contexts, page.listeners, canvas.width, over.width], [1, 1, 0, 0]);
  }
});
