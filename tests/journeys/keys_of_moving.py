"""The keys that move about: in the list, which also marks, in the reader, and from pane to pane."""

from __future__ import annotations

from desk.ticket import TicketNumber
from tests.journeys.key_cases import Case, Finding, case, misses
from tests.journeys.key_desk import LONG, PARCEL, PARCEL_AGAIN, PLAIN, at, is_read
from tests.tui.apps import Screen
from tui.keys import Context
from tui.keys.action import LIST, READER, SIDEBAR

_PAGE, _HALF = 19, 10
"""Rows that a page and half a page of the list go on."""


def _row(at_row: int) -> Finding:
    """The cursor of the list is on this row."""
    return lambda screen: screen.cursor == screen.inbox.tickets.numbers[at_row]


def _marked(*numbers: TicketNumber) -> Finding:
    return lambda screen: screen.inbox.tickets.marked == numbers


def _all_marked(screen: Screen) -> bool:
    return len(screen.inbox.tickets.marked) == len(screen.inbox.tickets.numbers)


def _line(words: str) -> Finding:
    """The cursor of the reader is on the line with these words."""
    return lambda screen: words in screen.inbox.reader.row


def _keys_act(context: Context) -> Finding:
    return lambda screen: screen.inbox.context is context


LISTING: tuple[Case, ...] = (
    *case(LIST, "down", _row(1)),
    *case(LIST, "up", _row(1), before="j j"),
    *case(LIST, "half-down", _row(_HALF)),
    *case(LIST, "half-up", _row(0), before="j j"),
    *case(LIST, "page-down", _row(_PAGE)),
    *case(LIST, "page-up", _row(0), before="G pageup j j"),
    *case(LIST, "bottom", _row(-1)),
    *case(LIST, "top", _row(0), before="G"),
    *case(LIST, "open", is_read(PLAIN)),
    *case(LIST, "mark-down", _marked(PLAIN), _row(1)),
    *case(LIST, "mark", _marked(PLAIN), _row(0)),
    *case(LIST, "mark", _marked(), before="x"),
    *case(LIST, "mark-range", _marked(PLAIN, PARCEL, PARCEL_AGAIN), before="x j j"),
    *case(LIST, "mark-all", _all_marked),
)

BETWEEN: tuple[Case, ...] = (
    *case(LIST, "switch-pane", is_read(PLAIN)),
    *case(READER | SIDEBAR, "switch-pane", _keys_act(Context.LIST)),
    *case(LIST, "panes-more", is_read(PLAIN), misses("Where is my parcel")),
    *case(READER, "panes-more", misses("Where is my parcel")),
    *case(LIST, "panes-less", misses("See https://shop.example")),
    *case(READER, "panes-less", _keys_act(Context.LIST), misses("See https://shop.example")),
)

READING: tuple[Case, ...] = (
    *case(READER, "down", _line("line 2 of"), before=at(LONG, "j", "j")),
    *case(READER, "up", _line("line 0 of"), before=at(LONG, "j", "j")),
    *case(READER, "half-down", _line("line 9 of"), before=at(LONG)),
    *case(READER, "half-up", _line("line 2 of"), before=at(LONG, "j", "j", "j", "ctrl+d")),
    *case(READER, "page-down", _line("line 18 of"), before=at(LONG)),
    *case(READER, "page-down", is_read(PARCEL), before=at(PLAIN, "G")),
    *case(READER, "page-up", _line("line 2 of"), before=at(LONG, "j", "j", "j", "pagedown")),
    *case(READER, "top", _line("Long matter"), before=at(LONG, "G")),
    *case(READER, "bottom", _line("quoted lines"), before=at(LONG)),
    *case(READER, "next-ticket", is_read(PARCEL)),
    *case(READER, "previous-ticket", is_read(PLAIN), before=at(PARCEL)),
)
