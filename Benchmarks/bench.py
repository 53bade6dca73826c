#!/usr/bin/env python3
"""Bitlaw against its peers, whole processes, in turn (A B A B ...), with the ratio of medians.

  bench.py noop [N]       a run of N cached actions of our own kinds, answered by its receipt and looking itself;
                          peers: make, ninja, where installed; processor time and wall time
  bench.py programs [N]   the same of N cached programs, which have no receipt
  bench.py add [N]        N files of 1 KB into a store; peers: restic, cp -r with sync
  bench.py start          the shortest command; peer: ninja --version
  bench.py overhead [N]   N trivial actions from nothing, two jobs, durable; peer: make -j2 (not durable)
  bench.py tiny [N]       the same of our own kind, whose outputs have 4 points; peers: make -j2, durable and not
  bench.py kernels        products against OpenBLAS's families, BLIS (apt-get install libblis4-serial), MKL (MKL names its
                          libmkl_rt.so, as pip install mkl brings it) and numpy; functions, the machine's peak
  bench.py train          trainings against PyTorch (PYTHON names an interpreter that has it) and JAX (JAX names one)
  bench.py folder [N]     N small files into a store and out of it; peer: restic, where installed
  bench.py store [MiB]    put and restore a file; peers: zstd -3 -T1 and openssl sha256 on the same file

Every measurement prints the digest of what it computed. Absolute times are this machine's; quote ratios.
"""
import atexit, glob, hashlib, json, os, re, resource, shutil, statistics, subprocess, sys, tempfile, time

import programs

HERE = os.path.dirname(os.path.abspath(__file__))
BITLAW = os.environ.get("BITLAW", os.path.join(HERE, "..", ".build", "release", "bitlaw"))
# The experiments here start programs: this configuration approves them, and goes away at the end.
os.environ["BITLAW_CONFIG"] = tempfile.mkdtemp(prefix="bitlaw-bench-")
atexit.register(shutil.rmtree, os.environ["BITLAW_CONFIG"], ignore_errors=True)
with open(os.path.join(os.environ["BITLAW_CONFIG"], "config.yaml"), "w") as file:
    file.write("programs: allowed\n")


def timed(command, cwd, runs=1, before=None):
    """Wall seconds of each run, and the largest peak memory in MiB."""
    walls, peak = [], 0
    for _ in range(runs):
        if before:
            before()
        start = time.perf_counter()
        child = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        error = child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        walls.append(time.perf_counter() - start)
        peak = max(peak, usage.ru_maxrss / 1024)
        if status != 0:
            sys.exit(f"{command}: status {status}\n{error.decode()}")
    return walls, peak


def row(name, walls, peak, base=None):
    median = statistics.median(walls)
    ratio = f"  {median / base:8.2f} x" if base else ""
    print(f"{name:34} min {min(walls)*1e3:9.1f}  median {median*1e3:9.1f}  max {max(walls)*1e3:9.1f} ms"
          f"  {peak:6.0f} MiB{ratio}")
    return median


def experiment(folder, count):
    os.makedirs(os.path.join(folder, "pipelines"), exist_ok=True)
    path = os.path.join(folder, "pipelines", "many.yaml")
    with open(path, "w") as file:
        file.write(f"experiment: many\nseed: 1\naxes:\n  i: {{count: {count}}}\nstages:\n"
                   "  cell:\n    kind: command\n    over: [i]\n"
                   '    params: {run: [echo, "${i}"]}\n')
    return "pipelines/many.yaml"


def measured(command, cwd):
    """Processor and wall seconds and the peak memory in MiB of one whole process."""
    start = time.perf_counter()
    child = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    error = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    if status != 0:
        sys.exit(f"{command}: status {status}\n{error.decode()}")
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024


def machine():
    """The processor's name, for the reader of the numbers."""
    with open("/proc/cpuinfo") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return f"{names[0] if names else 'unknown processor'}, {len(names) or os.cpu_count()} processors"


