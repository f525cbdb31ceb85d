import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { decodeFrame } from '../js/wire.js';

// One frame, byte by byte as the wire's document has it: a 3 x 2 grid, one push, two scalars and a
// section of a kind that does not exist yet.
const GOLDEN = [
  '45424d31 01 00 4000 0300 0200 07000000 2a00000000000000 03000000 04000000', // EBM1, version, enc, header, nx, ny, seq, step, generation, sections
  '0000000000c05e40 0000c0bf 0000c03f 000000c0 00000040 000080be 00001041', // 123 ms, -1.5, 1.5, -2, 2, -0.25, 9
  '0100 00 03 02000000 a000000000000000 1800000000000000', // 1 grid
  '6300 07 01 01000000 b800000000000000 0800000000000000', // 99 unknown, in an unknown encoding
  '0200 00 05 01000000 c000000000000000 1400000000000000', // 2 pushes
  '0600 00 01 02000000 d800000000000000 1000000000000000', // 6 scalars
  '00000000 0000803f 00000040 00004040 00008040 0000a040', // 0 1 2 3 4 5
  'ffffffffffffffff',
  '0000003f 0000803e 00000000 0000003e 0000803f 00000000', // 0.5 0.25 0 0.125 1, padding
  '000000000000f03f 000000000000f87f', // 1 NaN
].join('').replaceAll(' ', '');

/** @param {string} hex */
const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (b) => parseInt(b, 16));

/** @param {(b:Uint8Array, v:DataView) => void} [change] */
function golden(change) {
  const b = bytes(GOLDEN);
  change?.(b, new DataView(b.buffer));
  return b.buffer;
}

test('decodeFrame reads the golden bytes', () => {
  const buffer = golden();
  const frame = decodeFrame(buffer);
  const { grid, pushes, scalars, paths, particles, marks, field, proposals, change, pictures, ...rest } = frame;
  assert.deepEqual(rest, { nx: 3, ny: 2, seq: 7, step: 42, generation: 3, time: 123, x0: -1.5, x1: 1.5, y0: -2, y1: 2, lo: -0.25, hi: 9, since: NaN });
  assert.deepEqual([...grid], [0, 1, 2, 3, 4, 5]);
  assert.deepEqual([...pushes], [0.5, 0.25, 0, 0.125, 1]);
  assert.deepEqual([...scalars], [1, NaN]);
  for (const none of [paths, particles, marks, field, proposals, change, pictures ?? [0]]) assert.equal(none.length, 0);
  assert.equal(grid.buffer, buffer, 'the grid is a view, not a copy');
});

test('decodeFrame says what is wrong', async (t) => {
  /** @type {[string, (b:Uint8Array, v:DataView) => void, RegExp][]} */
  const cases = [
    ['another message', (b) => b.fill(0x7b, 0, 4), /does not start with EBM1/],
    ['another version', (b) => { b[4] = 2; }, /version 1; this one is of version 2/],
    ['an encoding of the future', (b) => { b[5] = 3; }, /encoded as 3/],
    ['too many sections', (_, v) => v.setUint32(28, 1e6, true), /list of 1000000 sections/],
    ['a header that is too short', (_, v) => v.setUint16(6, 8, true), /list of 4 sections/],
    ['a grid of another size', (_, v) => v.setUint16(8, 4, true), /grid have 6 numbers where 8/],
    ['pushes beyond the end', (_, v) => v.setUint32(64 + 48 + 16, 400, true), /ends within its pushes/],
    ['pushes at an offset beyond numbers', (_, v) => v.setUint32(64 + 48 + 12, 0xffffffff, true), /ends within its pushes/],
    ['pushes of six columns', (b) => { b[64 + 48 + 3] = 6; }, /pushes have/],
    ['unaligned scalars', (_, v) => v.setUint32(64 + 72 + 8, 0xd4, true), /scalars are not aligned/],
    ['a grid in an encoding of its own', (b) => { b[66] = 3; }, /grid are in an encoding/],
    ['no grid', (b) => { b[64] = 99; }, /has no grid/],
  ];
  for (const [name, change, message] of cases) {
    await t.test(name, () => assert.throws(() => decodeFrame(golden(change)), { name: 'Error', message }));
  }
});

test('decodeFrame refuses every truncated frame with a sentence', () => {
  const whole = golden();
  for (let n = 0; n < whole.byteLength; n++) {
    assert.throws(() => decodeFrame(whole.slice(0, n)), /(frame|message)/, `${n} bytes`);
    assert.throws(() => decodeFrame(whole.slice(0, n)), (/** @type {unknown} */ e) => e instanceof Error && !(e instanceof RangeError), `${n} bytes`);
  }
});

