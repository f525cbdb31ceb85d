import assert from 'node:assert/strict';
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
  const { grid, pushes, scalars, paths, particles, marks, field, proposals, change, ...rest } = frame;
  assert.deepEqual(rest, { nx: 3, ny: 2, seq: 7, step: 42, generation: 3, time: 123, x0: -1.5, x1: 1.5, y0: -2, y1: 2, lo: -0.25, hi: 9, since: NaN });
  assert.deepEqual([...grid], [0, 1, 2, 3, 4, 5]);
  assert.deepEqual([...pushes], [0.5, 0.25, 0, 0.125, 1]);
  assert.deepEqual([...scalars], [1, NaN]);
  for (const none of [paths, particles, marks, field, proposals, change]) assert.equal(none.length, 0);
  assert.equal(grid.buffer, buffer, 'the grid is a view, not a copy');
});

test('decodeFrame says what is wrong', async (t) => {
  /** @type {[string, (b:Uint8Array, v:DataView) => void, RegExp][]} */
  const cases = [
    ['another message', (b) => b.fill(0x7b, 0, 4), /does not start with EBM1/],
    ['another version', (b) => { b[4] = 2; }, /version 1; this one is of version 2/],
    ['compact', (b) => { b[5] = 1; }, /encoded as 1/],
    ['too many sections', (_, v) => v.setUint32(28, 1e6, true), /list of 1000000 sections/],
    ['a header that is too short', (_, v) => v.setUint16(6, 8, true), /list of 4 sections/],
    ['a grid of another size', (_, v) => v.setUint16(8, 4, true), /grid have 6 numbers where 8/],
    ['pushes beyond the end', (_, v) => v.setUint32(64 + 48 + 16, 400, true), /ends within its pushes/],
    ['pushes at an offset beyond numbers', (_, v) => v.setUint32(64 + 48 + 12, 0xffffffff, true), /ends within its pushes/],
    ['pushes of six columns', (b) => { b[64 + 48 + 3] = 6; }, /pushes have/],
    ['unaligned scalars', (_, v) => v.setUint32(64 + 72 + 8, 0xd4, true), /scalars are not aligned/],
    ['a grid in an encoding of its own', (b) => { b[66] = 1; }, /grid are in an encoding/],
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
