"""How a run is watched: a line in a terminal, a bar in a notebook, nothing elsewhere."""

from __future__ import annotations

import shutil
import sys
import time

from ._html import escape


def watcher(progress):
    """What is given each event: what fits (None), nothing (False), or a function."""
    if callable(progress):
        return _Function(progress)
    if progress is False:
        return _Nothing()
    if _in_notebook():
        return _Notebook()
    return _Terminal(sys.stderr) if sys.stderr is not None and sys.stderr.isatty() else _Nothing()


class Standing:
    """How far a run is."""

    def __init__(self):
        self.total = 0
        self.done = 0
        self.failed = 0
        #: What each running action told last: done, total, a note.
        self.running = {}

    def take(self, event: dict):
        """Takes an event of `bitlaw run --json`."""
        kind, action = event.get("event"), event.get("action")
        if kind == "started":
            self.total = event["total"]
        elif kind in ("running", "retrying"):
            self.running[action] = (0, 0, "")
        elif kind == "progress":
            self.running[action] = (event["done"], event["total"], event["note"])
        elif kind in ("cached", "fetched", "finished", "failed", "skipped"):
            self.running.pop(action, None)
            self.done += 1
            self.failed += kind == "failed"

    @property
    def line(self) -> str:
        """The state in one line."""
        failed = f", {self.failed} failed" if self.failed else ""
        first = next(iter(self.running), None)
        return f"{self.done}/{self.total}{failed}" + (f"  {first}{self.note(first)}" if first else "")

    def note(self, action: str) -> str:
        """How far a running action is."""
        done, total, note = self.running[action]
        percent = f" {100 * done // total} %" if total else ""
        return percent + (f", {note}" if note else "")

    @property
    def html(self) -> str:
        """The state as a bar, with what runs below it."""
        rows = "".join(
            f"<li>{escape(action)}{escape(self.note(action))}</li>" for action in list(self.running)[:8])
        failed = f", {self.failed} failed" if self.failed else ""
        return (
            f'<progress style="width:20em" max="{max(self.total, 1)}" value="{self.done}"></progress> '
            f"{self.done} of {self.total}{failed}<ul>{rows}</ul>")


class _Nothing:
    def event(self, event: dict):
        pass

    def end(self):
        pass


class _Function(_Nothing):
    def __init__(self, function):
        self.event = function


class _Drawn(_Nothing):
    """Draws the state, at most ten times a second."""

    def __init__(self):
        self._standing = Standing()
        self._drawn = float("-inf")

    def event(self, event: dict):
        self._standing.take(event)
        now = time.monotonic()
        if now - self._drawn >= 0.1:
            self._drawn = now
            self._draw()

    def end(self):
        self._standing.running.clear()
        self._draw()


class _Terminal(_Drawn):
    def __init__(self, stream):
        super().__init__()
        self._stream = stream

    def _draw(self):
        # Names are of others: nothing that steers the terminal passes.
        text = "".join(letter if letter.isprintable() else "?" for letter in self._standing.line)
        self._stream.write("\r\x1b[K" + text[:shutil.get_terminal_size().columns - 1])
        self._stream.flush()

    def end(self):
        super().end()
        self._stream.write("\n")
        self._stream.flush()


class _Notebook(_Drawn):
    def __init__(self):
        super().__init__()
        from IPython.display import display

        self._handle = display(self._bundle, raw=True, display_id=True)

    @property
    def _bundle(self) -> dict:
        return {"text/plain": self._standing.line, "text/html": self._standing.html}

    def _draw(self):
        self._handle.update(self._bundle, raw=True)


def _in_notebook() -> bool:
    """Whether a kernel, and not a terminal, shows what is displayed."""
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    return getattr(get_ipython(), "kernel", None) is not None
