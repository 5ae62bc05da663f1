"""One look at a folder: every mail ends on a ticket, once, whatever happens on the way."""

from __future__ import annotations

import subprocess
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import cast

import pytest

from desk.actions.assign import assign
from desk.actions.erase import erase
from desk.conversation import EntryId, Event, Happened, Message
from desk.desk import Desk
from desk.errors import MailUnreachable, StoreBusy, StoreDamaged
from desk.expression import EVERYTHING
from desk.incoming import FolderState, Incoming, Outcome, Place
from desk.ports import Ledger, Reader, Store
from desk.remarked import in_words
from desk.standing import Fetching, all_of
from desk.ticket import Status, Ticket, TicketNumber
from mail.attached import MOST_FILES
from mail.auth import PasswordEnvironment
from mail.fetched import to_thread
from mail.fetches import Told
from mail.folders import FolderName
from mail.imap import Session
from mail.loading import BATCH_MAILS, Info, Loaded, Opened, Unloaded
from mail.parse import parse
from mail.reading import WorkerReader
from mail.servers import ImapAddress
from mail.threads import Thread
from tandem.counts import Counts
from tandem.fetching import BREAKS, LOOKS, fetch_folder
from tandem.folder import Folder, Progress
from tandem.stand_ins import NOT_FETCHED, ask_again
from tandem.workshop import Workshop
from tests.journeys.mails import answer_to, customer_mail
from tests.mail.mails import multipart, part
from tests.program import Program
from tests.servers import PASSWORD, Dovecot, ImapServer, SmtpServer

NOW = datetime(2026, 11, 20, 7, 15, tzinfo=UTC)
LOGO = sha256(b"the same logo").hexdigest()


class PlainReader:
    """Reads mails in this process; those with a word of `tripping` come out as something no store can hold."""

    def __init__(self, tripping: str = "") -> None:
        self._tripping = tripping

    def read(self, raw: bytes) -> Incoming:
        read = parse(raw)
        return replace(read, subject="\ud800") if self._tripping and self._tripping in read.text else read


@dataclass
class ScriptedSession:
    """A folder that holds what the test puts into it, and refuses to give the mails in `kept_back`."""

    mails: dict[int, bytes] = field(default_factory=dict)
    uidvalidity: int = 1
    kept_back: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    notes: dict[int, str] = field(default_factory=dict)
    breaks_at: int = 0
    gmail_ids: dict[int, str] = field(default_factory=dict)
    uidnext: int = 0
    asked: list[list[int]] = field(default_factory=list)

    def put(self, *uids: int) -> None:
        self.mails |= {
            uid: customer_mail(uid, subject=f"Mail {uid}", text=f"Text {uid}", sender=f"c{uid}@corp.example")
            for uid in uids
        }

    def open(self, folder: str) -> Opened:
        assert folder in {"INBOX", "[Gmail]/All Mail"}
        return Opened(self.uidvalidity, self.uidnext or max(self.mails, default=0) + 1)

    def folders(self) -> list[FolderName]:
        return []

    @property
    def has_gmail_ids(self) -> bool:
        return bool(self.gmail_ids)

    def infos(self, uids: Sequence[int]) -> dict[int, Info]:
        return {uid: Info(len(self.mails[uid]), NOW, self.gmail_ids.get(uid, "")) for uid in uids}

    def all_uids(self) -> list[int]:
        return sorted(self.mails)

    def uids(self, since_uid: int) -> list[int]:
        return sorted(uid for uid in self.mails if uid >= since_uid)

    def heads(self, uids: Sequence[int]) -> dict[int, Thread]:
        return {uid: to_thread(Told(uid, {b"BODY[HEADER": self.mails[uid]})) for uid in uids}

    def fetch(self, uids: Sequence[int]) -> Iterator[Loaded | Unloaded]:
        self.asked.append(list(uids))
        for uid in uids:
            if uid == self.breaks_at:
                raise MailUnreachable("the connection broke off", uid=uid)
            if uid in self.kept_back | self.gone:
                yield Unloaded(uid, "no", is_gone=uid in self.gone)
            else:
                yield Loaded(uid, self.mails[uid], NOW, self.notes.get(uid, ""))


