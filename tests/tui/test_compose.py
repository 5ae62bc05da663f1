from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual import events
from textual.color import Color
from textual.theme import Theme

from desk.actions.attend import attend
from desk.actions.draft import save_draft
from desk.actions.merge import merge
from desk.actions.note import add_note
from desk.conversation import Message
from desk.desk import Desk
from desk.draft import DraftKind
from desk.outgoing import OutboxState
from desk.people import Address
from desk.presence import Doing
from desk.ticket import Status
from desk.written import Written
from tests.desks import SetClock, acting_as, receive
from tests.tui.apps import NARROW, WIDE
from tests.tui.composing import ONE, answering, area, begun, drafts, ended, inbox, notes, outbox, write
from tui.composer.dispatch import NEWS_HOLD
from tui.screens.compose import ComposeScreen
from tui.style.theme import PAINTED


async def test_a_reply_is_written_reviewed_and_queued_and_its_window_is_counted_down(
    desk: Desk, clock: SetClock
) -> None:
    number = receive(desk).number
    async with inbox(desk) as screen:
        await begun(screen, "r")
        await screen.sees("Reply to Dana Petrova <dana@corp.example>", "Esc review", "F1 help")
        await screen.type("Hello Dana")
        assert outbox(desk) == []
        await screen.press("escape")
        await screen.sees(
            "y send", "Y send+close", "w send+waiting", "h hand over", "p keep draft", "X discard", "? help"
        )
        await screen.press("y")
        await ended(screen)
        await screen.sees("queued for Dana, leaves in 10 s, u takes it back")
        clock.go_on(seconds=4)
        await screen.sees("queued for Dana, leaves in 6 s, u takes it back")
    (entry,) = outbox(desk)
    assert (entry.draft, entry.state, entry.ticket) == ("Hello Dana", OutboxState.QUEUED, number)
    assert entry.recipients == ("dana@corp.example",)
    assert desk.ticket(number).status is Status.OPEN
    assert desk.ticket(number).assignee == "ana"
    assert drafts(desk) == []


@pytest.mark.parametrize("key", ["tab", "shift+tab"])
async def test_tab_in_the_review_goes_on_writing_so_that_no_letter_types_under_its_keys(desk: Desk, key: str) -> None:
    receive(desk)
    async with answering(desk) as screen:
        await screen.press("escape")
        await screen.sees("y send")
        await screen.press(key)
        await screen.sees("Esc review")
        assert "y send" not in screen.text
        await screen.press("escape", "y")
        await ended(screen)
    (mail,) = outbox(desk)
    assert mail.recipients == ("dana@corp.example",)


async def test_sending_and_waiting_for_the_customer(desk: Desk) -> None:
    number = receive(desk).number
    async with answering(desk) as screen:
        await screen.press("escape", "w")
        await ended(screen)
    assert desk.ticket(number).status is Status.WAITING


