// An ONNX model of the network, written as the protocol buffer that it is: onnx.proto of
// https://github.com/onnx/onnx says what the numbers of the fields mean.

const varint = (n) => (n < 128 ? [n] : [n % 128 | 128, ...varint(Math.floor(n / 128))]);
const number = (field, n) => Buffer.from([field << 3, ...varint(n)].flat());
const bytes = (field, data) => Buffer.concat([Buffer.from(varint(field << 3 | 2)), Buffer.from(varint(data.length)), data]);
const text = (field, s) => bytes(field, Buffer.from(s));
const message = (field, ...parts) => bytes(field, Buffer.concat(parts));

const FLOAT = 1; // TensorProto.DataType

const node = (type, inputs, output) =>
  message(1, ...inputs.map((s) => text(1, s)), text(2, output), text(4, type));

const tensor = (name, dims, data) =>
  message(5, ...dims.map((d) => number(1, d)), number(2, FLOAT), text(8, name),
    bytes(9, Buffer.from(data.buffer, data.byteOffset, data.byteLength)));

/** An input (field 11) or output (field 12) of n points with m numbers each. */
const value = (field, name, m) =>
  message(field, text(1, name),
    message(2, message(1, number(1, FLOAT), message(2, message(1, text(2, "n")), message(1, number(1, m))))));

/** The bytes of a model that takes y [n, 2] to energy [n, 1]. */
export function model(net, act) {
  const graph = [];
  net.forEach(({ n, m, w, b }, l) => {
    const last = l === net.length - 1;
    graph.push(
      tensor(`w${l}`, [n, m], w), tensor(`b${l}`, [m], b),
      node("Gemm", [l ? `a${l - 1}` : "y", `w${l}`, `b${l}`], last ? "energy" : `z${l}`));
    if (!last && act === "tanh") graph.push(node("Tanh", [`z${l}`], `a${l}`));
    if (!last && act === "silu") graph.push(node("Sigmoid", [`z${l}`], `s${l}`), node("Mul", [`z${l}`, `s${l}`], `a${l}`));
  });
  graph.push(text(2, "energy"), value(11, "y", 2), value(12, "energy", 1));
  return Buffer.concat([number(1, 8), message(7, ...graph), message(8, text(1, ""), number(2, 17))]);
}