def look(
    desk: Desk, session: ScriptedSession | Session, *, everything: bool = False, reader: Reader | None = None,
    progress: Progress | None = None,
) -> Counts:  # fmt: skip
    progress = progress or Progress(Counts())
    folder = Folder("support", "INBOX", cast("Session", session))
    with Workshop(desk.blobs, [reader or PlainReader()]) as workshop:
        fetch_folder(desk, folder, workshop, progress, everything=everything)
    return progress.counts


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


def tickets(desk: Desk) -> list[Ticket]:
    return sorted(desk.store.tickets.find(EVERYTHING), key=lambda each: each.number)


def subjects(desk: Desk) -> list[str]:
    return [each.subject for each in tickets(desk)]


def arrivals(desk: Desk, number: int) -> list[str | None]:
    """What a ticket says of the mail that it stood for."""
    entries = desk.store.conversations.of(TicketNumber(number))
    return [in_words(each) for each in entries if isinstance(each, Event) and each.what is Happened.ARRIVED]


def cursor(desk: Desk) -> int:
    state = desk.store.ledger.folder("support", "INBOX")
    assert state is not None
    return state.next_uid


@pytest.fixture
def session() -> ScriptedSession:
    """Three mails."""
    made = ScriptedSession()
    made.put(1, 2, 3)
    return made


