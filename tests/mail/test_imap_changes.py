"""What a session changes on a server when it is asked to, and what it never changes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desk.errors import MailError
from mail.loading import PIECE, Loaded, Moved
from tests.mail.mails import mail
from tests.mail.sessions import connect, opened
from tests.quirky_imap import QuirkyImap
from tests.quirky_mailbox import RECEIVED, QuirkyFolder
from tests.scripted_imap import ScriptedImap
from tests.servers import Dovecot

SELECTED = "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 4] ok\r\n"


@pytest.fixture(params=["MOVE UIDPLUS", "UIDPLUS"])
def server(request: pytest.FixtureRequest) -> Iterator[QuirkyImap]:
    with QuirkyImap(capabilities=f"IMAP4rev1 {request.param}") as running:
        running.account.folders["Done"] = QuirkyFolder(uidvalidity=30)
        yield running


def subjects(server: QuirkyImap, folder: str) -> list[bytes]:
    return [held.raw.partition(b"Subject: ")[2].partition(b"\r\n")[0] for held in server.account.folders[folder].mails]


def test_no_way_of_reading_changes_a_flag(dovecot: Dovecot) -> None:
    large = mail(body="All of it.\n" * (PIECE // 5))
    for raw in (large, mail(), mail()):
        dovecot.deliver(raw, RECEIVED)
    with connect(dovecot) as session:
        opened = session.open()
        uids = session.uids(1)
        session.infos(uids)
        session.heads(uids)
        assert len(list(session.fetch(uids))) == 3
        assert len(list(session.fetch(uids, only_heads=True))) == 3
        assert b"".join(session.load_whole(uids[0])) == large
        session.glance("INBOX")
        session.folders()
        assert session.changed(opened.highestmodseq or 0) is not None
        session.wait(0.1)
    assert dovecot.flags() == {1: frozenset(), 2: frozenset(), 3: frozenset()}


def test_mails_are_marked_as_read_when_that_is_asked_for(dovecot: Dovecot) -> None:
    for number in range(3):
        dovecot.deliver(mail(subject=str(number)), RECEIVED)
    with opened(dovecot, writable=True) as session:
        before = session.open(writable=True).highestmodseq
        session.mark_seen([1, 3, 77])
        session.mark_seen([1])
        assert before is not None
        assert session.changed(before) == [1, 3]
    assert dovecot.flags() == {1: frozenset({"\\Seen"}), 2: frozenset(), 3: frozenset({"\\Seen"})}


def test_a_folder_that_is_open_for_reading_cannot_be_changed(dovecot: Dovecot) -> None:
    dovecot.deliver(mail(), RECEIVED)
    with opened(dovecot) as session:
        with pytest.raises(MailError, match="for reading only"):
            session.mark_seen([1])
        with pytest.raises(MailError, match="for reading only"):
            session.move([1], "Sent")
    assert dovecot.flags() == {1: frozenset()}


def test_a_folder_that_the_server_lets_nobody_change_is_not_opened_for_it() -> None:
    answer = "* 0 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 4] ok\r\n{tag} OK [READ-ONLY] done\r\n"
    with (
        ScriptedImap(SELECT=answer) as server,
        connect(server) as session,
        pytest.raises(MailError, match="not changed"),
    ):
        session.open(writable=True)


def test_mails_are_moved_and_it_is_told_where_they_lie_now(dovecot: Dovecot) -> None:
    for number in range(4):
        dovecot.deliver(mail(subject=str(number)), RECEIVED)
    with opened(dovecot, writable=True) as session:
        moved = session.move([2, 4, 99], "Sent")
        assert session.all_uids() == [1, 3]
        assert session.move([2, 4], "Sent") == Moved()
        there = session.open("Sent")
        assert moved.uidvalidity == there.uidvalidity
        there_now = session.fetch(sorted(moved.uids.values()))
        raws = {each.uid: each.raw for each in there_now if isinstance(each, Loaded)}
        assert {old: raws[new] for old, new in moved.uids.items()} == {2: mail(subject="1"), 4: mail(subject="3")}


def test_with_and_without_move_only_the_named_mails_go(server: QuirkyImap) -> None:
    for number in range(4):
        server.deliver(mail(subject=str(number)))
    server.account.folders["INBOX"].mails[0].flags.add("\\Deleted")
    with opened(server, writable=True) as session:
        assert session.move([2, 3], "Done") == Moved(30, {2: 1, 3: 2})
    assert subjects(server, "INBOX") == [b"0", b"3"]
    assert subjects(server, "Done") == [b"1", b"2"]
    assert not any(line.upper().split()[1] == "EXPUNGE" for line in server.commands)


def test_moving_a_mail_again_or_one_that_is_gone_is_no_trouble(server: QuirkyImap) -> None:
    server.deliver(mail())
    with opened(server, writable=True) as session:
        session.move([1], "Done")
        assert session.move([1], "Done") == Moved()
        assert session.move([500], "Done") == Moved()
        assert session.move([], "Done") == Moved()
    assert len(subjects(server, "Done")) == 1


def test_moving_into_a_folder_that_is_not_there_moves_nothing(server: QuirkyImap) -> None:
    server.deliver(mail())
    with opened(server, writable=True) as session, pytest.raises(MailError, match="no such folder"):
        session.move([1], "Nowhere")
    assert len(subjects(server, "INBOX")) == 1


def test_a_server_that_can_only_expunge_everything_is_not_asked_to() -> None:
    with QuirkyImap(capabilities="IMAP4rev1") as server:
        server.deliver(mail())
        with (
            opened(server, writable=True) as session,
            pytest.raises(MailError, match="without touching others") as caught,
        ):
            session.move([1], "Done")
        assert "move_to" in caught.value.hint
        assert len(subjects(server, "INBOX")) == 1


def test_new_places_that_make_no_sense_are_not_believed() -> None:
    senseless = "* OK [COPYUID 7 1:2 5:4000000000] done\r\n"
    capability = "* CAPABILITY IMAP4rev1 MOVE\r\n"
    with (
        ScriptedImap(CAPABILITY=capability, SELECT=SELECTED, SEARCH="* SEARCH 1 2\r\n", MOVE=senseless) as server,
        opened(server, writable=True) as session,
    ):
        assert session.move([1, 2], "Done") == Moved()
