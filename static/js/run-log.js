// run-log.js: the moves of a run's knobs as the text of a link: `log=`, base64url of raw deflate of
//
//   [{"kick":0.3},[100,"kick",0.5],[250,"data.noise",0.1]]
//
// first the values at step 0 that differ from the defaults, then each move with its step.

/** @typedef {import('./address.js').Value} Value */
/** @typedef {{step:number, set:{knob:string, value:Value}}} Move */
/** A run's beginning and its moves, as `open` takes them. @typedef {{knobs:Record<string, Value>, log:Move[], model?:string}} RunLog */

/** @param {RunLog} log */
export async function encodeLog({ knobs, log, model }) {
  const start = model === undefined ? [knobs] : [knobs, model];
  const text = JSON.stringify([...start, ...log.map(({ step, set }) => [step, set.knob, set.value])]);
  const packed = await through(new CompressionStream('deflate-raw'), new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...packed)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The most bytes that the text of a link may be unpacked to, the most that a message may have. */
const MOST = 60_000;

/** Returns what encodeLog wrote; null for anything else. @param {string} text @returns {Promise<RunLog|null>} */
export async function decodeLog(text) {
  try {
    const packed = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    const [knobs, ...rest] = JSON.parse(new TextDecoder().decode(await through(new DecompressionStream('deflate-raw'), packed)));
    const model = typeof rest[0] === 'string' ? rest.shift() : undefined;
    if (knobs === null || typeof knobs !== 'object' || Array.isArray(knobs)) return null;
    const log = rest.map((/** @type {[number, string, Value]} */ [step, knob, value]) => ({ step, set: { knob, value } }));
    return { knobs, log, ...(model !== undefined && { model }) };
  } catch {
    return null;
  }
}

/**
 * The configuration as `open` takes it: a link with a log opens with the values of its beginning.
 * Where the log cannot be read, it opens with the values that the link has besides.
 * @template {{log?:string, knobs:Record<string, Value>}} C
 * @param {C} config
 * @returns {Promise<Omit<C, 'log'> & {log?:Move[]}>}
 */
export async function opening({ log: text, ...config }) {
  const log = text ? await decodeLog(text) : null;
  return { ...config, ...(log && { knobs: log.knobs, log: log.log }) };
}

/** @param {CompressionStream|DecompressionStream} stream @param {Uint8Array<ArrayBuffer>} bytes */
async function through(stream, bytes) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  /** @type {number[]} */
  const all = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Uint8Array.from(all);
    if (all.length + value.length > MOST) throw new RangeError('too long');
    for (const byte of value) all.push(byte);
  }
}
