"""The table of one stage, made of what `bitlaw show` tells and of the JSON outputs.

It stands in for `bitlaw table` where the program is older than that command.
"""

from __future__ import annotations

from ._errors import UsageError


def document(experiment, stages, where) -> dict:
    """A table as `bitlaw table --format json` tells it; of one stage alone, for nothing is joined here."""
    if len(stages) != 1:
        raise UsageError("tables of several stages need `bitlaw table`\n  fix: install a newer bitlaw")
    rows = []
    for action in experiment.actions(*stages, where=where):
        row = {("axis", name): value for name, value in action.axes.items()}
        for output in action.outputs.values():
            if output.file.endswith(".json") and not output.is_folder:
                content = experiment._value(action, output.name, "json")
                row.update({("value", name): value for name, value in _scalars(content)})
        row["state", "state"] = "cached" if action.outputs else "missing"
        row["state", "seconds"] = action.seconds
        row["state", "digest"] = next((output.digest for output in action.outputs.values()), None)
        rows.append(row)
    keys = sorted(
        {key: None for row in rows for key in row}, key=lambda key: ["axis", "value", "state"].index(key[0]))
    return {
        "columns": [
            {"name": name, "role": role, "type": _type([row.get((role, name)) for row in rows])}
            for role, name in keys
        ],
        "rows": [[row.get(key) for key in keys] for row in rows],
    }


def _scalars(value, name: str = ""):
    """The scalars of a JSON value, named with dots."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _scalars(member, f"{name}.{key}" if name else key)
    elif name and not isinstance(value, list):
        yield name, value


def _type(cells: list) -> str:
    known = [cell for cell in cells if cell is not None]
    if known and all(isinstance(cell, bool) for cell in known):
        return "boolean"
    is_number = all(isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in known)
    return "number" if is_number else "text"
