#!/usr/bin/env python3
"""make.py BITLAW FOLDER: writes the pages of the reference into a folder, from what the program says of itself.

`make reference` runs it. A test compares the pages with what the program says today.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

BITLAW = os.path.abspath(sys.argv[1])
FOLDER = pathlib.Path(sys.argv[2])
TEMPLATE = pathlib.Path(__file__).with_name("experiment-file.in.md")
JSON_HEAD = pathlib.Path(__file__).with_name("json.in.md")
HEAD = "<!-- Made by `make reference`. Do not edit: the next time overwrites it. -->\n\n"

def ask(*words):
    """What the program prints, in a folder that has no kinds of its own."""
    variables = {k: v for k, v in os.environ.items() if k != "COLUMNS" and not k.startswith("BITLAW_")}
    with tempfile.TemporaryDirectory() as empty:
        done = subprocess.run(
            [BITLAW, *words], cwd=empty, env=variables, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"bitlaw {' '.join(words)} ended with exit code {done.returncode}: {done.stderr}")
    return done.stdout


def plain(text):
    """A text without meaning for Markdown; what stands between backquotes stays."""
    parts = re.split(r"(`[^`]*`)", text.replace("\n", " "))
    return "".join(p if p.startswith("`") else re.sub(r"([*_<\[\]])", r"\\\1", p) for p in parts)


def cell(text):
    return text.replace("|", "\\|")


def value(found):
    return f"`{json.dumps(found, ensure_ascii=False)}`"


# Kinds

def subjects():
    """The titles and names that `bitlaw kinds` lists."""
    for block in ask("kinds").strip().split("\n\n")[:-1]:
        title, *lines = block.split("\n")
        yield title, [line.split()[0] for line in lines if re.match(r"  \S", line)]


def kind(name):
    one = json.loads(ask("kinds", name, "--json"))
    lines = [f"### `{name}`", "", f"{plain(one['summary'])} Version {one['version']:g}.", ""]
    lines += [f"Source: {plain(one['source'])}.".replace("..", "."), ""]
    if one["isMeasurement"]:
        lines += ["A measurement: the machine is part of the key, and audits do not repeat it.", ""]
    if one["isRandom"]:
        lines += ["It may draw random numbers: its derived seed is then part of the key.", ""]
    if one["usesProfile"]:
        lines += ["It multiplies matrices: the numerics profile is part of the key.", ""]
    if one["parameters"]:
        lines += ["Parameters:", ""]
    for p in one["parameters"]:
        unit = f", in {plain(p['unit'])}" if p["unit"] else ""
        rest = "required" if p["required"] else f"default {value(p['default'])}"
        lines.append(f"- `{p['name']}`: {plain(p['type'])}{unit}; {rest}. {plain(p['summary'])}")
    if one["inputs"]:
        lines += ["", "Inputs:", ""]
    for port in one["inputs"]:
        words = ["optional"] * port["optional"] + ["any number of actions"] * port["collection"]
        note = f" ({', '.join(words)})" if words else ""
        lines.append(f"- `{port['name']}`{note}: {plain(port['summary'])}")
    lines += ["", "Outputs:", ""]
    lines += [f"- `{o['name']}`, the file `{o['file']}`: {plain(o['summary'])}" for o in one["outputs"]]
    if one.get("example"):
        lines += ["", "A file that runs:", "", "```yaml", one["example"].rstrip("\n"), "```"]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n\n"


def kinds_page():
    page = HEAD + "# Kinds\n\nWhat a stage can do. `bitlaw kinds KIND` prints the same in a terminal. "
    page += "The words of inputs and parameters: [the experiment file](experiment-file.md).\n\n"
    for title, names in subjects():
        page += f"## {plain(title)}\n\n" + "".join(kind(name) for name in names)
    return page.rstrip("\n") + "\n"


# Commands

def label(argument):
    name = argument.get("valueName", "")
    if argument["kind"] == "positional":
        return f"<{name}>"
    names = [("--" if n["kind"] == "long" else "-") + n["name"] for n in argument["names"]]
    shown = ", ".join(sorted(names, key=len))
    return f"{shown} <{name}>" if argument["kind"] == "option" else shown


def command(entry, above, depth):
    words = f"{above} {entry['commandName']}".strip()
    page = f"{'#' * depth} `{words}`\n\n{plain(entry['abstract'])}\n\n"
    indented = False
    for line in entry.get("discussion", "").split("\n"):
        if line.startswith("  ") != indented and (line or not indented):
            page += "```\n\n" if indented else "\n```text\n"
            indented = not indented
        page += f"{line[2:] if indented else plain(line)}\n"
    page = re.sub(r"\n+```\n", "\n```\n", page + "```\n" if indented else page)
    shown = [a for a in entry.get("arguments", []) if a.get("shouldDisplay", True)]
    shown = [a for a in shown if label(a) not in ("-h, --help", "--version")]
    if shown:
        page += "\n| argument or option | meaning |\n|---|---|\n"
    for argument in shown:
        text = argument.get("abstract", "")
        if argument.get("defaultValue") is not None and "default" not in text:
            text += f" (default: {argument['defaultValue']})"
        page += f"| `{label(argument)}` | {cell(plain(text))} |\n"
    page += "\n"
    for one in entry.get("subcommands", []):
        if one.get("shouldDisplay", True) and one["commandName"] != "help":
            page += command(one, words, depth + 1)
    return page


def commands_page():
    tree = json.loads(ask("--experimental-dump-help"))["command"]
    told = tree["discussion"].split("EXIT CODES\n")[1]
    codes = re.findall(r"^  (\d+) +(.*)\n       (.*)$", told, re.MULTILINE)
    if len(codes) < 7:
        sys.exit(f"exit codes: expected a line of meaning and one of what to do for each, found:\n{told}")
    page = HEAD + "# Commands and exit codes\n\n`bitlaw help COMMAND` prints the same in a terminal. "
    page += "Every command knows `--help` and `--version`.\n\n## Exit codes\n\n"
    page += "| exit code | meaning | what to do |\n|---|---|---|\n"
    for code, meaning, remedy in codes:
        page += f"| exit code {code} | {plain(meaning)} | {plain(remedy)} |\n"
    page += "\n"
    for one in tree["subcommands"]:
        if one.get("shouldDisplay", True) and one["commandName"] != "help":
            page += command(one, tree["commandName"], 2)
    return re.sub(r"\n{3,}", "\n\n", page).rstrip("\n") + "\n"


# The experiment file

def type_text(schema):
    """The type of a member, in words."""
    if "pattern" in schema and schema["pattern"] == "\\$\\{":
        return "`${…}`"
    if "enum" in schema:
        names = schema["enum"]
        return "a name of [kinds](kinds.md)" if len(names) > 9 else ", ".join(f"`{n}`" for n in names)
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(type_text(one) for one in schema["anyOf"]))
    kind = schema.get("type")
    if isinstance(kind, list):
        return " or ".join(type_text({"type": one}) for one in kind)
    if kind == "array":
        return f"list of: {type_text(schema['items'])}" if "items" in schema else "list"
    if kind == "object":
        return "mapping"
    if kind in ("integer", "number"):
        name = "whole number" if kind == "integer" else "number"
        low, high = schema.get("minimum"), schema.get("maximum")
        if low is not None:
            name += f" from {low:g}" + (f" to {high:g}" if high is not None else "")
        return name
    return {"string": "text", "boolean": "`true`, `false`"}.get(kind, "any value")


def rows(name, schema, required):
    """A member and the members below it, a row each."""
    rest = "required" if required else value(schema["default"]) if "default" in schema else "none"
    text = cell(plain(schema.get("description", "")))
    yield f"| `{name}` | {cell(type_text(schema))} | {rest} | {text} |"
    for below, one in schema.get("properties", {}).items():
        if name not in ("stages", "axes"):
            yield from rows(f"{name}.{below}", one, below in schema.get("required", []))
    more = schema.get("additionalProperties")
    if isinstance(more, dict) and "properties" in more and name != "stages":
        for below, one in more["properties"].items():
            yield from rows(f"{name}.OUTPUT.{below}", one, False)


def table(lines):
    return "\n".join(["| member | type | default | meaning |", "|---|---|---|---|", *lines])


def axis_forms(schema):
    for form in schema["properties"]["axes"]["additionalProperties"]["anyOf"]:
        if "properties" not in form or "choose" in form["properties"]:
            continue
        needed = form["required"]
        title = "{" + ", ".join(f"{name}: …" for name in needed) + "}"
        members = sorted(form["properties"].items(), key=lambda m: m[0] not in needed)
        yield f"`{title}`:\n\n" + table(
            line for name, one in members for line in rows(name, one, name in needed))


def file_page():
    schema = json.loads(ask("schema"))
    stage = schema["properties"]["stages"]["additionalProperties"]
    blocks = {"axis forms": "\n\n".join(axis_forms(schema))}
    for one, prefix in [(schema, ""), (stage, "stage ")]:
        for name, member in one["properties"].items():
            blocks[prefix + name] = table(rows(name, member, name in one["required"]))
    text = TEMPLATE.read_text()
    asked = re.findall(r"^\{\{(.*)\}\}$", text, re.MULTILINE)
    if sorted(asked) != sorted(blocks):
        odd = sorted(set(asked) ^ set(blocks)) or "a name twice"
        sys.exit(f"{TEMPLATE}: expected each member of the schema once, found otherwise: {odd}")
    for section in text.split("\n### ")[1:]:
        if "```yaml" not in section:
            sys.exit(f"{TEMPLATE}: {section.splitlines()[0]} has no example")
    return HEAD + re.sub(r"^\{\{(.*)\}\}$", lambda m: blocks[m[1]], text, flags=re.MULTILINE)


# What --json prints

PRINTS = {
    "document": "Prints one document.", "lines": "Prints a document a line.",
    "array": "Prints an array of documents.",
}


def speakers(entry, above=""):
    """The words of every command that takes --json."""
    for one in entry.get("subcommands", []):
        if not one.get("shouldDisplay", True) or one["commandName"] == "help":
            continue
        words = f"{above}{one['commandName']}"
        if any(n["name"] == "json" for a in one.get("arguments", []) for n in a.get("names", [])):
            yield words
        yield from speakers(one, f"{words} ")


def resolved(schema, shared):
    """A schema with what it refers to; what it says itself counts."""
    if "$ref" in schema:
        own = {word: rule for word, rule in schema.items() if word != "$ref"}
        return {**resolved(shared[schema["$ref"].split("/")[-1]], shared), **own}
    return schema


def member_type(schema, shared):
    """The type of a member of a document, in words."""
    schema = resolved(schema, shared)
    if "const" in schema:
        return value(schema["const"])
    if "anyOf" in schema:
        return " or ".join(member_type(one, shared) for one in schema["anyOf"])
    kinds = schema.get("type", "any value")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    names = {"string": "text", "integer": "whole number", "boolean": "`true`, `false`", "null": "`null`",
             "object": "object", "number": "number", "array": "list"}
    if "pattern" in schema:
        names["string"] = "64 hexadecimal digits"
    if "items" in schema:
        inner = member_type(schema["items"], shared)
        names["array"] = "list" if inner == "any value" else f"list of: {inner}"
    text = " or ".join(names.get(kind, kind) for kind in kinds)
    return text + (f", in {schema['x-unit']}" if "x-unit" in schema else "")


def member_rows(schema, shared, prefix=""):
    """A row for each member of an object, and for those below it."""
    schema = resolved(schema, shared)
    for one in schema.get("anyOf", []):
        yield from member_rows(one, shared, prefix)
    for name, below in schema.get("properties", {}).items():
        one = resolved(below, shared)
        # What the title says of every document.
        if not prefix and name in ("format", "event") and "const" in one:
            continue
        rest = "" if name in schema["required"] else "; not always there"
        text = cell(plain(one.get("description", "")))
        yield f"| `{prefix}{name}` | {cell(member_type(one, shared))}{rest} | {text} |"
        yield from member_rows(one, shared, f"{prefix}{name}.")
    if isinstance(schema.get("items"), dict):
        yield from member_rows(schema["items"], shared, prefix[:-1] + "[].")
    if isinstance(schema.get("additionalProperties"), dict):
        yield from member_rows(schema["additionalProperties"], shared, f"{prefix}NAME.")


def forms(schema):
    """The documents of a schema, each with its format."""
    if "items" in schema and schema.get("type") == "array":
        yield from forms(schema["items"])
    for one in schema.get("oneOf", []):
        yield from forms(one)
    if "format" in schema.get("properties", {}):
        yield schema["properties"]["format"]["const"], schema


def speaker(words, told):
    schema = json.loads(ask("schema", *words.split()))
    shared = schema.get("$defs", {})
    page = f"## `bitlaw {words}`\n\n{PRINTS[schema['x-prints']]} {plain(schema['description'])}\n\n"
    page += f"```sh\n{schema['x-example']}\n```\n\n"
    seen = set()
    known = []
    for name, form in forms(schema):
        # An array and the one element of it are told once.
        if form in known:
            continue
        known.append(form)
        if told.get(name, words) != words:
            page += f"- `{name}`: as [`bitlaw {told[name]}`](#bitlaw-{told[name].replace(' ', '-')}) prints it.\n\n"
            continue
        told[name] = words
        if name not in seen:
            page += f"### `{name}`\n\n"
        seen.add(name)
        lines = list(member_rows(form, shared))
        if "event" in form["properties"]:
            page += f"`event` is `{form['properties']['event']['const']}`: {plain(form['description'])}\n\n"
        page += "\n".join(["| member | type | meaning |", "|---|---|---|", *lines]) + "\n\n"
    return page


def json_page():
    tree = json.loads(ask("--experimental-dump-help"))["command"]
    page = HEAD + JSON_HEAD.read_text() + "\n"
    told = {}
    for words in sorted(speakers(tree), key=lambda words: (words == "run", words)):
        page += speaker(words, told)
    return page.rstrip("\n") + "\n"


for page, text in [
    ("experiment-file.md", file_page()), ("commands.md", commands_page()), ("kinds.md", kinds_page()),
    ("json.md", json_page()),
]:
    (FOLDER / page).write_text(text)