def turns(commands, cwd, count, before=lambda name: None):
    """Each command once a turn, in turn (A B A B ...); prints the times, and ratios to the last command."""
    rows = {name: [] for name in commands}
    for _ in range(count):
        for name, command in commands.items():
            before(name)
            rows[name].append(measured(command, cwd))
    base = list(commands)[-1]
    for name, row in rows.items():
        cpu, wall, peak = zip(*row)
        ratios = sorted(a[0] / b[0] for a, b in zip(row, rows[base]))
        print(f"{name:28} cpu {statistics.median(cpu)*1e3:8.1f} ms ({min(cpu)*1e3:.1f} to {max(cpu)*1e3:.1f})  "
              f"wall {statistics.median(wall)*1e3:8.1f} ms  {max(peak):5.0f} MiB  "
              f"{statistics.median(ratios):6.2f} x {base} ({ratios[0]:.2f} to {ratios[-1]:.2f})")


def own_kinds(folder, count):
    """An experiment of our own kinds alone, with so many actions and two more."""
    os.makedirs(os.path.join(folder, "pipelines"), exist_ok=True)
    with open(os.path.join(folder, "pipelines", "many.yaml"), "w") as file:
        file.write(f"experiment: many\nseed: 1\naxes:\n  i: {{count: {count}}}\nstages:\n"
                   "  mixture: {kind: spiral.mixture}\n  manifold: {kind: spiral.manifold, params: {turns: 4}}\n"
                   "  data:\n    kind: spiral.sample\n    over: [i]\n"
                   "    inputs: {mixture: mixture, manifold: manifold}\n    params: {count: 4}\n")
    return "pipelines/many.yaml"


def digest_of(folder, file):
    """One digest over every output digest of the experiment."""
    shown = subprocess.run([BITLAW, "status", file, "--json"], cwd=folder, capture_output=True, check=True)
    blobs = sorted(os.path.join(r, f) for r, _, fs in os.walk(os.path.join(folder, ".cache", "actions"))
                   for f in fs)
    text = "".join(json.dumps(json.load(open(b))["outputs"], sort_keys=True) for b in blobs)
    del shown
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def noop(count, make_experiment=own_kinds):
    with tempfile.TemporaryDirectory() as folder:
        file = make_experiment(folder, count)
        timed([BITLAW, "run", file, "-q", "-j2"], folder)
        run = [BITLAW, "run", file, "-q"]
        commands = {"bitlaw run": run}
        if make_experiment is own_kinds:
            # Files that changed three seconds ago have no receipt yet.
            time.sleep(4.5)
            timed(run, folder)
            if not os.path.isdir(os.path.join(folder, ".cache", "receipts")):
                sys.exit("no receipt was kept")
            # A variable that says what holds anyway: such a run looks itself.
            commands["bitlaw run, no receipt"] = ["env", "BITLAW_NUMERICS=portable"] + run
        with open(os.path.join(folder, "Makefile"), "w") as out:
            out.write("all: " + " ".join(f"o/{i}" for i in range(count)) + "\no/%:\n\techo $* > $@\n")
        os.makedirs(os.path.join(folder, "o"))
        commands["make"] = ["make", "-s"]
        if shutil.which("ninja"):
            with open(os.path.join(folder, "build.ninja"), "w") as out:
                out.write("rule e\n  command = echo $out > $out\n")
                out.writelines(f"build n/{i}: e\n" for i in range(count))
            commands["ninja"] = ["ninja", "--quiet"]
        for command in commands.values():
            timed(command, folder)
        print(f"# {count} cached actions, nothing to do; {machine()}; digest {digest_of(folder, file)}")
        turns(commands, folder, 11)


def start():
    commands = {"bitlaw --version": [BITLAW, "--version"]}
    if shutil.which("ninja"):
        commands["ninja --version"] = ["ninja", "--version"]
    print(f"# start; {machine()}; {os.path.getsize(BITLAW) / 1e6:.1f} MB")
    turns(commands, ".", 31)


