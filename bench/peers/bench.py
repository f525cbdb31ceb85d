"""What the Python peers share: a clock that prints lines in the format of Go's benchmarks."""
import os
import time

SECONDS = float(os.environ.get("BENCH_SECONDS", "0.5"))


def measure(name, op, points=0):
    """Runs op for SECONDS after warming up, and prints the mean time of one run."""
    for _ in range(3):
        op()
    runs, start, spent = 0, time.perf_counter(), 0.0
    while spent < SECONDS:
        op()
        runs += 1
        spent = time.perf_counter() - start
    line = f"Benchmark{name} {runs} {spent / runs * 1e9:.0f} ns/op"
    if points:
        line += f" {points * runs / spent / 1e6:.4g} Mpoints/s"
    print(line, flush=True)
