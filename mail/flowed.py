"""Text whose lines were broken for sending only, put together again (RFC 3676, format=flowed)."""

from __future__ import annotations

import re

_QUOTES = re.compile(r">*")


def unflow(text: str, *, delete_space: bool) -> str:
    """Join lines that end in a blank with the next of the same quote depth; `delete_space` is the DelSp parameter."""
    lines: list[str] = []
    pending: list[str] = []
    depth = 0
    for line in text.split("\n"):
        quotes, content = _split(line)
        is_flowed = content.endswith(" ") and content != "-- "
        if pending and (quotes != depth or content == "-- "):
            lines.append(_quoted(depth, pending))
            pending = []
        depth = quotes
        pending.append(content[:-1] if is_flowed and delete_space else content)
        if not is_flowed:
            lines.append(_quoted(depth, pending))
            pending = []
    if pending:
        lines.append(_quoted(depth, pending))
    return "\n".join(lines)


def _split(line: str) -> tuple[int, str]:
    """Quote depth and the text behind it, without the blank that was stuffed before it (RFC 3676 4.4)."""
    marks = _QUOTES.match(line)
    depth = marks.end() if marks else 0
    return depth, line[depth:].removeprefix(" ")


def _quoted(depth: int, pieces: list[str]) -> str:
    text = "".join(pieces)
    return f"{'>' * depth} {text}" if depth else text
