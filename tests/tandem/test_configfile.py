"""What is written into `config.toml` reads the same, and holds no password."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path

import pytest

from desk.people import Address
from desk.settings import Acknowledge, FollowUp, Mailbox
from mail.auth import PasswordCommand, PasswordEnvironment, PasswordFile, PasswordKeyring, TokenCommand
from mail.servers import ImapAddress, SmtpAddress
from tandem.config import Account, Config, ImapAccount, SmtpAccount, read_config
from tandem.configfile import write_config

SUPPORT = Mailbox(name="support", address=Address("support@acme.example", "Acme Support"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_what_is_written_reads_the_same(path: Path) -> None:
    imap = ImapAccount(ImapAddress("mail.acme.example", 993, "tls", "support"), PasswordCommand(("pass", "show")))
    smtp = SmtpAccount(SmtpAddress("mail.acme.example", 587, "starttls", "support"), PasswordEnvironment("A"))
    config = Config((Account(SUPPORT, imap, smtp),), undo_seconds=20)
    write_config(path, config, mode=0o600)
    assert read_config(path) == config


def test_odd_names_and_every_password_source_read_the_same(path: Path) -> None:
    imap = ImapAddress("::1", 143, "none", 'a"b\\c@д', "Team/Hilfe ü")
    sources = (PasswordCommand(("x", 'a "b"', "ц")), PasswordEnvironment("A"), PasswordFile(Path("/a/б")), None)
    config = Config(
        tuple(
            Account(
                Mailbox(name=f"box.{number}/ц", address=Address(f"a{number}@acme.example", '"Ц" \\ x')),
                ImapAccount(imap, source, Path("/ca.pem")) if source else None,
                SmtpAccount(SmtpAddress("mx.acme.example", 465, "tls", "a" if source else ""), source),
            )
            for number, source in enumerate(sources)
        ),
        undo_seconds=0,
    )
    write_config(path, config, mode=0o600)
    assert read_config(path) == config


@pytest.mark.parametrize("days", [0, 7, None])
def test_every_rule_and_all_that_is_said_of_folders_reads_the_same(path: Path, days: int | None) -> None:
    imap = ImapAccount(
        ImapAddress("imap.acme.example", 993, "tls", "support"),
        TokenCommand(("get-token", "support@acme.example")),
        folders=("INBOX", "Team/Hilfe ü"),
        sent="Gesendet",
        mark_seen=True,
        move_to="Done",
        login="xoauth2",
        sent_copy="never",
    )
    keyring = PasswordKeyring("tandem", "acme")
    smtp = SmtpAccount(SmtpAddress("smtp.acme.example", 465, "tls", "support"), keyring, login="plain")
    mailbox = Mailbox(
        name="support",
        address=Address("a@acme.example"),
        aliases=(Address("b@acme.example"),),
        signature='Acme "Ltd" \\ ЦЪ\n  Street 1\n\nacme.example',
        tags_subject=True,
        reply_to="token",
        acknowledge=Acknowledge("We have it.\n\nIts number is {number}."),
    )
    follow_up = FollowUp(days=days, keeps_assignee=False)
    config = Config((Account(mailbox, imap, smtp),), follow_up=follow_up, flood=0)
    write_config(path, config, mode=0o600)
    assert read_config(path) == config


@pytest.mark.parametrize("mode", [0o600, 0o660])
def test_the_file_has_the_mode_it_is_given_whatever_was_there(path: Path, mode: int) -> None:
    path.write_text("")
    path.chmod(0o644)
    write_config(path, Config(), mode=mode)
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert list(path.parent.iterdir()) == [path]


def test_the_file_says_where_passwords_belong(path: Path) -> None:
    write_config(path, Config(), mode=0o600)
    assert path.read_text().startswith("# ")
    assert tomllib.loads(path.read_text()) == {"undo_seconds": 10, "mailboxes": {}}


def test_a_password_that_no_setting_can_point_to_is_never_left_out_silently(path: Path) -> None:
    class Typed:
        def read(self) -> str:
            return "secret"

    account = Account(SUPPORT, ImapAccount(ImapAddress("h", 993, "tls", "u"), Typed()), None)
    with pytest.raises(TypeError, match="Typed"):
        write_config(path, Config((account,)), mode=0o600)
    assert not path.exists()
