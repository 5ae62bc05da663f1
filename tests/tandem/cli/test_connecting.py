"""`tandem init` with tokens, keyrings and providers, against servers that judge what they are shown."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.servers import Certificates, ImapServer, SmtpServer, logged_in, need_dovecot
from tests.tandem.commands import Ended, run
from tests.token_servers import TokenAuthority, TokenDovecot, TokenProgram, TokenSmtpServer

GOOD, STALE = "ya29.g00d_t0ken", "ya29.st4le_t0ken"
ANA = "ana=Ana Petrova <ana@acme.example>"
MAIL = b"From: dana@corp.example\r\nSubject: Broken cup\r\nMessage-ID: <1@corp.example>\r\n\r\nHelp.\r\n"


@dataclass
class Provider:
    """A provider that takes tokens only, on loopback."""

    home: Path
    imap: TokenDovecot
    smtp: TokenSmtpServer
    authority: TokenAuthority
    cafile: Path

    @property
    def mailbox(self) -> list[str]:
        return [
            "--address", "Acme Support <support@acme.example>",
            "--imap", f"imaps://support@localhost:{self.imap.tls_port}/INBOX",
            "--smtp", f"smtps://support@localhost:{self.smtp.port}",
            "--cafile", str(self.cafile), "--agent", ANA, "--yes",
        ]  # fmt: skip

    def tandem(self, *words: str, expect: int = 0) -> Ended:
        ended = run(["--home", str(self.home), *words])
        assert ended.code == expect, f"exit {ended.code}\n{ended.out}\n{ended.err}"
        assert "ya29" not in ended.out + ended.err
        return ended

    def settings(self) -> dict[str, Any]:
        [mailbox] = tomllib.loads((self.home / "config.toml").read_text())["mailboxes"].values()
        found: dict[str, Any] = mailbox
        return found


@pytest.fixture
def provider(tmp_path: Path, certificates: Certificates) -> Iterator[Provider]:
    """Afterwards no token stands in anything that was written."""
    need_dovecot()
    with (
        TokenAuthority(**{GOOD: "support"}) as authority,
        TokenDovecot(authority, certificates, "xoauth2 oauthbearer") as imap,
        TokenSmtpServer(authority, certificates, ("XOAUTH2",)) as smtp,
    ):
        made = Provider(tmp_path / "desk", imap, smtp, authority, certificates.authority)
        yield made
    for path in made.home.rglob("*"):
        assert not path.is_file() or b"ya29" not in path.read_bytes(), path


class TestTokens:
    def test_a_mailbox_is_connected_read_and_answered_by_tokens(self, provider: Provider, tmp_path: Path) -> None:
        program = TokenProgram(tmp_path, GOOD)
        out = provider.tandem("init", *provider.mailbox, "--imap-token-command", f"{program.path} 'for support'").out
        assert "IMAP: login works, INBOX can be read, sent mail is in “Sent”" in out
        assert "SMTP: login works" in out
        assert provider.settings()["imap"]["token_command"] == [str(program.path), "for support"]
        assert provider.settings()["smtp"]["token_command"] == [str(program.path), "for support"]
        provider.imap.deliver(MAIL)
        provider.tandem("sync")
        assert "Broken cup" in provider.tandem("list").out
        (tmp_path / "answer").write_text("It is on its way.")
        provider.tandem("--agent", "ana", "reply", "1", "--body-file", str(tmp_path / "answer"), "--send-in", "0s")
        provider.tandem("deliver")
        assert [each.recipients for each in provider.smtp.received] == [("dana@corp.example",)]
        assert set(program.calls) == {"for support"}

    def test_a_token_that_went_stale_is_renewed_without_a_word(self, provider: Provider, tmp_path: Path) -> None:
        program = TokenProgram(tmp_path, GOOD)
        provider.tandem("init", *provider.mailbox, "--imap-token-command", str(program.path))
        program = TokenProgram(tmp_path, *[GOOD] * len(program.calls), STALE, GOOD)
        provider.imap.deliver(MAIL)
        provider.tandem("sync")
        assert "Broken cup" in provider.tandem("list").out
        assert STALE in provider.authority.asked

    def test_a_token_that_is_refused_twice_is_exit_code_four_in_the_servers_words(
        self, provider: Provider, tmp_path: Path
    ) -> None:
        program = TokenProgram(tmp_path, STALE, "ya29.another")
        err = provider.tandem("init", *provider.mailbox, "--imap-token-command", str(program.path), expect=4).err
        assert "refuses the login of support" in err
        assert "(status " in err
        assert "token command" in err
        assert len(program.calls) == 2
        assert not provider.home.exists()

    def test_an_smtp_server_that_refuses_what_imap_took_leaves_nothing_behind(
        self, provider: Provider, tmp_path: Path
    ) -> None:
        (tmp_path / "smtp").mkdir()
        imap, smtp = TokenProgram(tmp_path, GOOD), TokenProgram(tmp_path / "smtp", STALE)
        words = ["--imap-token-command", str(imap.path), "--smtp-token-command", str(smtp.path)]
        err = provider.tandem("init", *provider.mailbox, *words, expect=4).err
        assert "535" in err
        assert "status 401; scope https://mail.acme.example/" in err
        assert not provider.home.exists()

    def test_doctor_tries_the_token_and_says_why_it_is_refused(self, provider: Provider, tmp_path: Path) -> None:
        program = TokenProgram(tmp_path, GOOD)
        provider.tandem("init", *provider.mailbox, "--imap-token-command", str(program.path))
        assert "sent mail is in “Sent”" in provider.tandem("doctor").out
        provider.authority.valid.clear()
        ended = provider.tandem("doctor", "--json", expect=1)
        [imap] = [each for each in ended.objects[0]["checks"] if each["name"].startswith("IMAP")]
        assert not imap["ok"]
        assert "refuses the login of support" in imap["detail"]

    def test_a_server_that_nobody_vouches_for_is_not_shown_the_token(self, provider: Provider, tmp_path: Path) -> None:
        words = provider.mailbox
        del words[words.index("--cafile") : words.index("--cafile") + 2]
        program = TokenProgram(tmp_path, GOOD)
        err = provider.tandem("init", *words, "--imap-token-command", str(program.path), expect=4).err
        assert "its certificate is not trusted" in err
        assert "cafile" in err
        assert provider.authority.asked == []
        assert not provider.home.exists()

    def test_two_words_on_a_secret_are_wrong_usage(self, provider: Provider) -> None:
        provider.tandem("init", "--imap-token-command", "x", "--imap-password-env", "Y", "--yes", expect=2)


RING = """
from keyring import backend


