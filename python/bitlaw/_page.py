"""A page that an experiment makes."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import _blobs
from ._html import frame


@dataclass(frozen=True)
class Page:
    """A page, as `bitlaw report` wrote it, verified; a notebook shows it."""

    action: str
    path: str
    html: str = field(repr=False)

    #: How high a notebook shows it, in pixels.
    HEIGHT = 640

    @classmethod
    def read(cls, action: str, path: str, digest: str) -> "Page":
        """Reads a page whose bytes are to have a digest."""
        with open(path, "rb") as file:
            content = _blobs.checked(file.read(), digest, path)
        return cls(action, path, content.decode("utf-8"))

    def _repr_html_(self) -> str:
        return frame(self.html, self.action, self.HEIGHT)
