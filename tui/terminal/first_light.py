"""What is on the terminal before Textual is loaded: the rows of the list, in its own colours, where they will stand.

Nothing here imports Textual. Keys that are pressed meanwhile wait in the terminal until the screen reads them.
"""

from __future__ import annotations

import shutil
import sys
import termios
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, Self

from desk.desk import Desk
from desk.errors import TandemError
from desk.safe import DANGEROUS
from desk.ticket import Ticket
from tui.lists.listing import Listing, unfinished, whereabouts
from tui.style.signs import UNICODE
from tui.widgets.pieces import Role
from tui.widgets.row import Look, row

ALTERNATE = "\x1b[?1049h"
"""What Textual begins with too: it clears the screen."""
_BEGIN = f"{ALTERNATE}\x1b[?25l\x1b[?7l"
_END = "\x1b[?7h\x1b[?1049l\x1b[?25h"
_ABOVE, _BELOW = 2, 2
"""Lines above and below the list."""
_WIDE, _SHARE = 100, 0.48
_SMALLEST = (40, 10)
_LOOKS = {Role.STRONG: "\x1b[1m", Role.ACCENT: "\x1b[1m", Role.MUTED: "\x1b[2m"}


class FirstLight:
    """Paints a list; unless `take_over` is called, the terminal is as before at the end of the `with`."""

    def __init__(self, desk: Desk, listing: Listing | None) -> None:
        self._rows = first_rows(desk, listing, shutil.get_terminal_size()) if listing is not None else ()
        self._before: list[Any] | None = None

    def __enter__(self) -> Self:
        if self._rows and (terminal := sys.__stdin__) is not None:
            with suppress(termios.error):
                before = termios.tcgetattr(terminal)
                termios.tcsetattr(terminal, termios.TCSANOW, _unheard(before))
                self._before = before
                _write(_BEGIN + "".join(self._rows))
        return self

    def __exit__(self, *_: object) -> None:
        if self._before is not None and sys.__stdin__ is not None:
            _write(_END)
            with suppress(termios.error):
                termios.tcsetattr(sys.__stdin__, termios.TCSANOW, self.take_over())

    @property
    def is_lit(self) -> bool:
        """Whether the terminal is still ours."""
        return self._before is not None

    def take_over(self) -> list[Any]:
        """Leave the terminal to somebody else; returns how it was before, for the end."""
        before, self._before = self._before or [], None
        return before


def _unheard(attributes: list[Any]) -> list[Any]:
    """The same without echo, and with every key given on at once and as it is, but for those that end a program."""
    changed = attributes.copy()
    changed[0] &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR | termios.IXON | termios.IXOFF)
    changed[3] &= ~(termios.ECHO | termios.ICANON)
    return changed


def first_rows(desk: Desk, listing: Listing, size: tuple[int, int]) -> Sequence[str]:
    """The visible rows of a list on a terminal of this size, each at its place; none where there is no room."""
    columns, rows = size
    if columns < _SMALLEST[0] or rows < _SMALLEST[1]:
        return ()
    try:
        tickets = desk.store.tickets.many(listing.numbers[: rows - _ABOVE - _BELOW])
    except TandemError:
        return ()
    if not tickets:
        return ()
    return list(_painted(desk, listing, tickets, int(columns * _SHARE) if columns >= _WIDE else columns))


def _painted(desk: Desk, listing: Listing, tickets: Sequence[Ticket], width: int) -> Iterator[str]:
    now, me = desk.clock(), desk.acting.handle if desk.acting else None
    there, drafts = whereabouts(listing.presences, now), unfinished(listing.drafts, me, now)
    digits = max(4, len(str(max(listing.numbers[0], listing.numbers[-1]))))
    for place, ticket in enumerate(tickets):
        look = Look(
            now=now,
            signs=UNICODE,
            cursor=place == 0,
            there=there.get(ticket.number),
            draft=drafts.get(ticket.number),
            digits=digits,
        )
        pieces = (f"{_LOOKS.get(role, '')}{DANGEROUS.sub('', text)}\x1b[m" for text, role in row(ticket, look, width))
        yield f"\x1b[{_ABOVE + place + 1}H{''.join(pieces)}"


def _write(text: str) -> None:
    if (out := sys.__stderr__) is not None:
        out.write(text.encode(out.encoding, "replace").decode(out.encoding))
        out.flush()
