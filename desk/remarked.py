"""What intake noted about a mail and its ticket, in words for people, cleaned for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from desk.conversation import Event, Happened
from desk.duplicates import may_be_double
from desk.moves import FROM, INTO, MOVED
from desk.safe import safe_line
from desk.sides import ANSWERED_ASIDE, ANSWERED_FROM_BCC
from desk.sleep import CAME_BACK
from desk.sleep import in_words as sleep_in_words
from desk.ticket import Ticket

_ANSWERED_ASIDE = "an answer to what was forwarded"
_ANSWERED_FROM_BCC = "an answer of somebody who was in Bcc"


def in_words(event: Event) -> str | None:
    """What such an event says; None for events of other kinds."""
    if slept := sleep_in_words(event):
        return slept
    detail = {name: safe_line(value) for name, value in event.detail.items()}
    say = _WORDS.get(event.what)
    return say(detail) if say else None


def signs(ticket: Ticket) -> tuple[str, ...]:
    """What a ticket is marked with, in a few words each."""
    proposed = ticket.proposed_customer
    return (
        *([f"claims T-{ticket.claims}"] if ticket.claims is not None else []),
        *([f"follows T-{ticket.follows}"] if ticket.follows is not None else []),
        *([f"split off T-{ticket.split_from}"] if ticket.split_from is not None else []),
        *([f"related to {', '.join(f'T-{each}' for each in ticket.related)}"] if ticket.related else []),
        *([f"like {', '.join(f'T-{each}' for each in ticket.resembles)}"] if may_be_double(ticket) else []),
        *([f"merged into T-{ticket.merged_into}"] if ticket.merged_into is not None else []),
        *([f"from {safe_line(proposed.label)}?"] if proposed is not None else []),
        *_answered_aside(ticket),
        *(["woke up"] if ticket.unread and CAME_BACK in ticket.holds else []),
    )


def _answered_aside(ticket: Ticket) -> tuple[str, ...]:
    is_news = ticket.unread and ANSWERED_ASIDE in ticket.holds
    return (_aside(was_in_bcc=ANSWERED_FROM_BCC in ticket.holds),) if is_news else ()


def _aside(*, was_in_bcc: bool) -> str:
    return _ANSWERED_FROM_BCC if was_in_bcc else _ANSWERED_ASIDE


def _newcomers(detail: Mapping[str, str]) -> str:
    wrote, got = detail.get("wrote", ""), detail.get("got", "")
    if wrote and got:
        return f"{wrote} writes here for the first time; new among those who got it: {got}"
    if wrote:
        return f"{wrote} writes here for the first time"
    return f"new among those who got it: {got}" if got else ""


def _followed(detail: Mapping[str, str]) -> str:
    if "follows" in detail:
        return f"goes on from ticket {detail['follows']}, which was closed long ago"
    return f"ticket {detail.get('followed_by', '')} goes on from here"


def _merged(detail: Mapping[str, str]) -> str:
    if FROM in detail:
        return f"merged ticket {detail[FROM]} into this one"
    return f"merged this into ticket {detail.get(INTO, '')}"


def _split(detail: Mapping[str, str]) -> str:
    count = len(detail.get(MOVED, "").split())
    mails = "1 mail" if count == 1 else f"{count} mails"
    return (
        f"split {mails} off ticket {detail[FROM]}"
        if FROM in detail
        else (f"made ticket {detail.get(INTO, '')} of {mails}")
    )


def _arrived(detail: Mapping[str, str]) -> str:
    if "ticket" in detail:
        return f"the mail has come: ticket {detail['ticket']}"
    return f"the mail has come, and is on no ticket: {detail.get('outcome', '')}"


def _tickets(numbers: str) -> str:
    named = numbers.split()
    return f"tickets {', '.join(named)}" if len(named) > 1 else f"ticket {numbers.strip()}"


def _found_sent(detail: Mapping[str, str]) -> str:
    by = detail.get("by") or "one of us"
    return (
        f"{by} wrote to {detail['to']} with another program"
        if "to" in detail
        else f"{by} answered with another program"
    )


def _evidence(detail: Mapping[str, str]) -> str:
    found = f": {detail['found']}" if detail.get("found") else ""
    match detail.get("kind"):
        case "in_sent":
            return f"the mail is in the folder of sent mail{found}: it did go out"
        case "answered":
            return f"the mail was answered{found}: it did arrive"
        case "bounced":
            return f"the mail came back{found}"
        case "not_in_sent":
            return f"the mail is not in the folder of sent mail{found}; nobody knows yet whether it went out"
        case _:
            return "something was found out about the mail"


def _overtaken(detail: Mapping[str, str]) -> str:
    count = len(detail.get("newer", "").split())
    mails = "a newer mail" if count == 1 else f"{count} newer mails"
    return f"sent, but written before {mails} of {detail.get('of', 'the customer')}"


def _copy_failed(detail: Mapping[str, str]) -> str:
    return f"sent, but no copy could be put into the folder of sent mail: {detail.get('said', '')}"


def _promised(detail: Mapping[str, str]) -> str:
    return f"promised by {_day(detail.get('due', ''))}: {detail.get('text', '')}"


def _day(iso: str) -> str:
    """A moment as an event keeps it, on this machine's clock; what was erased as it stands."""
    try:
        at = datetime.fromisoformat(iso).astimezone()
    except ValueError:
        return iso
    return f"{at:%a} {at.day} {at:%b %H:%M}"


