#!/usr/bin/env python3
"""What looking at many actions takes: table, show, why and browse over a sweep, whole processes.

  browse.py [N] [TURNS]   default: 10000 actions, 3 turns; BITLAW names the program, SCRATCH a folder to keep

The sweep starts one small program an action, unconfined, and is run once before anything is timed. Each
command is timed alone, TURNS times; the median and all turns are printed.

Digests: of what each command printed; of browse that of the names and bytes of all its pages. The run writes
new times each, so digests are equal between commands over one store, not between stores.
"""
import hashlib, json, os, statistics, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
BITLAW = os.environ.get("BITLAW", os.path.join(HERE, "..", ".build", "release", "bitlaw"))
EXPERIMENT = """experiment: big
seed: 1
axes:
  n: {from: 1, to: %d, points: %d}
  width: [8, 16]
  replicate: {count: 5}
stages:
  train:
    kind: command
    over: [n, width, replicate]
    params:
      run: [printf, '{"loss": %%s, "test": {"accuracy": %%s}}', "${1 / sqrt(n) + replicate / 1000}", "${1 - 1 / width / n}"]
"""


def timed(arguments, folder, environment):
    start = time.perf_counter()
    ended = subprocess.run([BITLAW, *arguments], cwd=folder, env=environment, capture_output=True)
    wall = time.perf_counter() - start
    if ended.returncode != 0: sys.exit(f"{arguments}: exit code {ended.returncode}\n{ended.stderr.decode()}")
    return wall, ended.stdout


def measure(folder, count, turns):
    environment = {**os.environ, "BITLAW_CONFIG": os.path.join(folder, "person")}
    os.makedirs(environment["BITLAW_CONFIG"], exist_ok=True)
    open(os.path.join(environment["BITLAW_CONFIG"], "config.yaml"), "w").write("programs: unconfined\n")
    points = max(2, count // 10)
    open(os.path.join(folder, "big.yaml"), "w").write(EXPERIMENT % (points, points))
    wall, _ = timed(["run", "big.yaml", "-q"], folder, environment)
    print(f"{10 * points} actions, made or found in {wall:.1f} s")
    for name, arguments in [
        ("table", ["table", "big.yaml", "train", "--format", "csv", "-q"]),
        ("table, means", ["table", "big.yaml", "train", "--mean", "replicate", "--format", "csv", "-q"]),
        ("show", ["show", "big.yaml", "train", "-q"]),
        ("why", ["why", "big.yaml", "train", "-q"]),
        ("browse, anew", None),
        ("browse, nothing new", ["browse", "big.yaml", "--out", "pages-0", "--json"]),
    ]:
        walls, digests, note = [], set(), ""
        for turn in range(turns):
            own = arguments or ["browse", "big.yaml", "--out", f"pages-{turn}", "--json"]
            if not arguments: subprocess.run(["rm", "-rf", os.path.join(folder, f"pages-{turn}")])
            wall, output = timed(own, folder, environment)
            walls.append(wall)
            if own[0] == "browse":
                told = json.loads(output)
                digests.add(told["digest"])
                note = f"  {told['pages']} pages, the largest {told['largestBytes']} bytes, {told['written']} written"
            else: digests.add(hashlib.sha256(output).hexdigest())
        print(f"{name:20} median {statistics.median(walls):7.3f} s   {' '.join(f'{w:.3f}' for w in walls)}   {' '.join(d[:16] for d in sorted(digests))}{note}")


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10000
    turns = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    kept = os.environ.get("SCRATCH")
    if kept:
        os.makedirs(kept, exist_ok=True)
        return measure(kept, count, turns)
    with tempfile.TemporaryDirectory() as folder: measure(folder, count, turns)


main()
