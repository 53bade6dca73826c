#!/usr/bin/env python3
"""What many pilots ask of one shared file system, on paper: locks, look-ups, waits for the disk and bytes.

The costs of one action were counted with strace at a run of 120 actions of `echo` less one of 20 (bitlaw run -j1,
a store on a local disk): they are calls, and not seconds. How many calls a server answers in a second is an
assumption, which --calls, --syncs and --bytes set. Pilots are simulated one call batch at a time on a server that
serves in order; the million is scaled from it, and the line says so.

    Benchmarks/cluster.py --pilots 1000 --actions 1000000 --seconds 60
"""
import argparse
import heapq
import random

# Per executed action: openat 24.9, stat 11.8, getdents 12.0, mkdir 2.9, rename 3.0, unlink 3.0, lock 1.0.
CALLS = 59
SYNCS = 8
BYTES = 9_900
# Per action that is looked up and cached, from a run of which all was cached.
LOOKS = 2
# A pilot lists two folders of notes a second; the front end reads the files of events five times a second.
NOTES = 2


def simulate(pilots, actions, seconds, calls, syncs, seed=1):
    """Seconds until all is done, when the server takes calls in their order and waits for the disk in theirs."""
    draw = random.Random(seed)
    cost = CALLS / calls
    wait = SYNCS / syncs
    free_calls = free_syncs = end = 0.0
    begun = 0
    # What comes next at each moment: a pilot that asks for an action, or one that publishes.
    events = [(draw.random(), pilot, False) for pilot in range(pilots)]
    heapq.heapify(events)
    while events:
        now, pilot, publishes = heapq.heappop(events)
        if publishes:
            free_syncs = end = max(free_syncs, now) + wait
            heapq.heappush(events, (free_syncs, pilot, False))
        elif begun < actions:
            begun += 1
            free_calls = max(free_calls, now) + cost
            heapq.heappush(events, (free_calls + seconds * draw.uniform(0.8, 1.2), pilot, True))
    return end


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pilots", type=int, default=1000)
    parser.add_argument("--actions", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=60, help="of one action")
    parser.add_argument("--calls", type=float, default=50_000, help="a second that the server answers")
    parser.add_argument("--syncs", type=float, default=5_000, help="waits for the disk a second")
    parser.add_argument("--bytes", type=float, default=1e9, help="a second that the server takes")
    given = parser.parse_args()
    ideal = given.actions * given.seconds / given.pilots
    print(f"{given.pilots} pilots, {given.actions} actions of {given.seconds:g} s: at best {ideal:.0f} s")
    totals = {
        "executing: calls": given.actions * CALLS / given.calls,
        "executing: waits for the disk": given.actions * SYNCS / given.syncs,
        "executing: bytes": given.actions * BYTES / given.bytes,
        "notes while it runs: calls": ideal * given.pilots * NOTES / given.calls,
        "look-ups of a pilot that starts when all is cached": given.actions * LOOKS / given.calls,
        "the same for all pilots": given.pilots * given.actions * LOOKS / given.calls,
    }
    for name, seconds in sorted(totals.items(), key=lambda item: -item[1]):
        print(f"  the server is busy {seconds:12.0f} s with {name}")
    sample = min(given.actions, 20 * given.pilots)
    for rate in (0.1, 1, 10):
        took = simulate(given.pilots, sample, given.seconds, given.calls * rate, given.syncs * rate)
        best = sample * given.seconds / given.pilots
        print(f"  server {rate:g} times as fast: {took / best:.2f} times the best, simulated with {sample} actions")


if __name__ == "__main__":
    main()
