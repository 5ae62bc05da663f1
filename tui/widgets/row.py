"""One ticket as one line of the list: pure formatting, cut on terminal cells, every outside string made safe.

What stands at the left tells which ticket it is, at the right whose it is and how long it waits. In between stands the
subject with what is to be told of the ticket in signs or words, and where there is room, its tags, its mailbox and when
it was changed last (`Columns`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from rich.cells import cell_len

from desk.duplicates import may_be_double
from desk.people import Handle
from desk.presence import Doing
from desk.safe import is_masked, safe_line
from desk.sides import ANSWERED_ASIDE, ANSWERED_FROM_BCC
from desk.sleep import CAME_BACK
from desk.ticket import Priority, Status, Ticket
from tui.style.signs import Signs
from tui.widgets.columns import Columns, columns
from tui.widgets.pieces import Piece, Role, cell, cut, fitted
from tui.words.ages import age, brief, day, until
from tui.words.subjects import subject_line
from tui.words.telling import PRIORITY, STATUS
from tui.words.tongue import tr, trc

LATE_AFTER = timedelta(hours=4)
"""A customer who waits longer than this is shown as late."""

_WAIT = 3
_TELLING = 8
"""Cells of a subject below which it says nothing."""
_TAG, _LEAST_TAG = 6, 3
"""Cells that a cut tag has where there are so many, with the blank before it, and the fewest that tell of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a row shows besides its ticket. `there` is a colleague who has the ticket open, and what for.

    `company` says it in words, for all who are there, and whether one of them answers.
    `draft` tells whose unfinished answer there is, and when it was saved. `calls`: a note there asks for the agent.

    `tell_status` is true in lists that mix tickets of several states, `tell_mailbox` where the desk has several
    mailboxes. `digits` is the width of the number.
    """

    now: datetime
    signs: Signs
    cursor: bool = False
    marked: bool = False
    there: tuple[Handle, Doing] | None = None
    company: tuple[str, bool] | None = None
    draft: tuple[str, str] | None = None
    calls: bool = False
    tell_status: bool = False
    tell_mailbox: bool = False
    digits: int = 4


def row(ticket: Ticket, look: Look, width: int) -> list[Piece]:
    """The pieces of a ticket's line; together they are exactly `width` cells wide."""
    wide = columns(width)
    left = [
        *_flags(look),
        (f"{ticket.number:>{look.digits}}  " if wide.numbered else " ", Role.MUTED),
        (cell(safe_line(ticket.customer.label), wide.who, look.signs), _base(ticket)),
        *([(" ", Role.PLAIN)] if wide.numbered else []),
        *_signs(ticket, look.signs, wide.priority),
    ]
    ending = [
        *_extra(" ".join(_tags(ticket)), wide.tags, look),
        *_extra(safe_line(ticket.mailbox), wide.mailbox if look.tell_mailbox else 0, look),
        (" ", Role.PLAIN),
    ]
    right = [
        (cell(safe_line(ticket.assignee or "-"), wide.owner, look.signs), Role.MUTED),
        (" ", Role.PLAIN),
        *([(f"{day(ticket.updated, look.now):>{wide.updated}} ", Role.MUTED)] if wide.updated else []),
        *_wait(ticket, look, aged=not wide.updated),
        (" ", Role.PLAIN),
    ]
    room = max(width - sum(cell_len(text) for text, _ in [*left, *ending, *right]), 0)
    company = _company(look, room, told=wide.told)
    there = [] if company else _there(look, wide.owner)
    room = max(room - sum(cell_len(text) for text, _ in there), 0)
    return fitted([*left, *_subject(ticket, look, room, wide, company), *ending, *there, *right], width)


def waiting_words(ticket: Ticket, now: datetime) -> str:
    """How long the customer has waited, at most three characters; empty where nothing waits."""
    if ticket.waiting_since is None:
        return ""
    return brief(now - ticket.waiting_since)


def is_late(ticket: Ticket, now: datetime) -> bool:
    """Whether the customer has waited longer than we mean to let anybody wait."""
    return ticket.waiting_since is not None and now - ticket.waiting_since > LATE_AFTER