class TestCursor:
    def test_what_is_new_is_taken_in_and_nothing_twice(self, desk: Desk, session: ScriptedSession) -> None:
        assert look(desk, session).tickets_created == 3
        assert (cursor(desk), subjects(desk)) == (4, ["Mail 1", "Mail 2", "Mail 3"])
        assert look(desk, session) == look(desk, session, everything=True) == Counts()
        assert session.asked == [[1, 2, 3]]

    def test_only_what_came_since_is_asked_for(self, desk: Desk, session: ScriptedSession) -> None:
        look(desk, session)
        session.put(7)
        assert look(desk, session).fetched == 1
        assert session.asked[-1] == [7]
        assert cursor(desk) == 8

    def test_an_empty_folder_is_no_trouble(self, desk: Desk) -> None:
        session = ScriptedSession()
        assert look(desk, session) == Counts()
        session.put(5)
        look(desk, session)
        session.mails.clear()
        assert look(desk, session, everything=True) == look(desk, session) == Counts()

    def test_a_mail_that_appears_below_the_cursor_is_found_by_a_whole_look(
        self, desk: Desk, session: ScriptedSession
    ) -> None:
        del session.mails[2]
        look(desk, session)
        session.put(2)
        assert look(desk, session).fetched == 0
        assert look(desk, session, everything=True).fetched == 1

    def test_what_another_process_noted_of_a_new_folder_while_we_opened_it_stays(self, desk: Desk) -> None:
        class Slow(ScriptedSession):
            def open(self, folder: str) -> Opened:
                desk.store.ledger.put_folder(FolderState("support", "INBOX", 1, 4, pending=(1, 2)))
                return super().open(folder)

        session = Slow()
        session.put(1, 2, 3)
        assert look(desk, session).tickets_created == 3
        state = desk.store.ledger.folder("support", "INBOX")
        assert state is not None
        assert (state.pending, state.next_uid) == ((1, 2), 4)

    def test_under_a_new_uidvalidity_all_is_compared_and_nothing_doubled(
        self, desk: Desk, session: ScriptedSession
    ) -> None:
        look(desk, session)
        session.uidvalidity = 2
        session.put(4)
        counts = look(desk, session)
        assert (counts.duplicates, counts.tickets_created) == (3, 1)
        assert desk.store.ledger.folder("support", "INBOX") == FolderState("support", "INBOX", 2, 5)

    def test_where_numbers_go_back_and_are_given_anew_the_new_mails_are_not_taken_for_the_old(
        self, desk: Desk, session: ScriptedSession
    ) -> None:
        look(desk, session)
        told: list[str] = []
        desk.store.ledger.put_folder(FolderState("support", "INBOX", 1, 4, pending=(1, 2)))
        del session.mails[2], session.mails[3]
        session.mails[2] = customer_mail(7, subject="Given number 2 again", sender="eve@corp.example")
        session.uidnext = 3
        counts = look(desk, session, progress=Progress(Counts(), notice=told.append))
        assert (counts.fetched, counts.tickets_created, len(told)) == (1, 1, 1)
        assert session.asked[-1] == [2]
        state = desk.store.ledger.folder("support", "INBOX")
        assert state is not None
        assert state.pending == (1,)
        del session.mails[2]
        session.uidnext = 2
        look(desk, session)
        session.mails[2] = customer_mail(8, subject="And once more", sender="kim@corp.example")
        session.uidnext = 3
        assert look(desk, session).tickets_created == 1
        assert subjects(desk)[-2:] == ["Given number 2 again", "And once more"]
        session.uidnext = 0
        assert look(desk, session, everything=True) == Counts()

    def test_where_numbers_go_back_one_that_was_erased_in_part_hides_no_new_mail(self, desk: Desk) -> None:
        session = ScriptedSession()
        session.put(1, 2)
        kept = session.mails[2] = session.mails[2].replace(b"To: ", b"Cc: c1@corp.example\r\nTo: ")
        look(desk, session)
        erase(desk, ["c1@corp.example"])
        for number, subject in ((7, "Given number 2 again"), (8, "And once more")):
            session.mails[2] = customer_mail(number, subject=subject, sender="eve@corp.example")
            session.uidnext = 2
            look(desk, session)
            assert subjects(desk)[-1] == subject
            session.mails[2] = kept  # known to be erased, and on its ticket
            look(desk, session)

    def test_what_another_process_notes_while_numbers_that_went_back_are_compared_stays(self, desk: Desk) -> None:
        class Slow(ScriptedSession):
            noted: FolderState | None = None

            def heads(self, uids: Sequence[int]) -> dict[int, Thread]:
                if self.noted is not None:
                    desk.store.ledger.put_folder(self.noted)
                return super().heads(uids)

        session = Slow()
        session.put(1, 2, 3)
        look(desk, session)
        del session.mails[3]
        session.uidnext = 3
        session.noted = FolderState("support", "INBOX", 1, 4, pending=(1, 3))
        look(desk, session)
        assert desk.store.ledger.folder("support", "INBOX") == FolderState("support", "INBOX", 1, 3, pending=(1,))
        session.uidnext, session.noted = 2, FolderState("support", "INBOX", 2, 1)
        look(desk, session)
        assert desk.store.ledger.folder("support", "INBOX") == session.noted

    def test_one_of_gmails_mails_under_two_labels_is_fetched_once(self, desk: Desk, session: ScriptedSession) -> None:
        session.gmail_ids = {1: "101", 2: "102", 3: "103"}
        look(desk, session)
        label = ScriptedSession(dict(session.mails), gmail_ids={1: "102", 2: "101", 3: "104"})
        label.mails[3] = customer_mail(9, subject="Only here", sender="eve@corp.example")
        folder = Folder("support", "[Gmail]/All Mail", cast("Session", label))
        with Workshop(desk.blobs, [PlainReader()]) as workshop:
            fetch_folder(desk, folder, workshop, Progress(counts := Counts()), everything=True)
        assert (label.asked, counts.tickets_created) == ([[3]], 1)
        assert [row.outcome for uid in (1, 2) if (row := desk.store.ledger.row(folder.place(1, uid)))] == [
            Outcome.DUPLICATE,
            Outcome.DUPLICATE,
        ]

    def test_a_mail_without_bytes_any_more_is_none_under_its_other_label_either(
        self, desk: Desk, session: ScriptedSession
    ) -> None:
        session.gmail_ids = {1: "101", 2: "102", 3: "103"}
        look(desk, session)
        first = desk.store.ledger.row(Place("support", "INBOX", 1, 1))
        assert first
        assert first.entry
        desk.store.customers.forget_bytes([first.entry])
        label = Folder("support", "[Gmail]/All Mail", cast("Session", session))
        with Workshop(desk.blobs, [PlainReader()]) as workshop:
            fetch_folder(desk, label, workshop, Progress(Counts()), everything=True)
        row = desk.store.ledger.row(label.place(1, 1))
        assert row
        assert (row.outcome, row.entry, row.raw) == (Outcome.ERASED, first.entry, "")

    def test_what_another_process_found_numbered_anew_is_not_overwritten(
        self, desk: Desk, session: ScriptedSession
    ) -> None:
        anew = FolderState("support", "INBOX", 2, 1)

        class Racing(PlainReader):
            """While this one reads, the folder gets new numbers, and somebody else sees it."""

            def read(self, raw: bytes) -> Incoming:
                desk.store.ledger.put_folder(anew)
                return super().read(raw)

        look(desk, session, reader=Racing())
        assert desk.store.ledger.folder("support", "INBOX") == anew

    def test_a_mail_that_another_process_took_in_is_not_counted(self, desk: Desk, session: ScriptedSession) -> None:
        folder = Folder("support", "INBOX", cast("Session", session))

        class Racing(PlainReader):
            """While this one reads, somebody else takes everything in."""

            def read(self, raw: bytes) -> Incoming:
                with Workshop(desk.blobs, [PlainReader()]) as workshop:
                    fetch_folder(desk, folder, workshop, Progress(Counts()), everything=True)
                return super().read(raw)

        assert look(desk, session, reader=Racing()) == Counts()
        assert subjects(desk) == ["Mail 1", "Mail 2", "Mail 3"]


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
        broken = replace(desk, store=_with_ledger(desk.store, TrippingLedger(desk.store.ledger, uid=2)))
        told: list[str] = []
        counts = look(broken, session, progress=Progress(Counts(), notice=told.append))
        assert (counts.fetched, subjects(desk)) == (2, ["Mail 1", "Mail 3"])
        assert ["the mail with UID 2 cannot be put on a ticket" in each for each in told] == [True]
        assert cursor(desk) == 2
        assert look(desk, session).fetched == 1
        assert subjects(desk) == ["Mail 1", "Mail 3", "Mail 2"]
        assert cursor(desk) == 4

    def test_a_store_that_fails_is_no_fault_of_a_mail(self, desk: Desk, session: ScriptedSession) -> None:
        broken = replace(desk, store=_with_ledger(desk.store, TrippingLedger(desk.store.ledger, 2, StoreBusy("busy"))))
        with pytest.raises(StoreBusy):
            look(broken, session)
        assert tickets(desk) == []
        assert look(desk, session).fetched == 3


