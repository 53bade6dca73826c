#!/usr/bin/env python3
"""Prints the line by which the engine would ask a worker for an action that a store has a result of.

  request.py STORE KEY FOLDER     FOLDER is the attempt's: it exists, and the worker writes into it

With it one action runs by itself, under a debugger or a profiler; CONTRIBUTING.md has the commands.
Needs `zstd` and Python's standard library.
"""
import json, os, subprocess, sys

store, key, folder = sys.argv[1:]
frame = os.path.join(store, "cas", key[:2], key[2:] + ".zst")
document = subprocess.run(["zstd", "-dcq", frame], check=True, capture_output=True, text=True).stdout
wish = json.loads(document)


def given(port, number, entry):
    """An input as a request names it; the key knows what it is, not who made it."""
    return {"producer": f"{port}-{number}", "at": list(entry.get("at", {}).items()), "digest": entry["digest"],
            "file": None}


inputs = {port: [given(port, number, entry) for number, entry in enumerate(entries)]
          for port, entries in wish["inputs"].items()}
print(json.dumps({
    "kind": wish["kind"], "key": key, "number": "by hand", "document": document, "parameters": wish["parameters"],
    "seed": wish["seed"] or "0x0", "folder": os.path.abspath(folder), "inputs": inputs}))
