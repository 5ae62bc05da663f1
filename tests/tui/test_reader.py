from __future__ import annotations

import time
from datetime import timedelta

import pytest

from desk.actions.attend import attend
from desk.actions.note import add_note
from desk.actions.reply import reply
from desk.desk import Desk
from desk.outgoing import Answer
from desk.people import Address
from desk.presence import Doing
from tests.desks import SetClock, acting_as, receive
from tests.tui.apps import NARROW, WIDE, Screen, showing
from tui.widgets.reader import Reader

LONG = "\n".join(f"This is line {at} of the mail." for at in range(100))
QUOTED = "\n\nOn Thu, 19 Nov 2026 at 09:30, Acme <support@acme.example> wrote:\n> one\n> two\n> three\n"


def reader(screen: Screen) -> Reader:
    return screen.inbox.reader


def rows(screen: Screen) -> list[str]:
    """The upper lines of the reader, without the scroll bar."""
    return [each[:-2] for each in screen.text.splitlines()[1:15]]


async def opened(screen: Screen) -> None:
    """Open the first ticket of the list."""
    await screen.sees("Dana Petrova")
    await screen.press("enter")
    await screen.until(lambda: reader(screen).has_focus)


async def test_the_first_line_says_which_ticket_this_is_however_far_it_is_scrolled(desk: Desk) -> None:
    number = receive(desk, text=LONG).number
    async with showing(desk) as screen:
        await opened(screen)
        await screen.press("G")
        await screen.sees("line 99 of", f"{number}  Refund for order 88213")
        await screen.press("g", "g")
        await screen.sees("line 0 of", "dana@corp.example")
        assert "line 99 of" not in screen.text


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("j",) * 3, "line 2 of"),
        (("ctrl+d",), "line 9 of"),
        (("space",), "line 18 of"),
        (("ctrl+d", "k"), "line 8 of"),
        (("space", "pageup"), "Dana Petrova"),
    ],
)
async def test_the_cursor_goes_by_lines_half_pages_and_pages(desk: Desk, keys: tuple[str, ...], line: str) -> None:
    receive(desk, text=LONG)
    async with showing(desk) as screen:
        await opened(screen)
        await screen.press(*keys)
        marked = [each for each in screen.text.splitlines() if each.startswith("›")]
        assert len(marked) == 1
        assert line in marked[0]


async def test_space_at_the_end_of_a_ticket_goes_to_the_next(desk: Desk, clock: SetClock) -> None:
    receive(desk, text="Short words of mine")
    clock.go_on(minutes=1)
    receive(desk, subject="Second matter", sender=Address("bob@x.example", "Bob Stone"))
    async with showing(desk) as screen:
        await opened(screen)
        await screen.press("space")
        await screen.sees("Second matter", "bob@x.example")


async def test_enter_folds_a_mail_to_one_line_and_opens_it_again(desk: Desk) -> None:
    receive(desk, text="The printer broke on Monday.\n\nThen it burned.")
    async with showing(desk) as screen:
        await opened(screen)
        await screen.sees("Then it burned.")
        await screen.press("enter")
        await screen.misses("\n  Then it burned.")
        await screen.sees("▸ Dana Petrova  The printer broke on Monday. Then it burned.")
        await screen.press("o")
        await screen.sees("\n  Then it burned.")


async def test_quotations_are_opened_one_by_one_and_all_at_once(desk: Desk) -> None:
    receive(desk, subject="Re: Refund", text="It broke again, alas." + QUOTED, message_id="<1@corp.example>")
    receive(desk, text="And then it burned." + QUOTED, answers=("<1@corp.example>",))
    async with showing(desk) as screen:
        await opened(screen)
        await screen.sees("And then it burned.")
        assert screen.text.count("▸ 4 quoted lines") == 2
        await screen.press("z", "a")
        await screen.until(lambda: screen.text.count("> three") == 1)
        await screen.press("enter")
        await screen.until(lambda: screen.text.count("▸ 4 quoted lines") == 2)
        await screen.press("T")
        await screen.until(lambda: screen.text.count("> three") == 2)
        await screen.press("T")
        await screen.until(lambda: screen.text.count("▸ 4 quoted lines") == 2)


async def test_the_cursor_stays_on_its_fold_when_all_open(desk: Desk) -> None:
    receive(desk, subject="Re: Refund", text=f"It broke again, alas.\n-- \nDana\nCorp Ltd{QUOTED}")
    async with showing(desk) as screen:
        await opened(screen)
        await screen.sees("▸ 4 quoted lines")
        await screen.press("G", "T")
        await screen.sees("›   ▾ 4 quoted lines", "Corp Ltd", "> three")


