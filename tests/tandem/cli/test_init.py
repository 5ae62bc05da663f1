"""`tandem init`: a desk is made whole or not at all, and no password is ever seen."""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from desk.outgoing import Limits
from desk.people import Agent, Handle
from desk.settings import Mailbox
from mail.auth import PasswordCommand, PasswordEnvironment, PasswordFile
from storage.shared import open_shared
from tandem.config import read_config
from tandem.demo.servers import SIZE_LIMIT
from tandem.paths import Home
from tandem.wiring import unix_user
from tests.desks import SUPPORT
from tests.servers import Certificates, ImapServer, SecureSmtpServer, SmtpServer
from tests.tandem.commands import Ended, run

PASSWORD = "wild boar 77"
ANA = "ana=Ana Petrova <ana@acme.example>"
BO = "bo=Bo Lind <bo@acme.example>"


@dataclass
class Founding:
    """`tandem init` for a desk that is not there yet, and two servers."""

    home: Home
    imap: ImapServer
    smtp: SmtpServer
    seen: list[Ended] = field(default_factory=list)

    @property
    def mailbox(self) -> list[str]:
        """Every option about the mailbox but the password."""
        return [
            "--imap", f"imap://support@127.0.0.1:{self.imap.port}/INBOX?security=none",
            "--smtp", f"smtp://127.0.0.1:{self.smtp.port}?security=none",
            "--address", "Acme Support <support@acme.example>",
        ]  # fmt: skip

    def init(self, *words: str, stdin: str = "", expect: int = 0) -> Ended:
        ended = run(["--home", str(self.home.folder), "init", *words], stdin)
        assert ended.code == expect, f"exit {ended.code}\n{ended.out}\n{ended.err}"
        assert len(ended.err.splitlines()) == (1 if expect else 0), ended.err
        self.seen.append(ended)
        return ended

    def agents(self) -> dict[str, Agent]:
        store = open_shared(self.home.store)
        try:
            return {each.handle: each for each in store.agents.all()}
        finally:
            store.close()

    def is_untouched(self) -> bool:
        return not self.home.folder.exists()


@pytest.fixture
def founding(tmp_path: Path, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Founding]:
    """Afterwards nothing that was printed or written shows the password, but the private file for a typed one."""
    monkeypatch.setenv("DESK_PASSWORD", PASSWORD)
    with ImapServer(PASSWORD) as imap_server:
        made = Founding(Home(tmp_path / "desk"), imap_server, smtp_server)
        yield made
    assert not [each for each in made.seen if PASSWORD in each.out + each.err]
    secrets = made.home.folder / "secrets"
    for path in made.home.folder.rglob("*"):
        if path.is_file() and secrets not in path.parents:
            assert PASSWORD.encode() not in path.read_bytes(), path


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


