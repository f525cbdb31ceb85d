// The energies of 65,536 points of the plane in TensorFlow.js, in WebAssembly with SIMD, on
// one thread.
import { createRequire } from "node:module";
import { dirname } from "node:path";

import { cases, check, layers, measure, points } from "./bench.mjs";

const require = createRequire(import.meta.url);
const tf = require("@tensorflow/tfjs-core");
const wasm = require("@tensorflow/tfjs-backend-wasm");

console.log("tfjs:", tf.version_core);
wasm.setWasmPaths(dirname(require.resolve("@tensorflow/tfjs-backend-wasm")) + "/");
tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
await tf.setBackend("wasm");
if (!(await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT"))) throw new Error("this node has no SIMD in WebAssembly");

for (const { h, act } of cases) {
  const net = layers(h);
  const weights = net.map(({ n, m, w, b }) => ({ b: tf.tensor2d(w, [n, m]), bias: tf.tensor1d(b) }));
  const bend = act === "tanh" ? tf.tanh : (z) => tf.mul(z, tf.sigmoid(z));
  const energy = (at) => tf.tidy(() => weights.reduce((a, { b, bias }, l) => {
    const z = tf.fused.matMul({ a, b, bias });
    return l < 2 ? bend(z) : z;
  }, tf.tensor2d(at, [at.length / 2, 2])).dataSync());
  const run = (size) => {
    const out = new Float32Array(points.length / 2);
    for (let i = 0; i < out.length; i += size) out.set(energy(points.subarray(2 * i, 2 * (i + size))), i);
    return out;
  };
  for (const [name, size] of [["whole", 65536], ["pieces=4096", 4096]]) {
    check(net, act, run(size));
    await measure(`Grid/H=${h}/act=${act}/tfjs/${name}`, () => run(size));
  }
}