async def test_a_quotation_that_opens_at_the_lower_end_comes_into_sight(desk: Desk) -> None:
    text = "\n".join(f"This is line {at}." for at in range(30)) + QUOTED
    receive(desk, subject="Re: Refund", text=text + "And a last word.\n" * 30)
    async with showing(desk) as screen:
        await opened(screen)
        await screen.sees("line 0.")
        while "4 quoted lines" not in screen.text:
            await screen.press("j")
        assert "> three" not in screen.text
        await screen.press("z", "a")
        await screen.sees("▾ 4 quoted lines", "> three")


async def test_headers_are_shown_and_hidden(desk: Desk) -> None:
    receive(desk, message_id="<1@corp.example>")
    async with showing(desk) as screen:
        await opened(screen)
        await screen.press("v", "h")
        await screen.sees("Message-ID: <1@corp.example>", "To: Acme Support <support@acme.example>")
        await screen.press("v", "h")
        await screen.misses("Message-ID:")


async def test_a_message_that_comes_in_below_moves_nothing_and_is_announced(desk: Desk) -> None:
    receive(desk, text=LONG, message_id="<1@corp.example>")
    async with showing(desk) as screen:
        await opened(screen)
        await screen.press("ctrl+d", "j", "j")
        before = rows(screen)
        receive(desk, text="One more thing, please.", answers=("<1@corp.example>",))
        await screen.sees("1 new message below, G goes there")
        assert rows(screen) == before
        await screen.press("G")
        await screen.sees("One more thing, please.")
        assert "new message" not in screen.text


async def test_a_note_of_a_colleague_appears_at_once(desk: Desk) -> None:
    number = receive(desk).number
    async with showing(desk) as screen:
        await opened(screen)
        add_note(acting_as(desk, "bo"), number, "The bank says no.")
        await screen.sees("NOTE  bo", "The bank says no.")


async def test_it_says_who_else_is_at_the_ticket(desk: Desk) -> None:
    number = receive(desk).number
    async with showing(desk) as screen:
        await opened(screen)
        attend(acting_as(desk, "bo"), number, Doing.ANSWERING)
        await screen.sees("✎ bo is answering")


async def test_a_queued_reply_counts_down(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    reply(desk, number, Answer(text="Hello Dana"))
    async with showing(desk) as screen:
        await opened(screen)
        await screen.sees("queued, leaves in 10 s, u takes it back")
        clock.go_on(seconds=4)
        await screen.sees("queued, leaves in 6 s")


async def test_a_resized_screen_wraps_anew_and_keeps_the_cursor_on_its_mail(desk: Desk) -> None:
    receive(desk, text="word " * 200 + "\n\nThe very end", message_id="<1@corp.example>")
    async with showing(desk, WIDE) as screen:
        await opened(screen)
        await screen.press("G")
        await screen.sees("› The very end")
        await screen.pilot.resize_terminal(*NARROW)
        await screen.sees("› The very end")


async def test_a_hostile_mail_is_only_words(desk: Desk) -> None:
    text = "[@click=app.quit]x[/] [/b] [#123] \x1b[2J \u202etxt\nOn " + "On " * 20_000
    receive(desk, text=text, sender=Address("evil@x.example", "[/] Evil \x1b]0;x\x07"), subject="[/b] \x1b]52;c;x\x07")
    async with showing(desk) as screen:
        await screen.sees("Evil")
        await screen.press("enter")
        await screen.sees("[@click=app.quit]x[/] [/b] [#123] \ufffd[2J \ufffdtxt", "1  [/b] \ufffd]52;c;x\ufffd")
        assert "\x1b" not in screen.text


async def test_two_hundred_messages_open_within_a_moment(desk: Desk, clock: SetClock) -> None:
    number = receive(desk, text=LONG, message_id="<0@corp.example>").number
    with desk.store.transaction():
        for at in range(1, 200):
            receive(
                desk,
                text=f"Message {at}\n" + LONG,
                message_id=f"<{at}@corp.example>",
                answers=("<0@corp.example>",),
                received=clock() + timedelta(minutes=at),
            )
    async with showing(desk) as screen:
        await screen.sees("[200]")
        started = time.thread_time()
        await screen.press("enter")
        await screen.sees(f"{number}  Refund for order")
        assert time.thread_time() - started < 2.0


async def test_headers_of_a_long_mail_that_is_read_in_the_middle_are_shown_from_the_first_one_on(desk: Desk) -> None:
    receive(desk, text="\n\n".join(f"Paragraph {number} of the story." for number in range(80)))
    async with showing(desk) as screen:
        await screen.sees("Dana Petrova")
        await screen.press("enter")
        await screen.until(lambda: screen.inbox.is_reading)
        await screen.press("space", "space", "v", "h")
        await screen.sees("› Dana Petrova", "Message-ID: <", "Paragraph 0 of")
