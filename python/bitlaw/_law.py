"""A fitted law: its parameters with intervals, and what it predicts."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass

from ._errors import UsageError
from ._html import escape, picture, table
from ._program import Program


@dataclass(frozen=True)
class Parameter:
    """A fitted parameter; `low` and `high` are the ends of its interval, None where there are none."""

    name: str
    value: float
    low: "float | None"
    high: "float | None"
    standard_error: "float | None"
    meaning: str
    unit: str


@dataclass(frozen=True)
class Prediction:
    """What a law says of one point; each interval is None where the law gives none."""

    value: float
    #: The law's own uncertainty.
    low: "float | None"
    high: "float | None"
    #: Where one new run falls, with the noise of runs.
    run_low: "float | None"
    run_high: "float | None"
    confidence: float
    #: How many times the largest fitted point it lies beyond; up to 1 within the points.
    extrapolation: float
    #: Why there is no interval.
    no_interval: "str | None"

    @classmethod
    def of(cls, document: dict) -> "Prediction":
        """Reads what `bitlaw predict --json` tells."""
        run = document["run"]
        return cls(
            value=document["value"], low=document["low"], high=document["high"], run_low=run["low"],
            run_high=run["high"], confidence=document["confidence"],
            extrapolation=document["extrapolationFactor"], no_interval=document["noInterval"])


class Law:
    """A law that a stage fitted; `document` is its whole file."""

    def __init__(self, action: str, content: bytes, program: Program, plot=None):
        self.action = action
        self.document = json.loads(content)
        if "formula" not in self.document or "parameters" not in self.document:
            raise UsageError(
                f"{action} made no law of one formula: its document has the format "
                f"{self.document.get('format')}\n  fix: .output({action!r}, …) gives the document", 2)
        self._content = content
        self._program = program
        self._plot = plot

    @property
    def formula(self) -> str:
        """Such as `loss = A·n^-alpha`."""
        return self.document["formula"]

    @property
    def parameters(self) -> "dict[str, Parameter]":
        """By name, in the formula's order."""
        known = self.document["parameters"]
        order = self.document.get("names") or list(known)
        return {
            name: Parameter(
                name=name, value=known[name]["value"], low=known[name].get("low"),
                high=known[name].get("high"), standard_error=known[name].get("standardError"),
                meaning=known[name].get("meaning", ""), unit=known[name].get("unit", ""))
            for name in [*order, *(name for name in known if name not in order)] if name in known
        }

    @property
    def confidence(self) -> "float | None":
        """What the intervals are meant to cover, such as 0.95; None where there are no intervals."""
        return self.document.get("confidence")

    @property
    def inputs(self) -> "list[dict]":
        """What it is a function of: column, role, and the range of the fitted points."""
        return self.document.get("inputs", [])

    @property
    def warnings(self) -> "list[str]":
        """What speaks against the fit."""
        return self.document.get("warnings", [])

    def predict(self, weight: "float | None" = None, **point) -> Prediction:
        """What it says of a point, such as `law.predict(n=1e6)`; the program computes it."""
        with tempfile.TemporaryDirectory(prefix="bitlaw-") as folder:
            path = os.path.join(folder, "law.json")
            with open(path, "wb") as file:
                file.write(self._content)
            words = ["predict", "--json"]
            if weight is not None:
                words += ["--weight", repr(float(weight))]
            values = [f"{name}={_word(value)}" for name, value in point.items()]
            return Prediction.of(self._program.lines(*words, "--", path, *values)[0])

    def __repr__(self):
        values = ", ".join(f"{each.name} {each.value:.4g}" for each in self.parameters.values())
        return f"<Law {self.action}: {self.formula}; {values}>"

    def _repr_html_(self):
        percent = "" if self.confidence is None else f"{100 * self.confidence:g} % "
        rows = [
            [each.name, f"{each.value:.5g}", _interval(each.low, each.high), each.unit, each.meaning]
            for each in self.parameters.values()
        ]
        parts = [f"<p><strong>{escape(self.formula)}</strong></p>"]
        parts.append(table(["parameter", "value", f"{percent}interval", "unit", "meaning"], rows))
        parts += [f"<p>Warning: {escape(text)}</p>" for text in self.warnings]
        if self._plot is not None:
            parts.append(picture(self._plot(), self.formula))
        return "".join(parts)


def _interval(low, high) -> str:
    if low is None and high is None:
        return "none"
    return f"[{'−∞' if low is None else f'{low:.4g}'}, {'∞' if high is None else f'{high:.4g}'}]"


def _word(value) -> str:
    """A value on the command line: numbers of numpy too are written out in full."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) else repr(float(value))
