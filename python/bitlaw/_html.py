"""Pieces of HTML; every text is escaped."""

from __future__ import annotations

import base64
from html import escape


def table(header, rows, caption: str = "") -> str:
    """A table; `None` is an empty cell."""
    head = "".join(f"<th>{escape(str(name))}</th>" for name in header)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape('' if cell is None else str(cell))}</td>" for cell in row) + "</tr>"
        for row in rows)
    named = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<table>{named}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def picture(svg: bytes, text: str) -> str:
    """A picture that runs no script, for an image runs none."""
    data = base64.b64encode(svg).decode("ascii")
    return f'<img alt="{escape(text)}" style="max-width:100%" src="data:image/svg+xml;base64,{data}">'


def frame(page: str, title: str, height: int) -> str:
    """A page of its own inside another, without scripts, and without a way to what is around it."""
    return (
        f'<iframe title="{escape(title)}" sandbox srcdoc="{escape(page)}" '
        f'style="width:100%;height:{height}px;border:1px solid #8888"></iframe>')
