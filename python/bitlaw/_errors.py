"""What goes wrong, as exceptions with the program's own text."""

from __future__ import annotations


class BitlawWarning(UserWarning):
    """What the program warned of while it did what was asked."""


class BitlawError(Exception):
    """The program ended otherwise than asked; `code` is its exit code, where it ran at all."""

    def __init__(self, text: str, code: "int | None" = None):
        super().__init__(text)
        self.text = text
        self.code = code


class ProgramNotFound(BitlawError):
    """There is no program `bitlaw` where it was looked for."""


class ActionFailed(BitlawError):
    """An action failed, or has not run (exit code 1); `failures` has those of a run."""

    def __init__(self, text: str, code: "int | None" = None, failures=()):
        super().__init__(text, code)
        self.failures = list(failures)


class UsageError(BitlawError):
    """The experiment file, or what was asked of it, is not right (exit code 2)."""


class StoreError(BitlawError):
    """The store is damaged or cannot be used (exit code 3)."""


class DifferenceFound(BitlawError):
    """Bits are not the ones that were promised (exit code 4)."""


class Interrupted(BitlawError):
    """The run was interrupted; what finished is kept (exit code 130)."""


class DamagedOutput(BitlawError):
    """The bytes of an output are not the ones that its digest names."""


_BY_CODE = {1: ActionFailed, 2: UsageError, 3: StoreError, 4: DifferenceFound, 130: Interrupted}


def error(code: int, text: str, failures=()) -> BitlawError:
    """The exception of an exit code."""
    text = text.strip() or f"bitlaw ended with exit code {code} and said nothing"
    kind = _BY_CODE.get(code, BitlawError)
    return ActionFailed(text, code, failures) if kind is ActionFailed else kind(text, code)
