from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from desk.conversation import Act, Change, EntryId, Event, Happened, OutboxId
from desk.outgoing import OutboxEntry, OutboxState
from desk.people import Handle
from desk.ticket import TicketNumber
from tui.words.telling import delivery, moment, ordinal, size, span, told, trouble

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ANA, BO = Handle("ana"), Handle("bo")


def event(what: Happened, *changes: Change, author: Handle | None = ANA, undone: bool = False, **detail: str) -> Event:
    return Event(
        id=EntryId(1),
        ticket=TicketNumber(1),
        at=NOW,
        author=author,
        what=what,
        act=Act("a"),
        changes=changes,
        detail=detail,
        undone=undone,
    )


def mail(state: OutboxState, said: str | None = None, **due: float) -> OutboxEntry:
    return OutboxEntry(
        id=OutboxId(1),
        ticket=TicketNumber(1),
        entry=EntryId(1),
        author=ANA,
        state=state,
        due=NOW + timedelta(**due),
        created=NOW,
        message_id="<1@acme.example>",
        raw="",
        mailbox="support",
        envelope_from="support@acme.example",
        recipients=("dana@corp.example",),
        draft="Hello",
        last_error=said,
    )


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOW - timedelta(hours=2), "10:00"),
        (NOW - timedelta(hours=13), "Thu 19 Nov 23:00"),
        (NOW - timedelta(days=299), "Sun 25 Jan 12:00"),
        (NOW - timedelta(days=400), "16 Oct 2025"),
    ],
)
def test_a_moment_is_as_short_as_it_stays_clear(at: datetime, words: str) -> None:
    assert moment(at, NOW, UTC) == words


def test_a_length_of_time_in_its_largest_unit() -> None:
    lengths = (timedelta(seconds=40), timedelta(minutes=14), timedelta(hours=3), timedelta(days=2), -timedelta(1))
    assert [span(each) for each in lengths] == ["40s", "14m", "3h", "2d", "0s"]


def test_sizes_and_ordinals() -> None:
    assert [size(each) for each in (0, 999, 84_213, 2_500_000, 7_000_000_000)] == [
        "0 B", "999 B", "84 KB", "2 MB", "7.0 GB",
    ]  # fmt: skip
    assert [ordinal(each) for each in (1, 2, 3, 4, 11, 12, 13, 21, 112)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "112th",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (event(Happened.ASSIGNED, Change("assignee", None, "ana")), "took it"),
        (event(Happened.ASSIGNED, Change("assignee", None, "bo")), "gave it to bo"),
        (event(Happened.ASSIGNED, Change("assignee", "ana", None)), "put it back"),
        (event(Happened.ASSIGNED, Change("assignee", "bo", None)), "took it from bo"),
        (event(Happened.TAGGED, Change("tags", ("a", "b"), ("b", "c", "d"))), "tagged c d and untagged a"),
        (event(Happened.STATUS_CHANGED, Change("status", "open", "closed")), "closed it"),
        (event(Happened.STATUS_CHANGED, Change("status", "open", "waiting")), "set it waiting"),
        (event(Happened.PRIORITY_CHANGED, Change("priority", "normal", "high")), "set priority high"),
        (event(Happened.MACRO_RUN, macro="refund"), "ran macro refund"),
        (event(Happened.REOPENED, Change("status", "closed", "open"), author=None), "opened it again"),
        (event(Happened.CREATED), "opened the ticket"),
        (event(Happened.RESENT), "resent"),
        (event(Happened.ASSIGNED, Change("assignee", None, "ana"), undone=True), "took it (taken back)"),
    ],
)
def test_events_are_said_of_their_author(what: Event, words: str) -> None:
    assert told(what) == words


def test_control_characters_in_an_event_are_not_repeated() -> None:
    assert "\x1b" not in told(event(Happened.MACRO_RUN, macro="\x1b]0;gone\x07"))


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (mail(OutboxState.QUEUED, seconds=8), "queued, leaves in 8 s, u takes it back"),
        (mail(OutboxState.QUEUED, seconds=-1), "queued, leaves now"),
        (mail(OutboxState.IN_DATA), "sending"),
        (mail(OutboxState.SENT, minutes=-5), "sent 11:55"),
        (mail(OutboxState.DEFERRED, "busy", minutes=5), "deferred, next try 12:05"),
        (mail(OutboxState.REFUSED, "no such user"), "refused"),
        (mail(OutboxState.UNCERTAIN, "it ended"), "uncertain: the server may have it"),
        (mail(OutboxState.CANCELLED), "cancelled: taken back before it left"),
        (mail(OutboxState.BOUNCED), "bounced"),
    ],
)
def test_how_a_reply_stands_is_said_in_words(entry: OutboxEntry, words: str) -> None:
    assert delivery(entry, NOW, ANA, UTC) == words


def test_a_colleague_is_not_told_to_take_a_reply_back() -> None:
    assert delivery(mail(OutboxState.QUEUED, seconds=8), NOW, BO, UTC) == "queued, leaves in 8 s"


def test_what_went_wrong_is_said_without_control_characters() -> None:
    assert trouble(mail(OutboxState.REFUSED, "no such user \x1b[2J")) == "no such user \ufffd[2J"
    assert trouble(mail(OutboxState.BOUNCED)) == "bounced"
    assert trouble(mail(OutboxState.SENT)) is None
