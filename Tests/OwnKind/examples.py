#!/usr/bin/env python3
"""Writes the examples of the kit's comments, and of docs/own-kind.md, as one Swift file to standard output.

`make docc` compiles it as another package would: an example that does not compile fails. An example is the body of a
function that has a `context`, or the declaration of a stage.
"""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROOMS = ["Base/Canon", "Numerics", "Pipeline/Experiment", "Stages/Workbench"]


def blocks(text, is_page):
    """The blocks of Swift in a page, or in the comments of public declarations, as lists of lines."""
    lines = text.split("\n")
    found = None
    for number, line in enumerate(lines):
        is_comment = line.lstrip().startswith("///")
        code = re.sub(r"^\s*/// ?", "", line) if is_comment else line
        if code.strip() == "```swift":
            found = []
        elif code.strip() == "```" and found is not None:
            declared = next((l for l in lines[number:] if not l.lstrip().startswith("///")), "")
            if is_page or "public " in declared:
                yield found
            found = None
        elif found is not None:
            found.append(code)


def wrapped(lines, number):
    """An example as a declaration of its own."""
    body = "\n".join(line for line in lines if not line.startswith("import "))
    if re.search(r"enum \w+: Stage", body):
        return f"enum Example{number} {{\n{body}\n}}"
    test = re.search(r"@Test func .*?\{\n(.*)\n\}", body, re.S)
    body = test.group(1) if test else body
    body = re.sub(r"\b\w+\.self\b", "Given.self", body.replace("#expect(", "check("))
    if "table" in body and not re.search(r"(let|var) table", body):
        body = "let table = Table(columns: [])\n" + body
    return f"func example{number}(context: StageContext) throws {{\n{body}\n}}"


def main():
    files = sorted(path for room in ROOMS for path in (ROOT / "Sources" / room).rglob("*.swift"))
    examples = [
        (path, lines)
        for path in files + [ROOT / "docs/own-kind.md"]
        for lines in blocks(path.read_text(encoding="utf-8"), path.suffix == ".md")
        if "import BitlawProgram" not in lines
    ]
    assert len(examples) > 30, "the examples were not found"
    print("import BitlawKit\n")
    for number, (path, lines) in enumerate(examples):
        print(f"// {path.relative_to(ROOT)}\n{wrapped(lines, number)}\n")
    print(
        "enum Given: Stage {\n"
        '    static let kind = Kind(name: "a.b", version: 1, summary: "", source: "", outputs: [])\n'
        "    static func run(_ context: StageContext) throws {}\n}\n\n"
        "func check(_ holds: Bool) {}"
    )


main()
