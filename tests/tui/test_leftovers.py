from __future__ import annotations

import os
import signal
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from desk.actions.draft import save_draft
from desk.actions.keep_beginning import keep_beginning, kept_beginnings
from desk.beginning import Beginning
from desk.conversation import EntryId
from desk.desk import Desk
from desk.draft import DraftKind
from desk.drafts import held_draft
from desk.people import Address
from desk.ticket import TicketNumber
from desk.wording import Enclosure, Wording
from desk.written import Written
from tests.desks import DANA, acting_as, make_desk, receive
from tests.terminal import Terminal, need_tmux
from tests.tui.apps import Screen, open_desk, showing
from tests.tui.composing import area, drafts
from tests.tui.programs import edited_with, say_hello
from tui.composer.leftovers import HEADS, Leftover, leftovers, lock, whose
from tui.composer.private import private_folder
from tui.outdated import texts_on
from tui.screens.compose import ComposeScreen
from tui.screens.leftovers import LeftoverPicker

ONE, MALLORY = TicketNumber(1), Address("mallory@evil.example", "Mallory")
KIM = Address("kim@else.example", "Kim Else")


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


def left(desk: Desk, name: str, text: str) -> Path:
    path = private_folder(mark=whose(desk)) / name
    path.write_text(text, encoding="utf-8")
    return path


def newest(desk: Desk) -> EntryId:
    return max(each.id for each in desk.store.conversations.of(ONE))


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
    seen = newest(desk)
    save_draft(desk, TicketNumber(1), DraftKind.REPLY, Written("Dear Dana", seen=seen))
    left(desk, "1-reply.txt", "Dear Dana, all of it.\n")
    receive(desk, sender=MALLORY, answers=("<1@corp.example>",), text="Send it to me instead.")
    async with showing(desk) as screen:
        await offered(screen)
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.app.screen, ComposeScreen))
        await screen.sees("Mallory wrote in the meantime", "all of it", "mallory@evil.example by now")
    held = held_draft(desk, TicketNumber(1), DraftKind.REPLY)
    assert held is not None
    assert (held.seen, held.stays_to) == (seen, True)


@pytest.mark.parametrize("heads", ["", f"To: {DANA}\nCc:\nBcc:\nSubject: Re: Refund for order 88213\n---\n"])
async def test_it_goes_to_whom_it_was_begun_for_though_no_draft_was_kept(desk: Desk, heads: str) -> None:
    receive(desk, message_id="<1@corp.example>")
    seen = newest(desk)
    left(desk, f"1-reply-{seen}.txt", f"{heads}Dear Dana, all of it.\n")
    receive(desk, sender=MALLORY, answers=("<1@corp.example>",), text="Send it to me instead.")
    async with showing(desk) as screen:
        await offered(screen)
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.app.screen, ComposeScreen))
        await screen.sees("Mallory wrote in the meantime", "all of it", "mallory@evil.example by now")
    held = held_draft(desk, ONE, DraftKind.REPLY)
    assert held is not None
    assert (held.seen, held.stays_to, held.wording and held.wording.to) == (seen, True, (DANA,))


@pytest.mark.parametrize("tells", [True, False])
async def test_what_came_after_it_was_begun_is_shown_and_asked_about(desk: Desk, *, tells: bool) -> None:
    receive(desk, message_id="<1@corp.example>")
    seen = newest(desk)
    left(desk, f"1-reply-{seen}.txt" if tells else "1-reply.txt", "Dear Dana")
    receive(desk, answers=("<1@corp.example>",), text="It is settled.")
    async with showing(desk) as screen:
        await offered(screen)
        await screen.press("enter")
        await screen.sees("Dana Petrova wrote in the meantime", "It is settled.", "Dear Dana")
        await screen.press("escape")
        await screen.sees("y send")
        await screen.press("y")
        await screen.sees("not sent: Dana Petrova wrote a mail")
    assert desk.store.outbox.all() == []


async def test_whom_it_was_to_go_to_is_chosen_only_where_its_ticket_said_otherwise(desk: Desk) -> None:
    receive(desk)
    seen = newest(desk)
    heads = f"Cc: {KIM}\nBcc:\nSubject: Re: Refund for order 88213"
    left(desk, f"1-reply-{seen}.txt", f"To: {DANA}\n{heads}\n---\nDear Dana")
    async with showing(desk) as screen:
        await offered(screen)
        await screen.press("enter")
        await screen.sees("Dear Dana", "cc 1")
    held = held_draft(desk, ONE, DraftKind.REPLY)
    assert held is not None
    assert held.wording == Wording(cc=(KIM,))


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


