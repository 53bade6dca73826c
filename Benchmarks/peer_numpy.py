"""Matrix products by numpy, one thread: GFLOP/s, median of turns, a line for each shape of the command line.

    OPENBLAS_NUM_THREADS=1 peer_numpy.py 1008x64x64NN ...     (m x n x k; N as stored, T transposed)
"""
import re
import statistics
import sys
import time

import numpy

for shape in sys.argv[1:]:
    m, n, k, left, right = re.fullmatch(r"(\d+)x(\d+)x(\d+)([NT])([NT])", shape).groups()
    m, n, k = int(m), int(n), int(k)
    random = numpy.random.default_rng(1)
    a = random.standard_normal((m, k) if left == "N" else (k, m), dtype=numpy.float32)
    b = random.standard_normal((k, n) if right == "N" else (n, k), dtype=numpy.float32)
    a, b = (a if left == "N" else a.T), (b if right == "N" else b.T)
    out = numpy.empty((m, n), dtype=numpy.float32)
    rounds = max(1, int(2e8 / (2 * m * n * k)))
    rates = []
    for _ in range(15):
        start = time.perf_counter()
        for _ in range(rounds):
            numpy.matmul(a, b, out=out)
        rates.append(2e-9 * m * n * k * rounds / (time.perf_counter() - start))
    print(f"{shape} {statistics.median(rates):.1f}")
info = numpy.show_config(mode="dicts")["Build Dependencies"]["blas"]
print(f"numpy {numpy.__version__}, {info['name']} {info['version']}")
