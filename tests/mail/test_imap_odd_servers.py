"""What a session makes of servers that behave as real ones do: late, forgetful, chatty, throttling, silent."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from desk.errors import MailError, MailUnreachable
from mail.imap import Session
from mail.loading import PIECE, Loaded, Unloaded
from tests.mail.mails import mail
from tests.mail.sessions import connect, opened
from tests.quirky_imap import CAPABILITIES, QuirkyImap
from tests.quirky_mailbox import RECEIVED
from tests.scripted_imap import ScriptedImap

LONG = 60


@pytest.fixture
def server() -> Iterator[QuirkyImap]:
    with QuirkyImap() as running:
        yield running


def raws(session: Session, uids: list[int]) -> dict[int, bytes]:
    return {each.uid: each.raw for each in session.fetch(uids) if isinstance(each, Loaded)}


@contextmanager
def meanwhile(do: Callable[[], object], when: Callable[[], bool]) -> Iterator[None]:
    """Do something in the background as soon as something else is the case."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.01):
            if when():
                do()
                return

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def idles(server: QuirkyImap) -> Callable[[], bool]:
    return lambda: bool(server.commands) and server.commands[-1].endswith("IDLE")


def test_to_learn_that_nothing_is_new_takes_one_round_trip(server: QuirkyImap) -> None:
    server.deliver(mail())
    with opened(server) as session:
        assert session.uids(1) == [1]
        packets = server.packets
        assert session.uids(2) == []
        assert server.packets == packets + 1
        session.glance("INBOX")
        assert server.packets == packets + 2


def test_an_announced_mail_is_known_two_packets_later(server: QuirkyImap) -> None:
    packets: list[int] = []

    def deliver() -> None:
        packets.append(server.packets)
        server.deliver(mail())

    with opened(server) as session, meanwhile(deliver, idles(server)):
        assert session.wait(LONG)
        assert server.packets == packets[0] + 2
        assert [line.split(" ", 1)[-1] for line in server.commands[-2:]] == ["DONE", "UID SEARCH UID 1:*"]


def test_a_mail_that_is_found_late_still_ends_the_wait(server: QuirkyImap) -> None:
    server.account.quirks.lagging.add(1)
    searches = 0

    def catch_up() -> None:
        server.account.quirks.lagging.clear()

    with opened(server) as session, meanwhile(lambda: server.deliver(mail()), idles(server)):
        searches = len(server.commands)
        with meanwhile(catch_up, lambda: len([x for x in server.commands[searches:] if "SEARCH" in x]) >= 3):
            assert session.wait(LONG)
        assert session.uids(1) == [1]


def test_a_mail_that_is_announced_before_idle_has_begun_ends_the_wait(server: QuirkyImap) -> None:
    server.account.quirks.lagging.add(1)
    with opened(server) as session:
        server.deliver(mail())
        server.account.quirks.before_idle = b"* 2 EXISTS\r\n"
        with meanwhile(server.account.quirks.lagging.clear, idles(server)):
            assert session.wait(LONG)
        assert session.uids(1) == [1]


def test_mails_that_are_announced_and_never_come_neither_end_the_wait_nor_hurry_it(server: QuirkyImap) -> None:
    with opened(server) as session, meanwhile(lambda: server.announce(exists=99), idles(server)):
        assert not session.wait(2)
        assert len([line for line in server.commands if line.endswith("IDLE")]) <= 3


def test_mails_that_go_away_do_not_end_the_wait(server: QuirkyImap) -> None:
    for _ in range(3):
        server.deliver(mail())
    with opened(server) as session, meanwhile(lambda: server.expunge(1, 2), idles(server)):
        session.uids(1)
        assert not session.wait(1)
        assert session.all_uids() == [3]


def test_a_mail_that_comes_while_others_go_ends_the_wait(server: QuirkyImap) -> None:
    def change() -> None:
        server.expunge(1, 2)
        server.deliver(mail())

    for _ in range(3):
        server.deliver(mail())
    with opened(server) as session, meanwhile(change, idles(server)):
        session.uids(1)
        assert session.wait(LONG)
        assert session.uids(4) == [4]


def test_a_uid_below_the_one_expected_is_found_by_what_changed(server: QuirkyImap) -> None:
    inbox = server.account.folders["INBOX"]
    inbox.next_uid = 40
    server.deliver(mail())
    with connect(server) as session:
        before = session.open().highestmodseq
        inbox.next_uid = 7
        server.deliver(mail(subject="low"))
        assert session.uids(41) == []
        assert before is not None
        assert session.changed(before) == [7]
        assert session.all_uids() == [7, 40]


def test_where_changes_are_not_counted_none_are_told() -> None:
    with QuirkyImap(capabilities="IMAP4rev1 IDLE") as server, connect(server) as session:
        assert session.open().highestmodseq is None
        assert not any("CONDSTORE" in line for line in server.commands)