class TestOptions:
    def test_everything_said_makes_a_desk(self, founding: Founding) -> None:
        words = ("--imap-password-env", "DESK_PASSWORD", "--agent", ANA, "--agent", BO, "--yes")
        out = founding.init(*founding.mailbox, *words).out
        assert "IMAP: login works" in out
        assert "`tandem sync` fetches the mail" in out
        assert str(founding.home.folder) in out
        [account] = read_config(founding.home.config).accounts
        assert account.mailbox == Mailbox(name="support", address=SUPPORT)
        assert account.imap is not None
        assert account.imap.password == PasswordEnvironment("DESK_PASSWORD")
        assert (mode(founding.home.folder), mode(founding.home.config), mode(founding.home.store)) == (
            0o700, 0o600, 0o600,
        )  # fmt: skip
        assert {each.name for each in founding.home.folder.iterdir() if each.is_dir()} == {
            "mail", "macros", "backups", "log",
        }  # fmt: skip

    def test_what_the_server_takes_is_known_before_the_first_mail(self, founding: Founding) -> None:
        founding.init(*founding.mailbox, "--imap-password-env", "DESK_PASSWORD", "--agent", ANA, "--yes")
        store = open_shared(founding.home.store)
        try:
            account = store.senders.get("support")
        finally:
            store.close()
        assert account is not None
        assert account.limits == Limits(size=SIZE_LIMIT, smtputf8=True, dsn=False)

    def test_without_a_word_on_it_we_act_as_the_first_agent(self, founding: Founding) -> None:
        founding.init("--agent", ANA, "--agent", BO, "--yes")
        assert {handle: each.login for handle, each in founding.agents().items()} == {"ana": unix_user(), "bo": None}

    def test_logins_say_who_acts_as_whom(self, founding: Founding) -> None:
        founding.init("--agent", ANA, "--agent", BO, "--login", "ana=apetrova", "--login", "bo=blind", "--yes")
        assert {each.login for each in founding.agents().values()} == {"apetrova", "blind"}

    def test_a_login_of_two_agents_is_refused(self, founding: Founding) -> None:
        founding.init("--agent", ANA, "--agent", BO, "--login", "ana=x", "--login", "bo=x", "--yes", expect=1)
        assert not founding.home.config.exists()

    def test_a_login_for_a_stranger_is_refused_before_anything_is_written(self, founding: Founding) -> None:
        assert "zed" in founding.init("--agent", ANA, "--login", "zed=zed", "--yes", expect=1).err
        assert founding.is_untouched()

    def test_a_desk_may_be_without_a_mailbox(self, founding: Founding) -> None:
        out = founding.init("--yes").out
        assert "tandem sync" not in out
        assert f"No mail comes in before {founding.home.config} names an IMAP server" in out
        assert read_config(founding.home.config).accounts == ()
        assert founding.agents() == {}

    @pytest.mark.parametrize("part", ["imap", "smtp"])
    def test_a_mailbox_may_only_read_or_only_write(self, founding: Founding, part: str) -> None:
        words = founding.mailbox
        at = words.index("--smtp" if part == "imap" else "--imap")
        del words[at : at + 2]
        founding.init(*words, "--imap-password-env", "DESK_PASSWORD", "--yes")
        [account] = read_config(founding.home.config).accounts
        assert (account.imap is None, account.smtp is None) == (part == "smtp", part == "imap")

    @pytest.mark.parametrize("source", ["command", "env", "file"])
    def test_a_password_comes_from_elsewhere(self, founding: Founding, tmp_path: Path, source: str) -> None:
        file = tmp_path / "password"
        file.write_text(PASSWORD + "\n")
        file.chmod(0o600)
        value = {"command": f"head -n 1 '{file}'", "env": "DESK_PASSWORD", "file": str(file)}[source]
        founding.init(*founding.mailbox, f"--imap-password-{source}", value, "--yes")
        [account] = read_config(founding.home.config).accounts
        assert account.imap is not None
        assert (
            account.imap.password
            == {
                "command": PasswordCommand(("head", "-n", "1", str(file))),
                "env": PasswordEnvironment("DESK_PASSWORD"),
                "file": PasswordFile(file),
            }[source]
        )

    def test_a_password_file_below_a_home_folder_is_each_agents_own(
        self, founding: Founding, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        (tmp_path / "mine").write_text(PASSWORD)
        (tmp_path / "mine").chmod(0o600)
        founding.init(*founding.mailbox, "--imap-password-file", "~/mine", "--yes")
        assert 'password_file = "~/mine"' in founding.home.config.read_text()
        assert run(["--home", str(founding.home.folder), "sync"]).code == 0

    def test_smtp_may_have_a_password_of_its_own_and_a_cafile(
        self, founding: Founding, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SMTP_PASSWORD", "another secret")
        with SecureSmtpServer(certificates, password="another secret") as smtp:
            words = founding.mailbox
            words[3] = f"smtps://support@127.0.0.1:{smtp.port}"
            words += ["--imap-password-env", "DESK_PASSWORD", "--cafile", str(certificates.authority)]
            founding.init(*words, "--yes", expect=4)
            assert founding.is_untouched()
            founding.init(*words, "--smtp-password-env", "SMTP_PASSWORD", "--yes")
        assert 'password_env = "SMTP_PASSWORD"' in founding.home.config.read_text()


class TestRefusals:
    def test_a_wrong_password_is_exit_code_four_and_nothing_is_written(
        self, founding: Founding, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DESK_PASSWORD", "wrong horse")
        words = ("--imap-password-env", "DESK_PASSWORD", "--agent", ANA, "--yes")
        refused = founding.init(*founding.mailbox, *words, expect=4)
        assert "check user name and password" in refused.err
        assert "wrong horse" not in refused.out + refused.err
        assert founding.is_untouched()

    @pytest.mark.parametrize("server", ["imap", "smtp"])
    def test_a_server_that_is_away_is_exit_code_four_and_nothing_is_written(
        self, founding: Founding, server: str
    ) -> None:
        words = founding.mailbox
        (founding.imap if server == "imap" else founding.smtp).stop()
        founding.init(*words, "--imap-password-env", "DESK_PASSWORD", "--agent", ANA, "--yes", expect=4)
        assert founding.is_untouched()

    def test_a_folder_that_is_not_there_is_exit_code_four(self, founding: Founding) -> None:
        words = [each.replace("/INBOX", "/Nowhere") for each in founding.mailbox]
        founding.init(*words, "--imap-password-env", "DESK_PASSWORD", "--yes", expect=4)
        assert founding.is_untouched()

    def test_a_group_that_is_not_there_is_refused(self, founding: Founding) -> None:
        assert "no Unix group “nosuchgroup”" in founding.init("--group", "nosuchgroup", "--yes", expect=1).err
        assert founding.is_untouched()

    def test_a_password_in_a_url_is_refused_and_not_repeated(self, founding: Founding) -> None:
        words = founding.mailbox
        words[1] = words[1].replace("support@", f"support:{PASSWORD}@")
        assert "holds a password" in founding.init(*words, "--imap-password-env", "X", "--yes", expect=1).err
        words = founding.mailbox
        words[3] = words[3].replace("smtp://", f"smtp://support:{PASSWORD}@")
        founding.init(*words, "--imap-password-env", "X", "--yes", expect=1)
        assert founding.is_untouched()

    def test_no_word_on_the_password_is_refused(self, founding: Founding) -> None:
        assert "--imap-password-command" in founding.init(*founding.mailbox, "--yes", expect=1).err
        assert founding.is_untouched()

    @pytest.mark.parametrize(
        "said",
        [
            ["--imap-password-file", "/srv/secret"],
            ["--smtp-password-env", "SECRET"],
            ["--cafile", "/srv/ca.pem"],
            ["--imap-password-env", "SECRET", "--smtp", "smtp://127.0.0.1:1?security=none", "--smtp-password-env", "S"],
        ],
    )
    def test_a_password_for_a_server_that_nobody_named_is_refused(self, founding: Founding, said: list[str]) -> None:
        ended = founding.init("--address", "help@unknown.example", *said, "--agent", ANA, "--yes", expect=1)
        assert "server" in ended.err
        assert "of help@unknown.example" in ended.err
        assert "--imap" in ended.err
        assert founding.is_untouched()

    def test_two_words_on_a_password_are_wrong_usage(self, founding: Founding) -> None:
        words = ("--imap-password-env", "X", "--imap-password-file", "y", "--yes")
        founding.init(*founding.mailbox, *words, expect=2)

    def test_a_command_with_half_a_quote_is_wrong_usage(self, founding: Founding) -> None:
        founding.init(*founding.mailbox, "--imap-password-command", "pass 'show", "--yes", expect=2)

    @pytest.mark.parametrize(
        ("option", "value"),
        [
            ("--imap-password-env", "NOT_SET_ANYWHERE"), ("--imap-password-file", "/nowhere/at/all"),
            ("--imap-password-file", "~nobodyatall/password"), ("--imap-password-command", ""),
            ("--imap-password-command", "/nowhere/at/all"),
        ],
    )  # fmt: skip
    def test_a_password_that_is_not_where_it_should_be_is_refused(
        self, founding: Founding, option: str, value: str
    ) -> None:
        founding.init(*founding.mailbox, option, value, "--yes", expect=1)
        assert founding.is_untouched()

    def test_no_address_is_refused(self, founding: Founding) -> None:
        founding.init(*founding.mailbox[:4], "--imap-password-env", "DESK_PASSWORD", "--yes", expect=1)
        assert founding.is_untouched()

    @pytest.mark.parametrize("address", ["", "support", "a@b@c", "Acme\x1b[31m <support@acme.example>"])
    def test_what_is_no_address_is_refused(self, founding: Founding, address: str) -> None:
        words = [*founding.mailbox[:5], address, "--imap-password-env", "DESK_PASSWORD", "--yes"]
        founding.init(*words, expect=1)
        assert founding.is_untouched()

    @pytest.mark.parametrize("agent", ["ana", "ana=", "Ana P=Ana", "ana=Ana <x>"])
    def test_what_is_no_agent_is_refused(self, founding: Founding, agent: str) -> None:
        founding.init("--agent", agent, "--yes", expect=1)
        assert founding.is_untouched()

    def test_a_place_that_is_a_file_is_refused(self, founding: Founding, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        for place in (tmp_path / "file", tmp_path / "file" / "below"):
            ended = run(["--home", str(place), "init", "--yes"])
            assert (ended.code, len(ended.err.splitlines())) == (1, 1)


class TestQuestions:
    def answers(self, founding: Founding, *more: str) -> str:
        words = founding.mailbox
        return "\n".join([words[5], words[1], PASSWORD, words[3], *more, ""])

    def test_everything_can_be_answered(self, founding: Founding) -> None:
        asked = founding.init(stdin=self.answers(founding, "ana", "Ana Petrova")).out
        for question in ("customers write to", "read", "password", "sent", "short name", "full name"):
            assert question in asked
        assert founding.agents()["ana"] == Agent(handle=Handle("ana"), name="Ana Petrova", login=unix_user())
        [account] = read_config(founding.home.config).accounts
        assert account.mailbox.address == SUPPORT

    def test_a_typed_password_goes_into_a_private_file(self, founding: Founding) -> None:
        founding.init("--agent", ANA, stdin=self.answers(founding))
        file = founding.home.folder / "secrets" / "support"
        assert file.read_text() == f"{PASSWORD}\n"
        assert (mode(file), mode(file.parent)) == (0o600, 0o700)
        said = tomllib.loads(founding.home.config.read_text())["mailboxes"]["support"]
        assert said["imap"]["password_file"] == str(file)
        assert run(["--home", str(founding.home.folder), "sync"]).code == 0

    def test_an_answer_that_cannot_be_read_is_asked_for_again(self, founding: Founding) -> None:
        words = founding.mailbox
        lines = ["nobody", words[5], "http://x", words[1], PASSWORD, "smtp://", words[3], "A B", "ana", "Ana", ""]
        out = founding.init(stdin="\n".join(lines)).out
        assert out.count("Error: ") == 4
        assert list(founding.agents()) == ["ana"]

    def test_what_was_said_is_not_asked(self, founding: Founding) -> None:
        words = (*founding.mailbox, "--imap-password-env", "DESK_PASSWORD", "--agent", ANA)
        assert "?" not in founding.init(*words, stdin="").out

    def test_nobody_to_answer_is_refused(self, founding: Founding) -> None:
        assert "--yes" in founding.init(stdin="", expect=1).err
        assert founding.is_untouched()

    def test_a_wrong_typed_password_leaves_nothing(self, founding: Founding) -> None:
        answers = self.answers(founding, "ana", "Ana").replace(PASSWORD, "wrong horse")
        assert "wrong horse" not in founding.init(stdin=answers, expect=4).err
        assert founding.is_untouched()


class TestAgain:
    @pytest.fixture
    def founded(self, founding: Founding) -> Founding:
        """A desk with a mailbox and ana, and a comment in its settings."""
        words = (*founding.mailbox, "--imap-password-env", "DESK_PASSWORD", "--agent", ANA, "--yes")
        founding.init(*words)
        founding.home.config.write_text("# mine\n" + founding.home.config.read_text())
        return founding

    def test_agents_are_added_and_settings_stay_as_they_are(self, founded: Founding) -> None:
        before = founded.home.config.read_bytes()
        founded.imap.stop()
        founded.init("--agent", BO, "--login", "bo=blind")
        assert founded.home.config.read_bytes() == before
        assert {handle: each.login for handle, each in founded.agents().items()} == {"ana": unix_user(), "bo": "blind"}

    def test_an_agent_who_is_there_keeps_login_and_signature(self, founded: Founding) -> None:
        run(["--home", str(founded.home.folder), "agents", "edit", "ana", "--signature", "Ana"])
        founded.init("--agent", "ana=Ana P. Petrova", "--yes")
        assert founded.agents()["ana"] == Agent(
            handle=Handle("ana"), name="Ana P. Petrova", email="ana@acme.example", login=unix_user(), signature="Ana"
        )

    def test_a_second_mailbox_is_refused(self, founded: Founding) -> None:
        before = founded.home.config.read_bytes()
        assert "already" in founded.init("--address", "other@acme.example", "--yes", expect=1).err
        assert founded.home.config.read_bytes() == before

    def test_a_mailbox_can_be_connected_later_and_other_settings_stay(self, founding: Founding) -> None:
        founding.init("--agent", ANA, "--yes")
        founding.home.config.write_text("undo_seconds = 30\n")
        founding.init(*founding.mailbox, "--imap-password-env", "DESK_PASSWORD", "--yes")
        config = read_config(founding.home.config)
        assert (config.undo_seconds, len(config.accounts)) == (30, 1)

    def test_a_shared_desk_stays_shared(self, founded: Founding) -> None:
        founded.home.folder.chmod(0o2770)
        founded.init("--agent", BO, "--yes")
        assert mode(founded.home.folder) == mode(founded.home.mail) == 0o2770

    def test_a_desk_that_everybody_may_enter_is_refused_before_anything_is_read(self, founded: Founding) -> None:
        founded.home.config.write_text("nonsense")
        founded.home.folder.chmod(0o755)
        refused = founded.init("--agent", BO, "--yes", expect=1)
        assert "open to everybody on this machine (mode 755)" in refused.err
        assert f"`chmod o= {founded.home.folder}`" in refused.err
        assert mode(founded.home.folder) == 0o755

    def test_an_empty_folder_that_everybody_may_enter_is_shut(self, founding: Founding) -> None:
        founding.home.folder.mkdir(mode=0o755)
        founding.init("--agent", ANA, "--yes")
        assert mode(founding.home.folder) == 0o700

    def test_a_folder_with_files_that_everybody_may_enter_is_refused_and_left(self, founding: Founding) -> None:
        founding.home.folder.mkdir(mode=0o755)
        (founding.home.folder / "index.html").touch()
        words = (*founding.mailbox, "--imap-password-env", "DESK_PASSWORD", "--agent", ANA, "--yes")
        refused = founding.init(*words, expect=1)
        assert "open to everybody" in refused.err
        assert refused.out == ""  # not even the logins were tried
        assert [each.name for each in founding.home.folder.iterdir()] == ["index.html"]
        assert mode(founding.home.folder) == 0o755
