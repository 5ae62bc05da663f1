from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.errors import ConfigError, LoginRefused, MailError, MailUnreachable
from mail.answers import of_set
from mail.imap import Session
from mail.line import Timeouts
from mail.loading import Loaded, Opened, Unloaded
from mail.servers import ImapAddress, Security
from tests.certificates import Certificates
from tests.mail.mails import mail
from tests.scripted_imap import ScriptedImap
from tests.servers import PASSWORD, Dovecot, ImapServer, make_certificates, need_dovecot

RECEIVED = datetime(2026, 7, 1, 12, 0, 0, tzinfo=UTC)


@dataclass
class Secret:
    text: str = PASSWORD

    def read(self) -> str:
        return self.text


def connect(server: Dovecot | ImapServer | ScriptedImap, password: str = PASSWORD, read: float = 5.0) -> Session:
    address = ImapAddress(server.host, server.port, "none", "support")
    return Session.connect(address, Secret(password), timeouts=Timeouts(connect=5.0, read=read))


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@contextmanager
def opened(server: ScriptedImap, read: float = 5.0) -> Iterator[Session]:
    with connect(server, read=read) as session:
        session.open()
        yield session


@pytest.fixture(params=["dovecot", "imap_server"])
def server(request: pytest.FixtureRequest) -> Dovecot | ImapServer:
    found: Dovecot | ImapServer = request.getfixturevalue(request.param)
    return found


@contextmanager
def soon(server: Dovecot | ImapServer, seconds: float) -> Iterator[None]:
    timer = threading.Timer(seconds, lambda: server.deliver(mail(), RECEIVED))
    timer.start()
    yield
    timer.join()


def test_mails_are_found_by_uid_and_come_with_their_bytes_and_times(server: Dovecot | ImapServer) -> None:
    raws = [mail(subject=f"Mail {number}") for number in range(3)]
    for raw in raws:
        server.deliver(raw, RECEIVED)
    with connect(server) as session:
        opened = session.open()
        assert opened.uidnext == max(session.all_uids()) + 1
        uids = session.uids(1)
        assert len(uids) == 3
        assert session.uids(uids[1]) == uids[1:]
        assert session.uids(opened.uidnext + 5) == []
        assert {info.received for info in session.infos(uids).values()} == {RECEIVED}
        assert list(session.fetch(uids)) == [Loaded(uid, raw, RECEIVED) for uid, raw in zip(uids, raws, strict=True)]


def test_looking_changes_nothing_on_the_server(dovecot: Dovecot) -> None:
    dovecot.deliver(mail(), RECEIVED)
    with connect(dovecot) as session:
        session.open()
        assert len(list(session.fetch(session.uids(1)))) == 1
    assert dovecot.flags() == {1: frozenset()}


def test_a_mail_that_is_gone_is_said_so_and_stops_no_other(server: Dovecot | ImapServer) -> None:
    server.deliver(mail(), RECEIVED)
    with connect(server) as session:
        session.open()
        (uid,) = session.uids(1)
        there, gone = session.fetch([uid + 70, uid])
        assert gone == Unloaded(uid + 70, f"IMAP: {server.host}:{server.port} has this mail no longer", is_gone=True)
        assert there == Loaded(uid, mail(), RECEIVED)


def test_the_wait_ends_when_a_mail_comes(server: Dovecot | ImapServer) -> None:
    with connect(server) as session:
        session.open()
        started = time.monotonic()
        with soon(server, 0.3):
            assert session.wait(50)
        assert time.monotonic() - started < 45
        assert len(session.uids(1)) == 1


def test_a_mail_that_came_between_the_look_and_the_wait_is_news(server: Dovecot | ImapServer) -> None:
    with connect(server) as session:
        session.open()
        assert session.uids(1) == []
        server.deliver(mail(), RECEIVED)
        started = time.monotonic()
        assert session.wait(50)
        assert time.monotonic() - started < 45


def test_what_was_told_is_no_news(server: Dovecot | ImapServer) -> None:
    server.deliver(mail(), RECEIVED)
    with connect(server) as session:
        session.open()
        session.uids(1)
        assert not session.wait(0.3)


