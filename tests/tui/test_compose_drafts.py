from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from desk.actions.draft import keep_aside, save_draft
from desk.actions.note import add_note
from desk.desk import Desk
from desk.draft import DraftKind
from desk.people import Address
from desk.wording import Wording
from desk.written import Written
from tests.desks import acting_as, receive
from tests.tui.composing import (
    ONE,
    answering,
    area,
    begun,
    drafts,
    ended,
    inbox,
    outbox,
    sent_with_a_macro_and_taken_back,
    write,
)
from tests.tui.held_up import locked
from tui.keys.presses import pressed
from tui.screens.compose import ComposeScreen
from tui.screens.recipients import RecipientsScreen
from tui.widgets.draft import DraftArea


async def test_a_draft_is_saved_by_itself_within_seconds(desk: Desk) -> None:
    receive(desk)
    async with answering(desk, "Half a tho") as screen:
        await screen.until(lambda: [each.text for each in drafts(desk)] == ["Half a tho"])
        await screen.sees(" saved ")


async def test_a_kept_draft_comes_back_where_its_author_opens_the_same_kind_of_text(desk: Desk) -> None:
    receive(desk)
    async with answering(desk, "Of ana") as screen:
        await screen.press("escape", "p")
        await ended(screen)
        await screen.sees("the draft is kept")
        await begun(screen, "r")
        await screen.sees("Of ana", "your draft of")
        assert area(screen).cursor_location == (0, 6)
        await screen.press("escape", "p")
        await ended(screen)
        composer = await begun(screen, "n")
        assert composer.text == ""
    assert [(each.author, each.text) for each in drafts(desk)] == [("ana", "Of ana")]


async def test_a_note_that_is_kept_is_its_authors_alone(desk: Desk) -> None:
    receive(desk)
    async with inbox(acting_as(desk, "bo")) as screen:
        await begun(screen, "n")
        write(screen, "Of bo")
        await screen.press("escape", "p")
        await ended(screen)
    async with inbox(desk) as screen:
        composer = await begun(screen, "n")
        assert composer.text == ""
        assert "Of bo" not in screen.text
        write(screen, "Of ana")
        await screen.press("ctrl+s")
        await screen.sees(" saved ")
    assert sorted((each.author, each.text) for each in drafts(desk)) == [("ana", "Of ana"), ("bo", "Of bo")]


async def test_a_kept_draft_is_set_aside_for_a_macro_and_never_lost(desk: Desk, macros: Path) -> None:
    receive(desk)
    async with inbox(desk, macros) as screen:
        await begun(screen, "r")
        write(screen, "My own words")
        await screen.press("escape", "p")
        await ended(screen)
        composer = await begun(screen, ",", "p")
        await screen.sees("is set aside, ^r puts it below")
        await screen.press("ctrl+s")
        await screen.until(lambda: [each.text for each in drafts(desk)] == ["My own words", "All is well."])
        await screen.press("escape", "y")
        await ended(screen)
        await screen.until(lambda: [each.text for each in drafts(desk)] == ["My own words"])
        composer = await begun(screen, ",", "p")
        await screen.press("ctrl+r", "ctrl+r")
        assert composer.text == "All is well.\n\nMy own words"
    assert [each.draft for each in outbox(desk)] == ["All is well."]


async def test_a_text_that_was_put_below_and_is_taken_out_again_is_set_aside_again(desk: Desk) -> None:
    receive(desk)
    keep_aside(desk, ONE, DraftKind.REPLY, Written("First words\n\nSecond words"))
    save_draft(desk, ONE, DraftKind.REPLY, Written("Other words"))
    async with inbox(desk) as screen:
        composer = await begun(screen, "r")
        await screen.until(lambda: composer.text == "Other words")
        await screen.press("ctrl+r")
        both = "Other words\n\nFirst words\n\nSecond words"
        await screen.until(lambda: [each.text for each in drafts(desk)] == [both])
        await screen.press("ctrl+z")
        assert composer.text == "Other words"
        kept = ["First words\n\nSecond words", "Other words"]
        await screen.until(lambda: sorted(each.text for each in drafts(desk)) == kept)
        await screen.press("ctrl+y")
        await screen.until(lambda: [each.text for each in drafts(desk)] == [both])
        await screen.press("ctrl+z", "escape", "p")
        await ended(screen)
    assert sorted((each.text, each.aside) for each in drafts(desk)) == [(kept[0], True), (kept[1], False)]


