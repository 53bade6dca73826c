#!/usr/bin/env python3
"""What the confinement of programs costs, in turn with the same programs without it.

  confinement.py many [N]    a run of N trivial commands, each with one small output, one job and two
  confinement.py start [N]   one start in a sandbox, N times: bubblewrap alone, with the keeper, and the bare program

Every run prints the digest of its results: confined or not, it is the same. Absolute times are this machine's;
quote ratios, and differences of starts.
"""
import os, shutil, subprocess, sys, tempfile, time

from bench import BITLAW, digest_of, experiment, row, timed


def configuration(folder, programs):
    """A person's configuration under which programs start so."""
    path = os.path.join(folder, programs)
    os.makedirs(path)
    with open(os.path.join(path, "config.yaml"), "w") as file:
        file.write(f"programs: {programs}\n")
    return path


def many(count):
    with tempfile.TemporaryDirectory() as folder:
        file = experiment(folder, count)
        kinds = {"bare": configuration(folder, "unconfined"), "confined": configuration(folder, "asked")}

        def reset():
            shutil.rmtree(os.path.join(folder, ".cache"), ignore_errors=True)
            os.sync()

        for jobs in (1, 2):
            walls, peaks, digests = {name: [] for name in kinds}, dict.fromkeys(kinds, 0), {}
            for _ in range(5):
                for name, person in kinds.items():
                    os.environ["BITLAW_CONFIG"] = person
                    taken, peak = timed([BITLAW, "run", file, "-q", f"-j{jobs}"], folder, before=reset)
                    walls[name] += taken
                    peaks[name] = max(peaks[name], peak)
                    digests[name] = digest_of(folder, file)
            same = "equal" if len(set(digests.values())) == 1 else "DIFFERENT"
            print(f"# {count} trivial commands from nothing, -j{jobs}; digest {digests['bare']}, {same}")
            base = row("bare", walls["bare"], peaks["bare"])
            confined = row("confined", walls["confined"], peaks["confined"], base)
            print(f"per command: {base / count * 1e3:.2f} ms bare, {confined / count * 1e3:.2f} ms confined")


def sandbox_words(folder):
    """The words by which a worker confines a program, up to the program: found in /proc during a run."""
    os.environ["BITLAW_CONFIG"] = configuration(folder, "asked")
    os.makedirs(os.path.join(folder, "pipelines"))
    with open(os.path.join(folder, "pipelines", "one.yaml"), "w") as out:
        out.write("experiment: one\nseed: 1\nstages:\n  a: {kind: command, params: {run: [sleep, '3600']}}\n")
    run = subprocess.Popen([BITLAW, "run", "pipelines/one.yaml", "-q"], cwd=folder,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    found = None
    while found is None and run.poll() is None:
        for process in os.listdir("/proc"):
            try:
                with open(f"/proc/{process}/cmdline", "rb") as file:
                    line = [os.fsdecode(word) for word in file.read().split(b"\0")[:-1]]
            except OSError:
                continue
            if line and os.path.basename(line[0]) == "bwrap" and any(folder in word for word in line):
                found = line
    if found is None:
        sys.exit("no confined program was seen: bitlaw doctor tells why")
    # Its folders are gone with the run.
    settings = [at - 1 for at, word in enumerate(found) if word == "/etc"]
    for at in settings:
        found[at] = shutil.copytree(found[at], os.path.join(folder, "etc"), symlinks=True)
    run.terminate()
    run.wait()
    for at, word in enumerate(found):
        if word == "--bind":
            os.makedirs(found[at + 1], exist_ok=True)
    return found[:found.index("--") + 2]


def start(count):
    with tempfile.TemporaryDirectory() as folder:
        kept = sandbox_words(folder)
        at = kept.index("--as-pid-1")
        alone = kept[:at] + kept[at + 4:-1]
        program = ["/usr/bin/true"]
        commands = {"bare": program, "bubblewrap": alone + program, "bubblewrap and keeper": kept + program}
        walls = {name: [] for name in commands}
        for _ in range(count):
            for name, command in commands.items():
                begin = time.perf_counter()
                child = subprocess.run(command, env={"PATH": "/usr/bin:/bin"}, stderr=subprocess.PIPE)
                walls[name].append(time.perf_counter() - begin)
                if child.returncode:
                    sys.exit(f"{name}: {child.stderr.decode()}")
        print(f"# one start of {program[0]}, {count} in turn; {len(kept)} words confine it")
        base = row("bare", walls["bare"], 0)
        for name in list(commands)[1:]:
            print(f"  added: {(row(name, walls[name], 0, base) - base) * 1e3:.2f} ms")


if __name__ == "__main__":
    what = sys.argv[1] if len(sys.argv) > 1 else ""
    number = int(sys.argv[2]) if len(sys.argv) > 2 else None
    if what == "many":
        many(number or 1000)
    elif what == "start":
        start(number or 200)
    else:
        sys.exit(__doc__)
