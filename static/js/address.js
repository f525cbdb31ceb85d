// address.js: the configuration as a URL fragment and back. A lesson is a link.
//
//   #v=3&model=cd&data=spiral&seed=7&step=400&k.kick=0.5&log=...&view.spacing=log&hide=data
//
// Only what differs from the defaults is written, besides model and data. `v` is the version: a
// link of an earlier one opens with the defaults of its time. `step` is written
// while paused: a link with a step opens there, paused; one without opens playing. `log` has the
// knobs as they were at step 0 and their moves (run-log.js), if any was moved; `k.` are the present ones.

/** @typedef {string|number|boolean} Value */

/** The version of the addresses that are written here; the catalogue has the same. */
export const VERSION = 3;

/** The longest fragment that is written with a log, for the programs that a link passes through. */
export const LONGEST_LINK = 8000;

/**
 * @typedef {object} Config
 * @property {string} [model]
 * @property {string} [data]
 * @property {string} [points]  the user's own: their code, or their name on the server
 * @property {import('./types.js').Axes} [axes]  the units of those: `axes=NAME,NAME,SCALE,SCALE,OFFSET,OFFSET`, each escaped
 * @property {boolean} [newer]  written by a version that this one does not know
 * @property {number} [earlier]  the version of the link, if it is an earlier one
 * @property {number} [seed]
 * @property {number} [step]
 * @property {string} [log]  the knobs at step 0 and their moves, see run-log.js
 * @property {Record<string, Value>} knobs
 * @property {Record<string, string>} view
 * @property {string[]} hide
 * @property {string} [renderer]
 * @property {string} [room]
 * @property {string} [token]
 * @property {string} [join]  the code of a class to join; it is never written
 */

/**
 * Reads a fragment. What cannot be understood is left out: an old link still opens.
 * @param {string} fragment  with or without its #
 * @returns {Config}
 */
export function decode(fragment) {
  /** @type {Config} */
  const config = { knobs: {}, view: {}, hide: [] };
  for (const [key, text] of new URLSearchParams(fragment.replace(/^#/, ''))) {
    if (key.startsWith('k.')) config.knobs[key.slice(2)] = value(text);
    else if (key.startsWith('view.')) config.view[key.slice(5)] = text;
    else if (key === 'v') {
      const version = Number(text);
      config.newer = version > VERSION || undefined;
      config.earlier = version > 0 && version < VERSION ? version : undefined;
    }
    else if (key === 'axes') config.axes = readAxes(text);
    else if (key === 'hide') config.hide = text.split(',').filter(Boolean);
    else if (key === 'seed' || key === 'step') {
      if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text))) config[key] = Number(text);
    } else if (key === 'model' || key === 'data' || key === 'points' || key === 'log' || key === 'renderer' || key === 'room' || key === 'token' || key === 'join') config[key] = text;
  }
  if (!config.points) delete config.axes; // they are the units of points
  return config;
}

/**
 * The configuration with the defaults of its time, which it does not contain: where a default has
 * changed since, the value that the link was written for.
 * @template {Pick<Config, 'model'|'data'|'knobs'|'earlier'>} C
 * @param {C} config
 * @param {import('./types.js').Catalog} catalog
 * @returns {C}
 */
export function withFormerDefaults(config, { links }) {
  const { earlier = Infinity, model } = config;
  return links.former
    .filter((d) => d.model === model && d.until >= earlier)
    .reduce((c, { data, knobs }) => ({ ...c, data: c.data ?? data, knobs: { ...knobs, ...c.knobs } }), config);
}

/**
 * A knob's value as written: a number (also `.5` or `1e-3`), true or false, or a word.
 * @param {string} text
 * @returns {Value}
 */
function value(text) {
  if (text === 'true') return true;
  if (text === 'false') return false;
  const number = Number(text);
  return text.trim() !== '' && Number.isFinite(number) ? number : text;
}

/** The most letters of a name, as the server has it. */
const LONGEST = 64;

