"""An experiment file, and what is asked of it."""

from __future__ import annotations

import builtins
import json
import os
import tempfile

from . import _blobs, _formats, _table
from ._action import Action, Output
from ._errors import ActionFailed, BitlawError, UsageError
from ._html import table as html_table
from ._law import Law
from ._page import Page
from ._program import Program
from ._run import RunResult, execute


def open(path, *, store=None, settings=None, program=None) -> "Experiment":
    """Opens an experiment file, such as `bitlaw.open("experiment.yaml")`.

    `store` is the folder of results (default: the project's), `settings` a mapping of what `--set` takes,
    such as `{"seed": 7, "constants.steps": 100}`, and `program` the path of `bitlaw` (default: BITLAW, or the
    PATH).
    Raises UsageError with the program's own text where the file is not right.
    """
    experiment = Experiment(path, store=store, settings=settings, program=program)
    experiment.graph()
    return experiment


class Experiment:
    """An experiment file with its store; every question goes to the program.

    A target names actions as on the command line: a stage `"train"`, an action `"train[n=100]"`, a part of a
    sweep `"train[n>=100, model=polar]"`; `where` is a condition on axes, or a list of them.
    """

    def __init__(self, path, *, store=None, settings=None, program=None):
        self.path = os.path.abspath(os.fspath(path))
        self._program = Program(program)
        self._options = []
        if store is not None:
            self._options += ["--store", os.path.abspath(os.fspath(store))]
        for name, value in (settings or {}).items():
            self._options += ["--set", f"{name}={value if isinstance(value, str) else json.dumps(value)}"]

    def __repr__(self):
        return f"bitlaw.open({self.path!r})"

    def _repr_html_(self):
        rows = [
            [stage["stage"], stage["kind"], stage["actions"], stage["cached"]]
            for stage in self.status()["stages"]
        ]
        return html_table(["stage", "kind", "actions", "cached"], rows, caption=self.path)

    def graph(self) -> str:
        """The graph of stages, as Mermaid."""
        return self._bytes("graph", [], ["--format", "mermaid"]).decode()

    def status(self) -> dict:
        """What is cached and what is missing, stage by stage, and the last runs."""
        return self._lines("status", [], ["--json"])[0]

    def actions(self, *targets: str, where=()) -> "list[Action]":
        """The actions that targets name."""
        documents = self._lines("show", targets, ["--json", *_conditions(where)])
        return [Action.of(document) for document in documents]

    def action(self, target: str) -> Action:
        """The one action that a target names; UsageError where it names several."""
        found = self.actions(target)
        if len(found) != 1:
            names = ", ".join(f"`{action.name}`" for action in found[:3])
            raise UsageError(
                f"`{target}` names {len(found)} actions: {names}{', …' if len(found) > 3 else ''}\n"
                f"  fix: name one of them, or take .outputs({target!r}, …)")
        return found[0]

    def output(self, target: str, name: "str | None" = None, as_: "str | None" = None):
        """The value of an output of one action, verified against its digest.

        Its file's name says what it becomes: `.npy` an array, `.safetensors` arrays by name, `.json` a value,
        `.csv` a table, anything else bytes. `as_` chooses: npy, safetensors, json, csv, text, bytes or path.
        A path is that of `bitlaw export`, which writes all outputs of the action into the project's `out`.
        `name` may be left out where the action has one output, and names a file of a folder as
        `"folder/file.csv"`.
        """
        return self._value(self.action(target), name, as_)

    def outputs(self, target: str, name: "str | None" = None, as_: "str | None" = None, where=()) -> dict:
        """The same of each action that a target names, by the action's name."""
        return {
            action.name: self._value(action, name, as_) for action in self.actions(target, where=where)
        }

    def table(self, *stages: str, where=(), kind: "str | None" = None):
        """One row an action, with typed axes, scalars of its outputs, state, seconds and digest.

        A pandas DataFrame, where pandas is installed, or with `kind="rows"` a list of dicts.
        """
        if not stages:
            raise TypeError("expected the name of a stage, such as .table(\"train\")")
        return _table.value(_table.document(self, stages, where), kind)

    def run(self, *targets: str, where=(), jobs: "int | None" = None, progress=None, options=()) -> RunResult:
        """Makes what is missing of the targets (default: all), and shows progress in a terminal or notebook.

        `progress` is None (as fits), False, or a function that is given each event of `bitlaw run --json`;
        `options` are further words of `bitlaw run`, such as `["--fail-fast"]`. Raises ActionFailed, with
        `failures`, where an action failed.
        """
        words = ["--json", *_conditions(where), *options]
        if jobs is not None:
            words += ["--jobs", str(jobs)]
        return execute(self._program.events(*self._words("run", targets, words)), progress)

    def law(self, target: str, name: "str | None" = None) -> Law:
        """The fitted law of an action, such as `experiment.law("law[k=1]")`."""
        action = self.action(target)
        output = self._output_of_role(action, name, "law")
        drawn = (lambda: self._picture(action.name)) if "plot" in action.outputs else None
        return Law(action.name, self._content(action, output), self._program, drawn)

    def _picture(self, action: str) -> bytes:
        """The plot of an action, drawn by the program."""
        with tempfile.TemporaryDirectory() as folder:
            words = ["--json", "--format", "svg", "--to", folder]
            for file in self._lines("export", [action], words):
                if file["output"] == "plot" and file["path"].endswith(".svg"):
                    with builtins.open(file["path"], "rb") as picture:
                        return picture.read()
        raise UsageError(f"{action} has no plot\n  fix: .output({action!r}, …) gives its documents", 2)

    def page(self, *targets: str) -> Page:
        """The page that the experiment's report, or the named action, makes; `bitlaw report` writes it."""
        found = self._lines("report", targets, ["--json"])
        if len(found) != 1:
            names = ", ".join(f"`{page['action']}`" for page in found)
            raise UsageError(f"expected one page, found {len(found)}: {names}\n  fix: .page(ACTION)")
        return Page.read(found[0]["action"], found[0]["path"], found[0]["digest"])

    def export(self, *targets: str, to=None, where=(), force: bool = False) -> "list[dict]":
        """Copies outputs into a folder (default: `out/EXPERIMENT` in the project).

        Gives for each its action, output, path, digest and state, as `bitlaw export --json` tells them.
        """
        words = ["--json", *_conditions(where)] + (["--force"] if force else [])
        if to is not None:
            words += ["--to", os.path.abspath(os.fspath(to))]
        return self._lines("export", targets, words)

    def _value(self, action: Action, name: "str | None", form: "str | None"):
        whole, _, part = (name or "").partition("/")
        output = self._output(action, whole or None)
        if form == "path" or (form is None and output.is_folder and not part):
            path = next(
                each["path"] for each in self.export(action.name)
                if each.get("output") == output.name)
            if not output.is_folder:
                with builtins.open(path, "rb") as file:
                    _blobs.checked(file.read(), output.digest, path)
            return os.path.join(path, part) if part else path
        if part:
            content = self._bytes("show", [action.name], ["--output", name])
            return _formats.value(content, part, form)
        return _formats.value(self._content(action, output), output.file, form)

    def _output(self, action: Action, name: "str | None") -> Output:
        if not action.outputs:
            raise ActionFailed(
                f"{action.name} has not run\n  fix: .run({action.name!r}), or bitlaw run {self.path} "
                f"'{action.name}'", 1)
        if name is None and len(action.outputs) == 1:
            return next(iter(action.outputs.values()))
        if name not in action.outputs:
            found = f"no output `{name}`" if name else f"{len(action.outputs)} outputs"
            raise UsageError(
                f"{action.name} has {found}\n  expected: one of {', '.join(action.outputs)}", 2)
        return action.outputs[name]

    def _output_of_role(self, action: Action, name: "str | None", role: str) -> Output:
        if name is None and action.outputs:
            names = [output.name for output in action.outputs.values() if output.role == role]
            if len(names) != 1:
                raise UsageError(
                    f"{action.name} has {len(names)} outputs that are a {role}\n"
                    f"  expected: a stage that makes one, or a name, one of {', '.join(action.outputs)}", 2)
            name = names[0]
        return self._output(action, name)

    def _content(self, action: Action, output: Output) -> bytes:
        if output.is_folder:
            raise BitlawError(
                f"{action.name}/{output.name} is a folder\n  fix: take a file of it, or as_='path'")
        return _blobs.read(
            action.store, output.digest, output.size,
            lambda: self._bytes("show", [action.name], ["--output", output.name]))

    def _words(self, command: str, targets, words) -> "list[str]":
        # What follows `--` is no option, however a target begins.
        return [command, *words, *self._options, "--", self.path, *targets]

    def _bytes(self, command: str, targets, words) -> bytes:
        return self._program.bytes(*self._words(command, targets, words))

    def _lines(self, command: str, targets, words) -> list:
        return self._program.lines(*self._words(command, targets, words))


def _conditions(where) -> "list[str]":
    texts = [where] if isinstance(where, str) else list(where)
    return [word for text in texts for word in ("--where", text)]