def is_odd(ticket: Ticket) -> bool:
    """Whether a mail of this ticket was odd or deceptive."""
    return bool(ticket.defects) or is_masked(ticket.subject) or is_masked(ticket.customer.name)


def is_stuck(ticket: Ticket) -> bool:
    """Whether a mail that we sent did not arrive."""
    return bool({"undelivered", "bounced"} & set(ticket.holds))


def _base(ticket: Ticket) -> Role:
    if ticket.unread:
        return Role.STRONG
    return Role.MUTED if ticket.status in (Status.CLOSED, Status.SPAM) else Role.PLAIN


def _flags(look: Look) -> list[Piece]:
    return [
        (look.signs.mark if look.marked else " ", Role.ACCENT),
        (look.signs.cursor if look.cursor else " ", Role.ACCENT),
    ]


def _signs(ticket: Ticket, signs: Signs, word: int) -> list[Piece]:
    """How much it matters, as a sign or in a word, and whether it is unread."""
    sign = {Priority.LOW: signs.low, Priority.HIGH: signs.high, Priority.URGENT: signs.urgent}.get(ticket.priority, " ")
    name = "" if ticket.priority is Priority.NORMAL else trc(PRIORITY, ticket.priority.value)
    told = f"{cell(name, word, signs)} " if word else sign
    return [
        (told, Role.MUTED if ticket.priority is Priority.LOW else Role.WARNING),
        (signs.unread if ticket.unread else " ", Role.ACCENT),
        (" ", Role.PLAIN),
    ]


def _subject(ticket: Ticket, look: Look, width: int, wide: Columns, company: str) -> list[Piece]:
    told = wide.told and width - cell_len(_trouble(ticket, look.signs, told=True)) > 2 * _TELLING
    count = f" [{ticket.message_count}]" if ticket.message_count > 1 else ""
    count += _alike(ticket, look.signs, told=told)
    trouble = _trouble(ticket, look.signs, told=told)
    status = f"{trc(STATUS, ticket.status.value)} " if look.tell_status and ticket.status is not Status.OPEN else ""
    calls = "@ " if look.calls else ""
    draft = company or _draft(look, width)
    aside = _back(ticket, width - cell_len(draft)) or _aside(ticket, width - cell_len(draft))
    room = max(width - len(calls) - len(status) - cell_len(draft) - len(aside) - len(count) - cell_len(trouble), 0)
    subject = subject_line(ticket.subject)
    tags = "" if wide.tags or not ticket.tags else _fitting_tags(_tags(ticket), subject, room, look.signs)
    return [
        (calls, Role.WARNING),
        (draft, Role.ACCENT),
        (aside, Role.ACCENT),
        (status, Role.MUTED),
        *_titled(subject, tags, room, look.signs, _base(ticket)),
        (count, Role.MUTED),
        (trouble, Role.WARNING),
    ]


def _titled(subject: str, tags: str, room: int, signs: Signs, role: Role) -> list[Piece]:
    """The subject, and right behind it the tags."""
    if not tags:
        return [(cell(subject, room, signs), role)]
    title = cut(subject, room - cell_len(tags), signs)
    return [(title, role), (tags + " " * (room - cell_len(title) - cell_len(tags)), Role.MUTED)]


