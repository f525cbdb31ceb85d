"""What the Python peers share: a clock that prints lines in the format of Go's benchmarks."""
import os
import time

SECONDS = float(os.environ.get("BENCH_SECONDS", "0.5"))
TRIES = int(os.environ.get("BENCH_TRIES", "5"))


def measure(name, op, points=0):
    """Runs op for SECONDS after warming up, in TRIES parts, and prints the mean time of a run in the best of them."""
    for _ in range(3):
        op()
    tries = []
    for _ in range(TRIES):
        runs, start, spent = 0, time.perf_counter(), 0.0
        while spent < SECONDS / TRIES:
            op()
            runs += 1
            spent = time.perf_counter() - start
        tries.append((spent / runs, runs))
    took, runs = min(tries)
    line = f"Benchmark{name} {runs} {took * 1e9:.0f} ns/op"
    if points:
        line += f" {points / took / 1e6:.4g} Mpoints/s"
    print(line, flush=True)