/** @param {string} text @returns {import('./types.js').Axes|undefined} */
function readAxes(text) {
  const parts = text.split(',');
  const numbers = parts.slice(2).map(Number);
  if (parts.length !== 6 || !numbers.every(Number.isFinite) || !(numbers[0] > 0 && numbers[1] > 0)) return undefined;
  try {
    const [a, b] = parts.slice(0, 2).map((name) => decodeURIComponent(name).slice(0, LONGEST));
    const [s1, s2, o1, o2] = numbers;
    return { ...((a || b) && { names: /** @type {[string, string]} */ ([a, b]) }), scale: [s1, s2], offset: [o1, o2] };
  } catch {
    return undefined; // a % that escapes nothing
  }
}

/** @param {import('./types.js').Axes} axes */
const writeAxes = ({ names = ['', ''], scale, offset }) => [...names, ...scale, ...offset].map(encodeURIComponent).join(',');

/**
 * Writes a fragment, with its #. A log is left out without a step, and where it makes the fragment too long.
 * @param {Config} config
 * @returns {string}
 */
export function encode(config) {
  /** @type {[string, Value][]} */
  const parts = [];
  if (config.room) {
    parts.push(['room', config.room]);
  } else {
    parts.push(['v', VERSION]);
    if (config.model) parts.push(['model', config.model]);
    if (config.data) parts.push(['data', config.data]);
    if (config.points) parts.push(['points', config.points]);
    if (config.points && config.axes) parts.push(['axes', writeAxes(config.axes)]);
    if (config.seed !== undefined) parts.push(['seed', config.seed]);
    if (config.step !== undefined) parts.push(['step', config.step]);
    for (const name of Object.keys(config.knobs).sort()) parts.push([`k.${name}`, config.knobs[name]]);
    if (config.log && config.step !== undefined) parts.push(['log', config.log]);
  }
  for (const name of Object.keys(config.view).sort()) parts.push([`view.${name}`, config.view[name]]);
  if (config.hide.length) parts.push(['hide', config.hide.join(',')]);
  if (config.renderer) parts.push(['renderer', config.renderer]);
  const fragment = '#' + parts.map(([k, v]) => `${k}=${encodeURIComponent(String(v)).replaceAll('%2C', ',')}`).join('&');
  return config.log && fragment.length > LONGEST_LINK ? encode({ ...config, log: undefined }) : fragment;
}

/**
 * Whether an address works on this computer only, so that no other device can open it.
 * @param {string} address
 */
export function onlyHere(address) {
  const { hostname } = new URL(address);
  return /^(?:.*\.)?localhost$|^127(\.\d+){3}$|^\[::1\]$/.test(hostname);
}

/**
 * What of the state differs from the defaults of its model and data.
 * @param {import('./types.js').RoomState} state
 * @param {import('./types.js').Knob[]} knobs  the model's and the data's, by full name
 * @returns {Pick<Config, 'model'|'data'|'points'|'seed'|'step'|'knobs'>}
 */
export function differing(state, knobs) {
  /** @type {Record<string, Value>} */
  const changed = {};
  for (const knob of knobs) {
    const now = state.knobs[knob.name];
    if (now !== undefined && now !== knob.default) changed[knob.name] = now;
  }
  return {
    model: state.model,
    data: state.data,
    points: state.own,
    seed: state.seed === 1 ? undefined : state.seed,
    step: state.playing ? undefined : state.step,
    knobs: changed,
  };
}

/**
 * Writes the address bar no more often than browsers allow (the strictest takes 100 writes
 * in 30 s): `capacity` at once, then `perSecond`.
 */
export class AddressBar {
  /**
   * @param {(fragment:string) => void} replace
   * @param {{capacity?:number, perSecond?:number}} [limits]
   */
  constructor(replace, { capacity = 40, perSecond = 2 } = {}) {
    this.replace = replace;
    this.capacity = capacity;
    this.perSecond = perSecond;
    this.tokens = capacity;
    this.last = 0;
    this.written = '';
  }

  /**
   * Reports whether the bar now shows the fragment; if not, it is to be tried again later.
   * @param {string} fragment
   * @param {number} now  milliseconds
   */
  write(fragment, now) {
    if (fragment === this.written) return true;
    this.tokens = Math.min(this.capacity, this.tokens + ((now - this.last) / 1000) * this.perSecond);
    this.last = now;
    if (this.tokens < 1) return false;
    this.tokens--;
    this.written = fragment;
    this.replace(fragment);
    return true;
  }
}
