"""The head of an open ticket: its number and subject, whose it is, where it stands, and who else is at it. Pure."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta, timezone, tzinfo

from rich.cells import cell_len

from desk.draft import Draft, DraftKind
from desk.people import Handle
from desk.presence import Doing, Presence
from desk.promises import Promise
from desk.safe import safe_line
from desk.sleep import sleeps
from desk.ticket import Priority, Status, Ticket
from tui.actions.naps import slept
from tui.reader.lines import Frame, Line, Span, Tone, cut
from tui.reader.offers import offer_lines
from tui.reader.opened import OpenTicket
from tui.reader.wrapping import fit, wrap
from tui.style.signs import Signs
from tui.words.subjects import subject_line
from tui.words.telling import PRIORITY, STATUS, moment, ordinal, span
from tui.words.tongue import speaks_english, tr, trc, trn

_MOST_SUBJECT_LINES = 3
_LEAST = 2


def heading(opened: OpenTicket, frame: Frame) -> list[Line]:
    """The lines above a conversation; the first one alone says which ticket this is."""
    company = ([_company(each, frame.signs)] for each in opened.presences if each.until > frame.now)
    shared = [opened.draft] if opened.draft else []
    drafts = ([_draft(each, opened.me, frame)] for each in (*shared, *opened.own))
    facts = [_customer(opened, frame), *_where(opened, frame), *company, *drafts]
    return [
        *_subject(opened.ticket, frame.width),
        *(Line(cut(_joined(_fitting(words, frame), frame.signs), frame.width)[0]) for words in facts),
        *offer_lines(opened, frame),
        Line((Span(frame.signs.rule * frame.width, Tone.FAINT),)),
    ]


def _subject(ticket: Ticket, width: int) -> list[Line]:
    number = f"{ticket.number}  "
    subject = subject_line(ticket.subject)
    first, *more = _first_lines(subject, max(width - len(number), 10))
    indent = " " * len(number)
    return [
        Line((Span(number, Tone.ACCENT), Span(first, Tone.TITLE))),
        *(Line((Span(indent), Span(each, Tone.TITLE))) for each in more),
    ]


def _first_lines(subject: str, room: int) -> list[str]:
    """The lines of a subject, no more than there is room for; `…` where that is not all of it."""
    lines = wrap(subject, room)
    if len(lines) <= _MOST_SUBJECT_LINES:
        return lines
    *kept, last, following = lines[: _MOST_SUBJECT_LINES + 1]
    return [*kept, fit(f"{last} {following}", room)]


def _customer(opened: OpenTicket, frame: Frame) -> list[Span]:
    customer = opened.ticket.customer
    named = [Span(safe_line(customer.name), Tone.STRONG)] if customer.name else []
    counted = [] if customer.is_nobody else [Span(_nth(opened), Tone.MUTED)]
    company = safe_line(opened.profile.company) if opened.profile else ""
    known = [Span(each, Tone.MUTED) for each in (company, _their_time(opened, frame)) if each]
    return [*named, Span(safe_line(customer.email), Tone.MUTED), *counted, *known]


def _nth(opened: OpenTicket) -> str:
    """Which of the customer's tickets it is: "2nd of 3 tickets"; other languages put their ending to the number."""
    place, count = opened.earlier_tickets + 1, opened.other_tickets + 1
    nth = ordinal(place) if speaks_english() else str(place)
    if place == count:
        return tr("{nth} ticket").format(nth=nth)
    return trn("{nth} of {count} ticket", "{nth} of {count} tickets", count).format(nth=nth, count=count)


def _their_time(opened: OpenTicket, frame: Frame) -> str:
    """What time it is where the customer is, where that is another than here: “Sofia 14:04”."""
    name = opened.profile.zone if opened.profile else ""
    last = opened.last_from_customer
    zone: tzinfo | None = None
    with suppress(ValueError, OSError, KeyError):  # a zone that this machine does not know
        zone = _zone(name) if name else None
    if zone is None and last is not None and last.utc_offset is not None:
        zone, name = timezone(timedelta(minutes=last.utc_offset)), ""
    here = frame.now.astimezone(frame.zone)
    if zone is None or frame.now.astimezone(zone).utcoffset() == here.utcoffset():
        return ""
    place = safe_line(name.rpartition("/")[2].replace("_", " ")) or tr("there")
    return f"{place} {frame.now.astimezone(zone):%H:%M}"


