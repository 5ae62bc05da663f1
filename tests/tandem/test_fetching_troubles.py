from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import cast

import pytest

from desk.actions.assign import assign
from desk.conversation import Event, Happened, Message
from desk.desk import Desk
from desk.errors import MailUnreachable, StoreBusy
from desk.incoming import FolderState, Incoming, Outcome, Place
from desk.ports import Reader
from desk.remarked import in_words
from desk.ticket import Status, TicketNumber
from mail.imap import Session
from mail.loading import BATCH_MAILS
from tandem.counts import Counts
from tandem.fetching import BREAKS, LOOKS
from tandem.folder import Folder, Progress
from tandem.stand_ins import NOT_FETCHED, ask_again
from tandem.workshop import Workshop
from tests.journeys.mails import answer_to
from tests.tandem.fetched import (
    PlainReader,
    ScriptedSession,
    TrippingLedger,
    cursor,
    look,
    subjects,
    tickets,
    with_ledger,
)


def ask(desk: Desk, session: ScriptedSession, *, reader: Reader | None = None) -> Counts:
    """Ask once more for what tickets stand for."""
    counts = Counts()
    with Workshop(desk.blobs, [reader or PlainReader()]) as workshop:
        ask_again(desk, Folder("support", "INBOX", cast("Session", session)), workshop, Progress(counts))
    return counts


def withhold(desk: Desk, session: ScriptedSession, *uids: int) -> None:
    """Let tickets stand for these mails."""
    session.kept_back = set(uids)
    for _ in range(LOOKS):
        look(desk, session, everything=True)


def arrivals(desk: Desk, number: int) -> list[str | None]:
    """What a ticket says of the mail that it stood for."""
    entries = desk.store.conversations.of(TicketNumber(number))
    return [in_words(each) for each in entries if isinstance(each, Event) and each.what is Happened.ARRIVED]


