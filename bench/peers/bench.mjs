// What the JavaScript peers share: the network, and a clock that prints lines in the format
// of Go's benchmarks.
const SECONDS = Number(process.env.BENCH_SECONDS ?? 0.5);
const TRIES = Number(process.env.BENCH_TRIES ?? 5);

/** The cases: a network 2-H-H-1 with tanh or SiLU. */
export const cases = [32, 64, 128].flatMap((h) => ["tanh", "silu"].map((act) => ({ h, act })));

/** 65,536 points of the plane, x1, y1, x2, y2, … */
export const points = Float32Array.from({ length: 2 * 256 * 256 }, (_, i) => {
  const at = i >> 1;
  return (((i & 1 ? at >> 8 : at & 255) + 0.5) / 128 - 1) * 3;
});

/** The three layers of a network, each with weights w [n][m] and offsets b [m]. */
export function layers(h) {
  let seed = 1;
  const uniform = () => (seed = (seed * 48271) % 2147483647) / 2147483647 - 0.5;
  return [[2, h], [h, h], [h, 1]].map(([n, m]) => ({
    n, m,
    w: Float32Array.from({ length: n * m }, () => 3 * uniform() / Math.sqrt(n)),
    b: Float32Array.from({ length: m }, uniform),
  }));
}

/** The energy of one point, step by step. */
function energy(net, act, y) {
  const f = act === "tanh" ? Math.tanh : (/** @type {number} */ z) => z / (1 + Math.exp(-z));
  let a = y;
  net.forEach(({ n, m, w, b }, l) => {
    a = Array.from({ length: m }, (_, j) => {
      let z = b[j];
      for (let i = 0; i < n; i++) z += a[i] * w[i * m + j];
      return l < 2 ? f(z) : z;
    });
  });
  return a[0];
}

/** Ends the program if the energies at all points are not those of the network. */
export function check(net, act, energies) {
  for (const i of [0, 12345, 65535]) {
    const want = energy(net, act, points.subarray(2 * i, 2 * i + 2));
    if (!(Math.abs(energies[i] - want) <= 1e-4 * (1 + Math.abs(want)))) {
      throw new Error(`the energy of point ${i} is ${energies[i]}, not ${want}`);
    }
  }
}

/** Runs op for SECONDS after warming up, in TRIES parts, and prints the mean time of a run in the best of them. */
export async function measure(name, op) {
  for (let i = 0; i < 3; i++) await op();
  let best = { took: Infinity, runs: 0 };
  for (let i = 0; i < TRIES; i++) {
    const start = performance.now();
    let runs = 0, spent = 0;
    for (; spent < SECONDS * 1e3 / TRIES; spent = performance.now() - start, runs++) await op();
    if (spent / runs < best.took) best = { took: spent / runs, runs };
  }
  const rate = points.length / 2 / best.took / 1e3;
  console.log(`Benchmark${name} ${best.runs} ${(best.took * 1e6).toFixed(0)} ns/op ${rate.toPrecision(4)} Mpoints/s`);
}