async def test_a_text_that_is_put_below_is_signed_once_with_the_one_above(desk: Desk) -> None:
    receive(desk)
    desk.store.agents.put(replace(desk.me, signature="Ana"))
    keep_aside(desk, ONE, DraftKind.REPLY, Written("First words\n\n-- \nAna"))
    save_draft(desk, ONE, DraftKind.REPLY, Written("Other words\n\n-- \nAna"))
    async with inbox(acting_as(desk, "ana")) as screen:
        composer = await begun(screen, "r")
        await screen.until(lambda: "Other words" in composer.text)
        await screen.press("ctrl+r")
        both = "Other words\n\nFirst words\n\n-- \nAna"
        await screen.until(lambda: [each.text for each in drafts(desk)] == [both])
        await screen.press("ctrl+z")
        kept = ["First words", "Other words\n\n-- \nAna"]
        await screen.until(lambda: sorted(each.text for each in drafts(desk)) == kept)
        await screen.press("ctrl+y")
        await screen.until(lambda: [each.text for each in drafts(desk)] == [both])
        assert composer.text == both


async def test_a_text_to_others_that_is_put_below_takes_neither_the_recipients_nor_the_gap_that_is_being_filled(
    desk: Desk,
) -> None:
    receive(desk)
    to_kim = Wording(to=(Address("kim@else.example"),))
    keep_aside(desk, ONE, DraftKind.REPLY, Written("To Kim", wording=to_kim))
    save_draft(desk, ONE, DraftKind.REPLY, Written("The sum is ⟦sum⟧."))
    async with inbox(desk) as screen:
        composer = await begun(screen, "r")
        await screen.until(lambda: composer.text == "The sum is ⟦sum⟧.")
        await screen.press("ctrl+home", "tab")
        both = "The sum is ⟦sum⟧.\n\n⟦written to kim@else.example⟧\n\nTo Kim"
        for _ in range(2):
            await screen.press("ctrl+r")
            await screen.until(lambda: [each.text for each in drafts(desk)] == [both])
            assert area(screen).selected_text == "⟦sum⟧"
            assert [each.email for each in composer.head.heads.to] == ["dana@corp.example"]
            await screen.press("ctrl+z")
            await screen.until(
                lambda: {(each.text, each.wording) for each in drafts(desk) if each.aside} == {("To Kim", to_kim)}
            )


async def test_discarding_takes_one_key_and_u_brings_the_text_back(desk: Desk) -> None:
    number = receive(desk).number
    add_note(desk, number, "Ask the bank")
    async with answering(desk, "Never mind") as screen:
        await screen.press("escape", "X")
        await ended(screen)
        await screen.sees("the draft is gone, u brings it back")
        await screen.until(lambda: drafts(desk) == [])
        await screen.press("u")
        await screen.until(lambda: isinstance(screen.app.screen, ComposeScreen))
        await screen.sees("Never mind")
        assert [each.text for each in drafts(desk)] == ["Never mind"]
        await screen.press("escape", "p")
        await ended(screen)
        await screen.misses("draft discarded")
        await screen.press("u")
        await screen.until(lambda: sorted(each.text for each in drafts(desk)) == ["Ask the bank", "Never mind"])


