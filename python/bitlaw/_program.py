"""The program `bitlaw`: where it is, and how it is asked."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import threading
import warnings

from ._errors import BitlawError, BitlawWarning, ProgramNotFound, error


class Program:
    """A program that answers with bytes or with one JSON value a line."""

    def __init__(self, given: "str | os.PathLike | None" = None):
        self.path = _find(given)

    def bytes(self, *words: str) -> bytes:
        """What it prints.

        Raises the exception of its exit code, with what it said. What it said although all went well is a
        warning.
        """
        done = self._start(words).communicate_all()
        if done.code != 0:
            raise error(done.code, done.words)
        warn(done.words)
        return done.output

    def lines(self, *words: str) -> list:
        """What it prints, one JSON value a line."""
        return [_value(line, self.path) for line in self.bytes(*words).splitlines() if line.strip()]

    def events(self, *words: str) -> "Conversation":
        """Starts it, to be read line by line."""
        return self._start(words)

    def _start(self, words) -> "Conversation":
        try:
            return Conversation([self.path, *words])
        except OSError as found:
            raise ProgramNotFound(
                f"cannot start {self.path}: {found.strerror}\n  fix: name another with BITLAW or `program`"
            ) from found


class Conversation:
    """A started program: its lines, and at the end its exit code and what it said on standard error.

    It has a session of its own, so Ctrl-C reaches it once, from here, and it ends as it does in a terminal:
    what finished is kept.
    """

    def __init__(self, command):
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True)
        self._said = []
        # Read beside the lines, so that neither pipe fills up while the other is waited for.
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self.output = b""
        self.code = 0

    def _listen(self):
        for line in self._process.stderr:
            self._said.append(line)

    @property
    def words(self) -> str:
        """What it said on standard error."""
        return b"".join(self._said).decode("utf-8", "replace")

    def __iter__(self):
        """Gives each line's JSON value; at the end `code` and `words` are known."""
        interrupted = False
        while True:
            try:
                for line in self._process.stdout:
                    if line.strip():
                        yield _value(line, self._process.args[0])
                self._end()
                break
            except KeyboardInterrupt:
                interrupted = True
                self._process.send_signal(signal.SIGINT)
        if interrupted:
            raise KeyboardInterrupt

    def stop(self):
        """Ends it as Ctrl-C does, and waits until it has ended."""
        if not self._process.stdout.closed:
            self._process.send_signal(signal.SIGINT)
            for _ in self._process.stdout:
                pass  # what it tells of its end; it would stand still if nobody read it
            self._end()

    def communicate_all(self) -> "Conversation":
        """Reads everything to the end."""
        try:
            self.output = self._process.stdout.read()
            self._end()
        except BaseException:
            self.stop()
            raise
        return self

    def _end(self):
        code = self._process.wait()
        self._listener.join()
        self._process.stdout.close()
        self._process.stderr.close()
        # A signal is told as shells tell it.
        self.code = code if code >= 0 else 128 - code


def warn(words: str):
    """Passes on what the program said although all went well."""
    if words.strip():
        warnings.warn(words.strip(), BitlawWarning, stacklevel=4)


def _value(line: bytes, path: str):
    """The value of a line that the program printed."""
    try:
        return json.loads(line)
    except ValueError as found:
        raise BitlawError(
            f"{path}: expected a line of JSON, found {line[:80]!r}\n"
            "  fix: name the program bitlaw with BITLAW or `program`") from found


def _find(given) -> str:
    if given is not None:
        return _program_at(os.fspath(given), "the argument `program`")
    named = os.environ.get("BITLAW")
    if named:
        return _program_at(named, "the variable BITLAW")
    found = shutil.which("bitlaw")
    if found is None:
        raise ProgramNotFound(
            "no program `bitlaw` on the PATH\n"
            "  fix: `make install` in Bitlaw's folder, or set BITLAW=/path/to/bitlaw, or "
            "bitlaw.open(FILE, program=…)")
    return found


def _program_at(path: str, source: str) -> str:
    found = shutil.which(path)
    if found is None:
        raise ProgramNotFound(
            f"{path}: expected the program `bitlaw`, found no program there ({source} names it)")
    # What is found now is meant, wherever the work goes later.
    return os.path.abspath(found)