def add(count):
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_TMP")) as root:
        data = os.path.join(root, "data")
        os.makedirs(data)
        names = [f"data/f{place}" for place in range(count)]
        for place, name in enumerate(names):
            with open(os.path.join(root, name), "w") as file:
                file.write("".join(f"{place * 31 + line},{line / 7}\n" for line in range(50))[:1024])
        commands = {"bitlaw add": None, "cp -r, sync": None}
        if shutil.which("restic"):
            os.environ["RESTIC_PASSWORD"], os.environ["RESTIC_CACHE_DIR"] = "bench", os.path.join(root, "cache")
            commands["restic backup"] = None
        number = 0

        def before(name):
            nonlocal number
            number += 1
            place = os.path.join(root, f"place-{number}")
            if name == "bitlaw add":
                commands[name] = ["sh", "-c", f"ulimit -s unlimited; exec {BITLAW} add --store {place} -q data/f*"]
            elif name == "cp -r, sync":
                commands[name] = ["sh", "-c", f"cp -r data {place} && sync -f {place}"]
            else:
                subprocess.run(["restic", "-q", "-r", place, "init"], check=True)
                commands[name] = ["restic", "-q", "-r", place, "backup", data]
            os.sync()

        rows = {name: [] for name in commands}
        for _ in range(3):
            for name in commands:
                before(name)
                rows[name].append(measured(commands[name], root))
        store = os.path.join(root, "place-1")
        blobs = sorted(f for _, _, files in os.walk(os.path.join(store, "cas")) for f in files)
        digest = hashlib.sha256("\n".join(blobs).encode()).hexdigest()[:16]
        base = list(rows)[-1]
        print(f"# {count} files of 1 KB; {machine()}; digest of the blobs' names {digest}")
        for name, row in rows.items():
            cpu, wall, peak = zip(*row)
            ratios = sorted(a[1] / b[1] for a, b in zip(row, rows[base]))
            print(f"{name:28} cpu {statistics.median(cpu):6.2f} s  wall {statistics.median(wall):6.2f} s "
                  f"({min(wall):.2f} to {max(wall):.2f})  {max(peak):5.0f} MiB  wall {statistics.median(ratios):6.2f} x {base} "
                  f"({ratios[0]:.2f} to {ratios[-1]:.2f})")


def overhead(count):
    with tempfile.TemporaryDirectory() as folder:
        file = experiment(folder, count)
        with open(os.path.join(folder, "Makefile"), "w") as out:
            out.write("all: " + " ".join(f"o/{i}" for i in range(count)) + "\no/%:\n\techo $* > $@\n")

        def reset():
            shutil.rmtree(os.path.join(folder, ".cache"), ignore_errors=True)
            shutil.rmtree(os.path.join(folder, "o"), ignore_errors=True)
            os.makedirs(os.path.join(folder, "o"))

        ours, theirs, peak_a, peak_b = [], [], 0, 0
        for _ in range(5):
            walls, peak_a = timed([BITLAW, "run", file, "-q", "-j2"], folder, before=reset)
            ours += walls
            digest = digest_of(folder, file)
            walls, peak_b = timed(["make", "-s", "-j2"], folder, before=reset)
            theirs += walls
        print(f"# {count} trivial actions from nothing, two jobs; digest {digest}")
        base = row("bitlaw run -j2 (durable)", ours, peak_a)
        row("make -j2 (not durable)", theirs, peak_b, base)
        print(f"per action: bitlaw {base / count * 1e3:.2f} ms, make "
              f"{statistics.median(theirs) / count * 1e3:.2f} ms")


