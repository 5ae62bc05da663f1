"""Settings: what a file says, and every complaint about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest

from desk.errors import ConfigError
from desk.people import Address
from desk.settings import Acknowledge, FollowUp, Mailbox
from desk.ticket import TicketNumber
from mail.auth import (
    PasswordCommand,
    PasswordEnvironment,
    PasswordFile,
    PasswordKeyring,
    PasswordSource,
    TokenCommand,
)
from mail.servers import ImapAddress, SmtpAddress
from tandem import config as settings
from tandem.config import Account, Config, ImapAccount, SmtpAccount, read_config
from tandem.config.lines import on_its_line
from tandem.config.screen import ScreenConfig

WHOLE = """
undo_seconds = 20

[mailboxes.support]
address = "support@acme.example"
name = "Acme Support"

[mailboxes.support.imap]
url = "imaps://support%40acme.example@mail.acme.example:993/INBOX"
password_command = ["pass", "show", "acme/support"]

[mailboxes.support.smtp]
url = "smtp://support@mail.acme.example:587?security=starttls"
password_env = "ACME_PASSWORD"
cafile = "/etc/ssl/acme.pem"
"""
SUPPORT = Mailbox(name="support", address=Address("support@acme.example", "Acme Support"))
SERVER = '[mailboxes.a]\naddress = "a@acme.example"\n[mailboxes.a.imap]\nurl = "imaps://a@acme.example"\n'


def read(path: Path, text: str) -> Config:
    path.write_text(text)
    return read_config(path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


class TestReading:
    @pytest.mark.parametrize(("mode", "is_shared"), [(0o700, False), (0o770, False), (0o2750, False), (0o2770, True)])
    def test_the_group_of_a_shared_desk_may_have_its_password_file(
        self, path: Path, mode: int, *, is_shared: bool
    ) -> None:
        path.parent.chmod(mode)
        [account] = read(path, SERVER + 'password_file = "/etc/acme"\n').accounts
        assert account.imap is not None
        group = path.parent.stat().st_gid if is_shared else None
        assert account.imap.password == PasswordFile(Path("/etc/acme"), group)

    def test_no_file_says_nothing(self, path: Path) -> None:
        assert read_config(path) == Config() == Config(accounts=(), undo_seconds=10)

    def test_an_empty_file_says_nothing(self, path: Path) -> None:
        assert read(path, "") == Config()

    def test_everything_that_can_be_said(self, path: Path) -> None:
        assert read(path, WHOLE) == Config(
            (
                Account(
                    SUPPORT,
                    ImapAccount(
                        ImapAddress("mail.acme.example", 993, "tls", "support@acme.example", "INBOX"),
                        PasswordCommand(("pass", "show", "acme/support")),
                    ),
                    SmtpAccount(
                        SmtpAddress("mail.acme.example", 587, "starttls", "support"),
                        PasswordEnvironment("ACME_PASSWORD"),
                        Path("/etc/ssl/acme.pem"),
                    ),
                ),
            ),
            undo_seconds=20,
        )

    def test_the_morning_is_a_time_in_quotes_or_as_toml_has_it(self, path: Path) -> None:
        for text in ("'8:30'", "'08:30'", "08:30:00"):
            assert read(path, f"morning = {text}\n").settings.morning == time(8, 30)

    def test_the_example_at_the_top_of_the_module_is_right(self, path: Path) -> None:
        example = (settings.__doc__ or "").partition("\n\n")[2]
        config = read(path, example)
        [account] = config.accounts
        assert account.mailbox == replace(
            SUPPORT,
            aliases=(Address("help@acme.example"),),
            signature="Acme Ltd, Example Street 1\nacme.example",
            acknowledge=Acknowledge("We have your mail, its number is {number}."),
        )
        assert account.imap is not None
        assert account.imap.folders == ("INBOX", "Support")
        assert replace(config, accounts=()) == Config(screen=ScreenConfig(theme="dark"))

    def test_the_inbox_is_one_folder_in_whatever_case(self, path: Path) -> None:
        [account] = read(path, SERVER + 'password_env = "X"\nfolders = ["inbox", "INBOX", "Inbox/Old"]\n').accounts
        assert account.imap is not None
        assert account.imap.folders == ("INBOX", "Inbox/Old")

    def test_a_tilde_is_a_home_folder(self, path: Path) -> None:
        [account] = read(path, SERVER + 'password_file = "~/.config/tandem/acme"\n').accounts
        assert account.imap is not None
        assert account.imap.password == PasswordFile(Path.home() / ".config/tandem/acme")

    @pytest.mark.parametrize(
        ("text", "source"),
        [
            ('token_command = ["get-token", "a"]', TokenCommand(("get-token", "a"))),
            ('password_keyring = "tandem"', PasswordKeyring("tandem", "a")),
            ('password_keyring = ["tandem", "acme"]', PasswordKeyring("tandem", "acme")),
        ],
    )
    def test_a_token_or_a_keyring_lets_us_in_too(self, path: Path, text: str, source: PasswordSource) -> None:
        [account] = read(path, SERVER + text).accounts
        assert account.imap is not None
        assert (account.imap.password, account.imap.login) == (source, "auto")

    def test_where_nothing_is_said_one_folder_is_watched_and_nothing_changed_there(self, path: Path) -> None:
        server = SERVER.replace("imaps://a@acme.example", "imaps://a@acme.example/Team")
        [account] = read(path, server + 'password_env = "A"').accounts
        assert account.imap is not None
        assert (account.imap.folders, account.imap.sent) == (("Team",), "auto")
        assert (account.imap.mark_seen, account.imap.move_to) == (False, "")

    def test_what_is_done_with_folders_can_be_said(self, path: Path) -> None:
        said = 'folders = ["INBOX", "Hilfe ü", "INBOX"]\nsent = "Gesendet"\nmark_seen = true\nmove_to = "Done"\n'
        [account] = read(path, SERVER + 'password_env = "A"\n' + said).accounts
        assert account.imap is not None
        assert (account.imap.folders, account.imap.sent) == (("INBOX", "Hilfe ü"), "Gesendet")
        assert (account.imap.mark_seen, account.imap.move_to) == (True, "Done")

    @pytest.mark.parametrize(("text", "after"), [("30", 30), ("1", 1), ('"always"', 0), ('"never"', None)])
    def test_when_an_answer_reopens_a_closed_ticket(self, path: Path, text: str, after: int | None) -> None:
        follow_up = read(path, f"follow_up = {text}\nfollow_up_assignee = 'drop'").settings.follow_up
        assert follow_up == FollowUp(days=after, keeps_assignee=False)
        assert follow_up.reopens(timedelta(days=1)) == (after != 0)
        assert follow_up.reopens(timedelta(days=31)) == (after is None)
        assert not FollowUp(days=0).reopens(timedelta(0))

    def test_a_flood_can_be_let_in(self, path: Path) -> None:
        assert read(path, "flood = 0").settings.flood == 0
        assert Config().settings.flood == 60

    def test_aliases_are_addresses_of_our_own(self, path: Path) -> None:
        text = '[mailboxes.a]\naddress = "a@acme.example"\naliases = ["Help@acme.example"]\n'
        own = read(path, text).settings
        assert own.is_own(Address("help@ACME.example"))
        assert own.is_own(Address("a@acme.example"))
        assert not own.is_own(Address("b@acme.example"))

    def test_an_address_is_ours_in_both_forms_of_its_domain(self, path: Path) -> None:
        text = '[mailboxes.a]\naddress = "a@bücher.example"\naliases = ["b@straße.example", "c@acme.example"]\n'
        own = read(path, text).settings
        for each in ("a@bücher.example", "a@xn--bcher-kva.example", "b@xn--strae-oqa.example", "c@acme.example"):
            assert own.is_own(Address(each))

    def test_what_mails_from_a_mailbox_look_like_can_be_said(self, path: Path) -> None:
        said = (
            "signature = '''\nAcme Ltd\nacme.example\n'''\nsubject_number = true\nreply_to = 'token'\n"
            "acknowledge = 'We have your mail as {number}.'\n"
        )
        [mailbox] = read(path, "[mailboxes.a]\naddress = 'a@acme.example'\n" + said).settings.mailboxes
        assert mailbox.signature == "Acme Ltd\nacme.example"
        assert (mailbox.tags_subject, mailbox.reply_to) == (True, "token")
        assert mailbox.acknowledge is not None
        assert mailbox.acknowledge.filled(TicketNumber(7)) == "We have your mail as 7."

    def test_where_nothing_is_said_mails_carry_nothing_of_the_desk_and_nobody_is_answered_by_itself(
        self, path: Path
    ) -> None:
        [mailbox] = read(path, "[mailboxes.a]\naddress = 'a@acme.example'\nsignature = ''\n").settings.mailboxes
        assert mailbox == Mailbox(name="a", address=Address("a@acme.example"))
        assert (mailbox.signature, mailbox.tags_subject, mailbox.reply_to, mailbox.acknowledge) == (
            "",
            False,
            "none",
            None,
        )

    @pytest.mark.parametrize("choice", ["auto", "always", "never"])
    def test_whether_a_copy_is_put_into_sent_can_be_said(self, path: Path, choice: str) -> None:
        [account] = read(path, SERVER + f"password_env = 'A'\nsent_copy = '{choice}'").accounts
        assert account.imap is not None
        assert account.imap.sent_copy == choice

    def test_a_server_without_a_login_needs_no_password(self, path: Path) -> None:
        text = (
            '[mailboxes.a]\naddress = "a@acme.example"\n[mailboxes.a.smtp]\nurl = "smtp://127.0.0.1:25?security=none"\n'
        )
        assert read(path, text).accounts[0].smtp == SmtpAccount(SmtpAddress("127.0.0.1", 25, "none", ""), None)

    def test_a_mailbox_may_have_any_name(self, path: Path) -> None:
        [account] = read(path, '[mailboxes."a.b/ц"]\naddress = "a@acme.example"\n').accounts
        assert account.mailbox.name == "a.b/ц"

    def test_the_desk_hears_of_its_mailboxes_in_their_order(self, path: Path) -> None:
        text = "".join(f'[mailboxes.{name}]\naddress = "{name}@acme.example"\n' for name in ("zeta", "alpha"))
        assert [each.name for each in read(path, text).settings.mailboxes] == ["zeta", "alpha"]


class TestComplaints:
    """Each names the file, the key and what to do."""

    @pytest.mark.parametrize(
        ("text", "key"),
        [
            ("colour = 'red'", "colour"),
            ("undo_seconds = 61", "undo_seconds"),
            ("undo_seconds = -1", "undo_seconds"),
            ("undo_seconds = true", "undo_seconds"),
            ("undo_seconds = 1.5", "undo_seconds"),
            ("undo_seconds = 'ten'", "undo_seconds"),
            ("morning = 9", "morning"),
            ("morning = '24:00'", "morning"),
            ("morning = '9 am'", "morning"),
            ("morning = 08:30:15", "morning"),
            ("mailboxes = 3", "mailboxes"),
            ("[mailboxes]\nsupport = 'x'", "mailboxes.support"),
            ("[mailboxes.a]", "mailboxes.a.address"),
            ("[mailboxes.a]\naddress = 3", "mailboxes.a.address"),
            ("[mailboxes.a]\naddress = ''", "mailboxes.a.address"),
            ("[mailboxes.a]\naddress = 'support'", "mailboxes.a.address"),
            ("[mailboxes.a]\naddress = 'a@b@c'", "mailboxes.a.address"),
            ("[mailboxes.a]\naddress = 'a b@c'", "mailboxes.a.address"),
            ("[mailboxes.a]\naddress = 'a@c.example'\nname = 3", "mailboxes.a.name"),
            ('[mailboxes.a]\naddress = "a@c.example"\nname = "\\u001b[31m"', "mailboxes.a.name"),
            ('[mailboxes.a]\naddress = "a@c.example"\nname = "a\\nBcc: b"', "mailboxes.a.name"),
            ("[mailboxes.a]\naddress = 'a@c.example'\nimap = 'x'", "mailboxes.a.imap"),
            ("[mailboxes.a]\naddress = 'a@c.example'\nport = 993", "mailboxes.a.port"),
            ("[mailboxes.a]\naddress = 'a@c.example'\n[mailboxes.a.imap]", "mailboxes.a.imap.url"),
            ("[mailboxes.a]\naddress = 'a@c.example'\n[mailboxes.a.smtp]\nurl = 3", "mailboxes.a.smtp.url"),
            (SERVER, "mailboxes.a.imap.password_command"),
            (SERVER + "password = 'x'", "mailboxes.a.imap.password"),
            (SERVER + "password_command = 'pass show'", "mailboxes.a.imap.password_command"),
            (SERVER + "password_command = []", "mailboxes.a.imap.password_command"),
            (SERVER + "password_command = ['a', 3]", "mailboxes.a.imap.password_command"),
            (SERVER + "password_env = ''", "mailboxes.a.imap.password_env"),
            (SERVER + "password_file = 3", "mailboxes.a.imap.password_file"),
            (SERVER + "password_file = '~nobodyatall/x'", "mailboxes.a.imap.password_file"),
            (SERVER + "password_env = 'A'\npassword_file = 'b'", "mailboxes.a.imap.password_file"),
            (SERVER + "password_env = 'A'\ncafile = 3", "mailboxes.a.imap.cafile"),
            (SERVER + "token_command = 'x'", "mailboxes.a.imap.token_command"),
            (SERVER + "token_command = ['x']\npassword_env = 'A'", "mailboxes.a.imap.token_command"),
            (SERVER + "token_command = ['x']\nlogin = 'plain'", "mailboxes.a.imap.login"),
            (SERVER + "password_env = 'A'\nlogin = 'ntlm'", "mailboxes.a.imap.login"),
            (SERVER + "password_keyring = 3", "mailboxes.a.imap.password_keyring"),
            (SERVER + "password_keyring = ['a', 'b', 'c']", "mailboxes.a.imap.password_keyring"),
            (SERVER + "password_env = 'A'\nfolders = 'INBOX'", "mailboxes.a.imap.folders"),
            (SERVER + "password_env = 'A'\nfolders = []", "mailboxes.a.imap.folders"),
            (SERVER + "password_env = 'A'\nfolders = ['']", "mailboxes.a.imap.folders"),
            (SERVER + "password_env = 'A'\nsent = 3", "mailboxes.a.imap.sent"),
            (SERVER + "password_env = 'A'\nsent = 'INBOX'", "mailboxes.a.imap.sent"),
            (SERVER + "password_env = 'A'\nmove_to = 'INBOX'", "mailboxes.a.imap.move_to"),
            (SERVER + "password_env = 'A'\nmark_seen = 'yes'", "mailboxes.a.imap.mark_seen"),
            ("[mailboxes.a]\naddress = 'a@c.example'\naliases = 'b@c.example'", "mailboxes.a.aliases"),
            ("[mailboxes.a]\naddress = 'a@c.example'\naliases = ['b']", "mailboxes.a.aliases"),
            (SERVER + "password_env = 'A'\nsent_copy = 'yes'", "mailboxes.a.imap.sent_copy"),
            ("[mailboxes.a]\naddress = 'a@c.example'\nsignature = 3", "mailboxes.a.signature"),
            ('[mailboxes.a]\naddress = "a@c.example"\nsignature = "\\u001b[31m"', "mailboxes.a.signature"),
            (f"[mailboxes.a]\naddress = 'a@c.example'\nsignature = '{'x' * 10_001}'", "mailboxes.a.signature"),
            ("[mailboxes.a]\naddress = 'a@c.example'\nsubject_number = 'yes'", "mailboxes.a.subject_number"),
            ("[mailboxes.a]\naddress = 'a@c.example'\nreply_to = 'x@c.example'", "mailboxes.a.reply_to"),
            ("[mailboxes.a]\naddress = 'a@c.example'\nacknowledge = true", "mailboxes.a.acknowledge"),
            ("[mailboxes.a]\naddress = 'a@c.example'\nacknowledge = 'hello.txt'", "mailboxes.a.acknowledge"),
            ("[mailboxes.a]\naddress = 'a@c.example'\nacknowledge = 'No. {nmuber}'", "mailboxes.a.acknowledge"),
            ("follow_up = 0", "follow_up"),
            ("follow_up = true", "follow_up"),
            ("follow_up = 'sometimes'", "follow_up"),
            ("follow_up_assignee = 'ana'", "follow_up_assignee"),
            ("flood = -1", "flood"),
            (SERVER.replace("imaps://", "http://") + "password_env = 'A'", "mailboxes.a.imap.url"),
            (SERVER.replace("imaps://a@", "imaps://a:secret@") + "password_env = 'A'", "mailboxes.a.imap.url"),
            (SERVER.replace("imaps://a@", "imaps://") + "password_env = 'A'", "mailboxes.a.imap.url"),
        ],
    )  # fmt: skip
    def test_a_setting_that_cannot_be_used(self, path: Path, text: str, key: str) -> None:
        with pytest.raises(ConfigError) as caught:
            read(path, text)
        assert (caught.value.path, caught.value.key) == (str(path), key)
        line, _, said = str(caught.value).removeprefix(f"{path}:").partition(": ")
        assert said.startswith(f"{key}: ")
        assert 1 <= int(line) <= len(text.splitlines())
        assert caught.value.hint
        assert "secret" not in str(caught.value)

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("undo_seconds = 5\n\n[mailboxes.a] # ours\naddress = 'a@c.example'\nname = 3\n", 5),
            ("undo_seconds = 5\nmailboxes.a.address = 'drak'\n", 2),
            ('[mailboxes."a b"]\nname = "A"\n', 1),
        ],
    )
    def test_it_says_on_which_line_it_stands_or_which_table_lacks_it(self, path: Path, text: str, line: int) -> None:
        with pytest.raises(ConfigError) as caught:
            read(path, text)
        assert str(caught.value).startswith(f"{path}:{line}: ")

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("undo_seconds = 5\n\n[screen] # how it looks\ntheme = 'drak'\n", 4),
            ("undo_seconds = 5\nscreen.theme = 'drak'\n", 2),
            ("[screen]\nmouse = true\n[screen.keys]\nreply = 'r'\nclose = 3\n", 5),
        ],
    )
    def test_what_cannot_be_of_the_screen_keeps_nobody_out_and_is_told_with_its_line(
        self, path: Path, text: str, line: int
    ) -> None:
        [fault] = read(path, text).screen.faults
        assert str(on_its_line(fault)).startswith(f"{path}:{line}: ")

    def test_an_unknown_key_names_the_known_ones(self, path: Path) -> None:
        with pytest.raises(
            ConfigError, match=r"known here: acknowledge, address, aliases, imap, name, reply_to, signature, smtp, subj"
        ):
            read(path, "[mailboxes.a]\naddres = 'a@c.example'")

    @pytest.mark.parametrize("text", ["= x", "[mailboxes", "a = 1\na = 2", "x = " + "[" * 20_000])
    def test_a_file_that_is_no_toml(self, path: Path, text: str) -> None:
        with pytest.raises(ConfigError, match="is no TOML") as caught:
            read(path, text)
        assert caught.value.hint

    def test_a_file_that_is_not_utf8(self, path: Path) -> None:
        path.write_bytes(b'a = "\xff"')
        with pytest.raises(ConfigError, match="is no TOML"):
            read_config(path)

    def test_a_file_that_cannot_be_read(self, path: Path) -> None:
        path.mkdir()
        with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
            read_config(path)