class LookingLedger:
    """The real ledger, which also writes down which files of a mail are on disk when it hears of the mail."""

    def __init__(self, ledger: Ledger, desk: Desk, digests: Sequence[str]) -> None:
        self._ledger, self._desk, self._digests = ledger, desk, digests
        self.there: list[bool] = []

    def record(self, place: Place, outcome: Outcome, entry: EntryId | None, raw: str) -> None:
        self.there = [desk_has(self._desk, each) for each in (raw, *self._digests)]
        self._ledger.record(place, outcome, entry, raw)

    def __getattr__(self, name: str) -> object:
        return getattr(self._ledger, name)


def desk_has(desk: Desk, digest: str) -> bool:
    try:
        return sha256(desk.blobs.get(digest)).hexdigest() == digest
    except StoreDamaged:
        return False


def with_files(*contents: bytes) -> bytes:
    """A mail with these files."""
    files = [
        part("application/zip", b64encode(each).decode(), "Content-Transfer-Encoding: base64") for each in contents
    ]
    return multipart("mixed", part("text/plain", "Look"), *files)


class TestFiles:
    def test_they_are_on_disk_before_the_store_speaks_of_them(self, desk: Desk) -> None:
        contents = (b"one", b"\0" * 100_000, b"one")
        digests = [sha256(each).hexdigest() for each in contents]
        ledger = LookingLedger(desk.store.ledger, desk, digests)
        session = ScriptedSession({1: with_files(*contents)})
        look(replace(desk, store=_with_ledger(desk.store, ledger)), session)
        assert ledger.there == [True] * 4
        [message] = [each for each in desk.store.conversations.of(tickets(desk)[0].number) if isinstance(each, Message)]
        assert [each.sha256 for each in message.attachments] == digests
        assert [desk.blobs.get(each.sha256) for each in message.attachments] == list(contents)

    def test_the_reading_process_hands_them_over(self, desk: Desk) -> None:
        session = ScriptedSession({1: with_files(b"one"), 2: customer_mail(2), 3: with_files(b"two", b"three")})
        with WorkerReader() as reader:
            look(desk, session, reader=reader)
        for content in (b"one", b"two", b"three"):
            assert desk.blobs.get(sha256(content).hexdigest()) == content

    def test_those_beyond_a_hundred_stay_in_the_mail(self, desk: Desk) -> None:
        contents = [str(number).encode() for number in range(MOST_FILES + 5)]
        look(desk, ScriptedSession({1: with_files(*contents)}))
        there = [desk_has(desk, sha256(each).hexdigest()) for each in contents]
        assert there == [True] * MOST_FILES + [False] * 5
        assert "the last 5 of the 105 files of this mail stay in the mail's own file" in tickets(desk)[0].defects

    def test_one_that_an_erased_mail_brings_along_again_stays_for_a_new_mail_with_the_same(self, desk: Desk) -> None:
        def with_logo(number: int, sender: bytes) -> bytes:
            logo = part("image/png", "the same logo", "Content-Disposition: attachment; filename=logo.png")
            raw = multipart("mixed", part("text/plain", f"Text {number}"), logo, message_id=f"<{number}@corp.example>")
            return raw.replace(b"Ann Example <ann@customer.example>", sender)

        session = ScriptedSession({1: with_logo(1, b"Bo <bo@corp.example>")})
        look(desk, session)
        erased = erase(desk, ["bo@corp.example"])
        desk.blobs.remove(map("".join, erased.files), desk.store.digests)
        session.mails[2] = session.mails[1]
        look(desk, session)
        with pytest.raises(StoreDamaged):
            desk.blobs.get(LOGO)
        session.mails[3] = session.mails[1]
        session.put(*range(4, 4 + BATCH_MAILS))
        session.mails[900] = with_logo(900, b"Kim <kim@corp.example>")
        look(desk, session)
        assert desk.blobs.get(LOGO) == b"the same logo"