class Ring(backend.KeyringBackend):
    priority = 1

    def get_password(self, service, username):
        return {("tandem", "support"): "wild boar 77", ("other", "acme"): "wild boar 77"}.get((service, username))

    def set_password(self, service, username, password):
        pass
"""


class TestKeyring:
    @pytest.mark.parametrize(
        ("said", "written"), [("tandem", ["tandem", "support"]), ("other acme", ["other", "acme"])]
    )
    def test_a_password_from_the_keyring_opens_the_mailbox(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, written: list[str]
    ) -> None:
        (tmp_path / "desk_ring.py").write_text(RING)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "desk_ring.Ring")
        home = tmp_path / "desk"
        with ImapServer("wild boar 77") as imap:
            url = f"imap://support@127.0.0.1:{imap.port}/INBOX?security=none"
            words = ["--address", "support@acme.example", "--imap", url, "--agent", ANA, "--yes"]
            ended = run(["--home", str(home), "init", *words, "--imap-password-keyring", said])
            assert (ended.code, ended.err) == (0, "")
            assert run(["--home", str(home), "sync"]).code == 0
        [mailbox] = tomllib.loads((home / "config.toml").read_text())["mailboxes"].values()
        assert mailbox["imap"]["password_keyring"] == written

    def test_an_entry_that_is_not_there_is_said_so(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "desk_ring.py").write_text(RING)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "desk_ring.Ring")
        words = ["--address", "support@acme.example", "--imap", "imap://nobody@127.0.0.1:1?security=none", "--yes"]
        ended = run(["--home", str(tmp_path / "desk"), "init", *words, "--imap-password-keyring", "tandem"])
        assert ended.code == 1
        assert "`keyring set tandem nobody` makes it" in ended.err


class TestProviders:
    @pytest.fixture
    def imap(self) -> Iterator[ImapServer]:
        with ImapServer("wild boar 77") as server:
            yield server

    def test_what_a_provider_needs_is_said_and_its_folder_of_sent_mail_is_found(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, imap: ImapServer
    ) -> None:
        monkeypatch.setenv("DESK_PASSWORD", "wild boar 77")
        with logged_in(imap) as client:
            client.create_folder("Sent Messages")
        url = f"imap://support@127.0.0.1:{imap.port}/INBOX?security=none"
        words = ["--address", "support@icloud.com", "--imap", url, "--imap-password-env", "DESK_PASSWORD", "--yes"]
        ended = run(["--home", str(tmp_path / "desk"), "init", *words, "--agent", ANA])
        assert (ended.code, ended.err) == (0, "")
        assert "iCloud Mail: switch two-factor authentication on" in ended.out
        assert "sent mail is in “Sent Messages”" in ended.out
        [mailbox] = tomllib.loads((tmp_path / "desk" / "config.toml").read_text())["mailboxes"].values()
        assert mailbox["imap"]["sent"] == "Sent Messages"
        assert "smtp" not in mailbox

    def test_the_questions_offer_the_providers_servers(
        self, tmp_path: Path, imap: ImapServer, smtp_server: SmtpServer
    ) -> None:
        url = f"imap://support@127.0.0.1:{imap.port}/INBOX?security=none"
        answers = ["Dana <dana@gmail.com>", url, "wild boar 77", f"smtp://127.0.0.1:{smtp_server.port}?security=none"]
        ended = run(["--home", str(tmp_path / "desk"), "init", "--agent", ANA], "\n".join(answers) + "\n")
        assert (ended.code, ended.err.count("\n")) == (0, 0), ended.err
        assert "[imaps://dana%40gmail.com@imap.gmail.com:993/INBOX]" in ended.out
        assert "[smtps://dana%40gmail.com@smtp.gmail.com:465]" in ended.out
        assert "Gmail: switch 2-Step Verification on" in ended.out

    def test_a_provider_without_passwords_is_asked_for_a_token_command(self, provider: Provider) -> None:
        answers = ["x@acme.example", provider.mailbox[3], "no-such-program for-x"]
        words = ["init", "--provider", "microsoft365", "--smtp", provider.mailbox[5], "--agent", ANA]
        ended = run(["--home", str(provider.home), *words], "\n".join(answers) + "\n")
        assert "[imaps://x%40acme.example@outlook.office365.com:993/INBOX]" in ended.out
        assert "Microsoft 365: passwords are no longer taken" in ended.out
        assert ended.code == 1
        assert "the token command cannot be run" in ended.err

    def test_a_provider_that_nobody_knows_is_refused(self, tmp_path: Path) -> None:
        words = ["init", "--address", "x@acme.example", "--provider", "acme", "--yes"]
        ended = run(["--home", str(tmp_path / "desk"), *words])
        assert ended.code == 1
        assert "known: gmail" in ended.err
        assert not (tmp_path / "desk").exists()