class TestMailsThatCannotBeHad:
    def test_one_that_is_kept_back_stops_no_other_and_is_asked_for_again(
        self, desk: Desk, session: ScriptedSession
    ) -> None:
        session.kept_back = {2}
        assert look(desk, session).fetched == 2
        assert cursor(desk) == 2
        session.put(4)
        look(desk, session)
        assert session.asked[-2:] == [[4], [2]]  # what makes trouble keeps nothing else waiting
        session.kept_back = set()
        assert look(desk, session).fetched == 1
        assert sorted(subjects(desk)) == ["Mail 1", "Mail 2", "Mail 3", "Mail 4"]
        assert cursor(desk) == 5

    def test_one_that_is_never_given_becomes_a_ticket_with_a_warning(
        self, desk: Desk, session: ScriptedSession
    ) -> None:
        session.kept_back = {2}
        for _ in range(LOOKS - 1):
            assert look(desk, session, everything=True).parked == 1
            assert look(desk, session) == Counts()
        counts = look(desk, session, everything=True)
        assert (counts.parked, counts.tickets_created) == (0, 1)
        assert subjects(desk) == ["Mail 1", "Mail 3", NOT_FETCHED]
        assert "UID 2, UIDVALIDITY 1): no;" in tickets(desk)[2].defects[0]
        assert look(desk, session, everything=True) == look(desk, session) == Counts()
        assert session.asked[-1] == [2]
        assert cursor(desk) == 4

    def test_two_that_are_never_given_are_two_tickets(self, desk: Desk, session: ScriptedSession) -> None:
        session.kept_back = {1, 2}
        for _ in range(LOOKS):
            look(desk, session, everything=True)
        assert subjects(desk) == ["Mail 3", NOT_FETCHED, NOT_FETCHED]

    def test_one_that_is_given_late_starts_anew_when_it_fails_again_elsewhere(
        self, desk: Desk, session: ScriptedSession
    ) -> None:
        session.kept_back = {2}
        for _ in range(LOOKS - 1):
            look(desk, session, everything=True)
        session.uidvalidity = 2
        assert look(desk, session, everything=True).parked == 1
        session.kept_back = set()
        assert look(desk, session).tickets_created == 1
        state = desk.store.ledger.folder("support", "INBOX")
        assert state == FolderState("support", "INBOX", 2, 4)

    def test_one_that_a_look_does_not_reach_is_not_forgotten(self, desk: Desk) -> None:
        session = ScriptedSession(kept_back={BATCH_MAILS + 1})
        session.put(BATCH_MAILS + 1)
        for _ in range(LOOKS - 1):
            look(desk, session, everything=True)
        session.put(*range(1, BATCH_MAILS + 1))
        look(desk, session, everything=True, progress=Progress(Counts(), stop=lambda: True))
        assert NOT_FETCHED not in subjects(desk)
        look(desk, session, everything=True)
        assert subjects(desk)[-1] == NOT_FETCHED

    def test_one_that_is_gone_is_not_asked_for_again(self, desk: Desk, session: ScriptedSession) -> None:
        session.gone = {2}
        assert look(desk, session).fetched == 2
        assert cursor(desk) == 4

    def test_a_connection_that_breaks_off_keeps_what_had_come(self, desk: Desk) -> None:
        session = ScriptedSession(breaks_at=BATCH_MAILS + 5)
        session.put(*range(1, BATCH_MAILS + 11))
        with pytest.raises(MailUnreachable):
            look(desk, session)
        assert len(tickets(desk)) == BATCH_MAILS + 4
        session.breaks_at = 0
        assert look(desk, session).fetched == 6
        assert len(tickets(desk)) == BATCH_MAILS + 10

    def test_one_that_breaks_every_connection_keeps_no_other_waiting_and_at_last_stands_on_a_ticket(
        self, desk: Desk, session: ScriptedSession
    ) -> None:
        session.breaks_at = 1
        for _ in range(BREAKS):
            with pytest.raises(MailUnreachable):
                look(desk, session)
        assert sorted(subjects(desk)) == [NOT_FETCHED, "Mail 2", "Mail 3"]
        assert look(desk, session) == look(desk, session, everything=True) == Counts()

    def test_one_that_a_ticket_stands_for_is_taken_in_when_it_comes_and_its_ticket_is_closed(
        self, desk: Desk, session: ScriptedSession
    ) -> None:
        withhold(desk, session, 2)
        assert ask(desk, session) == Counts()
        session.kept_back = set()
        assert ask(desk, session).tickets_created == 1
        assert subjects(desk) == ["Mail 1", "Mail 3", NOT_FETCHED, "Mail 2"]
        assert [each.status for each in tickets(desk)] == [Status.OPEN, Status.OPEN, Status.CLOSED, Status.OPEN]
        assert arrivals(desk, 3) == ["the mail has come: ticket 4"]
        row = desk.store.ledger.row(Place("support", "INBOX", 1, 2))
        assert row is not None
        assert (row.outcome, row.raw) == (Outcome.TICKET, sha256(session.mails[2]).hexdigest())
        asked = list(session.asked)
        assert ask(desk, session) == look(desk, session, everything=True) == Counts()
        assert session.asked == asked

    def test_one_that_comes_late_goes_where_it_belongs_and_a_ticket_with_work_on_it_stays_open(
        self, desk: Desk, session: ScriptedSession
    ) -> None:
        session.mails[2] = answer_to("<1@corp.example>", "", 2)
        withhold(desk, session, 2)
        assign(desk, TicketNumber(3), desk.me.handle)
        session.kept_back = set()
        assert ask(desk, session).messages_added == 1
        assert [(each.subject, each.status) for each in tickets(desk)][1:] == [
            ("Mail 3", Status.OPEN),
            (NOT_FETCHED, Status.OPEN),
        ]

    def test_one_that_breaks_the_connection_again_keeps_no_other_from_coming(
        self, desk: Desk, session: ScriptedSession
    ) -> None:
        withhold(desk, session, 1, 2)
        session.kept_back, session.breaks_at = set(), 1
        with pytest.raises(MailUnreachable):
            ask(desk, session)
        with pytest.raises(MailUnreachable):
            ask(desk, session)
        assert subjects(desk) == ["Mail 3", NOT_FETCHED, NOT_FETCHED, "Mail 2"]
        assert look(desk, session, everything=True) == Counts()
        session.breaks_at = 0
        assert ask(desk, session).tickets_created == 1
        assert subjects(desk)[3:] == ["Mail 2", "Mail 1"]

    def test_one_that_two_processes_get_at_last_is_taken_in_once(self, desk: Desk, session: ScriptedSession) -> None:
        class Racing(PlainReader):
            """While this one reads, somebody else takes the mail in."""

            def read(self, raw: bytes) -> Incoming:
                assert ask(desk, session).tickets_created == 1
                return super().read(raw)

        withhold(desk, session, 2)
        session.kept_back = set()
        assert ask(desk, session, reader=Racing()) == Counts()
        assert subjects(desk) == ["Mail 1", "Mail 3", NOT_FETCHED, "Mail 2"]
        assert arrivals(desk, 3) == ["the mail has come: ticket 4"]

    @pytest.mark.breaks
    def test_one_that_trips_tandem_when_it_comes_late_is_on_one_ticket_all_the_same(
        self, desk: Desk, session: ScriptedSession
    ) -> None:
        withhold(desk, session, 2)
        session.kept_back = set()
        assert ask(desk, session, reader=PlainReader("Text 2")).tickets_created == 1
        assert subjects(desk) == ["Mail 1", "Mail 3", NOT_FETCHED, "Mail 2"]
        assert ask(desk, session) == Counts()

    def test_one_that_a_ticket_stands_for_is_asked_for_also_when_the_server_went_back_to_old_numbers(
        self, desk: Desk, session: ScriptedSession
    ) -> None:
        withhold(desk, session, 2)
        del session.mails[3]
        session.uidnext = 3
        assert look(desk, session, everything=True).tickets_created == 0
        session.kept_back = set()
        assert ask(desk, session).tickets_created == 1
        assert tickets(desk)[2].status is Status.CLOSED
        session.uidvalidity = 2
        assert look(desk, session, everything=True).duplicates == 2
        assert ask(desk, session) == Counts()

    def test_what_is_missing_of_a_mail_stands_on_its_ticket(self, desk: Desk, session: ScriptedSession) -> None:
        session.notes = {2: "this mail is too large (90 MB): only its first 64 kB were fetched"}
        look(desk, session)
        assert [each.defects for each in tickets(desk)] == [(), (session.notes[2],), ()]


