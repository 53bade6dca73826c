#!/usr/bin/env python3
"""What an audit costs over the run that it repeats: whole processes, in turn (A B A B ...).

  audit.py [FILE] [N]   default: pipelines/spiral-small.yaml, 5 turns; BITLAW names the program

A: `bitlaw run FILE` into an empty store. B: `bitlaw audit FILE` of a store that has every result, which
makes all of them again in a fresh store and compares every output. Processor seconds are of the whole
process tree and hardly depend on what else the machine does; wall seconds do. Both compute the same: the
digest is over every output of A, and B ends with exit code 0 only if its outputs are those.
"""
import hashlib, os, resource, shutil, statistics, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
BITLAW = os.environ.get("BITLAW", os.path.join(HERE, "..", ".build", "release", "bitlaw"))


def timed(arguments):
    """Wall seconds and processor seconds of one process with its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run([BITLAW, *arguments], capture_output=True, text=True)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"{arguments}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    file = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "..", "pipelines", "spiral-small.yaml")
    turns = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    runs, audits = [], []
    with tempfile.TemporaryDirectory() as folder:
        done, empty = os.path.join(folder, "done"), os.path.join(folder, "empty")
        timed(["run", file, "--store", done, "--quiet"])
        for _ in range(turns):
            shutil.rmtree(empty, ignore_errors=True)
            runs.append(timed(["run", file, "--store", empty, "--quiet"]))
            audits.append(timed(["audit", file, "--store", done, "--quiet"]))
        blobs = sorted(name for _, _, names in os.walk(os.path.join(done, "actions")) for name in names)
        digest = hashlib.sha256("".join(blobs).encode()).hexdigest()[:16]
    for place, unit in enumerate(["wall", "processor"]):
        a, b = [one[place] for one in runs], [one[place] for one in audits]
        ratios = [y / x for x, y in zip(a, b)]
        print(f"{unit:9}  run {statistics.median(a):7.2f} s   audit {statistics.median(b):7.2f} s   "
              f"ratio of medians {statistics.median(b) / statistics.median(a):.3f}   "
              f"of turns {' '.join(f'{ratio:.3f}' for ratio in ratios)}")
    print(f"keys {digest}")


main()
