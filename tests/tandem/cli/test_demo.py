"""`tandem demo`: a desk to try, made in a folder of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.tandem.commands import run

WITHOUT_SERVERS = """
import sys
sys.modules["pymap"] = None
from tandem.cli import main
main()
"""


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A demo that was played to its end, and what it said."""
    folder = tmp_path_factory.mktemp("demo") / "desk"
    ended = run(["--home", str(folder), "demo", "--headless"])
    assert (ended.code, ended.err) == (0, "")
    return folder, ended.out


def test_it_says_what_happened(played: tuple[Path, str]) -> None:
    folder, said = played
    assert "mails fetched over IMAP" in said
    assert "replies sent over SMTP" in said
    assert f"tandem --home {folder} --agent ana list" in said


def test_what_it_says_to_look_at_can_be_looked_at(played: tuple[Path, str]) -> None:
    folder, _ = played
    assert len(run(["--home", str(folder), "--agent", "ana", "list"]).rows) > 30
    assert run(["--home", str(folder), "doctor", "--offline"]).code == 0
    assert list((folder / "sent").glob("*.eml"))


def test_ana_has_tickets_and_did_nothing_that_she_could_take_back(played: tuple[Path, str]) -> None:
    folder, _ = played
    ended = run(["--home", str(folder), "--agent", "ana", "undo"])
    assert ended.code == 1
    assert "nothing of yours to undo" in ended.err
    assert run(["--home", str(folder), "--agent", "ana", "list", "assignee:ana"]).rows


def test_a_desk_that_is_there_is_left_alone(played: tuple[Path, str]) -> None:
    folder, _ = played
    for words in (["--home", str(folder), "demo", "--headless"], ["demo", "--headless", "--home", str(folder)]):
        ended = run(words)
        assert (ended.code, ended.err.count("\n")) == (1, 1)
        assert "already" in ended.err


def test_without_a_terminal_only_the_headless_one_can_be_seen(tmp_path: Path) -> None:
    ended = run(["demo", "--home", str(tmp_path / "desk")])
    assert ended.code == 1
    assert "needs a terminal" in ended.err
    assert not (tmp_path / "desk").exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [(["demo", "--headless"], 1, "tandem-inbox[demo]"), (["--help"], 0, ""), (["demo", "--help"], 0, "")],
)
def test_a_program_without_the_demos_servers_does_all_else(words: list[str], code: int, said: str) -> None:
    """They are an extra: `pipx install` brings none."""
    done = subprocess.run([sys.executable, "-c", WITHOUT_SERVERS, *words], capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
