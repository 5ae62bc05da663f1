"""What a session makes of a server, or of somebody on the way to it, that means harm; and of answers badly made."""

from __future__ import annotations

import contextlib
import random
import socket
import struct
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.errors import MailError, MailUnreachable
from mail.answers import Answer, fetched, of_set, to_set, to_time
from mail.imap import Session
from mail.loading import Loaded, Unloaded
from mail.servers import ImapAddress
from tests.mail.mails import mail
from tests.mail.sessions import Secret, connect, opened
from tests.quirky_imap import QuirkyImap
from tests.scripted_imap import ScriptedImap

STARTTLS = "* CAPABILITY IMAP4rev1 STARTTLS\r\n"
INFO = '* 1 FETCH (UID 1 RFC822.SIZE 10 INTERNALDATE "01-Jul-2026 14:00:00 +0200")\r\n'


def with_starttls(server: ScriptedImap) -> Session:
    return Session.connect(ImapAddress(server.host, server.port, "starttls", "support"), Secret())


def body(answer: bytes) -> Loaded | Unloaded:
    """What comes of the mail with UID 1 when this is the answer."""

    def answers(_: ScriptedImap, command: str) -> str | bytes:
        return INFO if "RFC822.SIZE" in command else answer

    with ScriptedImap(FETCH=answers) as server, opened(server) as session:
        (only,) = session.fetch([1])
        return only


def test_words_put_into_the_servers_mouth_before_tls_are_refused() -> None:
    injected = "{tag} OK begin\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n"
    with ScriptedImap(CAPABILITY=STARTTLS, STARTTLS=injected) as server:
        with pytest.raises(MailError, match="came before TLS"):
            with_starttls(server)
        assert not any("LOGIN" in line or "AUTHENTICATE" in line for line in server.commands)


@pytest.mark.parametrize(
    "refusal", ["{tag} NO not now\r\n", "{tag} BAD what\r\n", "* BYE no\r\n", "+ go on\r\n{tag} NO\r\n"]
)
def test_without_the_tls_that_was_asked_for_nothing_is_said(refusal: str) -> None:
    with ScriptedImap(CAPABILITY=STARTTLS, STARTTLS=refusal) as server:
        with pytest.raises(MailError):
            with_starttls(server)
        assert [line.split()[1] for line in server.commands] == ["CAPABILITY", "STARTTLS"]


@pytest.mark.parametrize(
    "greeting", [b"* PREAUTH hi\r\n", b"+OK POP3\r\n", b"220 smtp\r\n", b"\r\n", b"* NO\r\n", b"\x16\x03\r\n"]
)
def test_whoever_does_not_greet_as_an_imap_server_hears_nothing_from_us(greeting: bytes) -> None:
    with ScriptedImap(greeting=greeting) as server:
        with pytest.raises(MailError):
            connect(server)
        assert server.commands == []


def test_a_server_that_is_full_says_so_in_its_greeting() -> None:
    with ScriptedImap(greeting=b"* BYE too many\r\n") as server, pytest.raises(MailUnreachable, match="too many"):
        connect(server)


def test_what_the_server_can_is_asked_anew_after_the_login() -> None:
    with ScriptedImap() as server:
        connect(server).close()
        said = [line.split()[1] for line in server.commands]
    assert said == ["CAPABILITY", "LOGIN", "CAPABILITY", "LOGOUT"]


def test_a_piece_of_four_gigabytes_is_not_waited_for() -> None:
    answer = b"* 1 FETCH (UID 1 BODY[] {4294967296}\r\n"
    with pytest.raises(MailUnreachable, match="4,294,967,296 bytes") as caught:
        body(answer)
    assert caught.value.uid == 1


def test_a_piece_of_endless_digits_is_not_waited_for() -> None:
    with pytest.raises(MailUnreachable):
        body(b"* 1 FETCH (UID 1 BODY[] {%b}\r\n\x00\r\n" % (b"9" * 20))


