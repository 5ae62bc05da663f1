"""Copies of mails in a folder: put there byte for byte, and found again by whatever id they have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from desk.errors import MailError, MailUnreachable
from mail.appending import NEWEST
from tests.mail.sessions import connect
from tests.quirky_imap import QuirkyImap
from tests.quirky_mailbox import QuirkyFolder
from tests.servers import Dovecot, ImapServer

AT = datetime(2026, 11, 20, 9, 30, 15, tzinfo=timezone(timedelta(hours=5)))


@pytest.fixture
def quirky() -> Iterator[QuirkyImap]:
    with QuirkyImap() as server:
        server.account.folders["Sent"] = QuirkyFolder("\\Sent")
        yield server


def mail(message_id: str, text: str = "Good day.") -> bytes:
    return f"From: support@acme.example\r\nMessage-ID: {message_id}\r\nSubject: Re: Hi\r\n\r\n{text}\r\n".encode()


@pytest.mark.parametrize("kind", ["dovecot", "imap_server"])
def test_a_copy_is_there_byte_for_byte_with_its_date(kind: str, request: pytest.FixtureRequest) -> None:
    server: Dovecot | ImapServer = request.getfixturevalue(kind)
    raw = mail("<one@acme.example>", "Grüße, 日本語 " * 20_000)
    with connect(server) as session:
        session.append("Sent", raw, AT)
        session.open("Sent")
        [uid] = session.all_uids()
        assert session.infos([uid])[uid].received == AT.astimezone(UTC)
        assert b"".join(session.load_whole(uid)) == raw


@pytest.mark.parametrize(
    "message_id",
    [
        "<plain@acme.example>",
        '<"quoted"@acme.example>',
        "<back\\slash@acme.example>",
        "<{3}@acme.example>",
        "<%*@acme.example>",
        "<(x)ALL@acme.example>",
    ],
)
def test_ids_of_all_kinds_are_found_and_no_others(dovecot: Dovecot, message_id: str) -> None:
    with connect(dovecot) as session:
        assert session.holds("Sent", [message_id]) is False
        session.append("Sent", mail(message_id), AT)
        for number in range(NEWEST + 1):
            dovecot.deliver(mail(f"<later{number}@acme.example>"), folder="Sent")
        assert session.holds("Sent", [message_id]) is True
        assert session.holds("Sent", [message_id[:-1], "<other@acme.example>"]) is False


@pytest.mark.parametrize(
    "message_id", ["", "<a\r\nT9 DELETE Sent@x>", "<bell\x07@x>", "<é@acme.example>", f"<{'a' * 2000}@x>"]
)
def test_an_id_that_could_be_more_than_an_id_is_not_asked_for(quirky: QuirkyImap, message_id: str) -> None:
    with connect(quirky) as session:
        assert session.holds("Sent", [message_id]) is False
    assert not [each for each in quirky.commands if "HEADER Message-ID" in each or "DELETE" in each]


def test_a_search_that_names_every_mail_is_not_believed(quirky: QuirkyImap) -> None:
    for number in range(50):
        quirky.deliver(mail(f"<{number}@acme.example>"), folder="Sent")
    with connect(quirky) as session:
        assert session.holds("Sent", ["<45@acme.example>"]) is True
        assert session.holds("Sent", ["<99@acme.example>"]) is False


def test_what_the_search_does_not_find_yet_is_found_among_the_newest(quirky: QuirkyImap) -> None:
    quirky.account.quirks.header_search = "nothing"
    quirky.deliver(mail("<new@acme.example>"), folder="Sent")
    with connect(quirky) as session:
        assert session.holds("Sent", ["<new@acme.example>"]) is True


def test_where_the_server_cannot_search_nobody_knows(quirky: QuirkyImap) -> None:
    quirky.account.quirks.header_search = "refused"
    with connect(quirky) as session:
        assert session.holds("Sent", ["<new@acme.example>"]) is None


def test_an_id_that_exchange_replaced_is_known_by_the_one_it_had(quirky: QuirkyImap) -> None:
    raw = mail("<new@exchange.example>").replace(
        b"Subject", b"X-Microsoft-Original-Message-ID: <ours@acme.example>\r\nSubject", 1
    )
    with connect(quirky) as session:
        session.append("Sent", raw, AT)
        quirky.account.folders["Sent"].mails[0].raw = raw
        assert session.holds("Sent", ["<new@exchange.example>"]) is True


def test_a_copy_that_is_refused_is_an_error_in_the_servers_words(quirky: QuirkyImap) -> None:
    quirky.account.quirks.append_refused = "NO [OVERQUOTA] full\x1b[2J"
    with connect(quirky) as session:
        with pytest.raises(MailError, match="OVERQUOTA") as caught:
            session.append("Sent", mail("<one@acme.example>"), AT)
        assert "\x1b" not in caught.value.message
        quirky.account.quirks.append_refused = ""
        with pytest.raises(MailError, match="TRYCREATE"):
            session.append("Nowhere", mail("<one@acme.example>"), AT)
        session.append("Sent", mail("<one@acme.example>"), AT)
    assert len(quirky.account.folders["Sent"].mails) == 1


def test_a_connection_that_breaks_over_a_copy_is_told_as_such(quirky: QuirkyImap) -> None:
    quirky.account.quirks.append_cut = "after"
    with connect(quirky) as session, pytest.raises(MailUnreachable):
        session.append("Sent", mail("<one@acme.example>"), AT)


def test_a_server_that_drips_gets_its_copy(quirky: QuirkyImap) -> None:
    quirky.drip = True
    with connect(quirky) as session:
        session.append("Sent", mail("<one@acme.example>"), AT)
        assert session.holds("Sent", ["<one@acme.example>"]) is True