test('decodeFrame never fails but with a sentence, whatever byte is changed', () => {
  for (let i = 0; i < GOLDEN.length / 2; i++) {
    for (const value of [0, 1, 0x7f, 0xff]) {
      try {
        decodeFrame(golden((b) => { b[i] = value; }));
      } catch (e) {
        assert.match(String(e), /^Error: .*(frame|message)/, `byte ${i} = ${value}: ${e}`);
      }
    }
  }
});

/** @type {{packed:string, meant:string}[]} frames that Go wrote, and what they mean in the encoding f32 */
const PACKED = JSON.parse(readFileSync(new URL('testdata/packed.json', import.meta.url), 'utf8'));
/** @param {string} base64 */
const decoded = (base64) => new Uint8Array(Buffer.from(base64, 'base64')).buffer;

test('decodeFrame reads packed frames as Go reads them', () => {
  let exact = 0;
  for (const { packed, meant } of PACKED) {
    const got = /** @type {any} */ (decodeFrame(decoded(packed))), want = /** @type {any} */ (decodeFrame(decoded(meant)));
    assert.deepEqual(got.pictures, want.pictures);
    assert.equal(got.pictures.length, 2);
    for (const [name, value] of Object.entries(want)) {
      if (typeof value === 'number' || name === 'scalars') assert.deepEqual(got[name], value, name);
      else if (name === 'grid' || name === 'change') exact += near(got[name], value, name) ? 1 : 0;
      else if (name !== 'pictures') value.forEach((/** @type {number} */ v, /** @type {number} */ i) => assert.ok(Math.abs(got[name][i] - v) <= 1e-6 + 1e-6 * Math.abs(v), `${name} ${i}: ${got[name][i]} ${v}`));
    }
  }
  assert.ok(exact >= 2, 'some grids have fine codes');
});

/**
 * Grids of fine codes are equal; those of coarse ones are smoothed by half a step at most, which is not
 * more than half of the distance to the next value that is there.
 * @param {Float32Array} got
 * @param {Float32Array} want
 * @param {string} name
 */
function near(got, want, name) {
  const there = [...new Set(want)].sort((a, b) => a - b);
  let equal = true;
  assert.equal(got.length, want.length);
  for (let i = 0; i < want.length; i++) {
    const k = there.indexOf(want[i]), v = want[i];
    const gap = Math.max(v - (there[k - 1] ?? there[0]), (there[k + 1] ?? v) - v);
    const off = Math.abs(got[i] - v);
    if (off > 2e-6 * Math.abs(v)) equal = false;
    assert.ok(off <= 0.51 * gap + 2e-6 * Math.abs(v), `${name} ${i}: ${got[i]} ${v}, ${gap}`);
  }
  return equal;
}

test('a frame of small pictures, or of none, needs no grid', () => {
  const b = new Uint8Array(decoded(PACKED[0].packed));
  const v = new DataView(b.buffer);
  v.setUint32(8, 0, true); // no cells
  for (let i = 0; i < v.getUint32(28, true); i++) if (v.getUint16(64 + 24 * i, true) !== 11) v.setUint16(64 + 24 * i, 99, true);
  const frame = decodeFrame(b.buffer);
  assert.equal(frame.grid.length, 0);
  assert.equal(frame.pictures?.[0].cells.length, 35);
  v.setUint32(28, 0, true); // no sections
  assert.equal(decodeFrame(b.buffer).pictures?.length, 0);
});

test('a packed frame that is cut or changed is refused with a sentence, or is read', () => {
  for (const { packed } of PACKED.slice(0, 2)) {
    const whole = decoded(packed);
    for (let n = 0; n < whole.byteLength - 8; n += 3) assert.throws(() => decodeFrame(whole.slice(0, n)), /^Error: .*(frame|message)/, `${n} bytes`);
    let refused = 0;
    for (let i = 0; i < whole.byteLength; i++) {
      const b = new Uint8Array(whole.slice(0));
      b[i] ^= 1 + ((i * 89) % 255);
      try {
        const { grid, change } = decodeFrame(b.buffer);
        for (const v of [...grid, ...change]) if (Number.isNaN(v)) assert.fail(`byte ${i}: NaN`);
      } catch (e) {
        assert.match(String(e), /^Error: .*(frame|message)/, `byte ${i}: ${e}`);
        refused++;
      }
    }
    assert.ok(refused > 50, `${refused} were refused`);
  }
});
