#!/usr/bin/env python3
"""What an audit costs over the run that it repeats: whole processes, in turn (A B A B ...).

  audit.py [FILE] [N]   default: pipelines/spiral.yaml, 5 turns; BITLAW names the program, JOBS the workers (1)

A: `bitlaw run FILE` into an empty store. B: `bitlaw audit FILE` of a store that has every result, which
makes all of them again in a fresh store and compares every output.

Both hand the same actions to workers, so what workers take differs by chance alone: on a busy machine by
several percent, more than what is looked for. Workers are therefore counted apart, and an audit's overhead
is what everything but the workers takes more, over the whole of the run. The plain ratio of the whole process trees is printed as well, with its spread.

Digests: of every key with its outputs, in A's store; B ends with exit code 0 only if its outputs are those.
"""
import ctypes, hashlib, os, shutil, statistics, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
BITLAW = os.environ.get("BITLAW", os.path.join(HERE, "..", ".build", "release", "bitlaw"))
JOBS = os.environ.get("JOBS", "1")
# Stands before a worker, so that the worker is not a child of bitlaw: at its end it becomes one of ours.
METER = """#!/usr/bin/perl
my $pid = fork // die; if (!$pid) { exec @ARGV or die }
sleep 3600 while 1;
"""
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: orphans become children of this process


def timed(arguments, folder):
    """Wall seconds; processor seconds of the whole tree, and of the workers in it."""
    start = time.perf_counter()
    process = subprocess.Popen([BITLAW, *arguments, "-j", JOBS, "--quiet"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               env={**os.environ, "BITLAW_WORKER": os.path.join(folder, "meter")})
    text, rest, workers, code, wall = process.stdout.read().decode(), 0, 0, None, 0
    while True:
        try: pid, status, used = os.wait4(-1, 0)
        except ChildProcessError: break
        if pid == process.pid:
            wall, code, rest = time.perf_counter() - start, os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime
        else: workers += used.ru_utime + used.ru_stime
    if code != 0: sys.exit(f"{arguments}: exit code {code}\n{text}")
    return wall, rest + workers, workers


def digest(store):
    """SHA-256 over every key and its outputs' digests."""
    import json
    lines = []
    for root, _, names in os.walk(os.path.join(store, "actions")):
        for name in names:
            result = json.load(open(os.path.join(root, name)))
            lines += [f"{result['key']} {n} {o['digest']}\n" for n, o in result["outputs"].items()]
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


def line(name, values, unit):
    print(f"{name:34} median {statistics.median(values):8.3f}{unit}   {' '.join(f'{value:.3f}' for value in values)}")


def main():
    file = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "..", "pipelines", "spiral.yaml")
    turns = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    runs, audits = [], []
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "meter"), "w") as meter: meter.write(METER)
        os.chmod(os.path.join(folder, "meter"), 0o755)
        done, empty = os.path.join(folder, "done"), os.path.join(folder, "empty")
        timed(["run", file, "--store", done], folder)
        for _ in range(turns):
            shutil.rmtree(empty, ignore_errors=True)
            runs.append(timed(["run", file, "--store", empty], folder))
            audits.append(timed(["audit", file, "--store", done], folder))
            a, b = runs[-1], audits[-1]
            print(f"  run {a[1]:.3f} s ({a[1] - a[2]:.3f} without workers), audit {b[1]:.3f} s ({b[1] - b[2]:.3f})", file=sys.stderr)
        found = digest(empty)
        if found != digest(done): sys.exit("the two runs gave other digests")
    rest_a, rest_b = [a[1] - a[2] for a in runs], [b[1] - b[2] for b in audits]
    line("run, processor", [a[1] for a in runs], " s")
    line("audit, processor", [b[1] for b in audits], " s")
    line("run, all but the workers", rest_a, " s")
    line("audit, all but the workers", rest_b, " s")
    line("audit/run, whole trees", [b[1] / a[1] for a, b in zip(runs, audits)], "  ")
    line("audit/run, workers (the same work)", [b[2] / a[2] for a, b in zip(runs, audits)], "  ")
    line("overhead of the audit", [100 * (y - x) / a[1] for a, x, y in zip(runs, rest_a, rest_b)], " %")
    print(f"digest of all outputs {found}")


main()
