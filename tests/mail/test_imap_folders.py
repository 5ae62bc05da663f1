"""Folders: their names for people and for commands, and what each is for."""

from __future__ import annotations

import imaplib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import MailError
from mail.folders import FolderName, decoded, encoded, folder_for, raw_name
from tests.mail.mails import mail
from tests.mail.sessions import connect
from tests.quirky_imap import QuirkyImap
from tests.quirky_mailbox import QuirkyFolder
from tests.scripted_imap import ScriptedImap
from tests.servers import Dovecot

HOSTILE = ["$(touch owned)", "`id`; rm -rf ~", "../../etc/passwd", '"; LOGOUT "', "a\\b", "%", "*", "A&B", "{5}"]
NAMES = ["Архив", "A&B", "Müll eimer", "a[b", "007", "x(y"]


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"INBOX", "INBOX"),
        (b"A&-B", "A&B"),
        (b"&BBAEQARFBDgEMg-", "Архив"),
        (b"[Gmail]/&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-", "[Gmail]/Отправленные"),
        (b"&2D3eAA-", "😀"),
        (b"Entw&APw-rfe", "Entwürfe"),
    ],
)
def test_names_are_shown_as_they_are_meant(raw: bytes, shown: str) -> None:
    assert decoded(raw) == shown
    assert encoded(shown) == raw


@pytest.mark.parametrize("raw", [b"&", b"&&", b"&A-", b"&2D0-", b"&####-", b"caf\xc3\xa9", b"\xff\xfe", b"a&b"])
def test_a_name_that_is_not_well_made_is_shown_all_the_same(raw: bytes) -> None:
    assert decoded(raw)
    assert FolderName.read(raw).raw == raw


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_name_comes_back_as_it_was(name: str) -> None:
    assert decoded(encoded(name)) == name


@given(st.binary())
def test_no_name_cannot_be_shown(raw: bytes) -> None:
    assert isinstance(decoded(raw), str)


def test_inbox_is_one_folder_however_it_is_spelled() -> None:
    assert raw_name("inbox") == raw_name("Inbox") == b"INBOX"


def test_folders_of_any_letters_are_listed_and_opened(dovecot: Dovecot) -> None:
    with dovecot.connection() as imap:
        for name in NAMES:
            assert imap.create(f'"{encoded(name).decode()}"')[0] == "OK"
    with connect(dovecot) as session:
        found = {each.shown: each for each in session.folders()}
        assert {"INBOX", *NAMES} <= set(found)
        for name in NAMES:
            assert session.open(name).exists == session.open(found[name]).exists == session.glance(name).exists == 0


def test_what_a_folder_is_for_is_told_by_the_server(dovecot: Dovecot) -> None:
    with connect(dovecot) as session:
        sent = folder_for("Sent", session.folders())
    assert sent is not None
    assert sent.shown == "Sent"


def test_what_a_folder_is_for_does_not_hang_on_its_name() -> None:
    with QuirkyImap() as server:
        server.account.folders |= {
            "Sent": QuirkyFolder(),
            encoded("Отправленные").decode(): QuirkyFolder("\\HasNoChildren \\Sent"),
            encoded("Корзина").decode(): QuirkyFolder("\\trash"),
            "Spam": QuirkyFolder("\\Junk"),
            "Old": QuirkyFolder("\\Archive"),
        }
        with connect(server) as session:
            folders = session.folders()
    uses = {each.use: each.shown for each in folders if each.use}
    assert uses == {"Sent": "Отправленные", "Trash": "Корзина", "Junk": "Spam", "Archive": "Old"}


def test_the_folder_that_is_asked_for_by_name_is_taken() -> None:
    folders = [FolderName.read(b"Sent", ["\\Sent"]), FolderName.read(encoded("Gesendetes Büro"))]
    assert folder_for("Sent", folders, "Gesendetes Büro") == folders[1]
    assert folder_for("Sent", folders, "auto") == folders[0]
    assert folder_for("Sent", folders, "none") is None
    assert folder_for("Trash", folders) is None


def test_a_folder_that_is_asked_for_and_not_there_is_said_so_with_those_that_are() -> None:
    folders = [FolderName.read(b"INBOX"), FolderName.read(b"\x1b]0;x"), FolderName.read(b"Closed", ["\\Noselect"])]
    with pytest.raises(MailError, match="there is no folder “Sent Items”") as caught:
        folder_for("Sent", folders, "Sent Items")
    assert "INBOX" in caught.value.hint
    assert "Closed" not in caught.value.hint
    assert "\x1b" not in str(caught.value)


def test_a_folder_that_cannot_be_opened_serves_no_purpose() -> None:
    assert folder_for("All", [FolderName.read(b"[Gmail]", ["\\Noselect", "\\All"])]) is None


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_nothing_but_text(name: str) -> None:
    raw = encoded(name)
    with QuirkyImap() as server:
        server.account.folders[raw.decode().replace("\\", "\\\\").replace('"', '\\"')] = QuirkyFolder()
        with connect(server) as session:
            assert session.open(name).exists == 0
            assert {each.shown for each in session.folders()} == {"INBOX", name}


@pytest.mark.parametrize("name", [b"a\r\nT9 LOGOUT", b"a\nb", b"a\0b"])
def test_a_name_with_line_breaks_in_it_never_becomes_a_command(name: bytes) -> None:
    listed = b"* LIST () NIL {%d}\r\n%b\r\n" % (len(name), name)
    with ScriptedImap(LIST=listed) as server, connect(server) as session:
        (folder,) = session.folders()
        assert folder.raw == name
        before = len(server.commands)
        with pytest.raises(MailError, match="no way to name this"):
            session.open(folder)
        assert len(server.commands) == before


def test_a_list_in_every_notation_is_read() -> None:
    listed = (
        '* LIST (\\HasNoChildren) "/" INBOX\r\n* LIST (\\Sent) NIL "Sent \\"Items\\""\r\n* LIST () "\\\\" {5}\r\n'
        "a b c\r\n"
        "* LIST broken\r\n* LSUB () NIL other\r\n"
    )
    with ScriptedImap(LIST=listed) as server, connect(server) as session:
        assert [each.raw for each in session.folders()] == [b"INBOX", b'Sent "Items"', b"a b c"]


def test_a_glance_tells_how_a_folder_is_without_opening_it(dovecot: Dovecot) -> None:
    dovecot.deliver(mail())
    with connect(dovecot) as session:
        glance = session.glance("INBOX")
        assert glance.exists == 1
        opened = session.open("INBOX")
        assert (opened.uidvalidity, opened.uidnext) == (glance.uidvalidity, glance.uidnext)
        assert opened.highestmodseq == glance.highestmodseq
        assert opened.highestmodseq is not None
        with pytest.raises(MailError):
            session.glance("Nowhere")


def test_our_names_mean_the_same_to_another_program(dovecot: Dovecot) -> None:
    with imaplib.IMAP4(dovecot.host, dovecot.port, timeout=30) as imap:
        imap.login(dovecot.user, dovecot.password)
        imap.create('"&BBAEQARFBDgEMg-"')
    with connect(dovecot) as session:
        assert session.open("Архив").exists == 0
