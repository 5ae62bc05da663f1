"""What docs/guide/mailbox.md tells is what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from desk.people import Address
from desk.settings import Mailbox
from tandem.cli import cli
from tandem.config import Config, read_config
from tandem.providers import PROVIDERS

GUIDE = (Path(__file__).parents[1] / "docs/guide/mailbox.md").read_text("utf-8")


def blocks() -> list[str]:
    return [each for each in re.findall(r"```\n(.*?)```", GUIDE, re.DOTALL) if not each.startswith("tandem")]


def test_every_setting_in_it_can_be_read(tmp_path: Path) -> None:
    tokens, folders, writing, rules = blocks()
    path = tmp_path / "config.toml"
    path.write_text('[mailboxes.support]\naddress = "support@acme.example"\n' + tokens)
    assert read_config(path).accounts[0].imap is not None
    path.write_text(rules + folders.replace("folders =", 'password_env = "ACME"\nfolders ='))
    [account] = read_config(path).accounts
    assert account.imap is not None
    assert account.imap.folders == ("INBOX", "Support")
    path.write_text(writing)
    assert read_config(path).settings.mailboxes == (Mailbox(name="support", address=Address("support@acme.example")),)
    path.write_text(rules)
    assert read_config(path) == Config()


def test_it_names_every_provider_with_its_servers() -> None:
    for each in PROVIDERS:
        [row] = [line for line in GUIDE.splitlines() if line.startswith(f"| `{each.key}`")]
        assert f"`{each.imap_host}:993`" in row
        assert f"`{each.smtp_host}:{each.smtp_port}`" in row
        assert ("STARTTLS" in row) == (each.smtp_security == "starttls")
        assert "[token](#tokens)" in row or not each.wants_token


def test_every_option_in_it_is_one() -> None:
    known = CliRunner().invoke(cli, ["init", "--help"]).output
    for option in set(re.findall(r"--(?:imap|smtp|provider|cafile)[a-z-]*", GUIDE)):
        assert option in known