async def test_a_note_cannot_be_mistaken_for_a_reply_and_is_never_mailed(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await begun(screen, "r")
        paper = area(screen).background_colors[1]
        await screen.press("escape")
        await ended(screen)
        await begun(screen, "n")
        await screen.sees(" NOTE ", "only agents see it")
        assert "Reply" not in screen.text
        assert area(screen).background_colors[1] != paper
        write(screen, "The bank says no")
        await screen.press("escape")
        await screen.sees("y add note", "p keep draft")
        assert "send" not in screen.text
        await screen.press("Y", "w")
        assert notes(desk) == []
        await screen.press("y")
        await ended(screen)
        await screen.sees("note added to 1, u takes it back")
    assert notes(desk) == ["The bank says no"]
    assert outbox(desk) == []
    assert desk.ticket(ONE).status is Status.OPEN
    assert not any(each.author for each in desk.store.conversations.of(ONE) if isinstance(each, Message))


async def test_the_customers_last_mail_is_quoted_below_the_text(desk: Desk) -> None:
    receive(desk, text="It broke.\n> you said\n\x1b[2Jgone")
    async with inbox(desk) as screen:
        composer = await begun(screen, "r")
        write(screen, "Sorry")
        await screen.press("ctrl+o")
        await screen.type("!")
        when = f"{datetime(2026, 11, 20, 9, tzinfo=UTC).astimezone():%Y-%m-%d %H:%M %z}"
        assert composer.text == (
            f"Sorry!\n\n{when}, Dana Petrova <dana@corp.example>:\n> It broke.\n>> you said\n> \ufffd[2Jgone"
        )


async def test_on_a_merged_ticket_nobody_is_sent_a_quotation_of_another_customers_mail(desk: Desk) -> None:
    dana = receive(desk, text="It broke.").number
    kim = receive(desk, text="My secret.", sender=Address("kim@else.example", "Kim Else"), subject="Toner").number
    save_draft(desk, dana, DraftKind.REPLY, Written("To Dana"))
    merge(desk, [dana], kim)
    async with inbox(desk) as screen:
        composer = await begun(screen, "r")
        await screen.sees("written to dana@corp.example")
        await screen.press("ctrl+o")
        assert composer.text.endswith(", Dana Petrova <dana@corp.example>:\n> It broke.")


async def test_a_quotation_stands_above_the_signature(desk: Desk) -> None:
    receive(desk, text="It broke.")
    async with inbox(desk) as screen:
        composer = await begun(screen, "r")
        write(screen, "Sorry\n\n-- \nAna")
        await screen.press("ctrl+o")
        above, _, below = composer.text.partition("\n> It broke.\n\n")
        assert above.startswith("Sorry\n\n2026-")
        assert below == "-- \nAna"


async def test_a_pasted_text_cannot_drive_the_terminal(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        composer = await begun(screen, "r")
        screen.app.post_message(events.Paste("one\r\ntwo\x1b]52;c;x\x07"))
        await screen.until(lambda: composer.text == "one\ntwo]52;c;x")


@pytest.mark.parametrize("by", ["dana", "bo"])
async def test_who_wrote_in_the_meantime_is_shown_and_sending_asks_once(desk: Desk, by: str) -> None:
    number = receive(desk, message_id="<1@corp.example>").number
    async with inbox(desk, size=WIDE) as screen:
        composer = await begun(screen, "r")
        await screen.type("Hello Dana")
        if by == "dana":
            receive(desk, text="It is settled, thank you.", answers=("<1@corp.example>",))
            await screen.sees("Dana Petrova wrote in the meantime", "It is settled, thank you.")
        else:
            add_note(acting_as(desk, "bo"), number, "I called them.")
            await screen.sees("bo, in a note, wrote in the meantime", "I called them.")
            receive(desk, text="It is settled, thank you.", answers=("<1@corp.example>",))
        await screen.press("escape", "y")
        await screen.sees("Dana Petrova wrote a mail; y sends it as it is")
        assert outbox(desk) == []
        assert composer.text == "Hello Dana"
        await screen.sees("It is settled, thank you.")
        await screen.press("y", "Y", "w")
        assert outbox(desk) == []
        await asyncio.sleep(NEWS_HOLD)
        await screen.press("y")
        await ended(screen)
    assert [each.draft for each in outbox(desk)] == ["Hello Dana"]


async def test_a_long_message_in_the_meantime_leaves_room_for_the_draft(desk: Desk) -> None:
    receive(desk, message_id="<1@corp.example>")
    async with inbox(desk) as screen:
        await begun(screen, "r")
        await screen.type("Hello Dana")
        receive(desk, text=f"{'word ' * 400}\nThe end.", answers=("<1@corp.example>",))
        await screen.sees("Dana Petrova wrote in the meantime", "Hello Dana")
        assert area(screen).size.height >= 8
        assert screen.text.index("in the meantime") < screen.text.index("Hello Dana")
        await screen.press("escape")
        await screen.sees("PgDn read what came")
        for _ in range(8):
            await screen.press("pagedown")
        await screen.sees("The end.", "Hello Dana")


async def test_a_short_message_in_the_meantime_leaves_nothing_to_read_on_in(desk: Desk) -> None:
    receive(desk, message_id="<1@corp.example>")
    async with inbox(desk) as screen:
        await begun(screen, "r")
        await screen.type("Hello Dana")
        receive(desk, text="The end.", answers=("<1@corp.example>",))
        await screen.sees("Dana Petrova wrote in the meantime")
        await screen.press("escape")
        await screen.sees("X discard")
        for _ in range(3):
            await screen.pilot.pause()
        assert "PgDn" not in screen.text


async def test_all_of_a_mail_can_be_read_before_it_leaves_on_the_smallest_screen(desk: Desk) -> None:
    receive(desk, message_id="<1@corp.example>")
    async with inbox(desk, size=(40, 10)) as screen:
        await begun(screen, "r")
        write(screen, "\n".join(f"Line {at}" for at in range(20)))
        await screen.press("escape")
        await screen.sees("PgDn read on")
        seen = screen.text
        for key in ("pageup", "pagedown"):
            for _ in range(20):
                await screen.press(key)
                await screen.pilot.pause()
                seen += screen.text
        assert all(f"Line {at} " in seen for at in range(20))
        assert "Subject  Re: " in seen
        assert "Cc " in seen


async def test_colleagues_see_who_is_answering_until_it_ends(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    bo = acting_as(desk, "bo")
    async with inbox(desk) as screen:
        await begun(screen, "r")
        (seen,) = desk.store.presences.all(clock())
        assert (seen.agent, seen.ticket, seen.doing) == ("ana", number, Doing.ANSWERING)
        attend(bo, number, Doing.ANSWERING)
        await screen.sees("bo is answering too")
        await screen.press("escape")
        await ended(screen)
        await screen.until(lambda: [each.agent for each in desk.store.presences.all(clock())] == ["bo"])


async def test_what_came_in_while_a_macro_was_chosen_is_shown_afterwards(desk: Desk) -> None:
    receive(desk, message_id="<1@corp.example>")
    async with inbox(desk, size=WIDE) as screen:
        await begun(screen, "r")
        write(screen, "Hello")
        await screen.press("ctrl+t")
        await screen.sees("Macros")
        receive(desk, text="It is settled.", answers=("<1@corp.example>",))
        await screen.press("escape")
        await screen.sees("Dana Petrova wrote in the meantime", "It is settled.")


async def test_what_the_desk_refuses_is_said_and_the_text_stays(desk: Desk) -> None:
    receive(desk, sender=Address("", ""))
    async with inbox(desk) as screen:
        composer = await begun(screen, "r")
        write(screen, "Hello")
        await screen.press("escape", "y")
        await screen.until(lambda: screen.app.said.tone == "error")
        assert isinstance(screen.app.screen, ComposeScreen)
        await screen.press("e")
        await screen.type(" there")
        assert composer.text == "Hello there"
    assert outbox(desk) == []


async def test_no_key_acts_while_a_reply_is_on_its_way_to_the_desk(desk: Desk) -> None:
    receive(desk)
    async with answering(desk) as screen:
        await screen.press("escape")
        await screen.until(lambda: drafts(desk) != [])
        with desk.store.transaction():
            await screen.press("y", "y", "p", "X", "X", "e")
            assert isinstance(screen.app.screen, ComposeScreen)
        await ended(screen)
        await screen.sees("queued for Dana", "Inbox 1")
    assert len(outbox(desk)) == 1
    assert drafts(desk) == []


async def test_a_terminal_made_tiny_while_sending_does_not_keep_the_composer(desk: Desk) -> None:
    receive(desk)
    async with answering(desk) as screen:
        await screen.press("escape")
        await screen.until(lambda: drafts(desk) != [])
        with desk.store.transaction():
            await screen.press("y")
            await screen.pilot.resize_terminal(39, 24)
            await screen.sees("make me a little bigger")
        await screen.until(lambda: outbox(desk) != [])
        await screen.pilot.pause()
        await screen.pilot.resize_terminal(*NARROW)
        await screen.until(lambda: screen.app.screen is screen.inbox)
        await screen.sees("Refund for order")


async def test_copies_go_to_everybody_the_customer_named(desk: Desk) -> None:
    receive(desk, cc=(Address("boss@corp.example", "The Boss"),))
    async with inbox(desk, size=WIDE) as screen:
        await begun(screen, "r")
        await screen.sees("Reply to Dana Petrova <dana@corp.example>   cc The Boss", "1 Refund for order 88213")
        write(screen, "Hello")
        await screen.press("escape", "y")
        await ended(screen)
    assert outbox(desk)[0].recipients == ("dana@corp.example", "boss@corp.example")


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])
async def test_help_is_at_hand_while_writing_and_reviewing(desk: Desk, size: tuple[int, int]) -> None:
    receive(desk)
    async with inbox(desk, size=size) as screen:
        await begun(screen, "r")
        await screen.press("f1")
        await screen.sees("Keys", "write in $EDITOR")
        await screen.press("escape")
        write(screen, "Hello")
        await screen.press("escape")
        assert screen.text.splitlines()[-1].rstrip().endswith("? help")
        await screen.press("?")
        await screen.sees("Keys", "send and close the ticket")


async def test_an_editor_needs_a_terminal(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        composer = await begun(screen, "r")
        write(screen, "Hello")
        await screen.press("ctrl+g")
        await screen.sees("no editor can be opened here")
        assert composer.text == "Hello"


async def test_a_hostile_ticket_is_only_words_in_the_composer(desk: Desk, macros: Path) -> None:
    evil = Address("evil@x.example", "[/] [@click=app.quit]Evil[/] \x1b]0;x\x07")
    receive(desk, subject="[/b] \x1b[2J", sender=evil, text="[/] \x1b]52;c;x\x07", message_id="<1@x.example>")
    async with inbox(desk, macros, WIDE) as screen:
        await begun(screen, ",", "g")
        receive(desk, sender=evil, text="[/red] \u202e again", message_id="<2@x.example>", answers=("<1@x.example>",))
        await screen.sees("[/] [@click=app.quit]Evil[/] \ufffd]0;x\ufffd", "[/red] \ufffd again", "[/b] \ufffd[2J")
        assert "\x1b" not in screen.text


@pytest.mark.parametrize("theme", PAINTED, ids=lambda theme: theme.name)
def test_the_paper_of_a_note_is_yellow_beside_that_of_a_reply(theme: Theme) -> None:
    note, paper = Color.parse(theme.variables["note-background"]), Color.parse(str(theme.background))
    assert (note.r - note.b) - (paper.r - paper.b) >= 15


async def test_the_smallest_terminal_shows_what_can_be_done_with_a_text_and_why_it_is_not_sent(desk: Desk) -> None:
    receive(desk, subject="Refund for order 88213, which came broken and without the lid that I had asked for")
    async with inbox(desk, size=(40, 10)) as screen:
        await begun(screen, "r")
        write(screen, "Dear ⟦name⟧,")
        await screen.press("escape", "y")
        await screen.sees("not sent: 1 gap left", "y send", "X discard")