def _fitting_tags(tags: list[str], subject: str, room: int, signs: Signs) -> str:
    """What of the tags stands behind the subject: as much as it leaves, but a third of the room at least.

    Where not all find room it says how many more there are, or at the very least that there are some.
    """
    share = max(room - cell_len(subject), min(max(room // 3, _TAG), max(room - _TELLING, _LEAST_TAG)))
    for count in range(len(tags), 0, -1):
        more = f" +{len(tags) - count}" if count < len(tags) else ""
        if cell_len(told := f" {' '.join(tags[:count])}{more}") <= share:
            return told
    return cut(f" {' '.join(tags)}", share, signs) if room >= 3 * _LEAST_TAG else ""


def _tags(ticket: Ticket) -> list[str]:
    return [f"#{safe_line(each)}" for each in ticket.tags]


def _trouble(ticket: Ticket, signs: Signs, *, told: bool) -> str:
    """What to look at: a mail that did not arrive, one that is odd, one that names a ticket it may not belong to."""
    there = (
        (is_stuck(ticket), signs.failed, tr("not delivered")),
        (is_odd(ticket), signs.trouble, ""),
        (ticket.claims is not None, signs.claims, tr("names {number}").format(number=ticket.claims)),
    )
    return "".join(f" {sign}{' ' + words if told and words else ''}" for is_there, sign, words in there if is_there)


def _alike(ticket: Ticket, signs: Signs, *, told: bool) -> str:
    """That it may be one matter with another ticket of its customer, quietly."""
    if not may_be_double(ticket):
        return ""
    like = tr("like {number}").format(number=ticket.resembles[0]) if told else ""
    return f" {signs.alike} {like}" if like else f" {signs.alike}"


def _company(look: Look, room: int, *, told: bool) -> str:
    """What colleagues do there: that one answers, or where words are told, that one reads."""
    words, is_answered = look.company or ("", False)
    is_told = bool(words) and (is_answered or told)
    return f"{words}: " if is_told and cell_len(words) + 2 + 2 * _TELLING <= room else ""


def _draft(look: Look, room: int) -> str:
    """Whose unfinished answer there is, with the time where there is room for it."""
    whose, saved = look.draft or ("", "")
    words = [(f"{whose} {saved} ", 2 * _TELLING), (f"{whose} ", _TELLING)] if whose else []
    return next((each for each, least in words if cell_len(each) + least <= room), "")


def _back(ticket: Ticket, room: int) -> str:
    """That a ticket slept until now, until somebody read it."""
    words = tr("woke up: ") if ticket.unread and CAME_BACK in ticket.holds else ""
    return words if cell_len(words) + _TELLING <= room else ""


def _aside(ticket: Ticket, room: int) -> str:
    """That what was forwarded is answered, until somebody read it; in fewer words where there is little room."""
    if not (ticket.unread and ANSWERED_ASIDE in ticket.holds):
        return ""
    forwarded = [tr("an answer to what was forwarded: "), tr("forward answered: "), tr("aside: ")]
    in_bcc = [tr("an answer of somebody who was in Bcc: "), tr("Bcc answered: "), tr("aside: ")]
    words = in_bcc if ANSWERED_FROM_BCC in ticket.holds else forwarded
    return next((each for each in words if len(each) + _TELLING <= room), "")


def _there(look: Look, width: int) -> list[Piece]:
    """Which colleague is there, in front of who has the ticket: a sign of what for, and the name or its beginning."""
    if look.there is None:
        return []
    agent, doing = look.there
    answers = doing is Doing.ANSWERING
    sign = look.signs.answering if answers else look.signs.reading
    apart = ":" if sign.isalpha() else ""
    told = f"{sign}{apart}{cut(safe_line(agent), width - 1, look.signs)} "
    return [(told, Role.ACCENT if answers else Role.MUTED)]


def _wait(ticket: Ticket, look: Look, *, aged: bool) -> list[Piece]:
    """How long it sleeps, or how long the customer waits; where nobody waits and `aged`, how old the last change is."""
    if ticket.snoozed_until is not None and ticket.snoozed_until > look.now:
        return [(f"{look.signs.asleep} {until(ticket.snoozed_until, look.now)}"[:5].ljust(5), Role.MUTED)]
    done = ticket.status in (Status.CLOSED, Status.SPAM)
    late = is_late(ticket, look.now) and not done
    words = "" if done else waiting_words(ticket, look.now)
    if aged and not words:
        return [(f"({age(ticket.updated, look.now)})".rjust(_WAIT + 2), Role.MUTED)]
    words = words or "-"
    role = Role.WARNING if late else Role.MUTED
    return [(f"{words:>{_WAIT}} {look.signs.late if late else ' '}", role)]


def _extra(text: str, width: int, look: Look) -> list[Piece]:
    """A column that only wide lists have, with a blank before it."""
    return [(" ", Role.PLAIN), (cell(text, width, look.signs), Role.MUTED)] if width else []
