import test from 'node:test';
import assert from 'node:assert/strict';
import { AddressBar, decode, differing, encode, onlyHere, VERSION, withFormerDefaults } from '../js/address.js';
import { catalog } from './catalog.js';

/** @param {string} fragment */
const again = (fragment) => encode(decode(fragment));

test('decode returns what encode wrote', () => {
  for (const fragment of [
    `#v=${VERSION}&model=cd&data=spiral`,
    `#v=${VERSION}&model=dae&data=moons&seed=7&step=400&k.data.noise=0.1&k.jitter=false&k.variant=mala&view.spacing=log&hide=data,up&renderer=canvas2d`,
    `#v=${VERSION}&model=kmeans&data=spiral&k.start=kmeans%2B%2B`,
    '#room=abc',
  ]) assert.equal(again(fragment), fragment);
});

test('a link keeps the units of the points, whatever their names are', () => {
  for (const names of /** @type {[string, string][]} */ ([['eruptions', 'waiting'], ['a,b&c=%', 'Größe #2'], ['<b>', '%41']])) {
    const axes = { names, scale: /** @type {[number, number]} */ ([1.296296296296296, 19.62962962962963]), offset: /** @type {[number, number]} */ ([3.35, -1e-7]) };
    const fragment = encode({ knobs: {}, view: {}, hide: [], data: 'custom', points: 'p.AAAA', axes });
    assert.deepEqual(decode(fragment).axes, axes, fragment);
  }
  assert.ok(encode({ knobs: {}, view: {}, hide: [], points: 'h.x', axes: { names: ['eruptions', 'waiting'], scale: [1, 2], offset: [0, 3] } }).endsWith('&axes=eruptions,waiting,1,2,0,3'));
  assert.deepEqual(decode('#points=h.x&axes=,,1,2,3,4').axes, { scale: [1, 2], offset: [3, 4] });
  for (const wrong of ['', 'a,b', 'a,b,0,1,0,0', 'a,b,-1,1,0,0', 'a,b,1,1,x,0', '%25,b,1,1,0,0', 'a,b,1,1,0,0,0']) assert.equal(decode(`#points=h.x&axes=${wrong}`).axes, undefined, wrong);
  assert.equal(decode('#data=spiral&axes=a,b,1,2,3,4').axes, undefined);
});

test('values keep their kind', () => {
  const { knobs } = decode('#k.a=1e-3&k.b=true&k.c=false&k.d=silu&k.e=-2&k.f=&k.g=Infinity');
  assert.deepEqual(knobs, { a: 0.001, b: true, c: false, d: 'silu', e: -2, f: '', g: 'Infinity' });
});

test('nonsense is left out, the rest is kept', () => {
  for (const [fragment, want] of [
    ['#%%%&&&==', `#v=${VERSION}`],
    ['#model=cd&seed=-1&step=2.5&other=3', `#v=${VERSION}&model=cd`],
    ['#seed=99999999999999999999', `#v=${VERSION}`],
    ['', `#v=${VERSION}`],
    ['#hide=,,', `#v=${VERSION}`],
  ]) assert.equal(again(fragment), want);
});

test('a link of an earlier version opens with the defaults of its time', () => {
  assert.equal(catalog.links.version, VERSION);
  /** @param {string} fragment */
  const opened = (fragment) => {
    const { data, knobs } = withFormerDefaults(decode(fragment), catalog);
    return { data, knobs };
  };
  for (const [fragment, data, knobs] of /** @type {const} */ ([
    ['#v=1&model=cae&data=spiral', 'spiral', { lambda: 0.1 }],
    ['#v=1&model=cae&data=spiral&k.lambda=0.5&k.eps=0.2', 'spiral', { lambda: 0.5, eps: 0.2 }],
    ['#v=1&model=latent&data=circle', 'circle', { branches: 4 }],
    ['#v=1&model=leastsquares', 'scurve', {}],
    ['#v=1&model=leastsquares&data=moons', 'moons', {}],
    ['#v=1&model=cd&data=spiral', 'spiral', {}],
    ['#v=2&model=kmeans', undefined, { start: 'kmeans++' }],
    ['#v=2&model=cae', undefined, {}],
    ['#v=1', undefined, {}],
  ])) assert.deepEqual(opened(fragment), { data, knobs }, fragment);
  for (const v of [`v=${VERSION}&`, `v=${VERSION + 1}&`, 'v=x&', 'v=0&', '']) {
    for (const model of ['cae', 'latent', 'leastsquares', 'kmeans']) assert.deepEqual(opened(`#${v}model=${model}`), { data: undefined, knobs: {} });
  }
});

test('of several former defaults a link opens with that of its time', () => {
  const former = [{ until: 1, model: 'm', knobs: { a: 1 } }, { until: 2, model: 'm', knobs: { a: 2, b: 2 } }];
  const config = { model: 'm', knobs: {}, view: {}, hide: [] };
  const knobsOf = (/** @type {number|undefined} */ earlier) => withFormerDefaults({ ...config, earlier }, { ...catalog, links: { version: 3, former } }).knobs;
  assert.deepEqual([knobsOf(1), knobsOf(2), knobsOf(undefined)], [{ a: 1, b: 2 }, { a: 2, b: 2 }, {}]);
});

test('a token is read and never written', () => {
  const config = decode('#room=abc&token=secret');
  assert.equal(config.token, 'secret');
  assert.equal(encode(config), '#room=abc');
});

const knobs = /** @type {any[]} */ ([{ name: 'k', default: 32 }, { name: 'data.noise', default: 0.04 }]);
const state = /** @type {any} */ ({ model: 'kmeans', data: 'spiral', seed: 1, step: 12, playing: true, knobs: { k: 32, 'data.noise': 0.1 } });

test('encode writes what differs from the defaults, and the step only while paused', () => {
  const bare = { view: {}, hide: [] };
  assert.equal(encode({ ...differing(state, knobs), ...bare }), `#v=${VERSION}&model=kmeans&data=spiral&k.data.noise=0.1`);
  assert.equal(encode({ ...differing({ ...state, playing: false, seed: 3, step: 0 }, knobs), ...bare }), `#v=${VERSION}&model=kmeans&data=spiral&seed=3&step=0&k.data.noise=0.1`);
});

test('the address bar is written no more often than browsers allow', () => {
  /** @type {string[]} */
  const written = [];
  const bar = new AddressBar((f) => written.push(f), { capacity: 3, perSecond: 2 });
  const results = [0, 1, 2, 3, 4].map((i) => bar.write(`#${i}`, 1000));
  assert.deepEqual(results, [true, true, true, false, false]);
  assert.equal(bar.write('#2', 1000), true, 'what stands there already costs nothing');
  assert.equal(bar.write('#4', 1400), false);
  assert.equal(bar.write('#4', 1500), true);
  assert.deepEqual(written, ['#0', '#1', '#2', '#4']);
  for (let ms = 0; ms < 30000; ms += 10) bar.write(`#x${ms}`, 2000 + ms);
  assert.ok(written.length <= 4 + 3 + 60, `${written.length} writes in 30 s`);
});

test('an address of loopback works on this computer only', () => {
  for (const address of ['http://localhost:8080/', 'http://viz.localhost/', 'http://127.0.0.1:8080/#v=1', 'http://127.1.2.3/', 'http://[::1]:8080/viz/']) assert.ok(onlyHere(address), address);
  for (const address of ['https://viz.school/', 'http://192.168.1.7:8080/', 'http://127.evil.example/', 'http://localhost.evil/', 'http://[2001:db8::1]/']) assert.ok(!onlyHere(address), address);
});
