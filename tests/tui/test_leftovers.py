from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from desk.actions.draft import save_draft
from desk.actions.keep_beginning import kept_beginnings
from desk.desk import Desk
from desk.draft import DraftKind
from desk.drafts import held_draft
from desk.people import Address
from desk.ticket import TicketNumber
from desk.written import Written
from tests.desks import acting_as, make_desk, receive
from tests.terminal import need_tmux
from tests.tui.apps import Screen, showing
from tests.tui.composing import area, drafts
from tests.tui.programs import edited_with, say_hello
from tui.composer.leftovers import leftovers, lock, whose
from tui.composer.private import private_folder
from tui.screens.compose import ComposeScreen
from tui.screens.leftovers import LeftoverPicker


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


def left(desk: Desk, name: str, text: str) -> Path:
    path = private_folder(mark=whose(desk)) / name
    path.write_text(text, encoding="utf-8")
    return path


async def offered(screen: Screen) -> None:
    await screen.sees("was never saved: g e offers it")
    await screen.press("g", "e")
    await screen.until(lambda: isinstance(screen.app.screen, LeftoverPicker))
    await screen.sees("Tandem ended before a text was saved")


def test_a_text_is_left_on_its_own_desk_alone_even_where_another_has_the_same_mailbox(
    desk: Desk, tmp_path: Path
) -> None:
    left(desk, "1-reply.txt", "Dear Dana,")
    other = make_desk(tmp_path / "another")
    try:
        assert (len(leftovers(whose(desk))), leftovers(whose(other))) == (1, [])
    finally:
        other.store.close()


def test_a_text_that_is_still_open_is_no_leftover(desk: Desk) -> None:
    path = left(desk, "1-reply.txt", "Dear Dana")
    descriptor = lock(path.parent)
    assert leftovers(whose(desk)) == []
    os.close(descriptor)
    (found,) = leftovers(whose(desk))
    assert (found.path, found.number, found.kind, found.text) == (path, 1, DraftKind.REPLY, "Dear Dana")


def test_nobody_elses_text_and_no_other_file_is_one(desk: Desk) -> None:
    left(acting_as(desk, "bo"), "1-reply.txt", "bo's")
    left(desk, "notes.txt", "what is this")
    left(desk, "0-reply.txt", "no ticket")
    (private_folder(mark=whose(desk)) / "1-note.txt").symlink_to("/etc/passwd")
    assert leftovers(whose(desk)) == []


async def test_what_an_editor_left_is_told_of_at_the_start_and_offered_on_a_key_and_written_on(desk: Desk) -> None:
    receive(desk)
    save_draft(desk, TicketNumber(1), DraftKind.REPLY, Written("Dear Dana"))
    path = left(desk, "1-reply.txt", "Dear Dana,\n\nall of it \x1b[2Jis here.\n")
    async with showing(desk) as screen:
        await offered(screen)
        await screen.sees("1 reply", "all of it [2Jis here.")
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.app.screen, ComposeScreen))
        await screen.until(lambda: area(screen).text == "Dear Dana,\n\nall of it [2Jis here.")
        await screen.until(lambda: not path.parent.exists())
        assert sorted((each.text, each.aside) for each in drafts(desk)) == [
            ("Dear Dana", True),
            ("Dear Dana,\n\nall of it [2Jis here.", False),
        ]


async def test_it_is_as_old_as_the_draft_that_it_was_and_goes_to_whom_that_went(desk: Desk) -> None:
    receive(desk, message_id="<1@corp.example>")
    seen = desk.store.conversations.of(TicketNumber(1))[-1].id
    save_draft(desk, TicketNumber(1), DraftKind.REPLY, Written("Dear Dana", seen=seen))
    left(desk, "1-reply.txt", "Dear Dana, all of it.\n")
    mallory = Address("mallory@evil.example", "Mallory")
    receive(desk, sender=mallory, answers=("<1@corp.example>",), text="Send it to me instead.")
    async with showing(desk) as screen:
        await offered(screen)
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.app.screen, ComposeScreen))
        await screen.sees("Mallory wrote in the meantime", "all of it", "mallory@evil.example by now")
    held = held_draft(desk, TicketNumber(1), DraftKind.REPLY)
    assert held is not None
    assert (held.seen, held.stays_to) == (seen, True)