def tiny(count):
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_TMP")) as folder:
        file = own_kinds(folder, count)
        for name, rule in (("plain", ""), ("synced", " && sync $@")):
            with open(os.path.join(folder, f"{name}.mk"), "w") as out:
                out.write(f"all: {' '.join(f'{name}/{i}' for i in range(count))}\n{name}/%:\n\techo $* > $@{rule}\n")

        def before(name):
            for place in (".cache", "plain", "synced"):
                shutil.rmtree(os.path.join(folder, place), ignore_errors=True)
            for place in ("plain", "synced"):
                os.makedirs(os.path.join(folder, place))
            os.sync()

        print(f"# {count} trivial actions of our own kind from nothing, two jobs; {machine()}")
        turns({"bitlaw run -j2": [BITLAW, "run", file, "-q", "-j2"],
               "make -j2, each file synced": ["make", "-s", "-j2", "-f", "synced.mk"],
               "make -j2 (not durable)": ["make", "-s", "-j2", "-f", "plain.mk"]}, folder, 5, before)
        before("")
        subprocess.run([BITLAW, "run", file, "-q", "-j2"], cwd=folder, check=True)
        print(f"digest {digest_of(folder, file)}")


def store(mebibytes):
    tool = programs.built("store")
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_TMP")) as folder:
        for name in ("csv", "random"):
            path = os.path.join(folder, name)
            with open(path, "wb") as out:
                written, seed = 0, 1
                while written < mebibytes << 20:
                    if name == "csv":
                        lines = []
                        for _ in range(20000):
                            seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64
                            lines.append(f"{seed % 1000},{(seed >> 20) / 2**44:.9f},{(seed >> 40) % 7}\n")
                        block = "".join(lines).encode()
                    else:
                        seed += 1
                        block = b"".join(hashlib.sha512(f"{seed}/{i}".encode()).digest() for i in range(16384))
                    out.write(block)
                    written += len(block)
            cas = os.path.join(folder, "store")
            z = os.path.join(folder, "z")
            digest = subprocess.run(["sha256sum", path], capture_output=True, text=True).stdout.split()[0]

            def fresh(*names):
                """Every step starts with nothing to overwrite and nothing of the steps before to write."""
                for name in names:
                    if os.path.exists(os.path.join(folder, name)):
                        os.remove(os.path.join(folder, name))
                os.sync()

            def fresh_store():
                shutil.rmtree(cas, ignore_errors=True)
                fresh()

            rows = {"put": [], "restore": [], "zstd": [], "durable": [], "sha": [], "unzstd": []}
            peak = 0
            for _ in range(3):
                walls, p = timed([tool, "put", cas, path], folder, before=fresh_store)
                rows["put"] += walls
                peak = max(peak, p)
                rows["zstd"] += timed(["zstd", "-3", "-T1", "-q", "-f", path, "-o", z], folder, before=lambda: fresh("z"))[0]
                rows["durable"] += timed(
                    ["sh", "-c", f"zstd -3 -T1 -q -f '{path}' -o '{z}' && sync '{z}'"], folder,
                    before=lambda: fresh("z"))[0]
                rows["sha"] += timed(["openssl", "dgst", "-sha256", path], folder)[0]
                walls, p = timed([tool, "get", cas, digest, os.path.join(folder, "out")], folder,
                                 before=lambda: fresh("out", "out2"))
                rows["restore"] += walls
                peak = max(peak, p)
                rows["unzstd"] += timed(["zstd", "-d", "-q", "-f", z, "-o", os.path.join(folder, "out2")], folder,
                                        before=lambda: fresh("out2"))[0]
            same = subprocess.run(["cmp", path, os.path.join(folder, "out")]).returncode == 0
            median = {key: statistics.median(value) for key, value in rows.items()}
            size = os.path.getsize(path) / 2**20
            print(f"# {name}, {size:.0f} MiB; digest {digest[:16]}; restored {'equal' if same else 'DIFFERENT'}")
            print(f"put     {median['put']:.2f} s; zstd + sha256 {median['zstd']:.2f} + {median['sha']:.2f} s; "
                  f"speed ratio {(median['zstd'] + median['sha']) / median['put']:.2f}; "
                  f"with zstd's file made durable too {(median['durable'] + median['sha']) / median['put']:.2f}")
            print(f"restore {median['restore']:.2f} s; unzstd + sha256 {median['unzstd']:.2f} + {median['sha']:.2f} s; "
                  f"speed ratio {(median['unzstd'] + median['sha']) / median['restore']:.2f}; peak {peak:.0f} MiB")


