from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import cast

import pytest

from desk.actions.erase import erase
from desk.conversation import Message
from desk.desk import Desk
from desk.errors import StoreDamaged
from desk.standing import Fetching, all_of
from mail.attached import MOST_FILES
from mail.imap import Session
from mail.loading import BATCH_MAILS
from mail.reading import WorkerReader
from tandem.counts import Counts
from tandem.fetching import fetch_folder
from tandem.folder import Folder, Progress
from tandem.workshop import Workshop
from tests.journeys.mails import customer_mail
from tests.mail.mails import multipart, part
from tests.servers import ImapServer
from tests.tandem.fetched import (
    NOW,
    LookingLedger,
    PlainReader,
    ScriptedSession,
    connected,
    cursor,
    desk_has,
    look,
    subjects,
    tickets,
    with_ledger,
)

LOGO = sha256(b"the same logo").hexdigest()


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
        look(replace(desk, store=with_ledger(desk.store, ledger)), session)
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
