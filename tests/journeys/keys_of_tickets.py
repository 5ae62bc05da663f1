"""The keys that do something to a ticket, or begin to write, in the list and in the reader."""

from __future__ import annotations

from collections.abc import Callable

from desk.people import Handle
from desk.ticket import Priority, Status, Ticket
from tests.journeys.key_cases import Case, Finding, case, misses, sees
from tests.journeys.key_desk import (
    CLOSED,
    FORWARDED,
    LARGE,
    LAST,
    LINKED,
    PARCEL,
    PLAIN,
    TWO_MATTERS,
    at,
    is_read,
    kept,
)
from tests.tui.apps import Screen
from tui.composer.leftovers import whose
from tui.composer.private import private_folder
from tui.keys.action import LIST, READER, TICKET

_ANA, _BO = Handle("ana"), Handle("bo")


def _plain(what: Callable[[Ticket], bool]) -> Finding:
    return kept(PLAIN, what)


def _has(status: Status) -> Finding:
    return _plain(lambda it: it.status is status)


def _matters(priority: Priority) -> Finding:
    return _plain(lambda it: it.priority is priority)


def _is_of(whom: Handle | None) -> Finding:
    return _plain(lambda it: it.assignee == whom)


def _cursor_is_on(number: int) -> Finding:
    return lambda screen: screen.cursor == number


async def _an_editor_was_killed(screen: Screen) -> None:
    folder = private_folder(mark=whose(screen.app.desk))
    (folder / f"{LAST}-reply.txt").write_text("Dear customer", encoding="utf-8")


WRITING: tuple[Case, ...] = (
    *case(TICKET, "reply", sees("Reply to Dana Petrova", "Printer broken", "Esc review")),
    *case(TICKET, "new", sees("New mail to nobody yet")),
    *case(TICKET, "forward", sees("FORWARD", "Dana does not see it", "Fwd: Printer broken")),
    *case(TICKET, "note", sees("NOTE  on 1, only agents see it")),
    *case(TICKET, "edit-note", sees("NOTE  on 1, only agents see it", "^s save", "Ask the bank.")),
    *case(TICKET, "leftovers", sees("Tandem ended before a text was saved"), before=_an_editor_was_killed),
    *case(TICKET, "macro", sees("Macros", "Acknowledge, we are on it")),
    *case(TICKET, "hand-over", sees("HAND-OVER  1 to bo, with this note")),
    *case(TICKET, "promise", sees("Promise on 1: by when?")),
)
"""What asks for words. What becomes of them, other contexts show."""

TREATING: tuple[Case, ...] = (
    *case(TICKET, "take", _is_of(_ANA), sees("1: assigned to ana")),
    *case(TICKET, "assign-me", _is_of(_ANA)),
    *case(TICKET, "assign-partner", _is_of(_BO)),
    *case(TICKET, "assign-none", _is_of(None), before="i"),
    *case(TICKET, "assign-other", sees("Assign 1 to", "bo   Bo Lind")),
    *case(TICKET, "tag", sees("Tags of 1 ", "Esc leaves")),
    *case(LIST, "close", _has(Status.CLOSED), _cursor_is_on(PARCEL)),
    *case(READER, "close", _has(Status.CLOSED), is_read(PARCEL)),
    *case(TICKET, "snooze", sees("Snooze 1", "Tomorrow morning")),
    *case(LIST, "status-open", kept(CLOSED, lambda it: it.status is Status.OPEN), before="g c"),
    *case(READER, "status-open", kept(CLOSED, lambda it: it.status is Status.OPEN), before=at(CLOSED)),
    *case(TICKET, "status-waiting", _has(Status.WAITING)),
    *case(TICKET, "status-closed", _has(Status.CLOSED)),
    *case(TICKET, "status-spam", _has(Status.SPAM)),
    *case(TICKET, "priority-low", _matters(Priority.LOW)),
    *case(TICKET, "priority-normal", _matters(Priority.NORMAL), before="p h"),
    *case(TICKET, "priority-high", _matters(Priority.HIGH)),
    *case(TICKET, "priority-urgent", _matters(Priority.URGENT)),
    *case(TICKET, "repeat", kept(PARCEL, lambda it: it.assignee == _ANA), before=at(PLAIN, "i", then=PARCEL)),
    *case(
        LIST,
        "repeat-tag",
        kept(PARCEL, lambda it: it.tags == ("vip",)),
        before=at(PLAIN, *"tvip", "enter", then=PARCEL),
    ),
    *case(TICKET, "no-trash", sees("there is no trash: ! marks as spam, e closes")),
    *case(TICKET, "take-next", _is_of(_ANA), is_read(PLAIN), before=at(PARCEL)),
)

RELATING: tuple[Case, ...] = (
    *case(TICKET, "split-off", sees("Split a mail off ticket 6", "“Toner” of Kim Else"), before=at(TWO_MATTERS)),
    *case(TICKET, "merge", sees("Merge 1 with which ticket?")),
    *case(TICKET, "link", sees("Link 1 with which ticket?")),
    *case(TICKET, "keep-apart", misses("looks like"), sees("Where is my parcel"), before=at(PARCEL)),
    *case(TICKET, "open-other", is_read(LINKED), before=at(PLAIN)),
    *case(TICKET, "confirm-customer", sees("4: a matter of Dana Petrova <dana@corp.example>"), before=at(FORWARDED)),
    *case(TICKET, "load-whole", sees("all of the mail is here"), before=at(LARGE)),
    *case(TICKET, "copy-number", sees("copied: 1 ")),
    *case(TICKET, "copy-email", sees("copied: dana@corp.example")),
    *case(TICKET, "copy-words", sees("Copied", "See https://shop.example/orders/88213 for it.")),
    *case(TICKET, "copy-link", sees("copied: https://shop.example/orders/88213")),
    *case(TICKET, "customer", sees("e edit  y copy address")),
)