def folder(count):
    tool = programs.built("store")
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_TMP")) as root:
        data = os.path.join(root, "data")
        for place in range(count):
            os.makedirs(os.path.join(data, f"d{place % 100}"), exist_ok=True)
            with open(os.path.join(data, f"d{place % 100}", f"f{place}"), "w") as file:
                file.write("".join(f"{place * 31 + line},{line / 7}\n" for line in range(100)))

        rows = {name: [] for name in ("put", "get", "backup", "restore")}
        peaks = dict.fromkeys(rows, 0)

        def measure(name, command):
            os.sync()
            walls, peak = timed(command, root)
            rows[name] += walls
            peaks[name] = max(peaks[name], peak)

        # A new place for each: ext4 looks long for inodes where many were just removed.
        for number in range(3):
            cas, out, repo, back = (os.path.join(root, f"{name}-{number}") for name in ("cas", "out", "repo", "back"))
            measure("put", [tool, "put-tree", cas, data])
            digest = subprocess.run([tool, "put-tree", cas, data], capture_output=True, text=True).stdout.strip()
            measure("get", [tool, "get-tree", cas, digest, out])
            if shutil.which("restic"):
                os.environ["RESTIC_PASSWORD"], os.environ["RESTIC_CACHE_DIR"] = "bench", os.path.join(root, "cache")
                restic = ["restic", "-q", "-r", repo]
                subprocess.run(restic + ["init"], check=True)
                measure("backup", restic + ["backup", data])
                measure("restore", restic + ["restore", "latest", "--target", back])
        same = subprocess.run(["diff", "-r", data, out]).returncode == 0
        print(f"# {count} files, {count // 100} a folder; digest {digest[:16]}; restored {'equal' if same else 'DIFFERENT'}")
        peers = {name: row(f"restic {name}", rows[name], peaks[name]) for name in ("backup", "restore") if rows[name]}
        row("bitlaw put (durable)", rows["put"], peaks["put"], peers.get("backup"))
        row("bitlaw get", rows["get"], peaks["get"], peers.get("restore"))


def build():
    return programs.built("kernels")


def libraries():
    """NAME=PATH of each library with a CBLAS that is here, and the environment that makes MKL's bits the same on every CPU."""
    blis = glob.glob("/usr/lib/*/blis-serial/libblis.so.4")
    found = {"BLIS": os.environ.get("BLIS") or (blis[0] if blis else None), "MKL": os.environ.get("MKL")}
    for name, path in found.items():
        if not path:
            print(f"SKIPPED: {name} (no library)")
    environment = dict(os.environ, MKL_CBWR="COMPATIBLE", MKL_THREADING_LAYER="SEQUENTIAL", OPENBLAS_NUM_THREADS="1")
    if found["MKL"]:
        environment["LD_LIBRARY_PATH"] = os.path.dirname(found["MKL"])
    return [f"{name}={path}" for name, path in found.items() if path], environment