def test_a_line_without_end_is_not_waited_for() -> None:
    def endless(server: ScriptedImap, command: str) -> bytes:
        for _ in range(20):
            server.say(b"x" * 1_000_000)
        return b"\r\n"

    with ScriptedImap(SEARCH=endless) as server, opened(server) as session:
        with pytest.raises(MailUnreachable, match="without end"):
            session.uids(1)
        server.hang_up()


def test_an_answer_without_end_is_not_waited_for() -> None:
    def endless(server: ScriptedImap, command: str) -> bytes:
        chatter = b"* OK still here\r\n" * 10_000
        for _ in range(25):
            server.say(chatter)
        return b""

    with ScriptedImap(SEARCH=endless) as server, opened(server) as session:
        with pytest.raises(MailUnreachable, match="does not end its answer"):
            session.uids(1)
        server.hang_up()


def test_a_server_that_lets_its_answer_drip_is_not_waited_for() -> None:
    def drip(server: ScriptedImap, command: str) -> bytes:
        for _ in range(1_000):
            server.say(b"x")
            time.sleep(0.05)
        return b""

    with ScriptedImap(SEARCH=drip) as server, opened(server, read=0.5) as session:
        with pytest.raises(MailUnreachable, match="too slowly"):
            session.uids(1)
        server.hang_up()


@pytest.mark.parametrize(
    "answer",
    [
        b"* 1 FETCH (UID 1 BODY[] {4}\r\nmail)\r\n",
        b"* 1 FETCH (UID 1 BODY[] {4+}\r\nmail)\r\n",
        b"* 1 FETCH (UID 1 BODY[] ~{4}\r\nmail)\r\n",
        b'* 1 FETCH (UID 1 BODY[] "mail")\r\n',
        b'* 1 FETCH (BODY[] "ma\\il" UID 1)\r\n',
        b"* 1 FETCH (BODY[] {4}\r\nmail UID 1)\r\n",
        b"* 1 fetch (Uid 1 body[] {4}\r\nmail Flags (\\Seen))\r\n",
        b"* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n* 1 FETCH (UID 1 BODY[] {4}\r\nmail)\r\n",
        b"* 1 FETCH (UID 1 BODY[] {4}\r\nmail)\r\n* 1 FETCH (FLAGS (\\Seen))\r\n* 1 EXPUNGE\r\n",
        b"* 1 FETCH (UID 1 BODY[] {4}\r\nmail)\n",
        b"* 1 FETCH (UID 1 BODY[] {4}\r\nmail NONSENSE ((nested (deep))))\r\n",
    ],
)
def test_a_mails_bytes_are_found_in_every_notation(answer: bytes) -> None:
    found = body(answer)
    assert isinstance(found, Loaded)
    assert found.raw == b"mail"


@pytest.mark.parametrize(
    "answer",
    [
        b"* 1 FETCH (UID 1 BODY[] NIL)\r\n",
        b"* 1 FETCH (UID 1 FLAGS ())\r\n",
        b"* 1 FETCH (UID 2 BODY[] {4}\r\nmail)\r\n",
        b"* 1 FETCH (BODY[] {4}\r\nmail)\r\n",
        b"* 1 FETCH (UID 1 BODY[TEXT] {4}\r\nmail)\r\n",
        b'* 1 FETCH (UID 1 BODY[] "ma" il)\r\n',
        b"* 1 FETCH UID 1 BODY[] {4}\r\nmail\r\n",
        b"* 1 FETCH (UID 1 {4}\r\nmail)\r\n",
        b"* 1 FETCH (\r\n",
        b"{tag} NO [SERVERBUG] this one is broken\r\n",
        b"{tag} BAD what\r\n",
        b"",
    ],
)
def test_what_is_no_mail_is_not_taken_for_one(answer: bytes) -> None:
    found = body(answer)
    assert isinstance(found, Unloaded)
    assert not found.is_gone


