"""Tables of actions: what `bitlaw table` tells, as pandas or as rows."""

from __future__ import annotations

from ._errors import BitlawError

_FORMAT = "bitlaw/table/1"


def document(experiment, stages, where) -> dict:
    """What `bitlaw table --format json` tells."""
    from ._experiment import _conditions

    found = experiment._lines("table", stages, ["--format", "json", *_conditions(where)])[0]
    if found.get("format") != _FORMAT:
        raise BitlawError(
            f"bitlaw table: expected format {_FORMAT}, found {found.get('format')}\n"
            "  fix: install the package `bitlaw` that belongs to this program")
    return found


def value(table: dict, kind: "str | None"):
    """The table as pandas, where it is installed, or as rows."""
    if kind not in (None, "pandas", "rows"):
        raise ValueError(f"kind={kind!r}: expected pandas or rows")
    names = [column["name"] for column in table["columns"]]
    try:
        if kind == "rows":
            raise ImportError
        import pandas
    except ImportError:
        if kind == "pandas":
            raise
        return [dict(zip(names, row)) for row in table["rows"]]
    columns = {}
    for place, column in enumerate(table["columns"]):
        cells = [row[place] for row in table["rows"]]
        columns[place] = pandas.Series(cells, dtype=_type(column, cells))
    frame = pandas.DataFrame(columns)
    frame.columns = names
    frame.attrs["axes"] = [each["name"] for each in table["columns"] if each["role"] == "axis"]
    return frame


def _type(column: dict, cells: list) -> str:
    """The type of a column; that of a measured number is the same whatever was measured."""
    if column["type"] == "number":
        is_whole = column["role"] == "axis" and all(
            isinstance(cell, (int, float)) and cell == int(cell) for cell in cells)
        return "int64" if is_whole else "float64"
    if column["type"] == "boolean":
        return "boolean" if None in cells else "bool"
    return "object"
