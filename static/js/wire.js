// wire.js: reads the binary frames of a room; one message is one whole instant.
// Sections in the encodings "compact" and "small" are read by wire-packed.js.

/** @import {Frame, SmallPicture} from './types.js' */
import { isPacked, readPictures, unpackGrid, unpackRows } from './wire-packed.js';

const MAGIC = 0x314d4245; // "EBM1" read as a little-endian u32
const HEADER = 64;
const ENTRY = 24;

/**
 * The sections that the page reads, by id: the name in a frame, how many
 * numbers make a row (0: any), and of which kind. The grid's rows are as long as it is wide.
 * @type {Record<number, {name:'grid'|'pushes'|'paths'|'particles'|'marks'|'scalars'|'field'|'proposals'|'change'|'since',
 *   columns:number, kind:typeof Float32Array|typeof Float64Array}>}
 */
const SECTIONS = {
  1: { name: 'grid', columns: 0, kind: Float32Array },
  2: { name: 'pushes', columns: 5, kind: Float32Array },
  3: { name: 'paths', columns: 3, kind: Float32Array },
  4: { name: 'particles', columns: 2, kind: Float32Array },
  5: { name: 'marks', columns: 4, kind: Float32Array },
  6: { name: 'scalars', columns: 0, kind: Float64Array },
  7: { name: 'field', columns: 4, kind: Float32Array },
  8: { name: 'proposals', columns: 5, kind: Float32Array },
  9: { name: 'change', columns: 0, kind: Float32Array },
  10: { name: 'since', columns: 1, kind: Float64Array },
};
const PICTURES = 11;

const NONE = new Float32Array(0);
const NO_SCALARS = new Float64Array(0);
/** @type {SmallPicture[]} */
const NO_PICTURES = [];

/**
 * Reads one frame. The arrays of sections in the encoding f32 are views into the message: nothing is
 * copied. A section that this page does not know is skipped. A frame of small pictures, which may be none, has no cells and no grid.
 * @param {ArrayBuffer} buffer one binary message
 * @returns {Frame}
 * @throws {Error} a sentence, if the message is not a frame or ends too soon
 */
export function decodeFrame(buffer) {
  if (buffer.byteLength < HEADER) throw new Error(`a frame starts with ${HEADER} bytes; this message has ${buffer.byteLength}`);
  const v = new DataView(buffer);
  if (v.getUint32(0, true) !== MAGIC) throw new Error('this message is not a frame: it does not start with EBM1');
  if (v.getUint8(4) !== 1) throw new Error(`this page reads frames of version 1; this one is of version ${v.getUint8(4)}`);
  if (v.getUint8(5) > 2) throw new Error(`this page reads frames of the encodings 0 to 2; this one is encoded as ${v.getUint8(5)}`);
  const header = v.getUint16(6, true);
  /** @type {Frame} */
  const frame = {
    nx: v.getUint16(8, true),
    ny: v.getUint16(10, true),
    seq: v.getUint32(12, true),
    step: Number(v.getBigUint64(16, true)),
    generation: v.getUint32(24, true),
    time: v.getFloat64(32, true),
    x0: v.getFloat32(40, true),
    x1: v.getFloat32(44, true),
    y0: v.getFloat32(48, true),
    y1: v.getFloat32(52, true),
    lo: v.getFloat32(56, true),
    hi: v.getFloat32(60, true),
    grid: NONE,
    pushes: NONE,
    paths: NONE,
    particles: NONE,
    marks: NONE,
    scalars: NO_SCALARS,
    field: NONE,
    proposals: NONE,
    change: NONE,
    since: NaN,
    pictures: NO_PICTURES,
  };
  const sections = v.getUint32(28, true);
  if (header < HEADER || header + sections * ENTRY > buffer.byteLength) {
    throw new Error(`the frame ends within its list of ${sections} sections`);
  }
  for (let i = 0; i < sections; i++) section(frame, v, header + i * ENTRY);
  if (frame.grid.length === 0 && frame.nx > 0) throw new Error('the frame has no grid');
  return frame;
}

/**
 * Puts one section into the frame.
 * @param {Frame} frame
 * @param {DataView} v
 * @param {number} at where the section's entry starts
 */
function section(frame, v, at) {
  const id = v.getUint16(at, true);
  const known = SECTIONS[id];
  if (!known && id !== PICTURES) return;
  const name = known ? known.name : 'pictures';
  const enc = v.getUint8(at + 2);
  const columns = v.getUint8(at + 3);
  const rows = v.getUint32(at + 4, true);
  const offset = Number(v.getBigUint64(at + 8, true));
  const bytes = Number(v.getBigUint64(at + 16, true));
  if (offset + bytes > v.byteLength) throw new Error(`the frame ends within its ${name}`);
  if (name === 'pictures') {
    if (enc !== 0 && !isPacked(enc)) throw new Error(`the frame's ${name} are in an encoding that this page does not read`);
    frame.pictures = readPictures(new DataView(v.buffer, offset, bytes), enc, rows);
    return;
  }
  if (isPacked(enc) && name !== 'scalars' && name !== 'since') {
    const part = new DataView(v.buffer, offset, bytes);
    if (name === 'grid' || name === 'change') {
      if (rows !== frame.ny) throw new Error(`the frame's ${name} have ${rows} rows where ${frame.ny} are expected`);
      frame[name] = unpackGrid(part, frame, name);
      return;
    }
    if (columns !== known.columns) throw new Error(`the frame's ${name} have ${columns} columns where ${known.columns} are expected`);
    frame[name] = unpackRows(part, frame, name, enc, rows, columns);
    return;
  }
  if (enc !== 0) throw new Error(`the frame's ${name} are in an encoding that this page does not read`);
  const size = known.kind.BYTES_PER_ELEMENT;
  if (offset % size !== 0 || bytes % size !== 0) throw new Error(`the frame's ${name} are not aligned`);
  const values = bytes / size;
  // A row of the grid is longer than the entry's one byte can say, so the header says it.
  const plane = name === 'grid' || name === 'change';
  const want = plane ? frame.nx * frame.ny : rows * (known.columns || columns);
  if (values !== want || (known.columns && columns !== known.columns) || (plane && rows !== frame.ny)) {
    throw new Error(`the frame's ${name} have ${values} numbers where ${want} are expected`);
  }
  if (name === 'since') frame.since = new Float64Array(v.buffer, offset, 1)[0];
  else if (name === 'scalars') frame.scalars = new Float64Array(v.buffer, offset, values);
  else frame[name] = new Float32Array(v.buffer, offset, values);
}
