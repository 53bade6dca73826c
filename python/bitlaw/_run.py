"""A run: what it did, and how it is watched."""

from __future__ import annotations

from dataclasses import dataclass, field

from ._errors import BitlawError, error
from ._html import table
from ._program import Conversation, warn
from ._progress import watcher


@dataclass(frozen=True)
class Failure:
    """An action that failed: why, and the end of its log."""

    action: str
    reason: str
    log: str

    def __str__(self):
        log = "".join(f"\n    | {line}" for line in self.log.splitlines())
        return f"failed: {self.action}: {self.reason}{log}"


@dataclass(frozen=True)
class RunResult:
    """What a run did."""

    ran: int
    cached: int
    seconds: float
    #: The formula of each fitted law, by action.
    laws: "dict[str, str]"
    #: The paths of pages.
    reports: "list[str]"
    #: Everything that `bitlaw run --json` tells at its end.
    document: dict = field(repr=False)

    @classmethod
    def of(cls, document: dict) -> "RunResult":
        """Reads the last line of `bitlaw run --json`."""
        return cls(
            ran=document["ran"], cached=document["cached"], seconds=document["seconds"],
            laws={law["action"]: law["text"] for law in document["laws"]}, reports=document["reports"],
            document=document)

    def __str__(self):
        lines = [f"{self.ran} ran, {self.cached} cached in {self.seconds:.1f} s"]
        lines += [f"{action}: {text}" for action, text in self.laws.items()]
        return "\n".join(lines + [f"report: {path}" for path in self.reports])

    def _repr_html_(self):
        rows = [[action, text] for action, text in self.laws.items()]
        rows += [["report", path] for path in self.reports]
        return table(["", f"{self.ran} ran, {self.cached} cached in {self.seconds:.1f} s"], rows)


def execute(conversation: Conversation, progress) -> RunResult:
    """Follows a run to its end.

    Raises the exception of its exit code, with what the program said and which actions failed.
    """
    watch = watcher(progress)
    summary, failures, warnings = None, [], []
    try:
        for event in conversation:
            kind = event.get("event")
            if kind == "summary":
                summary = event
            elif kind == "failed":
                failures.append(Failure(event["action"], event["reason"], event["log"]))
            elif kind == "warning":
                warnings.append(event["text"])
            watch.event(event)
    except BaseException:
        conversation.stop()
        raise
    finally:
        watch.end()
    words = "\n".join([*warnings, conversation.words.strip()]).strip()
    if conversation.code != 0:
        text = "\n".join([*(str(failure) for failure in failures), words]).strip()
        raise error(conversation.code, text, failures)
    if summary is None:
        raise BitlawError(f"the program ended without a summary\n{words}".strip(), conversation.code)
    warn(words)
    return RunResult.of(summary)
