"""A line in which a path is typed: a file's name may hold any byte, so not all that stands there is shown as it is."""

from __future__ import annotations

import re

from rich.highlighter import Highlighter
from rich.text import Text
from textual.widgets import Input

from desk.safe import DANGEROUS

_NEVER = re.compile(rf"[\t\n]|{DANGEROUS.pattern}")


class PathInput(Input):
    """Shows one sign for each character that would drive the terminal; the path itself stays as it is."""

    def __init__(self) -> None:
        super().__init__(compact=True, highlighter=_Readable())


class _Readable(Highlighter):
    def highlight(self, text: Text) -> None:
        text.plain = _NEVER.sub("\ufffd", text.plain)