def _stopped(detail: Mapping[str, str]) -> str:
    why = detail.get("why") or f"{detail.get('by', '')} switched them off"
    return f"the automatic answer was not sent: {why}"


_WORDS: Mapping[Happened, Callable[[Mapping[str, str]], str]] = {
    Happened.SUBJECT_CHANGED: lambda detail: f"this mail has another subject: “{detail.get('new', '')}”",
    Happened.NEWCOMER: _newcomers,
    Happened.ALSO_ABOUT: lambda detail: f"this mail also names {_tickets(detail.get('tickets', ''))}",
    Happened.ARRIVED: _arrived,
    Happened.CLAIMED: lambda detail: f"says that it belongs to ticket {detail.get('ticket', '')}; nothing proves it",
    Happened.FOLLOWED: _followed,
    Happened.FOUND_SENT: _found_sent,
    Happened.ANSWERED_ASIDE: lambda detail: _aside(was_in_bcc="bcc" in detail),
    Happened.EVIDENCE: _evidence,
    Happened.OVERTAKEN: _overtaken,
    Happened.SENT_TO_REST: lambda detail: f"sent the mail to the others, without {detail.get('left_out', '')}",
    Happened.SETTLED: lambda _detail: "says that nothing more has to be done about the mail: it counts as sent",
    Happened.COPY_FAILED: _copy_failed,
    Happened.ACKNOWLEDGED: lambda _detail: "Tandem put an automatic answer to the customer into the outbox",
    Happened.STOPPED: _stopped,
    Happened.PROMISED: _promised,
    Happened.PROMISE_KEPT: lambda detail: f"kept what was promised: {detail.get('text', '')}",
    Happened.HANDED_OVER: lambda detail: f"handed it over to {detail.get('to', '')}",
    Happened.MERGED: _merged,
    Happened.SPLIT: _split,
    Happened.LINKED: lambda detail: f"linked it with ticket {detail.get('other', '')}",
    Happened.UNLINKED: lambda detail: f"took the link to ticket {detail.get('other', '')} off",
    Happened.KEPT_APART: lambda detail: f"said that it is another matter than {_tickets(detail.get('others', ''))}",
    Happened.DRAFT_GIVEN: lambda detail: (
        f"handed the unfinished {detail.get('kind', 'text')} to {detail.get('to', '')}"
    ),
    Happened.PROFILE_EDITED: lambda detail: f"edited the customer: {detail.get('fields', '').replace(' ', ', ')}",
    Happened.CUSTOMER_SET: lambda detail: f"made it a matter of {detail.get('after', '')}",
}