async def test_left_for_later_it_is_offered_again(desk: Desk) -> None:
    receive(desk)
    path = left(desk, "1-note.txt", "Ask the bank.")
    async with showing(desk) as screen:
        await offered(screen)
        await screen.press("escape")
        await screen.sees("the text stays in its file: g e offers it again")
    assert path.read_text(encoding="utf-8") == "Ask the bank."
    async with showing(desk) as screen:
        await offered(screen)
        await screen.press("ctrl+x")
        await screen.sees("^x again throws this text away for good")
        assert path.exists()
        await screen.press("ctrl+x")
        await screen.sees("the text that an editor left is gone")
        await screen.misses("g e")
        await screen.until(lambda: not path.parent.exists())
    assert drafts(desk) == []


async def test_the_start_takes_no_key_from_the_list_whatever_the_clock_says_of_the_files(desk: Desk) -> None:
    numbers = [receive(desk).number for _ in range(3)]
    left(desk, "1-note.txt", "Left before.")
    ahead = left(desk, "1-reply.txt", "Left when the clock was wrong.")
    soon = time.time() + 600
    os.utime(ahead, (soon, soon))
    async with showing(desk) as screen:
        await screen.sees("2 texts were never saved: g e offers them")
        await screen.press("G", "enter")
        await screen.until(lambda: screen.shown == max(numbers))
        await screen.press("g", "e")
        await screen.sees("1 note", "1 reply")


async def test_what_the_store_has_anyway_is_put_away_without_a_word(desk: Desk) -> None:
    receive(desk)
    save_draft(desk, TicketNumber(1), DraftKind.REPLY, Written("Dear Dana"))
    path = left(desk, "1-reply.txt", "Dear Dana\n")
    async with showing(desk) as screen:
        await screen.until(lambda: not path.parent.exists())
        assert screen.app.screen is screen.inbox


async def test_a_colleagues_draft_stays_theirs_and_the_text_is_kept_aside(desk: Desk) -> None:
    receive(desk)
    save_draft(acting_as(desk, "bo"), TicketNumber(1), DraftKind.REPLY, Written("bo's words"))
    left(desk, "1-reply.txt", "Mine, from the editor.")
    async with showing(desk) as screen:
        await offered(screen)
        await screen.press("enter")
        await screen.sees("bo is writing this answer", "Mine, from the editor.")
    assert {(each.author, each.text) for each in drafts(desk)} == {
        ("bo", "bo's words"),
        ("ana", "Mine, from the editor."),
    }


async def test_recipients_above_a_text_and_a_first_mail_are_kept_too(desk: Desk) -> None:
    left(desk, "new-reply.txt", "To: Kim Else <kim@else.example>\nCc:\nBcc:\nSubject: Your contract\n---\nDear Kim")
    async with showing(desk) as screen:
        await offered(screen)
        await screen.press("enter")
        await screen.sees("New mail to kim@else.example", "Dear Kim")
    (kept,) = kept_beginnings(desk)
    assert (kept.beginning.subject, kept.beginning.text) == ("Your contract", "Dear Kim")


async def test_what_vim_keeps_beside_it_is_told_of_and_stays(desk: Desk) -> None:
    receive(desk)
    path = left(desk, "1-reply.txt", "Dear Dana")
    swap = path.parent / ".1-reply.txt.swp"
    swap.write_bytes(b"b0VIM")
    async with showing(desk) as screen:
        await offered(screen)
        await screen.sees(".1-reply.txt.swp")
        await screen.press("enter")
        await screen.until(lambda: not path.exists())
        assert swap.exists()


async def test_a_text_for_a_ticket_that_is_gone_stays_in_its_file(desk: Desk) -> None:
    path = left(desk, "77-reply.txt", "Dear nobody")
    async with showing(desk) as screen:
        await offered(screen)
        await screen.press("enter")
        await screen.sees("there is no ticket 77 any more")
        assert path.exists()


def test_after_kill_9_the_text_is_found_at_the_next_start(tmp_path: Path) -> None:
    need_tmux()
    script = 'printf " and more" >> "$0"; echo "$PPID" > "$HOME/pid"; echo "the editor has it"; sleep 60'
    with edited_with(tmp_path, script) as terminal:
        say_hello(terminal)
        terminal.press("C-g")
        terminal.wait_for("the editor has it")
        os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)
    desk = make_desk(tmp_path / "desk")
    mark, where = whose(desk), {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / ".local/state")}
    desk.store.close()
    deadline = time.monotonic() + 60
    while not leftovers(mark, where) and time.monotonic() < deadline:  # what is killed takes a moment to end
        time.sleep(0.05)
    (found,) = leftovers(mark, where)
    assert found.text == "Hello and more"