class TestProgress:
    def test_it_is_told_after_each_batch(self, desk: Desk) -> None:
        session, told = ScriptedSession(), list[Fetching]()
        session.put(*range(1, BATCH_MAILS + 11))
        look(desk, session, progress=Progress(Counts(), told.append))
        assert [each.in_words for each in told] == ["fetching 0 of 60", "fetching 50 of 60", "fetching 60 of 60"]

    def test_how_long_the_rest_takes_goes_by_the_rate_so_far_once_there_is_one(self, desk: Desk) -> None:
        session, told, seconds = ScriptedSession(), list[Fetching](), iter((0.0, 2.0, 100.0, 150.0, 200.0))
        session.put(*range(1, 4 * BATCH_MAILS + 1))
        progress = Progress(Counts(), told.append, clock=lambda: next(seconds))
        look(desk, session, progress=progress)
        assert [each.in_words for each in told] == [
            "fetching 0 of 200",
            "fetching 50 of 200",
            "fetching 100 of 200, about 2 min left",
            "fetching 150 of 200, less than a minute left",
            "fetching 200 of 200",
        ]

    def test_several_mailboxes_are_told_as_one_that_is_as_slow_as_the_slowest(self) -> None:
        slow, quick = Fetching(100, 5000, timedelta(hours=1, minutes=7)), Fetching(900, 1000, timedelta(seconds=9))
        assert all_of([slow, quick]).in_words == "fetching 1,000 of 6,000, about 1 h 07 min left"
        assert all_of([slow, quick, Fetching(0, 10)]).in_words == "fetching 1,000 of 6,010"

    def test_mail_that_is_passed_by_counts_as_done(self, desk: Desk) -> None:
        session, told = ScriptedSession(), list[Fetching]()
        session.put(1, 2, 3)
        progress = Progress(Counts(), told.append)
        with Workshop(desk.blobs, [PlainReader()]) as workshop:
            folder = Folder("support", "INBOX", cast("Session", session), is_sent=True)
            fetch_folder(desk, folder, workshop, progress, everything=True)
        assert told[-1] == Fetching(3, 3)

    def test_asked_to_stop_it_ends_after_a_batch_and_goes_on_later(self, desk: Desk) -> None:
        session = ScriptedSession()
        session.put(*range(1, 2 * BATCH_MAILS + 11))
        counts = look(desk, session, progress=Progress(Counts(), stop=lambda: True))
        assert (counts.fetched, cursor(desk)) == (BATCH_MAILS, BATCH_MAILS + 1)
        assert look(desk, session).fetched == BATCH_MAILS + 10
        assert len(set(subjects(desk))) == len(tickets(desk)) == 2 * BATCH_MAILS + 10

    def test_a_mail_that_arrives_meanwhile_is_taken_in_next(self, desk: Desk, imap_server: ImapServer) -> None:
        imap_server.deliver(customer_mail(1, subject="First"), NOW)

        def deliver_one_more(fetching: Fetching) -> None:
            if fetching.done:
                imap_server.deliver(customer_mail(2, subject="Second"), NOW)

        with connected(imap_server) as session:
            assert look(desk, session, progress=Progress(Counts(), deliver_one_more)).fetched == 1
            assert look(desk, session).fetched == 1
        assert subjects(desk) == ["First", "Second"]