def test_any_bytes_in_a_mail_are_kept() -> None:
    raw = bytes(range(256)) + b"\r\nT1 OK done\r\n* BYE\r\n) {10}\r\n"
    found = body(b"* 1 FETCH (UID 1 BODY[] {%d}\r\n%b)\r\n" % (len(raw), raw))
    assert isinstance(found, Loaded)
    assert found.raw == raw


def test_an_answer_to_nobodys_question_ends_the_connection() -> None:
    with pytest.raises(MailUnreachable, match="cannot be understood"):
        body(b"T999 OK done\r\n")


PIECES = st.lists(
    st.binary(max_size=40) | st.sampled_from([b"* 1 FETCH (UID 1 BODY[] {4}", b"mail", b")", b'"', b"("]), min_size=1
)


@settings(max_examples=300)
@given(PIECES)
def test_no_answer_trips_what_reads_it(pieces: list[bytes]) -> None:
    answer = Answer(tuple(pieces))
    assert answer.number(b"EXISTS") is None or answer.line.upper().rstrip().endswith(b"EXISTS")
    fetched(answer), of_set(pieces[0]), to_time(pieces[0])


@given(st.sets(st.integers(1, 2**32 - 1)))
def test_sets_of_uids_are_read_as_they_were_written(uids: set[int]) -> None:
    assert set(of_set(to_set(uids))) == uids


@pytest.mark.parametrize("text", [b"", b"0", b"1:*", b"1:4294967295", b"x", b"1,,2", b"-5"])
def test_what_is_no_set_or_far_too_large_is_none(text: bytes) -> None:
    assert of_set(text) == []


@pytest.mark.parametrize(
    ("text", "when"),
    [
        (b"01-Jul-2026 14:00:00 +0200", datetime(2026, 7, 1, 12, tzinfo=UTC)),
        (b" 1-Jul-2026 14:00:00 -0330", datetime(2026, 7, 1, 17, 30, tzinfo=UTC)),
        (b"31-Feb-2026 14:00:00 +0000", None),
        (b"01-Ulj-2026 14:00:00 +0000", None),
        (b"01-Jul-2026 14:00:00 +9999", None),
        (b"01-Jan-0001 00:00:00 +0200", None),
        (b"", None),
    ],
)
def test_times_are_read_or_said_to_be_unknown(text: bytes, when: datetime | None) -> None:
    assert to_time(text) == when


def garbling(chance: random.Random, rate: float) -> Callable[[bytes], bytes]:
    """Turns bytes into others, mostly into such as mean something in IMAP, and now and then leaves the end out."""

    def garble(data: bytes) -> bytes:
        odd = (chance.choice(b'{}()"\r\n0123456789*+\x00\xff') if chance.random() < rate else byte for byte in data)
        return bytes(odd)[: chance.randrange(len(data)) if chance.random() < rate else None]

    return garble


def test_a_line_that_garbles_everything_ends_in_one_kind_of_error() -> None:
    with QuirkyImap() as server:
        for number in range(10):
            server.deliver(mail(subject=str(number)))
        for seed in range(60):
            chance = random.Random(seed)
            server.account.quirks.spoil = garbling(chance, chance.choice([0.0, 0.0002, 0.001, 0.01]))
            with contextlib.suppress(MailError), opened(server, read=0.1, writable=True) as session:
                uids = session.uids(1)[:50]
                assert {each.uid for each in session.fetch(uids)} <= set(uids)
                assert set(session.heads(uids)) <= set(uids)
                session.folders()
                session.wait(0.02)
                session.mark_seen(uids)
        server.account.quirks.spoil = None
        with opened(server) as session:
            assert len(list(session.fetch(session.uids(1)))) == 10


def test_a_line_that_is_reset_before_tls_begins_leaves_nothing_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as port:

        def reset() -> None:
            line, _ = port.accept()
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.close()

        with ThreadPoolExecutor(1) as threads:
            for _ in range(20):  # whether the reset is there before the client wants TLS is up to the machine
                threads.submit(reset)
                address = ImapAddress("127.0.0.1", port.getsockname()[1], "tls", "support")
                with pytest.raises(MailUnreachable):
                    Session.connect(address, Secret())