def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo  # it takes nearly a megabyte, and few customers have one

    return ZoneInfo(name)


def _where(opened: OpenTicket, frame: Frame) -> list[list[Span]]:
    """Where the ticket stands and what was promised by when, on one line if there is room; and until when it sleeps."""
    standing = _standing(opened.ticket, frame)
    promises = [[_promise(each, frame)] for each in opened.promises]
    both = [*standing, *(promises[0] if promises else ())]
    if len(promises) == 1 and sum(cell_len(each.text) for each in _joined(both, frame.signs)) <= frame.width:
        return [both, *_asleep(opened.ticket, frame)]
    return [standing, *promises, *_asleep(opened.ticket, frame)]


def _standing(ticket: Ticket, frame: Frame) -> list[Span]:
    words = [Span(trc(STATUS, ticket.status), Tone.ACCENT if ticket.status is Status.OPEN else Tone.MUTED)]
    if ticket.priority is not Priority.NORMAL:
        urgent = ticket.priority in (Priority.HIGH, Priority.URGENT)
        words.append(Span(trc(PRIORITY, ticket.priority), Tone.WARNING if urgent else Tone.MUTED))
    words.append(Span(safe_line(ticket.assignee) if ticket.assignee else tr("nobody has it"), Tone.MUTED))
    if ticket.tags:
        words.append(Span(" ".join(map(safe_line, ticket.tags)), Tone.MUTED))
    if ticket.waiting_since is not None:
        waits = tr("waits {span}").format(span=span(frame.now - ticket.waiting_since))
        words.append(Span(waits, Tone.PLAIN))
    return words


def _asleep(ticket: Ticket, frame: Frame) -> list[list[Span]]:
    words = slept(ticket, frame.now, frame.zone) if sleeps(ticket, frame.now) else ""
    return [[Span(each, Tone.MUTED)] for each in wrap(words, max(frame.width, 10))] if words else []


def _company(presence: Presence, signs: Signs) -> Span:
    agent = safe_line(presence.agent)
    if presence.doing is Doing.ANSWERING:
        return Span(f"{signs.answering} {tr('{agent} is answering').format(agent=agent)}", Tone.WARNING)
    return Span(f"{signs.reading} {tr('{agent} is reading').format(agent=agent)}", Tone.MUTED)


def _promise(made: Promise, frame: Frame) -> Span:
    due, text = moment(made.due, frame.now, frame.zone), safe_line(made.text)
    if made.is_late(frame.now):
        return Span(tr("late: {text}, promised by {due}").format(text=text, due=due), Tone.WARNING)
    return Span(tr("promised by {due}: {text}").format(text=text, due=due), Tone.PLAIN)


def _draft(draft: Draft, me: Handle | None, frame: Frame) -> Span:
    mine, theirs = tr("your unfinished answer, saved {at}"), tr("{agent}'s unfinished answer, saved {at}")
    at = moment(draft.saved, frame.now, frame.zone)
    if draft.kind is DraftKind.FORWARD:
        mine = tr("your unfinished forward, saved {at}")
    elif draft.kind is not DraftKind.REPLY:
        mine = tr("your unfinished note, saved {at}")
    words = (mine if draft.author == me else theirs).format(agent=safe_line(draft.author), at=at)
    return Span(words, Tone.MUTED if draft.author == me else Tone.WARNING)


def _fitting(words: list[Span], frame: Frame) -> list[Span]:
    """As many of these as there is room for, each whole; the first two in any case."""
    kept = list(words)
    while len(kept) > _LEAST and sum(cell_len(each.text) for each in _joined(kept, frame.signs)) > frame.width:
        kept.pop()
    return kept


def _joined(words: list[Span], signs: Signs) -> tuple[Span, ...]:
    dot = Span(f" {signs.between} ", Tone.FAINT)
    return tuple(each for word in words for each in (dot, word))[1:]
