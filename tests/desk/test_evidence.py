"""An uncertain mail is settled by its copy in a folder of sent mail, by an answer and by a bounce; never sent again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from desk.actions.reply import reply
from desk.conversation import Event, Happened
from desk.desk import Desk
from desk.errors import MailUnreachable
from desk.incoming import Outcome
from desk.looking import MAY_BE_MISSING, look_for
from desk.outgoing import Answer, Copy, OutboxEntry, OutboxState, Try, Verdict
from desk.remarked import in_words
from desk.ticket import TicketNumber
from tests.desk.arriving import arrive, mail_from
from tests.desks import SUPPORT, SetClock, receive


@dataclass
class MemorySentFolder:
    """Implements desk.ports.SentFolder."""

    there: set[str] = field(default_factory=set[str])
    is_away: bool = False
    can_search: bool = True
    asked: int = 0

    def find(self, message_ids: Collection[str]) -> bool | None:
        self.asked += 1
        if self.is_away:
            raise MailUnreachable("IMAP: nobody answers")
        return not self.there.isdisjoint(message_ids) if self.can_search else None

    def keep(self, raw: bytes, at: datetime) -> None:
        raise AssertionError((raw, at))


@pytest.fixture
def uncertain(desk: Desk, clock: SetClock) -> OutboxEntry:
    """A reply on ticket 1 of which nobody knows whether it went out."""
    receive(desk)
    queued = reply(desk, TicketNumber(1), Answer(text="Your refund is on its way."))
    clock.go_on(minutes=1)
    tried = queued.and_tried(Try(clock.now, Verdict.UNCERTAIN, "the connection was lost"))
    left = replace(tried, state=OutboxState.UNCERTAIN, last_error="the connection was lost")
    desk.store.outbox.put(left)
    desk.sum_up(desk.ticket(TicketNumber(1)))
    return left


def mail(desk: Desk, of: OutboxEntry) -> OutboxEntry:
    found = desk.store.outbox.get(of.id)
    assert found is not None
    return found


def told(desk: Desk) -> list[str | None]:
    entries = desk.store.conversations.of(TicketNumber(1))
    return [in_words(each) for each in entries if isinstance(each, Event) and each.what is Happened.EVIDENCE]


def test_a_mail_found_in_the_folder_of_sent_mail_is_sent_and_the_ticket_says_why(
    desk: Desk, uncertain: OutboxEntry
) -> None:
    assert "undelivered" in desk.ticket(TicketNumber(1)).holds
    look_for(desk, uncertain, MemorySentFolder({uncertain.message_id}))
    found = mail(desk, uncertain)
    assert (found.state, found.copy, found.last_error) == (OutboxState.SENT, Copy.KEPT, None)
    assert told(desk) == ["the mail is in the folder of sent mail: it did go out"]
    assert "undelivered" not in desk.ticket(TicketNumber(1)).holds


def test_a_mail_is_also_known_by_the_id_that_the_server_gave_it(desk: Desk, uncertain: OutboxEntry) -> None:
    desk.store.outbox.put(replace(uncertain, sent_as="<given@mx.acme.example>"))
    look_for(desk, mail(desk, uncertain), MemorySentFolder({"<given@mx.acme.example>"}))
    assert mail(desk, uncertain).state is OutboxState.SENT


def test_a_look_that_finds_nothing_is_dated_and_told_once(desk: Desk, clock: SetClock, uncertain: OutboxEntry) -> None:
    look_for(desk, uncertain, MemorySentFolder())
    clock.go_on(minutes=5)
    look_for(desk, mail(desk, uncertain), MemorySentFolder())
    looked = mail(desk, uncertain)
    assert (looked.state, looked.looked_at) == (OutboxState.UNCERTAIN, clock.now)
    [evidence] = looked.evidence
    assert (evidence.kind, evidence.detail) == ("not_in_sent", MAY_BE_MISSING)
    assert len(told(desk)) == 1


def test_where_the_provider_files_all_mail_its_absence_says_more(desk: Desk, uncertain: OutboxEntry) -> None:
    look_for(desk, uncertain, MemorySentFolder(), is_filled=True)
    assert mail(desk, uncertain).evidence[0].detail == ""


def test_a_server_that_is_away_has_not_looked(desk: Desk, uncertain: OutboxEntry) -> None:
    with pytest.raises(MailUnreachable):
        look_for(desk, uncertain, MemorySentFolder(is_away=True))
    assert mail(desk, uncertain) == uncertain


@pytest.mark.parametrize("folder", [None, MemorySentFolder(can_search=False)])
def test_where_nobody_can_look_nothing_is_claimed(
    desk: Desk, clock: SetClock, uncertain: OutboxEntry, folder: MemorySentFolder | None
) -> None:
    look_for(desk, uncertain, folder)
    looked = mail(desk, uncertain)
    assert (looked.state, looked.looked_at, looked.evidence) == (OutboxState.UNCERTAIN, clock.now, ())


def test_the_copy_of_an_earlier_sending_proves_nothing_of_the_last_one(desk: Desk, uncertain: OutboxEntry) -> None:
    before = Try(uncertain.created - timedelta(days=1), Verdict.SENT, "250 ok")
    desk.store.outbox.put(replace(uncertain, tries=(before, *uncertain.tries), copy=Copy.KEPT))
    folder = MemorySentFolder({uncertain.message_id})
    look_for(desk, mail(desk, uncertain), folder)
    assert (mail(desk, uncertain).state, folder.asked) == (OutboxState.UNCERTAIN, 0)
    copy = desk.blobs.get(uncertain.raw)
    assert arrive(desk, copy, is_sent=True).outcome is Outcome.DUPLICATE
    assert mail(desk, uncertain).state is OutboxState.UNCERTAIN


def test_its_copy_that_comes_in_from_the_folder_of_sent_mail_settles_it(desk: Desk, uncertain: OutboxEntry) -> None:
    taken = arrive(desk, desk.blobs.get(uncertain.raw), is_sent=True)
    assert taken.outcome is Outcome.DUPLICATE
    assert mail(desk, uncertain).state is OutboxState.SENT
    assert told(desk) == ["the mail is in the folder of sent mail: it did go out"]


def test_an_answer_to_it_settles_it(desk: Desk, uncertain: OutboxEntry) -> None:
    taken = arrive(
        desk,
        mail_from("dana@corp.example", "Re: Refund for order 88213", "Thanks!", f"In-Reply-To: {uncertain.message_id}"),
    )
    settled = mail(desk, uncertain)
    assert (settled.state, settled.evidence[0].kind, settled.evidence[0].entry) == (
        OutboxState.SENT,
        "answered",
        taken.entry,
    )
    assert told(desk) == ["the mail was answered: it did arrive"]


def test_an_answer_that_came_before_anybody_wondered_is_found_by_looking(desk: Desk, uncertain: OutboxEntry) -> None:
    desk.store.outbox.put(replace(uncertain, state=OutboxState.IN_DATA))
    arrive(
        desk,
        mail_from("dana@corp.example", "Re: Refund for order 88213", "Thanks!", f"References: {uncertain.message_id}"),
    )
    desk.store.outbox.put(uncertain)
    look_for(desk, uncertain, None)
    assert mail(desk, uncertain).state is OutboxState.SENT


def test_an_automatic_answer_settles_nothing(desk: Desk, uncertain: OutboxEntry) -> None:
    """Some mail systems say so that a mail did not arrive."""
    lines = (f"In-Reply-To: {uncertain.message_id}", "Auto-Submitted: auto-replied")
    arrive(desk, mail_from("dana@corp.example", "Re: Refund for order 88213", "I am away.", *lines))
    assert mail(desk, uncertain).state is OutboxState.UNCERTAIN


def test_a_mail_of_ours_that_names_it_settles_nothing(desk: Desk, uncertain: OutboxEntry) -> None:
    arrive(
        desk,
        mail_from(SUPPORT.email, "Re: Refund for order 88213", "See below.", f"In-Reply-To: {uncertain.message_id}"),
    )
    assert mail(desk, uncertain).state is OutboxState.UNCERTAIN