def test_the_wait_can_be_stopped_from_outside(server: Dovecot | ImapServer) -> None:
    with connect(server) as session:
        session.open()
        started = time.monotonic()
        assert not session.wait(60, lambda: time.monotonic() - started > 0.3)
        assert time.monotonic() - started < 50
        assert session.uids(1) == []


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Chatham"])
@pytest.mark.parametrize("received", [RECEIVED, datetime(2026, 1, 5, 23, 30, tzinfo=UTC)], ids=["summer", "winter"])
def test_times_are_utc_wherever_this_machine_stands(
    imap_server: ImapServer, zone: str, received: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        imap_server.deliver(mail(), received)
        with connect(imap_server) as session:
            session.open()
            assert [info.received for info in session.infos(session.uids(1)).values()] == [received]
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_tls_is_spoken_with_a_server_one_can_trust(
    secure_dovecot: Dovecot, certificates: Certificates, security: Security
) -> None:
    secure_dovecot.deliver(mail(), RECEIVED)
    address = address_of(secure_dovecot, security)
    with Session.connect(address, Secret(), cafile=certificates.authority) as session:
        session.open()
        assert len(session.uids(1)) == 1
        with soon(secure_dovecot, 0.3):
            assert session.wait(10)


def address_of(server: Dovecot, security: Security) -> ImapAddress:
    return ImapAddress(server.host, server.tls_port if security == "tls" else server.port, security, server.user)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_server_that_nobody_vouches_for_is_not_told_the_password(secure_dovecot: Dovecot, security: Security) -> None:
    with pytest.raises(MailUnreachable, match="its certificate is not trusted"):
        Session.connect(address_of(secure_dovecot, security), Secret())


def test_a_certificate_for_another_host_is_refused(tmp_path: Path) -> None:
    need_dovecot()
    others = make_certificates(tmp_path, names="DNS:mail.elsewhere.example")
    with Dovecot(certificates=others) as server, pytest.raises(MailUnreachable, match="its certificate is not trusted"):
        Session.connect(address_of(server, "tls"), Secret(), cafile=others.authority)


def test_a_wrong_password_is_a_refused_login(server: Dovecot | ImapServer) -> None:
    with pytest.raises(LoginRefused, match="refuses the login of support") as caught:
        connect(server, password="wrong")
    assert "wrong" not in str(caught.value)
    assert "b'" not in str(caught.value)


def test_a_password_of_any_letters_reaches_the_server(dovecot: Dovecot) -> None:
    with pytest.raises(LoginRefused, match="refuses the login"):
        connect(dovecot, password="пароль")


def test_a_folder_that_is_not_there_is_said_so(server: Dovecot | ImapServer) -> None:
    with connect(server) as session, pytest.raises(MailError):
        session.open("Nowhere")


def test_a_port_where_nobody_listens_is_unreachable(dovecot: Dovecot) -> None:
    dovecot.stop()
    with pytest.raises(MailUnreachable, match=r"^IMAP: 127\.0\.0\.1:\d+: Connection refused"):
        connect(dovecot)


def test_a_cafile_that_is_none_is_said_so(tmp_path: Path) -> None:
    address = ImapAddress("localhost", 993, "tls", "support")
    with pytest.raises(ConfigError, match="certificates"):
        Session.connect(address, Secret(), cafile=tmp_path / "nowhere.pem")


def test_a_connection_leaves_nothing_open(dovecot: Dovecot) -> None:
    before = open_files()
    with connect(dovecot) as session:
        session.open()
    with pytest.raises(LoginRefused):
        connect(dovecot, password="wrong")
    assert open_files() == before


def fetched(*mails: tuple[int, bytes]) -> str:
    """FETCH answers as a server gives them."""
    return "".join(
        f"* {uid} FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n{raw.decode('latin-1')})\r\n" for uid, raw in mails
    )


def sizes(*uids: int, size: int = 10, date: str = "01-Jul-2026 14:00:00 +0200") -> str:
    return "".join(f'* {uid} FETCH (UID {uid} RFC822.SIZE {size} INTERNALDATE "{date}")\r\n' for uid in uids)


def uids_of(command: str) -> list[int]:
    """The UIDs that a FETCH asks about."""
    return of_set(command.split()[2].encode())


def answers_with_a_bad_one(_: ScriptedImap, command: str) -> str:
    """The mail with UID 2 spoils every answer it is in."""
    uids = uids_of(command)
    if "RFC822.SIZE" in command:
        return sizes(*uids)
    if 2 in uids:
        return '* 2 FETCH (UID 2 BODY[] "stray " quote" )\r\n'
    return fetched(*((uid, b"mail %d" % uid) for uid in uids))


def test_one_answer_that_cannot_be_read_stops_no_other() -> None:
    with ScriptedImap(FETCH=answers_with_a_bad_one) as server, opened(server) as session:
        first, second, third = session.fetch([1, 2, 3])
        assert first == Loaded(1, b"mail 1", RECEIVED)
        assert isinstance(second, Unloaded)
        assert not second.is_gone
        assert third == Loaded(3, b"mail 3", RECEIVED)


def test_a_mail_the_server_gives_no_bytes_of_is_said_so() -> None:
    answers = sizes(1) + "* 1 FETCH (UID 1 BODY[] NIL)\r\n"
    with ScriptedImap(FETCH=answers) as server, opened(server) as session:
        (only,) = session.fetch([1])
        assert only == Unloaded(1, f"IMAP: 127.0.0.1:{server.port} gave no bytes for this mail")


def test_of_a_mail_that_is_too_large_the_head_is_fetched() -> None:
    def answer(_: ScriptedImap, command: str) -> str:
        if "RFC822.SIZE" in command:
            return sizes(1, size=612_000_000)
        return fetched((1, b"head")).replace("BODY[]", "BODY[]<0>")

    with ScriptedImap(FETCH=answer) as server, opened(server) as session:
        (only,) = session.fetch([1])
        note = "this mail is too large (612 MB): only its first 64 kB were fetched"
        assert only == Loaded(1, b"head", RECEIVED, note)
        assert server.commands[-1].endswith("UID FETCH 1 (BODY.PEEK[]<0.65536>)")


def test_large_mails_are_not_held_many_at_a_time() -> None:
    def answer(_: ScriptedImap, command: str) -> str:
        uids = uids_of(command)
        return sizes(*uids, size=3_000_000) if "RFC822.SIZE" in command else fetched(*((uid, b"x") for uid in uids))

    with ScriptedImap(FETCH=answer) as server, opened(server) as session:
        assert len(list(session.fetch([1, 2, 3, 4, 5]))) == 5
        asked = [line.split()[3] for line in server.commands if "BODY.PEEK" in line]
        assert asked == ["1:2", "3:4", "5"]


def test_a_time_that_cannot_be_read_is_the_time_of_fetching() -> None:
    with ScriptedImap(FETCH=sizes(1, date="nonsense")) as server, opened(server) as session:
        received = session.infos([1])[1].received
        assert abs((datetime.now(UTC) - received).total_seconds()) < 60


def test_uids_below_the_one_asked_for_are_left_out() -> None:
    with ScriptedImap() as server, connect(server) as session:
        assert session.open() == Opened(7, 4, exists=3)
        assert session.uids(100) == []
        assert "SEARCH UID 100:*" in server.commands[-1]


def test_a_folder_without_lasting_uids_is_refused() -> None:
    with (
        ScriptedImap(EXAMINE="* 0 EXISTS\r\n") as server,
        connect(server) as session,
        pytest.raises(MailError, match="cannot be told apart"),
    ):
        session.open()


@pytest.mark.parametrize("dripping", [False, True], ids=["whole", "byte by byte"])
def test_the_wait_survives_any_way_to_split_a_line(*, dripping: bool) -> None:
    def search(server: ScriptedImap, _: str) -> str:
        return "* SEARCH 1 2 3 4\r\n" if "DONE" in server.commands else "* SEARCH 3\r\n"

    news = "* 4 EXISTS\r\n* 5 FETCH (FLAGS (\\Seen))\r\n* 1 RECENT\r\n"
    with ScriptedImap(dripping=dripping, SEARCH=search) as server, opened(server) as session:
        timer = threading.Timer(0.2, server.say, [news])
        timer.start()
        assert session.wait(10)
        timer.join()


def test_news_in_one_packet_with_the_start_of_idle_is_found() -> None:
    def search(server: ScriptedImap, _: str) -> str:
        return "* SEARCH 4\r\n" if "DONE" in server.commands else "* SEARCH 3\r\n"

    with ScriptedImap(SEARCH=search, IDLE="* 4 EXISTS\r\n") as server, opened(server) as session:
        started = time.monotonic()
        assert session.wait(60)
        assert time.monotonic() - started < 60


def test_a_server_that_chatters_does_not_end_the_wait_nor_is_it_hurried() -> None:
    with ScriptedImap(SEARCH="* SEARCH 3\r\n", IDLE="* OK Still here\r\n" * 100) as server:
        with connect(server) as session:
            session.open()
            assert not session.wait(1.5)
        assert len([line for line in server.commands if line.endswith("IDLE")]) <= 3


def test_without_idle_the_server_is_asked_again() -> None:
    def search(server: ScriptedImap, _: str) -> str:
        return "* SEARCH 4\r\n" if any("NOOP" in x for x in server.commands) else "* SEARCH 3\r\n"

    with ScriptedImap(CAPABILITY="* CAPABILITY IMAP4rev1\r\n", SEARCH=search) as server, opened(server) as session:
        assert session.wait(0.5)
        assert not any("IDLE" in line for line in server.commands)


@pytest.mark.parametrize("last_words", ["", "* BYE shutting down\r\n", "* BYE half a li"])
def test_a_server_that_goes_away_during_the_wait_is_unreachable(last_words: str) -> None:
    def leave(server: ScriptedImap) -> None:
        server.say(last_words)
        server.hang_up()

    with ScriptedImap(SEARCH="* SEARCH 3\r\n") as server:
        session = connect(server)
        session.open()
        timer = threading.Timer(0.2, leave, [server])
        timer.start()
        started = time.monotonic()
        with pytest.raises(MailUnreachable):
            session.wait(30)
        assert time.monotonic() - started < 5
        timer.join()
        session.close()


def test_a_server_that_falls_silent_is_unreachable() -> None:
    def silence(_: ScriptedImap, __: str) -> str:
        time.sleep(1)
        return ""

    with ScriptedImap(SEARCH=silence) as server:
        session = connect(server, read=0.3)
        session.open()
        with pytest.raises(MailUnreachable, match="timed out"):
            session.uids(1)
        session.close()


def test_a_server_whose_words_drive_terminals_is_quoted_safely() -> None:
    refusal = "{tag} NO \x1b]0;owned\x07 no such folder\r\n"
    with ScriptedImap(EXAMINE=refusal) as server, connect(server) as session:
        with pytest.raises(MailError) as caught:
            session.open()
        assert "\x1b" not in str(caught.value)
        assert "no such folder" in str(caught.value)


def test_a_login_that_is_only_refused_for_now_is_tried_again_later() -> None:
    refusal = "{tag} NO [UNAVAILABLE] backend down\r\n"
    with ScriptedImap(LOGIN=refusal) as server, pytest.raises(MailUnreachable, match="backend down"):
        connect(server)


def test_a_server_that_greets_with_nonsense_is_not_used() -> None:
    with ScriptedImap(greeting=b"HTTP/1.1 400 Bad Request\r\n") as server, pytest.raises(MailError):
        connect(server)


def test_starttls_that_is_not_offered_sends_no_password() -> None:
    with ScriptedImap() as server:
        address = ImapAddress(server.host, server.port, "starttls", "support")
        with pytest.raises(MailError, match="STARTTLS"):
            Session.connect(address, Secret())
        assert not any("LOGIN" in line for line in server.commands)


def test_a_server_that_claims_to_know_us_already_sends_no_mail_in_clear() -> None:
    with ScriptedImap(greeting=b"* PREAUTH welcome\r\n", CAPABILITY="* CAPABILITY IMAP4rev1 STARTTLS\r\n") as server:
        address = ImapAddress(server.host, server.port, "starttls", "support")
        with pytest.raises(MailError):
            Session.connect(address, Secret())
