from __future__ import annotations

import re
import resource
import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from desk.conversation import Message
from desk.desk import Desk
from macros.library import Library
from tests.desks import receive
from tests.terminal import PATIENCE, need_tmux
from tests.tui.apps import open_desk
from tests.tui.composing import area, begun, inbox, write
from tests.tui.held_up import locked
from tests.tui.programs import ROOT, edited_with, say_hello
from tui.app import TandemApp
from tui.composer.editor import Edited, Editor, command

if TYPE_CHECKING:
    from tui.host import Host


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"VISUAL": "nano -w", "EDITOR": "ed"}, ["nano", "-w", "/x/1.txt"]),
        ({"EDITOR": "ed"}, ["ed", "/x/1.txt"]),
        ({"EDITOR": " "}, ["vi", "/x/1.txt"]),
        ({"EDITOR": "/usr/bin/vim -u NONE"}, ["/usr/bin/vim", "-u", "NONE", "--cmd", "set nomodeline", "/x/1.txt"]),
        ({"EDITOR": "it's broken"}, ["it's", "broken", "/x/1.txt"]),
    ],
)
def test_the_editor_is_the_agents_own_and_obeys_no_modelines(environ: dict[str, str], words: list[str]) -> None:
    assert command(environ, Path("/x/1.txt")) == words


def test_a_text_goes_to_the_editor_and_comes_back(tmp_path: Path) -> None:
    need_tmux()
    script = 'stat -c "%a %n" "$0" > "$HOME/seen"; printf " and more\\033[2J" >> "$0"'
    with edited_with(tmp_path, script) as terminal:
        say_hello(terminal)
        terminal.press("C-g")
        terminal.wait_for("Hello and more[2J", "Esc review")
        mode, path = (tmp_path / "seen").read_text("utf-8").split()
        assert mode == "600"
        assert re.search(r"/1-reply-\d+\.txt$", path)
        assert path.startswith(str(tmp_path / ".local/state/tandem/drafts"))
        deadline = time.monotonic() + PATIENCE
        while Path(path).parent.exists():  # until the store has the text
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("exit 3", "ended with exit code 3"),
        ("rm $0", "the editor's file cannot be read"),
        ("rm $0; mkfifo $0", "the editor's file cannot be read"),
        ("head -c 1048577 /dev/zero > $0", "the editor's file cannot be read: File too large; what was saved"),
        (": > $0", "the editor gave back an empty text"),
    ],
)
def test_an_editor_that_fails_leaves_the_text_as_it_was(tmp_path: Path, script: str, said: str) -> None:
    need_tmux()
    with edited_with(tmp_path, script) as terminal:
        say_hello(terminal)
        terminal.press("F4")
        terminal.wait_for(said, "Hello")


def test_what_was_saved_before_an_editor_failed_stays_in_its_file(tmp_path: Path) -> None:
    need_tmux()
    script = 'echo "$0" > "$HOME/seen"; printf " and more" >> "$0"; exit 1'
    with edited_with(tmp_path, script, TMPDIR=str(tmp_path)) as terminal:
        say_hello(terminal)
        terminal.press("C-g")
        terminal.wait_for("ended with exit code 1")
    path = (tmp_path / "seen").read_text("utf-8").strip()
    assert Path(path).read_text("utf-8") == "Hello and more"


def test_a_folder_that_takes_no_file_is_said_and_the_text_stays(tmp_path: Path) -> None:
    need_tmux()
    (tmp_path / "sitecustomize.py").write_text("import tempfile\ntempfile.tempdir = __file__\n", "utf-8")
    (tmp_path / ".local").touch()
    with edited_with(tmp_path, "true", PYTHONPATH=f"{ROOT}:{tmp_path}") as terminal:
        say_hello(terminal)
        terminal.press("F4")
        terminal.wait_for("cannot be handed to an editor: Not a directory", "Hello")


