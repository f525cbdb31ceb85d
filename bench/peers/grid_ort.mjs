// The energies of 65,536 points of the plane in onnxruntime, on one thread.
import { createRequire } from "node:module";
import ort from "onnxruntime-node";

import { cases, check, layers, measure, points } from "./bench.mjs";
import { model } from "./onnx.mjs";

console.log("onnxruntime-node:", createRequire(import.meta.url)("onnxruntime-node/package.json").version);

for (const { h, act } of cases) {
  const net = layers(h);
  const session = await ort.InferenceSession.create(model(net, act), {
    intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: "sequential", graphOptimizationLevel: "all",
  });
  const run = async (size) => {
    const out = new Float32Array(points.length / 2);
    for (let i = 0; i < out.length; i += size) {
      const y = new ort.Tensor("float32", points.subarray(2 * i, 2 * (i + size)), [size, 2]);
      out.set((await session.run({ y })).energy.data, i);
    }
    return out;
  };
  for (const [name, size] of [["whole", 65536], ["pieces=1024", 1024], ["pieces=4096", 4096]]) {
    check(net, act, await run(size));
    await measure(`Grid/H=${h}/act=${act}/onnxruntime/${name}`, () => run(size));
  }
}
