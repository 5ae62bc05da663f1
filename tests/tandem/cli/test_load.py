"""`tandem load`: all of a mail that was too large to be fetched at first."""

from __future__ import annotations

from base64 import encodebytes
from datetime import UTC, datetime
from typing import Any

import pytest

from desk.incoming import TOO_LARGE
from mail.loading import LARGEST
from tandem.fetching import LOOKS
from tandem.paths import Home
from tests.journeys.mails import customer_mail
from tests.quirky_imap import QuirkyImap
from tests.servers import PASSWORD, Dovecot
from tests.tandem.commands import Commands
from tests.tandem.offices import mailbox

LARGE = (
    b"From: dana@corp.example\r\nTo: support@acme.example\r\nSubject: The whole archive\r\n"
    b"Message-ID: <large@corp.example>\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHere it is.\r\n'
    b'--b\r\nContent-Type: application/zip; name="all.zip"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    + encodebytes(bytes(LARGEST * 3 // 4)).replace(b"\n", b"\r\n")
    + b"--b--\r\n"
)


@pytest.fixture
def connected(tandem: Commands, home: Home, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Commands:
    """The command line of a desk that watches a Dovecot."""
    monkeypatch.setenv("DESK_PASSWORD", PASSWORD)
    home.config.write_text(mailbox("support", dovecot.port))
    return tandem


def message(tandem: Commands, ticket: int = 1) -> dict[str, Any]:
    """The one message of a ticket."""
    [found] = [each for each in tandem.run("show", ticket, "--json").objects[0]["messages"] if each["kind"] == "in"]
    return dict(found)


def test_a_mail_that_was_too_large_is_loaded_whole_and_only_once(connected: Commands, dovecot: Dovecot) -> None:
    dovecot.deliver(LARGE, datetime(2026, 11, 20, tzinfo=UTC))
    connected.run("sync")
    assert connected.run("list", "--json").objects[0]["defects"][0].startswith(TOO_LARGE)
    number = message(connected)["id"]
    assert connected.run("load", 1, number).lines[0].startswith(f"All of message {number} is here")
    whole = message(connected)
    assert (whole["defects"], whole["text"].strip()) == ([], "Here it is.")
    assert [(each["name"], each["size"]) for each in whole["attachments"]] == [("all.zip", LARGEST * 3 // 4)]
    assert connected.run("show", 1, "--raw", number).bytes_out == LARGE
    assert connected.run("list", "--json").objects[0]["defects"] == []
    assert "is here already" in connected.run("load", 1, number, expect=1).err
    dovecot.renew_uidvalidity()
    [counts] = connected.run("sync", "--json").objects
    assert (counts["duplicates"], counts["tickets_created"]) == (1, 0)


def test_one_that_is_gone_from_the_server_is_said_to_be(connected: Commands, dovecot: Dovecot) -> None:
    dovecot.deliver(LARGE)
    connected.run("sync")
    with dovecot.connection() as imap:
        imap.select("INBOX")
        imap.uid("STORE", "1", "+FLAGS", r"(\Deleted)")
        imap.expunge()
    assert "IMAP" in connected.run("load", 1, message(connected)["id"], expect=4).err


def test_a_message_that_is_whole_or_elsewhere_is_refused(connected: Commands, dovecot: Dovecot) -> None:
    for number in (1, 2):
        dovecot.deliver(customer_mail(number, subject=f"Mail {number}"))
    connected.run("sync")
    number = message(connected)["id"]
    assert "is here already" in connected.run("load", 1, number, expect=1).err
    assert "there is no message on ticket 2" in connected.run("load", 2, number, expect=1).err


def test_one_that_the_server_did_not_give_is_asked_for_once_more(
    tandem: Commands, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_PASSWORD", PASSWORD)
    with QuirkyImap() as server:
        home.config.write_text(mailbox("support", server.port, more='sent = "none"'))
        server.deliver(customer_mail(1))
        server.account.quirks.withheld.add(1)
        for _ in range(LOOKS):
            tandem.run("sync")
        number = message(tandem)["id"]
        assert "IMAP" in tandem.run("load", 1, number, expect=4).err
        server.account.quirks.withheld.clear()
        assert tandem.run("load", 1, number).lines[0].startswith("The mail has come: ticket 2, message ")
        assert "the mail has come: ticket 2" in tandem.run("show", 1).out
        assert "has come by now" in tandem.run("load", 1, number, expect=4).err
        assert tandem.run("sync", "--json").objects[0]["fetched"] == 0
