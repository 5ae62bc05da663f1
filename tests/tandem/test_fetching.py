"""One look at a folder: every mail ends on a ticket, once, whatever happens on the way."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest

from desk.actions.erase import erase
from desk.desk import Desk
from desk.errors import MailUnreachable
from desk.incoming import FolderState, Incoming, Outcome, Place
from mail.imap import Session
from mail.loading import Opened
from mail.threads import Thread
from tandem.counts import Counts
from tandem.fetching import BREAKS, fetch_folder
from tandem.folder import Folder, Progress
from tandem.stand_ins import NOT_FETCHED
from tandem.workshop import Workshop
from tests.journeys.mails import customer_mail
from tests.program import Program
from tests.servers import Dovecot, SmtpServer
from tests.tandem.fetched import NOW, PlainReader, ScriptedSession, connected, cursor, look, subjects


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