async def test_a_disk_that_has_no_room_for_the_text_is_said_and_keeps_no_part_of_it(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    editor, app = Editor("Hello Dana\n" * 2_000), TandemApp(desk, Library(None))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        edited = await editor.edit(cast("Host", cast("object", app)), "1-reply.txt")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert edited == Edited(problem="the text cannot be handed to an editor: File too large")
    assert [*(tmp_path / "tandem" / "drafts").iterdir()] == []


def test_r_answers_in_the_editor_and_what_stands_above_the_text_is_read_back(tmp_path: Path) -> None:
    need_tmux()
    script = (
        'cp "$0" "$HOME/given"; stat -c "%a %n" "$0" > "$HOME/seen"; '
        'sed -i "s/^Cc:.*/Cc: boss@corp.example/; s/^Subject:.*/Subject: Your refund/" "$0"; echo "Hello Dana" >> "$0"'
    )
    with edited_with(tmp_path, script) as terminal:
        terminal.wait_for("Refund for order")
        terminal.press("R")
        terminal.wait_for("y send", "Hello Dana", "boss@corp.example", "Your refund")
        terminal.press("y")
        terminal.wait_for("queued for Dana")
    mode, path = (tmp_path / "seen").read_text("utf-8").split()
    assert mode == "600"
    assert path.startswith(str(tmp_path / ".local/state/tandem/drafts"))
    assert not Path(path).exists()
    given = (tmp_path / "given").read_text("utf-8")
    assert given.startswith(
        "To: Dana Petrova <dana@corp.example>\nCc:\nBcc:\nSubject: Re: Refund for order 88213\n---\n"
    )
    with open_desk(tmp_path / "desk") as desk:
        (mail,) = desk.store.outbox.all()
        assert mail.recipients == ("dana@corp.example", "boss@corp.example")
        assert mail.draft.strip() == "-- \nAna Petrova\nHello Dana"
        (message,) = [
            each for each in desk.store.conversations.of(mail.ticket) if isinstance(each, Message) and each.author
        ]
        assert message.subject == "Your refund"


def test_r_with_an_unchanged_file_sends_nothing_and_goes_back(tmp_path: Path) -> None:
    need_tmux()
    with edited_with(tmp_path, "true") as terminal:
        terminal.wait_for("Refund for order")
        terminal.press("R")
        terminal.wait_for("nothing was changed in the editor: no reply", "r reply")
    with open_desk(tmp_path / "desk") as desk:
        assert desk.store.outbox.all() == []


def test_r_with_an_address_that_is_none_says_so_and_keeps_the_text(tmp_path: Path) -> None:
    need_tmux()
    with edited_with(tmp_path, 'sed -i "s/^Cc:.*/Cc: the boss/" "$0"; echo "Hello Dana" >> "$0"') as terminal:
        terminal.wait_for("Refund for order")
        terminal.press("R")
        terminal.wait_for("Cc: “the boss” is no mail address", "Hello Dana", "Esc review")


def test_r_with_heads_that_stand_in_the_text_now_is_not_sent(tmp_path: Path) -> None:
    need_tmux()
    with edited_with(tmp_path, 'sed -i "s/^Bcc:.*/Bcc: boss@corp.example\\nX-Odd: 1/" "$0"') as terminal:
        terminal.wait_for("Refund for order")
        terminal.press("R")
        terminal.wait_for("the lines above ---", "Esc review")
        terminal.press("Escape")
        terminal.wait_for("y send")
        terminal.press("y")
        terminal.wait_for("y send", "the lines above ---")
    with open_desk(tmp_path / "desk") as desk:
        assert desk.store.outbox.all() == []


def test_an_editor_that_is_opened_while_leaving_waits_for_the_store_gives_its_text_back(tmp_path: Path) -> None:
    need_tmux()
    script = 'echo it is open; until [ -e "$HOME/go" ]; do sleep 0.1; done; echo more >> "$0"'
    with edited_with(tmp_path, script) as terminal:
        say_hello(terminal)
        terminal.press("Escape")
        terminal.wait_for("p keep draft", " saved ")
        with locked(tmp_path / "desk"):
            terminal.press("p")
            terminal.press("E")
            terminal.wait_for("it is open")
        (tmp_path / "go").touch()
        terminal.wait_for("Hello", "more", "Esc review")


@pytest.mark.breaks
async def test_a_defect_on_the_way_to_the_editor_leaves_the_text_here_and_the_key_at_work(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        composer = await begun(screen, "r")
        write(screen, "Hello \ud800")  # half a character, which no file takes
        await screen.press("ctrl+g")
        await screen.sees("UnicodeEncodeError")
        area(screen).replace_all("Newer words")
        assert not composer.call_back()
        assert composer.text == "Newer words"
        await screen.press("ctrl+g")
        await screen.sees("no editor can be opened here")
