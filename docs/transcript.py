#!/usr/bin/env python3
"""transcript.py BITLAW [--check]: runs the commands of the README's transcript, and puts what they print below them.

With --check nothing is written: it fails where the README says something else. Times, names of runs and the number of workers may differ.
"""

import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

BITLAW = os.path.abspath(sys.argv[1])
README = pathlib.Path(__file__).resolve().parent.parent / "README.md"


def printed(commands):
    """The commands, each with what it prints, in a folder of its own."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(BITLAW, f"{folder}/bitlaw")
        variables = {k: v for k, v in os.environ.items() if k != "COLUMNS" and not k.startswith("BITLAW_")}
        variables |= {"BITLAW_CONFIG": f"{folder}/.person", "PATH": f"{folder}:{os.environ['PATH']}"}
        # One shell, so that `cd` stays; a mark after each command tells the outputs apart.
        script = "\n".join(f"{command}\necho '<<<'$?" for command in commands)
        # Progress goes to standard error: a transcript has what stays.
        done = subprocess.run(
            ["sh", "-c", script], cwd=folder, env=variables, capture_output=True, text=True)
        outputs = re.split(r"<<<(\d+)\n", done.stdout)
        for command, output, code in zip(commands, outputs[0::2], outputs[1::2]):
            if code != "0":
                sys.exit(f"{command}: exit code {code}\n{output}{done.stderr}")
            lines += [f"$ {command}", *output.replace(folder, "…").rstrip("\n").split("\n")]
    return "".join(f"{line}\n" for line in lines if line)


def masked(text):
    """A text without what no two runs share."""
    text = re.sub(r"\d+(\.\d+)? s\b", "T s", text)
    text = re.sub(r"with \d+ workers?", "with N workers", text)
    return re.sub(r"\d{4}-\d\d-\d\dT[0-9a-fZ-]+", "RUN", text)


whole = README.read_text()
head, rest = whole.split("<!-- transcript -->\n```console\n")
old, tail = rest.split("```\n", 1)
new = printed([line[2:] for line in old.split("\n") if line.startswith("$ ")])
if "--check" in sys.argv:
    if masked(old) != masked(new):
        sys.exit("README.md: the transcript has aged: run `make transcript`\n" + "\n".join(
            difflib.unified_diff(old.split("\n"), new.split("\n"), "README.md", "now", lineterm="")))
else:
    README.write_text(f"{head}<!-- transcript -->\n```console\n{new}```\n{tail}")