class TestRealServers:
    def test_nothing_on_the_server_is_changed(self, desk: Desk, dovecot: Dovecot) -> None:
        dovecot.deliver(customer_mail(1))
        with connected(dovecot) as session:
            assert look(desk, session).tickets_created == 1
        assert dovecot.flags() == {1: frozenset()}

    @pytest.mark.parametrize("knows_sizes", [True, False])
    def test_one_that_the_server_cannot_read_keeps_no_other_waiting(
        self, desk: Desk, dovecot: Dovecot, *, knows_sizes: bool
    ) -> None:
        for number in range(1, 5):
            dovecot.deliver(customer_mail(number, subject=f"Mail {number}"))
        with connected(dovecot) as session:
            session.open()
            if knows_sizes:  # else Dovecot breaks off already when it is asked for them
                session.infos(session.all_uids())
        second = next(path for path in dovecot.home.glob("mail/*/*") if b"Mail 2" in path.read_bytes())
        second.chmod(0)
        for _ in range(BREAKS):
            with connected(dovecot) as session, pytest.raises(MailUnreachable) as caught:
                look(desk, session)
            assert caught.value.uid == 2
        assert sorted(subjects(desk)) == [NOT_FETCHED, "Mail 1", "Mail 3", "Mail 4"]

    def test_a_mail_that_was_deleted_is_no_trouble(self, desk: Desk, dovecot: Dovecot) -> None:
        for number in (1, 2):
            dovecot.deliver(customer_mail(number, subject=f"Mail {number}"))
        with connected(dovecot) as session:
            look(desk, session)
            with dovecot.connection() as imap:
                imap.select("INBOX")
                imap.uid("STORE", "2", "+FLAGS", r"(\Deleted)")
                imap.expunge()
            dovecot.deliver(customer_mail(3, subject="Mail 3"))
            assert look(desk, session).fetched == 1
        assert subjects(desk) == ["Mail 1", "Mail 2", "Mail 3"]

    def test_two_processes_at_once_double_nothing(
        self, tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer
    ) -> None:
        tandem = Program(tmp_path / "shared", environment={"DESK_PASSWORD": dovecot.password})
        tandem.init(dovecot.port, smtp_server.port)
        config = tandem.home / "config.toml"
        config.write_text(f"flood = 0\n{config.read_text()}")
        for number in range(1, 161):
            dovecot.deliver(customer_mail(number, subject=f"Mail {number}"), NOW)
        both = [
            subprocess.Popen(
                tandem.command("sync", "--json"), stdout=subprocess.PIPE, text=True, env=tandem.full_environment
            )
            for _ in range(2)
        ]
        outs = [process.communicate(timeout=60)[0] for process in both]
        assert [process.returncode for process in both] == [0, 0]
        assert sum(int(out.partition('"fetched":')[2].partition(",")[0]) for out in outs) == 160
        listed = [each["subject"] for each in tandem.run("list", "--limit", "0", "--json").lines]
        assert sorted(listed) == sorted(f"Mail {number}" for number in range(1, 161))
        assert tandem.run("sync", "--json").lines[-1]["fetched"] == 0


def connected(server: ImapServer | Dovecot) -> Session:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DESK_PASSWORD", PASSWORD)
        address = ImapAddress.parse(f"imap://support@127.0.0.1:{server.port}/INBOX?security=none")
        return Session.connect(address, PasswordEnvironment("DESK_PASSWORD"))


class TrippingLedger:
    """The real ledger, but for one UID that it breaks over."""

    def __init__(self, ledger: Ledger, uid: int, error: Exception | None = None) -> None:
        self._ledger, self._uid, self._error = ledger, uid, error or ZeroDivisionError("a defect")

    def record(self, place: Place, outcome: Outcome, entry: EntryId | None, raw: str) -> None:
        self._ledger.record(place, outcome, entry, raw)
        if place.uid == self._uid:
            raise self._error

    def __getattr__(self, name: str) -> object:
        return getattr(self._ledger, name)


def _with_ledger(store: Store, ledger: TrippingLedger | LookingLedger) -> Store:
    class With:
        def __init__(self) -> None:
            self.ledger = ledger

        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

    return cast("Store", With())