def test_a_mail_the_server_is_silent_about_is_not_taken_for_gone(server: QuirkyImap) -> None:
    for number in range(3):
        server.deliver(mail(subject=str(number)))
    server.account.quirks.withheld.add(2)
    with opened(server) as session:
        told = {each.uid: each for each in session.fetch([1, 2, 3, 90])}
    assert isinstance(told[1], Loaded)
    assert isinstance(told[3], Loaded)
    silent, gone = told[2], told[90]
    assert isinstance(silent, Unloaded)
    assert not silent.is_gone
    assert isinstance(gone, Unloaded)
    assert gone.is_gone


def test_one_garbled_mail_among_many_costs_only_itself(server: QuirkyImap) -> None:
    for number in range(120):
        server.deliver(mail(subject=str(number)))
    server.account.quirks.garbled.add(61)
    with opened(server) as session:
        told = list(session.fetch(range(1, 121)))
    assert sorted(each.uid for each in told) == list(range(1, 121))
    assert [each.uid for each in told if isinstance(each, Unloaded)] == [61]


def test_a_connection_that_ends_in_a_mail_tells_in_which(server: QuirkyImap) -> None:
    for _ in range(5):
        server.deliver(mail())
    server.account.quirks.cut.add(4)
    session = connect(server)
    session.open()
    with pytest.raises(MailUnreachable) as caught:
        list(session.fetch([1, 2, 3, 4, 5]))
    assert caught.value.uid == 4
    session.close()


def test_a_server_that_wants_rest_says_how_long(server: QuirkyImap) -> None:
    server.deliver(mail())
    with opened(server) as session:
        server.account.quirks.throttled = 2
        with pytest.raises(MailUnreachable, match="throttled") as caught:
            session.uids(1)
    assert caught.value.retry_after == pytest.approx(299.961)


def test_a_server_that_wants_rest_blames_no_mail(server: QuirkyImap) -> None:
    server.deliver(mail())
    with opened(server) as session:
        session.infos([1])
        server.account.quirks.throttled_after = 1
        server.account.quirks.throttled = 5
        with pytest.raises(MailUnreachable) as caught:
            list(session.fetch([1]))
    assert caught.value.uid is None


@pytest.mark.parametrize("code", ["UNAVAILABLE", "INUSE", "LIMIT"])
def test_what_the_server_cannot_do_now_is_tried_again_later(code: str) -> None:
    with ScriptedImap(EXAMINE=f"{{tag}} NO [{code}] not now\r\n") as server, connect(server) as session:
        with pytest.raises(MailUnreachable, match="not now"):
            session.open()
        server.answers["EXAMINE"] = "{tag} NO [NONEXISTENT] no such folder\r\n"
        with pytest.raises(MailError) as caught:
            session.open()
        assert not isinstance(caught.value, MailUnreachable)


def test_an_empty_folder_in_which_the_server_finds_no_last_mail_is_empty() -> None:
    empty = "* 0 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 4] ok\r\n"
    with ScriptedImap(EXAMINE=empty, SEARCH="{tag} BAD bogus sequence\r\n") as server, opened(server) as session:
        assert session.uids(1) == []
        server.say("* 1 EXISTS\r\n")
        with pytest.raises(MailError, match="bogus sequence"):
            session.uids(1)


def test_no_server_can_ask_to_be_left_alone_for_ever(server: QuirkyImap) -> None:
    with opened(server) as session:
        server.account.quirks.rest = 10**11
        server.account.quirks.throttled = 2
        with pytest.raises(MailUnreachable) as caught:
            session.uids(1)
    assert caught.value.retry_after == 3_600


def test_a_mailbox_that_is_not_connected_is_tried_later(server: QuirkyImap) -> None:
    with opened(server) as session:
        server.account.quirks.not_connected = 2
        with pytest.raises(MailUnreachable, match="not connected") as caught:
            session.uids(1)
    assert caught.value.retry_after is None


@pytest.mark.parametrize(
    ("reason", "retry_after"),
    [("shutting down", None), ("Session invalidated. Suggested Backoff Time: 2500 milliseconds", 2.5)],
)
def test_a_server_that_says_goodbye_in_the_wait_is_understood(
    server: QuirkyImap, reason: str, retry_after: float | None
) -> None:
    session = connect(server)
    session.open()
    with meanwhile(lambda: server.bye(reason), idles(server)), pytest.raises(MailUnreachable, match=reason) as caught:
        session.wait(LONG)
    assert caught.value.retry_after == retry_after
    session.close()


def test_a_server_that_says_goodbye_instead_of_an_answer_is_understood(server: QuirkyImap) -> None:
    reason = "Session invalidated. Suggested Backoff Time: 2500 milliseconds"
    with opened(server) as session:
        server.bye(reason)
        with pytest.raises(MailUnreachable, match=reason) as caught:
            session.all_uids()
    assert caught.value.retry_after == 2.5
    assert caught.value.message.count("IMAP: ") == 1


def test_a_server_that_falls_silent_in_the_wait_is_noticed(server: QuirkyImap) -> None:
    session = connect(server, read=0.5)
    session.open()

    def fall_silent() -> None:
        server.account.quirks.is_silent = True

    with meanwhile(fall_silent, idles(server)), pytest.raises(MailUnreachable, match="timed out"):
        session.wait(2)
    session.close()


