"""Who may import whom, and that commands which only print start without the screen."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from desk.actions.note import add_note
from desk.settings import Mailbox
from tandem.config import Account, Config
from tandem.founding import make_home, save_config
from tandem.paths import Home
from tests.desks import SUPPORT, make_desk, receive
from tests.program import Program

ROOT = Path(__file__).parents[1]
RUN_AND_LIST_MODULES = """
import json, sys
from tandem.cli import cli
from tandem.cli.exits import guarded
code = guarded(cli, sys.argv[1:])
print(json.dumps({"code": code, "modules": sorted(sys.modules)}), file=sys.stderr)
"""
DRAWING = {"textual", "rich"}
SCREEN = DRAWING | {"tui"}
MAIL_SERVERS = {"aiosmtpd", "pymap"}
SMTP_AND_IMAP = {"aiosmtplib", "asyncio", "imapclient", "imaplib", "ssl"}


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A desk with a ticket and a note on it, which can be taken back."""
    home = Home(tmp_path_factory.mktemp("layering") / "desk")
    make_home(home, None)
    save_config(home, Config((Account(Mailbox(name="support", address=SUPPORT), None, None),)))
    desk = make_desk(home.folder)
    add_note(desk, receive(desk).number, "Something to take back.")
    desk.store.close()
    return Program(home.folder)


def packages(program: Program, *words: str) -> set[str]:
    """The top-level packages that a command loads."""
    command = [sys.executable, "-c", RUN_AND_LIST_MODULES, *program.command(*words)[1:]]
    done = subprocess.run(command, capture_output=True, text=True, env=program.full_environment, check=True)
    told = json.loads(done.stderr.splitlines()[-1])
    assert told["code"] == 0, done.stderr
    return {name.partition(".")[0] for name in told["modules"]}


@pytest.mark.parametrize(
    "words",
    ["list", "list --json", "show 1", "show 1 --json", "assign 1 me", "tag 1 +a", "note 1 hello", "undo", "outbox",
     "macros list", "macros show acknowledge --ticket 1", "macros check", "stats", "stats --json", "agents",
     "deliver", "reply 1 --macro acknowledge --dry-run", "--help"],
)  # fmt: skip
def test_a_command_that_only_prints_never_loads_the_screen(program: Program, words: str) -> None:
    assert packages(program, *words.split()).isdisjoint(SCREEN | MAIL_SERVERS)


@pytest.mark.parametrize("words", ["doctor --offline", "keys"])
def test_the_keys_are_checked_and_printed_without_what_draws_the_screen(program: Program, words: str) -> None:
    assert packages(program, *words.split()).isdisjoint(DRAWING | MAIL_SERVERS)


@pytest.mark.parametrize("words", ["list", "show 1", "assign 1 bo", "note 1 hello", "outbox", "agents", "stats"])
def test_a_command_without_mail_loads_no_mail_client_and_no_templates(program: Program, words: str) -> None:
    assert packages(program, *words.split()).isdisjoint(SMTP_AND_IMAP | {"jinja2", "yaml", "selectolax", "lxml"})


def test_the_modules_are_looked_at_where_they_would_be_found(program: Program) -> None:
    """What must be there is there, so that the tests above can fail."""
    assert {"tandem", "desk", "storage", "tinydb", "click"} <= packages(program, "list")
    assert "asyncio" in packages(program, "deliver")


def test_the_contracts_of_the_architecture_hold() -> None:
    lint_imports = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint_imports, "--no-cache"], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout
