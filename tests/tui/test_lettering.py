from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from desk.desk import Desk
from desk.people import Address
from storage.blobs import Blobs
from tests.desks import receive
from tests.tui.apps import NARROW, WIDE, Screen
from tests.tui.composing import answering, area, begun, drafts, ended, inbox, outbox, write
from tui.screens.attach import AttachScreen
from tui.screens.recipients import RecipientsScreen

BOSS = Address("boss@corp.example", "The Boss")


async def attaching(screen: Screen, *keys: str) -> None:
    """Press keys that ask for a file, and wait until its path can be typed."""
    await screen.press(*keys)
    await screen.until(lambda: isinstance(screen.app.screen, AttachScreen))


async def attaching_from_a_slow_disk(screen: Screen, answers: Event) -> None:
    """Attach a file whose disk says nothing before `answers` is set."""
    await attaching(screen, "escape", "a")
    await screen.type("invoices/notes.txt")
    await screen.sees("notes.txt  5 B")
    screen.app.look("stuck", lambda _: answers.wait(120), lambda _: None)
    await screen.press("enter")
    await screen.sees("reading ~/invoices/notes.txt")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The agent's home folder, with files and a folder in it."""
    home = tmp_path / "home"
    (home / "invoices").mkdir(parents=True)
    (home / "invoices" / "rechnung-März.pdf").write_bytes(b"%PDF" + b"x" * 83_996)
    (home / "invoices" / "notes.txt").write_bytes(b"hello")
    (home / ".secret").write_bytes(b"no")
    monkeypatch.setenv("HOME", str(home))
    return home


async def test_before_it_leaves_a_mail_shows_who_writes_to_whom_about_what(desk: Desk) -> None:
    receive(desk, cc=(BOSS,))
    async with answering(desk) as screen:
        await screen.press("escape")
        await screen.sees(
            "From     Ana Petrova (Acme Support) <support@acme.example>",
            "To       Dana Petrova <dana@corp.example>",
            "Cc       The Boss <boss@corp.example>",
            "Subject  Re: Refund for order 88213",
        )


async def test_a_break_in_the_name_of_a_file_breaks_no_line_and_the_file_is_found(desk: Desk, home: Path) -> None:
    (home / "two\nlines.txt").write_bytes(b"hello")
    receive(desk)
    async with answering(desk) as screen:
        await attaching(screen, "escape", "a")
        await screen.type("two")
        await screen.press("tab")
        await screen.sees("~/two\ufffdlines.txt")
        await screen.press("enter")
        await screen.sees("two lines.txt", "5 B")


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])
async def test_an_answer_that_would_go_to_another_domain_is_told_while_it_is_written(
    desk: Desk, size: tuple[int, int]
) -> None:
    receive(desk, reply_to=(Address("dana@c0rp.example"),))
    async with inbox(desk, size=size) as screen:
        await begun(screen, "r")
        await screen.sees("dana@c0rp.example is another domain than that of dana@corp.example")


async def test_recipients_and_subject_are_chosen_in_one_form_and_kept_with_the_draft(desk: Desk) -> None:
    receive(desk, cc=(BOSS,))
    async with answering(desk) as screen:
        await screen.press("escape", "c")
        await screen.until(lambda: isinstance(screen.app.screen, RecipientsScreen))
        await screen.sees("Who gets it", "sender only")
        await screen.press("ctrl+o", "down", "down")
        await screen.type("audit@acme.example")
        await screen.press("down")
        await screen.type("!")
        await screen.press("enter")
        await screen.sees("Bcc      audit@acme.example", "Re: Refund for order 88213!", "Cc       -")
        await screen.until(lambda: any(each.wording is not None for each in drafts(desk)))
        await screen.press("p")
        await ended(screen)
        await begun(screen, "r")
        await screen.sees("Bcc      audit@acme.example", "Re: Refund for order 88213!")
        await screen.press("escape", "y")
        await ended(screen)
    (mail,) = outbox(desk)
    assert sorted(mail.recipients) == ["audit@acme.example", "dana@corp.example"]
    assert mail.wording is not None
    assert mail.wording.subject == "Re: Refund for order 88213!"


