#!/usr/bin/env python3
"""Every command that looks at a whole experiment, at several sizes: processor time and memory an action.

  scale.py [N …]     experiments of N actions of our own kinds and two more (10000 and 100000 where none is named)

BITLAW names the program, TMPDIR the disk. What is linear has the same time an action at every size. Memory an action is
the greatest memory of the process beyond that of the same command at two actions.
"""
import os, shutil, sys, tempfile, time

from bench import BITLAW, machine, measured, own_kinds

FILE = "pipelines/many.yaml"
# A run whose answer is JSON has no receipt: it looks at everything itself.
COMMANDS = {
    "run, nothing to do, receipt": ["run", FILE, "-q"],
    "run, nothing to do, looks itself": ["run", FILE, "--json"],
    "plan": ["plan", FILE],
    "why FILE STAGE": ["why", FILE, "data"],
    "status": ["status", FILE],
    "table FILE STAGE": ["table", FILE, "data"],
    "lock": ["lock", FILE],
    # The first look of its kind kept a receipt.
    "plan, receipt": ["plan", FILE],
    "why FILE STAGE, receipt": ["why", FILE, "data"],
    "status, receipt": ["status", FILE],
    "table FILE STAGE, receipt": ["table", FILE, "data"],
    "gc -n": ["gc", "-n"],
    "verify": ["verify"],
}


def rows(folder, count):
    own_kinds(folder, count)
    cpu, wall, peak = measured([BITLAW, "run", FILE, "-q", "-j2"], folder)
    print(f"{count:8} {'run, everything new, two jobs':34} cpu {cpu:8.2f} s  wall {wall:8.2f} s  {peak:5.0f} MiB", flush=True)
    # A receipt is kept where every file has been at rest for three seconds.
    time.sleep(4.5)
    for _ in range(2):
        measured([BITLAW, "run", FILE, "-q"], folder)
    return {name: measured([BITLAW, *words], folder) for name, words in COMMANDS.items()}


def main():
    counts = [int(word) for word in sys.argv[1:]] or [10_000, 100_000]
    print(machine())
    base = None
    for count in [2, *counts]:
        folder = tempfile.mkdtemp(prefix="bitlaw-scale-")
        try:
            found = rows(folder, count)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        base = base or found
        for name, (cpu, wall, peak) in found.items():
            each = (peak - base[name][2]) * 2**20 / count
            print(f"{count:8} {name:34} cpu {cpu:8.3f} s  wall {wall:8.3f} s  {peak:5.0f} MiB"
                  f"  {cpu * 1e6 / count:7.1f} µs and {each:7.0f} bytes an action", flush=True)


main()
