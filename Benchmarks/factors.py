#!/usr/bin/env python3
"""A training step on hidden factors against PyTorch, one thread, whole processes in turn (A B A B ...).

  factors.py [ROUNDS]     PYTHON names an interpreter that has PyTorch

Times are processor times, which busy neighbours hardly lengthen. Ours includes the draws of tokens and outputs and makes
its targets in every step; PyTorch's are not counted, and its soft step takes the embedding as it lies. Peak memory is that
of the process; PyTorch's idle process is shown too.
"""
import os, re, statistics, subprocess, sys

import programs

HERE = os.path.dirname(os.path.abspath(__file__))
PYTHON = os.environ.get("PYTHON", sys.executable)
CASES = (("soft", "2x12", "8x4", 20), ("sampled", "2x12", "8x4", 20), ("soft", "2x10", "4x4", 300),
         ("soft", "2x8", "4x4", 1000), ("sampled", "2x8", "4x4", 500))


def run(command):
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    line = child.stdout.read().strip()
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"{command}: status {status}")
    found = re.search(r": ([\d.]+) ms a step at best, ([\d.]+) median", line)
    return line, float(found[1]) if found else 0, float(found[2]) if found else 0, usage.ru_maxrss / 1024


def main(rounds):
    tool, peer = programs.built("factors"), os.path.join(HERE, "peer_factors.py")
    idle = run([PYTHON, "-c", "import torch; print(torch.zeros(1) @ torch.zeros(1))"])[3]
    print(f"# ms of processor time a step, one thread, in turn; medians of {rounds} rounds, best of all; PyTorch's idle process {idle:.0f} MiB")
    for mode, inputs, outputs, steps in CASES:
        ours, theirs, best, peak, peer_peak = [], [], [9e9, 9e9], 0, 0
        for _ in range(rounds):
            line, fast, median, memory = run([tool, mode, inputs, outputs, str(steps)])
            ours.append(median)
            best[0], peak = min(best[0], fast), max(peak, memory)
            other, fast, median, memory = run([PYTHON, peer, mode, inputs, outputs, str(steps)])
            theirs.append(median)
            best[1], peer_peak = min(best[1], fast), max(peer_peak, memory)
        ratios = [b / a for a, b in zip(ours, theirs)]
        print(f"{mode:8}{inputs:5}{outputs:4} ours {statistics.median(ours):8.3f} ({best[0]:.3f})  "
              f"PyTorch {statistics.median(theirs):8.2f} ({best[1]:.2f})  "
              f"ratio {statistics.median(ratios):5.1f} ({min(ratios):.1f} to {max(ratios):.1f}), of the best "
              f"{best[1] / best[0]:.1f}  peak {peak:.0f} and {peer_peak:.0f} MiB  {re.search(r'digest ([0-9a-f]+)', line)[0]}")
    print(other[other.rindex("PyTorch"):])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