async def test_what_is_no_address_is_said_in_the_form_and_nothing_is_taken_over(desk: Desk) -> None:
    receive(desk)
    async with answering(desk) as screen:
        await screen.press("escape", "c")
        await screen.until(lambda: isinstance(screen.app.screen, RecipientsScreen))
        await screen.press("down")
        await screen.type("the boss")
        await screen.press("enter")
        await screen.sees("Cc: “the boss” is no mail address")
        await screen.press("escape")
        await screen.sees("Cc       -", "y send")


async def test_a_file_is_found_by_its_path_and_goes_along_and_can_stay_after_all(desk: Desk, home: Path) -> None:
    receive(desk)
    async with answering(desk) as screen:
        await attaching(screen, "escape", "a")
        await screen.sees("invoices/", "Tab completes")
        assert ".secret" not in screen.text
        await screen.press("tab")
        await screen.sees("rechnung-März.pdf  84 KB", "notes.txt")
        await screen.type("r")
        await screen.misses("notes.txt")
        await screen.press("tab", "enter")
        await screen.sees("attached rechnung-März.pdf, 84 KB", "Files    rechnung-März.pdf 84 KB")
        (home / "invoices" / "rechnung-März.pdf").unlink()
        await attaching(screen, "a")
        await screen.sees("~/invoices/", "notes.txt  5 B")
        await screen.press("enter")
        await screen.sees("notes.txt 5 B; 84 KB in all")
        await screen.press("d")
        await screen.sees("Which file stays here?")
        await screen.press("down", "enter")
        await screen.sees("notes.txt does not go along")
        await screen.press("y")
        await ended(screen)
    (mail,) = outbox(desk)
    assert mail.wording is not None
    (file,) = mail.wording.enclosures
    assert (file.name, len(desk.blobs.get(file.sha256))) == ("rechnung-März.pdf", 84_000)
    assert b"rechnung" in desk.blobs.get(mail.raw)


async def test_enter_typed_ahead_attaches_the_file_that_was_typed_however_slow_the_disk_is(
    desk: Desk, home: Path
) -> None:
    (home / "another.txt").write_bytes(b"not this one")
    (home / "invoices" / "rechnung-März.pdf").unlink()
    receive(desk)
    async with answering(desk) as screen:
        await screen.press("escape", "a")
        await screen.sees("another.txt")
        gate = Event()
        screen.app.look("gate", lambda _: gate.wait(60.0), lambda _: None)
        await screen.type("invoices/n")
        await screen.press("tab", "enter")
        gate.set()
        await screen.sees("attached notes.txt")
        assert "another.txt" not in screen.text


async def test_a_whole_path_takes_the_place_of_the_folder_that_stands_there(desk: Desk, home: Path) -> None:
    receive(desk)
    async with answering(desk) as screen:
        await attaching(screen, "escape", "a")
        await screen.type(f"{home}/invoices/n")
        await screen.sees("notes.txt  5 B")
        await screen.press("tab", "enter")
        await screen.sees("Files    notes.txt 5 B")
        await attaching(screen, "a")
        await screen.type("~/invoices/r")
        await screen.sees("rechnung-März.pdf  84 KB")
        await screen.press("tab", "enter")
        await screen.sees("rechnung-März.pdf 84 KB; 84 KB in all")


async def test_a_path_that_is_no_file_is_refused_in_words(desk: Desk, home: Path) -> None:
    (home / "pipe").symlink_to("/dev/zero")
    receive(desk)
    async with answering(desk) as screen:
        for typed, said in (("pipe", "~/pipe is no file"), ("gone", "there is no such file")):
            await attaching(screen, *("escape", "a") if typed == "pipe" else "a")
            await screen.type(typed)
            await screen.pilot.pause(0.2)
            await screen.press("enter")
            await screen.sees(f"not attached: ~/{typed}", said)
    assert outbox(desk) == []


