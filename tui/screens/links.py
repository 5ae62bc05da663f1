"""The links of a mail or note: their true hosts, what is odd about them, and all of where they lead; only copied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.content import Content

from desk.links import Link
from desk.safe import safe_line
from tui.copying import copy_line
from tui.front import front
from tui.keys import Context
from tui.keys.naming import with_keys
from tui.screens.leaf import LeafScreen
from tui.style.signs import Signs
from tui.words.heard import heard
from tui.words.tongue import tr, trn

_MARGIN = 6


class LinksScreen(LeafScreen):
    """Shows links; nothing here ever opens one."""

    PLACE: ClassVar[Context] = Context.LINKS

    def __init__(self, links: Sequence[Link], signs: Signs) -> None:
        count = len(links)
        counted = trn(
            "{n} link, copied with {key_copy_this}, never opened",
            "{n} links, copied with {key_copy_this}, never opened",
            count,
        )
        super().__init__(tr("Links"), with_keys(counted, n=count) if links else "")
        self._links, self._signs = tuple(links), signs

    def on_resize(self) -> None:
        width = front(self).size.width
        self.put([row(each, width, self._signs) for each in self._links], tr("  There is no link in it."))

    def action_copy_this(self) -> None:
        if self.at is not None and self.at < len(self._links):
            copy_line(front(self), self._links[self.at].url)


def row(link: Link, width: int, signs: Signs) -> Content:
    """One link: its true host and its words, below that what is odd about it, and all of it."""
    host = safe_line(link.host) or tr("no host")
    looks = f"  ({safe_line(link.looks)})" if link.looks else ""
    words = f"  {safe_line(link.words)}" if link.words else ""
    odd = "".join(f"\n    {signs.trouble} {heard(safe_line(each))}" for each in link.warnings)
    url, room = safe_line(link.url), max(width - _MARGIN, 20)
    pieces = [url[at : at + room] for at in range(0, len(url), room)] or ["-"]
    sign = (f"  {signs.trouble} ", "$warning") if link.warnings else ("    ", "")
    return Content.assemble(
        sign,
        (host, "bold"),
        (looks, "$warning"),
        (words, ""),
        (odd, "$warning"),
        ("\n    " + "\n    ".join(pieces), "$muted"),
    )
