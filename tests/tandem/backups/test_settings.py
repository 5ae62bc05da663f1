"""Settings that travel in a backup hold nothing secret, and fit the desk they come to."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tandem.backups.settings import for_desk, password_files, without_secrets
from tandem.config import read_config
from tandem.paths import Home

DESK = Home(Path("/srv/desk"))
PLAIN = """\
# the old password was hunter2
undo_seconds = 20

[mailboxes.support]
address = "support@acme.example"
name = "Acme"

[mailboxes.support.imap]
url = "imaps://support%40acme.example@mail.acme.example:993/INBOX"
password_command = ["pass", "show", "acme/support"]
cafile = "/etc/ssl/acme.pem"

[mailboxes.support.smtp]
url = "smtps://support%40acme.example@mail.acme.example:465"
password_env = "ACME_PASSWORD"
"""


def test_ordinary_settings_stay_as_they_are_but_for_comments() -> None:
    made = without_secrets(PLAIN, DESK)
    assert tomllib.loads(made.text) == tomllib.loads(PLAIN)
    assert made.left_out == ()
    assert "hunter2" not in made.text


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('password = "hunter2"', "password"),
        ('Passwort = "hunter2"', "Passwort"),
        ('secrets = ["hunter2"]', "secrets"),
        ('api_key = "hunter2"', "api_key"),
        ('oauth_token = "hunter2"', "oauth_token"),
        ('url = "imaps://support:hunter2@mail.acme.example/INBOX"', "url"),
        ('url = "imaps://:hunter2@mail.acme.example"', "url"),
        ('password_command = ["echo", "hunter2"]', "password_command"),
        ('password_command = ["/usr/bin/printf", "%s", "hunter2"]', "password_command"),
        ('password_command = ["sh", "-c", "echo hunter2"]', "password_command"),
        ('password_command = "echo hunter2"', "password_command"),
        ("password_command = []", "password_command"),
        ('token_command = ["sh", "-c", "echo hunter2"]', "token_command"),
        ('deeper = [{password = "hunter2"}]', "deeper.password"),
    ],
)
def test_what_could_be_a_secret_is_left_out_and_named(line: str, name: str) -> None:
    made = without_secrets(f"[mailboxes.support.imap]\n{line}\n", DESK)
    assert "hunter2" not in made.text
    assert made.left_out == (f"mailboxes.support.imap.{name}",)


@pytest.mark.parametrize(
    "line", ['password_keyring = ["tandem", "support"]', 'token_command = ["get-token", "support@acme.example"]']
)
def test_what_only_says_where_a_secret_is_stays(line: str) -> None:
    text = f"[mailboxes.support.imap]\n{line}\n"
    made = without_secrets(text, DESK)
    assert (tomllib.loads(made.text), made.left_out) == (tomllib.loads(text), ())


def test_a_url_keeps_all_but_its_password() -> None:
    made = without_secrets('url = "imap://bo:hunter2@mail.acme.example:143/INBOX?security=starttls"', DESK)
    assert tomllib.loads(made.text) == {"url": "imap://bo@mail.acme.example:143/INBOX?security=starttls"}


def test_settings_without_a_password_command_can_still_be_read(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(without_secrets(PLAIN.replace('"pass", "show",', '"echo",'), DESK).text)
    assert read_config(path).accounts[0].imap is not None


def test_a_password_file_of_the_desk_moves_with_it() -> None:
    made = without_secrets('[a.imap]\npassword_file = "/srv/desk/secrets/support"\n', DESK)
    assert tomllib.loads(made.text) == {"a": {"imap": {"password_file": "secrets/support"}}}
    there = for_desk(made.text, Home(Path("/home/bo/desk")))
    assert password_files(there) == (Path("/home/bo/desk/secrets/support"),)


@pytest.mark.parametrize("file", ["~/.config/tandem/acme", "/etc/acme", "~nobody-at-all/x", "/srv/desk/../secrets/x"])
def test_any_other_password_file_stays_where_it_is(file: str) -> None:
    text = f'password_file = "{file}"\n'
    assert without_secrets(text, DESK).text == text
    assert for_desk(text, DESK) == text


def test_what_is_no_toml_is_refused() -> None:
    with pytest.raises(ValueError, match="line 1"):
        without_secrets("= nonsense", DESK)