async def test_a_second_u_that_was_on_its_way_is_no_letter_in_the_text_that_the_first_brought_back(desk: Desk) -> None:
    receive(desk)
    async with answering(desk, "Never mind") as screen:
        await screen.press("escape", "X")
        await ended(screen)
        opened = time.monotonic()
        composer = await begun(screen, "u")
        for at in (0.1, 0.5, 0.9):
            screen.app.post_message(pressed("u", opened + at))
        screen.app.post_message(pressed("p", opened + 1.0))
        screen.app.post_message(pressed("u", opened + 1.1))
        await screen.until(lambda: composer.text == "Never mindpu")
        await screen.press("escape", "X")
        await ended(screen)
        composer = await begun(screen, "u")
        screen.app.post_message(pressed("u", time.monotonic() + 0.6))
        await screen.until(lambda: composer.text == "Never mindpuu")


async def test_what_was_said_of_a_text_that_was_thrown_away_is_over_where_the_next_one_is_begun(desk: Desk) -> None:
    receive(desk)
    async with answering(desk, "Never mind") as screen:
        for key in ("r", "n", "f", "c"):
            await screen.press("escape", "X")
            await ended(screen)
            await screen.sees("the draft is gone, u brings it back")
            await screen.press(key)
            if key in ("f", "c"):
                await screen.until(lambda: isinstance(screen.app.screen, RecipientsScreen))
                await screen.misses("u brings it back")
                await screen.type("kim@else.example")
                await screen.press("enter")
            await screen.until(lambda: isinstance(screen.app.screen.focused, DraftArea))
            await screen.misses("u brings it back")
            write(screen, "Never mind")


async def test_an_impatient_second_press_throws_nothing_more_away(desk: Desk) -> None:
    receive(desk)
    async with answering(desk, "Never mind") as screen:
        await screen.press("escape", "X", "X")
        await ended(screen)
        await screen.press("u")
        await screen.until(lambda: [each.text for each in drafts(desk)] == ["Never mind"])
    assert len(desk.store.thrown.of(drafts(desk)[0].ticket)) == 1


async def test_leaving_an_empty_text_takes_one_key(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await begun(screen, "r")
        await screen.press("escape")
        await ended(screen)
    assert drafts(desk) == []


async def test_a_kept_draft_brings_its_macros_checklist_and_actions_back(desk: Desk, macros: Path) -> None:
    number = receive(desk).number
    async with inbox(desk, macros) as screen:
        await begun(screen, ",", "g")
        await screen.press("escape", "p")
        await ended(screen)
        await begun(screen, "r")
        await screen.sees("your draft of", "it is on its way.")
        await screen.press("escape", "y")
        await screen.sees("not sent: 1 required step left", "Will do: +refund")
        assert outbox(desk) == []
        await screen.press("2", "y")
        await ended(screen)
    assert desk.ticket(number).tags == ("refund",)


async def test_a_reply_that_is_taken_back_does_its_macros_actions_when_it_is_sent_again(
    desk: Desk, macros: Path
) -> None:
    number = receive(desk).number
    async with inbox(desk, macros) as screen:
        await sent_with_a_macro_and_taken_back(screen)
        await screen.sees("Steps", "it is on its way.")
        await screen.press("escape", "y")
        await ended(screen)
    assert desk.ticket(number).tags == ("refund",)


async def test_who_goes_on_writing_while_a_locked_store_keeps_the_draft_does_not_leave(
    desk: Desk, tmp_path: Path
) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        composer = await begun(screen, "r")
        write(screen, "Of ana")
        with locked(tmp_path / "desk"):
            await screen.press("escape", "p", "e")
            write(screen, ", and more")
        await screen.until(lambda: [each.text for each in drafts(desk)] == ["Of ana, and more"])
        assert screen.app.screen is composer
        assert composer.text == "Of ana, and more"


async def test_who_goes_on_writing_while_a_locked_store_forgets_the_draft_keeps_the_words(
    desk: Desk, tmp_path: Path
) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        composer = await begun(screen, "r")
        write(screen, "Of ana")
        await screen.press("ctrl+s")
        await screen.sees(" saved ")
        with locked(tmp_path / "desk"):
            await screen.press("escape", "X", "X", "e")
        await screen.until(lambda: [each.text for each in drafts(desk)] == [])
        await screen.until(lambda: [each.text for each in drafts(desk)] == ["Of ana"])
        assert screen.app.screen is composer