@pytest.mark.breaks
class TestDefectsOfOurs:
    def test_a_mail_that_trips_one_becomes_a_ticket_with_a_warning(
        self, desk: Desk, session: ScriptedSession, caplog: pytest.LogCaptureFixture
    ) -> None:
        counts = look(desk, session, reader=PlainReader(tripping="Text 2"))
        assert (counts.fetched, counts.tickets_created) == (3, 3)
        assert subjects(desk) == ["Mail 1", "Mail 2", "Mail 3"]
        assert ["stumbled" in " ".join(each.defects) for each in tickets(desk)] == [False, True, False]
        [message] = [e for e in desk.store.conversations.of(tickets(desk)[1].number) if isinstance(e, Message)]
        assert desk.blobs.get(message.raw) == session.mails[2]
        assert "uid 2 of support could not be filed" in caplog.text
        assert cursor(desk) == 4

    def test_one_that_cannot_be_filed_at_all_leaves_nothing_half_done_and_is_tried_again(
        self, desk: Desk, session: ScriptedSession
    ) -> None:
        broken = replace(desk, store=with_ledger(desk.store, TrippingLedger(desk.store.ledger, uid=2)))
        told: list[str] = []
        counts = look(broken, session, progress=Progress(Counts(), notice=told.append))
        assert (counts.fetched, subjects(desk)) == (2, ["Mail 1", "Mail 3"])
        assert ["the mail with UID 2 cannot be put on a ticket" in each for each in told] == [True]
        assert cursor(desk) == 2
        assert look(desk, session).fetched == 1
        assert subjects(desk) == ["Mail 1", "Mail 3", "Mail 2"]
        assert cursor(desk) == 4

    def test_a_store_that_fails_is_no_fault_of_a_mail(self, desk: Desk, session: ScriptedSession) -> None:
        broken = replace(desk, store=with_ledger(desk.store, TrippingLedger(desk.store.ledger, 2, StoreBusy("busy"))))
        with pytest.raises(StoreBusy):
            look(broken, session)
        assert tickets(desk) == []
        assert look(desk, session).fetched == 3
