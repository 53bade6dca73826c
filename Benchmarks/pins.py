"""What `pin: true` costs: numpy with and without the variables that give it one code path, one after the other.

    pins.py [N]           products of N x N matrices (default 1024)

Each operation is timed in turns, so read the ratios. A digest of each result stands beside it: pinned, it is the same
on every x86-64 CPU with AVX2. The variables are those that a stage of the kind `command` gets.
"""
import os
import re
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TURNS = 5

PROGRAM = """
import hashlib, sys, time
import numpy
n = int(sys.argv[1])
stream = numpy.random.Generator(numpy.random.Philox(1))
a = stream.standard_normal((n, n)).astype(numpy.float32)
b, v = a.astype(numpy.float64), stream.standard_normal(2_000_000)
w = v.astype(numpy.float32)
work = {"product, float32": lambda: a @ a, "product, float64": lambda: b @ b, "exp, float32": lambda: numpy.exp(w),
        "exp, float64": lambda: numpy.exp(v), "tanh, float32": lambda: numpy.tanh(w), "sum, float64": lambda: v.sum()}
for name, step in work.items():
    out = step()
    best = 9e9
    for _ in range(5):
        start = time.perf_counter()
        step()
        best = min(best, time.perf_counter() - start)
    digest = hashlib.sha256(numpy.ascontiguousarray(out).tobytes()).hexdigest()[:12]
    print(f"{name}|{best}|{digest}")
"""


def pins():
    """The variables, as the page on programs has them; a test holds it to the source."""
    with open(os.path.join(HERE, "..", "docs", "programs.md"), encoding="utf-8") as page:
        table = page.read().split("## The same bits from libraries of others")[1]
    return dict(pair.split("=", 1) for pair in re.findall(r"`([A-Z_]+=[^`]+)`", table) if "AVX2,STRICT" not in pair)


def measure(variables, size):
    """Seconds and digest of each operation."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    # Without pins one thread as well: what is compared is the code path.
    answer = subprocess.run([sys.executable, "-c", PROGRAM, str(size)], env={**kept, "OPENBLAS_NUM_THREADS": "1", **variables},
                            check=True, capture_output=True, text=True).stdout
    return {name: (float(seconds), digest) for name, seconds, digest in (line.split("|") for line in answer.splitlines())}


def main():
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1024
    variables = pins()
    turns = [(measure({}, size), measure(variables, size)) for _ in range(TURNS)]
    print(f"{'':20} {'free':>10} {'pinned':>10} {'ratio':>6}  digests")
    for name in turns[0][0]:
        free, pinned = (statistics.median(turn[side][name][0] for turn in turns) for side in (0, 1))
        digests = [turns[0][side][name][1] for side in (0, 1)]
        print(f"{name:20} {1e3 * free:8.2f}ms {1e3 * pinned:8.2f}ms {pinned / free:6.2f}  {digests[0]} {digests[1]}")


if __name__ == "__main__":
    main()