def kernels():
    tool = build()
    others, free = libraries()
    print(f"# {machine()}")
    ours, theirs = {}, {}
    peer = [sys.executable, os.path.join(HERE, "peer_numpy.py")]
    environment = dict(os.environ, OPENBLAS_NUM_THREADS="1")
    for family in ("Haswell", "SkylakeX", "SkylakeX"):
        text = subprocess.run([tool, "products", family, *others], capture_output=True, text=True, check=True, env=free).stdout
        print(text, end="")
        for shape, rate in re.findall(r"^(\d+x\d+x\d+ [NT]{2}) +([\d.]+)", text, re.M):
            ours.setdefault(shape.replace(" ", ""), []).append(float(rate))
        found = subprocess.run(peer + list(ours), capture_output=True, text=True, env=environment)
        if found.returncode:
            print(f"SKIPPED: numpy ({found.stderr.strip().splitlines()[-1]})")
            break
        *lines, last = found.stdout.splitlines()
        for line in lines:
            shape, rate = line.split()
            theirs.setdefault(shape, []).append(float(rate))
    else:
        print(f"# GFLOP/s against {last}, one thread, in turn: ours, numpy's, ratio of medians")
        for shape in ours:
            a, b = statistics.median(ours[shape]), statistics.median(theirs[shape])
            print(f"{shape:18} {a:7.1f} {b:7.1f}  {a / b:5.2f}")
    subprocess.run([tool, "functions"])
    subprocess.run([tool, "peak"])


def train():
    tool = build()
    peers = {}
    for name, module, file in (("PyTorch", "torch", "peer_torch.py"), ("JAX", "jax", "peer_jax.py")):
        python = os.environ.get("PYTHON" if name == "PyTorch" else "JAX", sys.executable)
        if subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode:
            print(f"SKIPPED: {name} ({python} has no {module})")
        else:
            peers[name] = [python, os.path.join(HERE, file)]

    def run(command):
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = child.stdout.read().strip()
        _, status, usage = os.wait4(child.pid, 0)
        if status:
            sys.exit(f"{command}: status {status}")
        return line, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024

    def step(words, name, steps):
        """Processor microseconds of a step: of two processes, one with twice as many steps more. Start and
        compilation are in both."""
        few, many = (run([*words, name, str(count)]) for count in (steps, 3 * steps))
        return many[0], (many[1] - few[1]) / (2 * steps) * 1e6, many[2]

    print("# processor time of a step in µs, one thread, in turn; ratio of medians (range over turns)")
    for name, steps in (("small", 2000), ("deep", 300), ("wide", 20000), ("embedding8192", 10),
                        ("embedding1024", 100), ("online", 20000), ("online-draws", 20000)):
        # What JAX would draw and step one by one is no peer of ours.
        asked = {peer: words for peer, words in peers.items() if peer != "JAX" or not name.startswith("online")}
        times = {peer: [] for peer in ["ours", *asked]}
        peaks, lines = {}, {}
        for _ in range(3):
            for peer, words in {"ours": [tool, "train"], **asked}.items():
                lines[peer], cpu, peaks[peer] = step(words, name, steps)
                times[peer].append(cpu)
        ours = times["ours"]
        print(f"{name:14} {re.search(r'digest ([0-9a-f]+)', lines['ours'])[0]}")
        for peer, theirs in times.items():
            ratios = [b / a for a, b in zip(ours, theirs)]
            print(f"  {peer:12} {statistics.median(theirs):12.2f}  {peaks[peer]:5.0f} MiB  ratio "
                  f"{statistics.median(theirs) / statistics.median(ours):7.2f} "
                  f"({min(ratios):.2f} to {max(ratios):.2f})", flush=True)


if __name__ == "__main__":
    what = sys.argv[1] if len(sys.argv) > 1 else ""
    number = int(sys.argv[2]) if len(sys.argv) > 2 else None
    if what == "noop":
        noop(number or 1000)
    elif what == "programs":
        noop(number or 1000, experiment)
    elif what == "add":
        add(number or 10000)
    elif what == "start":
        start()
    elif what == "overhead":
        overhead(number or 400)
    elif what == "tiny":
        tiny(number or 1000)
    elif what == "kernels":
        kernels()
    elif what == "train":
        train()
    elif what == "folder":
        folder(number or 10000)
    elif what == "store":
        store(number or 1024)
    else:
        sys.exit(__doc__)
