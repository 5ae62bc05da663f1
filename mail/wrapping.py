"""The text of a mail we write, as format=flowed (RFC 3676): it reflows on a telephone and stays put in a terminal.

`mail.flowed` reads such text.
"""

from __future__ import annotations

import re

WIDTH = 72
"""How wide a paragraph is set, in characters."""

SIGNATURE = "-- "
"""The line above a signature; its blank at the end does not mean that the line goes on."""

_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_WORDS = re.compile(r"(?:^ +)?[^ ]+ *")


def flowed(text: str) -> str:
    """A text with CRLF line ends, its long paragraphs wrapped so that a reader can join them again exactly.

    Quoted lines (`>`) are kept whole. Blanks at line ends are lost; control characters become U+FFFD.
    """
    plain = _CONTROL.sub("\ufffd", _BREAKS.sub("\n", text))
    return "".join(f"{line}\r\n" for written in plain.split("\n") for line in _lines(written))


def _lines(written: str) -> list[str]:
    if written == SIGNATURE:
        return [written]
    line = written.rstrip(" ")
    if line.startswith(">"):
        return [line]
    return [_stuffed(each) for each in _wrapped(line)]


def _wrapped(line: str) -> list[str]:
    lines = [""]
    for word in _WORDS.findall(line):
        # A line of its own, the two dashes would begin a signature.
        if lines[-1] not in ("", SIGNATURE) and len(lines[-1]) + len(word.rstrip(" ")) > WIDTH:
            lines.append("")
        lines[-1] += word
    return lines


def _stuffed(line: str) -> str:
    """A line that begins as a quotation or an mbox separator would gets a blank, which the reader takes off again."""
    return f" {line}" if line.startswith((" ", ">", "From ")) else line