async def test_what_was_chosen_comes_back_with_a_reply_that_is_taken_back(desk: Desk, home: Path) -> None:
    receive(desk)
    async with answering(desk) as screen:
        await attaching(screen, "escape", "a")
        await screen.type("invoices/notes.txt")
        await screen.sees("notes.txt  5 B")
        await screen.press("enter")
        await screen.sees("attached notes.txt")
        await screen.press("y")
        await ended(screen)
        await screen.press("u")
        await screen.sees("Files    notes.txt 5 B", "Hello")


async def test_a_note_has_neither_recipients_nor_files(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await begun(screen, "n")
        write(screen, "The bank says no")
        await screen.press("escape", "a", "c")
        await screen.sees("y add note")
        for word in ("recipients", "attach", "From ", "Subject"):
            assert word not in screen.text


async def test_signatures_stand_below_the_text_before_it_leaves_and_once(desk: Desk) -> None:
    receive(desk)
    me = replace(desk.me, signature="Ana from Acme")
    desk.store.agents.put(me)
    async with inbox(replace(desk, acting=me)) as screen:
        composer = await begun(screen, "r")
        write(screen, "Hello")
        await screen.press("escape")
        await screen.sees("Ana from Acme")
        await screen.press("e")
        assert composer.text == "Hello\n\n-- \nAna from Acme"
        await screen.type("!")
        await screen.press("escape")
        assert composer.text == "Hello!\n\n-- \nAna from Acme"
        await screen.press("e")
        area(screen).replace("", (1, 0), (3, 20))
        await screen.press("escape", "y")
        await ended(screen)
    assert outbox(desk)[0].draft.strip() == "Hello!"


async def test_a_text_that_is_taken_back_is_written_on_where_the_cursor_was(desk: Desk) -> None:
    receive(desk)
    async with answering(desk, "Hello Dana, all is well") as screen:
        area(screen).move_cursor((0, 10))
        await screen.press("escape", "y")
        await ended(screen)
        await screen.press("u")
        await screen.sees("Hello Dana, all is well", "Esc review")
        assert area(screen).cursor_location == (0, 10)


async def test_a_disk_that_does_not_answer_stops_neither_the_screen_nor_the_mail(desk: Desk) -> None:
    receive(desk)
    answers = Event()
    async with inbox(desk) as screen:
        screen.app.look("stuck", lambda _: answers.wait(120), lambda _: None)
        await begun(screen, "r")
        write(screen, "Hello")
        await attaching(screen, "escape", "a")
        await screen.type("invoices")
        await screen.sees("~/invoices")
        await screen.press("escape")
        await screen.sees("y send")
        await screen.press("y")
        await ended(screen)
        answers.set()
    assert len(outbox(desk)) == 1


async def test_nothing_is_sent_while_a_file_is_still_being_read(desk: Desk, home: Path) -> None:
    receive(desk)
    answers = Event()
    async with answering(desk) as screen:
        await attaching_from_a_slow_disk(screen, answers)
        await screen.press("y")
        await screen.sees("not sent: a file is still being read")
        assert outbox(desk) == []
        answers.set()
        await screen.sees("attached notes.txt")
        await screen.press("y")
        await ended(screen)
    assert len(outbox(desk)) == 1


async def test_of_two_files_that_are_being_read_both_go_along_before_anything_is_sent(desk: Desk, home: Path) -> None:
    receive(desk)
    answers = Event()
    async with answering(desk) as screen:
        await attaching_from_a_slow_disk(screen, answers)
        second = Event()
        screen.app.look("stuck again", lambda _: second.wait(120), lambda _: None)
        await attaching(screen, "a")
        await screen.press("ctrl+u")
        await screen.type("~/.secret")
        await screen.press("enter")
        await screen.sees("reading ~/.secret")
        answers.set()
        await screen.sees("attached notes.txt")
        await screen.press("y")
        await screen.sees("not sent: a file is still being read")
        second.set()
        await screen.sees("attached .secret")
        await screen.press("y")
        await ended(screen)
    [mail] = outbox(desk)
    assert mail.wording is not None
    assert [each.name for each in mail.wording.enclosures] == ["notes.txt", ".secret"]


async def test_a_draft_is_not_left_without_a_file_that_is_still_being_read(desk: Desk, home: Path) -> None:
    receive(desk)
    answers = Event()
    async with answering(desk) as screen:
        await attaching_from_a_slow_disk(screen, answers)
        await screen.press("p")
        answers.set()
        await ended(screen)
        [draft] = drafts(desk)
    assert draft.wording is not None
    assert [each.name for each in draft.wording.enclosures] == ["notes.txt"]


async def test_a_draft_is_left_without_a_file_that_no_disk_gives_when_that_is_asked_twice(
    desk: Desk, home: Path
) -> None:
    receive(desk)
    answers = Event()
    async with answering(desk) as screen:
        await attaching_from_a_slow_disk(screen, answers)
        await screen.press("p")
        await screen.sees("p again leaves it out")
        await screen.press("p")
        await ended(screen)
        answers.set()
        [draft] = drafts(desk)
    assert (draft.text, draft.wording) == ("Hello", None)


async def test_enter_acts_on_what_was_typed_where_the_folder_does_not_answer(desk: Desk, home: Path) -> None:
    receive(desk)
    gate = Event()
    async with answering(desk) as screen:
        await attaching(screen, "escape", "a")
        screen.app.look("gate", lambda _: gate.wait(60.0), lambda _: None)
        await screen.type("invoices/")
        await screen.press("enter")
        await screen.sees("that folder does not answer")
        await screen.type("notes.txt")
        await screen.press("enter")
        await screen.sees("reading ~/invoices/notes.txt")
        gate.set()
        await screen.sees("attached notes.txt")


async def test_many_recipients_leave_room_for_the_text(desk: Desk) -> None:
    receive(desk, cc=tuple(Address(f"colleague-of-the-customer-{at}@corp.example") for at in range(60)))
    async with answering(desk) as screen:
        await screen.press("escape")
        await screen.sees("lines more", "Hello", "y send")
        assert area(screen).size.height >= 7


async def test_a_draft_that_is_back_is_written_on_above_its_signature(desk: Desk) -> None:
    receive(desk)
    me = replace(desk.me, signature="Ana from Acme")
    desk.store.agents.put(me)
    async with answering(replace(desk, acting=me)) as screen:
        await screen.press("escape", "p")
        await ended(screen)
        composer = await begun(screen, "r")
        await screen.sees("Ana from Acme", "is back")
        await screen.type(" Dana")
        await screen.press("escape")
        assert composer.text == "Hello Dana\n\n-- \nAna from Acme"


class BrokenBlobs(Blobs):
    """A store of files with a defect."""

    def put(self, data: bytes) -> str:
        raise ArithmeticError(len(data))


@pytest.mark.breaks
async def test_nothing_waits_for_a_file_whose_reading_breaks(desk: Desk, home: Path, tmp_path: Path) -> None:
    assert (home / "invoices" / "notes.txt").is_file()
    receive(desk)
    async with answering(replace(desk, blobs=BrokenBlobs(tmp_path / "blobs"))) as screen:
        await attaching(screen, "escape", "a")
        await screen.type("invoices/notes.txt")
        await screen.sees("notes.txt  5 B")
        await screen.press("enter")
        await screen.sees("something went wrong in the background")
        await screen.press("p")
        await ended(screen)
    assert [each.text for each in drafts(desk)] == ["Hello"]