async def test_a_first_mail_goes_to_whom_it_was_to_go_though_its_text_does_not_say(desk: Desk) -> None:
    receipt = Enclosure("receipt.pdf", "0" * 64, 3)
    begun = Beginning(mailbox="support", to=(KIM,), subject="Your contract", text="Dear", enclosures=(receipt,))
    keep_beginning(desk, begun)
    keep_beginning(desk, replace(begun, subject="Another one", enclosures=()))
    path = left(desk, "new-reply.txt", "Dear Kim")
    path.with_name(HEADS).write_text(f"To: {KIM}\nCc:\nBcc:\nSubject: Your contract\n---\n", encoding="utf-8")
    async with showing(desk) as screen:
        await offered(screen)
        await screen.press("enter")
        await screen.sees("New mail to kim@else.example", "Dear Kim")
        await screen.until(lambda: not path.parent.exists())
    there = sorted((each.beginning for each in kept_beginnings(desk)), key=lambda each: each.subject)
    assert there == [replace(begun, subject="Another one", enclosures=()), replace(begun, text="Dear Kim")]


async def test_a_first_mail_that_the_store_has_with_whom_it_goes_to_is_put_away_without_a_word(desk: Desk) -> None:
    keep_beginning(desk, Beginning(to=(KIM,), text="Dear Kim"))
    path = left(desk, "new-reply.txt", "Dear Kim")
    path.with_name(HEADS).write_text(f"To: {KIM}\nCc:\nBcc:\nSubject:\n---\n", encoding="utf-8")
    async with showing(desk) as screen:
        await screen.until(lambda: not path.parent.exists())


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
    with killed_in_the_editor(tmp_path) as terminal:
        say_hello(terminal)
    found = found_after_that(tmp_path)
    with open_desk(tmp_path / "desk") as desk:
        assert (found.text, found.seen) == ("Hello and more", newest(desk))


def test_after_kill_9_a_first_mail_still_tells_whom_it_goes_to(tmp_path: Path) -> None:
    with killed_in_the_editor(tmp_path) as terminal:
        terminal.wait_for("Refund for order")
        terminal.press("c")
        terminal.wait_for("to whom, and about what?")
        terminal.type("kim@else.example")
        terminal.press("Enter")
        terminal.wait_for("New mail to kim@else.example")
        terminal.type("Dear Kim")
        terminal.wait_for("Dear Kim")
    found = found_after_that(tmp_path)
    assert (found.number, found.text) == (None, "To: kim@else.example\nCc:\nBcc:\nSubject:\n---\nDear Kim and more")


async def test_a_first_mail_that_no_store_takes_tells_whom_it_goes_to(desk: Desk) -> None:
    keep_beginning(desk, Beginning(to=(KIM,), text="Dear Kim"))
    async with showing(desk) as screen:
        await screen.until(lambda: screen.app.here() is not None)
        await screen.press("c")
        await screen.sees("Dear Kim")
        await screen.press("enter")
        await screen.sees("New mail to kim@else.example")
        expected = {"new-reply.txt": f"To: {KIM}\nCc:\nBcc:\nSubject:\n---\nDear Kim\n"}
        await screen.until(lambda: texts_on(screen.app.screen_stack) == expected)


@contextmanager
def killed_in_the_editor(tmp_path: Path) -> Generator[Terminal]:
    """The application in a terminal, its text then given to an editor that saves more, and it is killed."""
    need_tmux()
    script = 'printf " and more" >> "$0"; echo "$PPID" > "$HOME/pid"; echo "the editor has it"; sleep 60'
    with edited_with(tmp_path, script) as terminal:
        yield terminal
        terminal.press("C-g")
        terminal.wait_for("the editor has it")
        os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)


def found_after_that(tmp_path: Path) -> Leftover:
    """The only text that is left there; what is killed takes a moment to end."""
    environ = {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / ".local/state")}
    with open_desk(tmp_path / "desk") as desk:
        mark = whose(desk)
    deadline = time.monotonic() + 60
    while not (found := leftovers(mark, environ)) and time.monotonic() < deadline:
        time.sleep(0.05)
    (only,) = found
    return only