def test_a_line_that_never_ends_in_the_wait_is_noticed(server: QuirkyImap) -> None:
    session = connect(server, read=0.5)
    session.open()

    def stop_in_the_middle() -> None:
        server.say("* 5 FET")
        server.account.quirks.is_silent = True

    with meanwhile(stop_in_the_middle, idles(server)), pytest.raises(MailUnreachable):
        session.wait(2)
    session.close()


def test_a_line_that_nobody_understands_in_the_wait_is_noticed(server: QuirkyImap) -> None:
    session = connect(server)
    session.open()
    with meanwhile(lambda: server.say("\x00\x1b]0;x nonsense\r\n"), idles(server)):
        with pytest.raises(MailUnreachable, match="cannot be understood") as caught:
            session.wait(LONG)
        assert "\x1b" not in str(caught.value)
    session.close()


def test_what_is_said_unasked_between_answers_disturbs_nothing(server: QuirkyImap) -> None:
    expected = {server.deliver(raw): raw for raw in (mail(subject=f"Mail {number}") for number in range(4))}
    server.account.quirks.marks_seen = True
    server.account.quirks.chatter = (
        b"* 3 RECENT\r\n* 2 FETCH (FLAGS (\\Answered $Label) MODSEQ (12))\r\n* OK [ALERT] a brace {12}\r\n"
        b"* 4 FETCH (UID 900 BODY[] {3}\r\nbad)\r\n* 1 FETCH (UID 1 FLAGS ())\r\n* 4 EXISTS\r\n"
        b"* WHATEVER (a {2}\r\nxy)\r\n"
    )
    with opened(server) as session:
        assert session.uids(1) == [1, 2, 3, 4]
        assert raws(session, [1, 2, 3, 4]) == expected


def test_a_server_that_sends_single_bytes_is_understood() -> None:
    with QuirkyImap(drip=True) as server:
        server.deliver(mail())
        with opened(server) as session, meanwhile(lambda: server.deliver(mail()), idles(server)):
            assert raws(session, session.uids(1)) == {1: mail()}
            assert session.wait(LONG)
            assert session.uids(2) == [2]


def test_fetching_can_be_given_up_in_the_middle(server: QuirkyImap) -> None:
    expected = {server.deliver(raw): raw for raw in (mail(subject=f"Mail {number}") for number in range(200))}
    with opened(server) as session:
        assert isinstance(next(iter(session.fetch(range(1, 201)))), Loaded)
        assert session.uids(200) == [200]
        assert raws(session, [7, 180]) == {7: expected[7], 180: expected[180]}


@pytest.mark.parametrize("size", [0, 1, PIECE, 2 * PIECE + 5])
def test_a_mail_of_any_size_is_loaded_in_pieces(server: QuirkyImap, size: int) -> None:
    raw = b"x" * size
    server.deliver(raw)
    with opened(server) as session:
        pieces = list(session.load_whole(1))
    assert b"".join(pieces) == raw
    assert max(len(piece) for piece in pieces) <= PIECE


def test_a_mail_can_be_looked_at_without_loading_all_of_it(server: QuirkyImap) -> None:
    raw = mail(body="x" * 100_000)
    server.deliver(raw)
    with opened(server) as session:
        (only,) = session.fetch([1], only_heads=True)
    assert only == Loaded(1, raw[:65_536], RECEIVED, "only the first 64 kB of this mail were fetched")


def test_gmail_says_which_mails_of_two_labels_are_one() -> None:
    with QuirkyImap(capabilities=f"{CAPABILITIES} X-GM-EXT-1") as server:
        server.deliver(mail(), gmail_id=1_278_455_344_230_334_865)
        with opened(server) as session:
            assert session.infos([1])[1].gmail_id == "1278455344230334865"


def test_other_servers_are_not_asked_for_gmails_ids(server: QuirkyImap) -> None:
    server.deliver(mail())
    with opened(server) as session:
        assert session.infos([1])[1].gmail_id == ""
    assert not any("X-GM" in line for line in server.commands)


def test_we_say_who_we_are_where_that_is_asked_for(server: QuirkyImap) -> None:
    connect(server).close()
    assert any('ID ("name" "Tandem")' in line for line in server.commands)


def test_the_ids_of_sent_mails_are_read_without_their_bodies(server: QuirkyImap) -> None:
    server.deliver(mail("In-Reply-To: <0@x>", "References: <a@x> <0@x>", body="secret"))
    with opened(server) as session:
        head = session.heads([1, 50])
        assert list(head) == [1]
        assert (head[1].message_id, head[1].parents) == ("<1@customer.example>", ("<0@x>", "<a@x>"))
    assert not any("BODY.PEEK[]" in line for line in server.commands)


def test_ids_of_any_bytes_are_read(server: QuirkyImap) -> None:
    server.deliver(b"Message-ID: <caf\xc3\xa9\xff@x>\r\nReferences: <a@x> <\xe9@x>\r\n\r\nHello")
    with opened(server) as session:
        (head,) = session.heads([1]).values()
        assert head.message_id == "<caf%C3%A9%FF@x>"
        assert head.references == ("<a@x>", "<%E9@x>")
