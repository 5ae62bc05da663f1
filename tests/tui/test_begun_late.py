"""What a composer begins with comes late where another process keeps the desk: nothing typed meanwhile is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desk.actions.draft import save_draft
from desk.actions.keep_beginning import keep_beginning, kept_beginnings
from desk.beginning import Beginning
from desk.desk import Desk
from desk.draft import DraftKind
from desk.written import Written
from storage.database import open_store
from storage.shared import SharedStore
from tests.desks import receive
from tests.tui.apps import Screen
from tests.tui.composing import ONE, area, drafts, ended, inbox
from tests.tui.held_up import locked, slow_reads
from tui.composer.first_mails import BeginningKeeper
from tui.screens.compose import ComposeScreen
from tui.screens.recipients import RecipientsScreen


class Hasty(SharedStore):
    """A store that fails a screen which waits for others, as a full disk would."""

    def insist(self, goes_on: Callable[[], bool]) -> None:
        """Let nobody wait on."""


@pytest.fixture
def hasty(desk: Desk, tmp_path: Path) -> Iterator[Desk]:
    """The same desk with one mail in it, whose store waits for others only a moment."""
    receive(desk)
    me = replace(desk.me, signature="Ana of Acme")
    desk.store.agents.put(me)
    desk.store.secret()  # as on every desk that anybody was answered from: else it is made first
    store = Hasty(open_store(tmp_path / "desk" / "desk.db", patience=0.3))
    yield replace(desk, store=store, acting=me)
    store.close()


async def refused(screen: Screen, key: str) -> ComposeScreen:
    """Press a key that opens the composer, and wait until the store was too busy for its beginning."""
    await screen.press(key)
    await screen.sees("draft on 1: ", "locked")
    composer = screen.app.screen
    assert isinstance(composer, ComposeScreen)
    return composer


async def test_a_forward_asks_for_whom_as_soon_as_the_desk_is_free_again(hasty: Desk, tmp_path: Path) -> None:
    async with inbox(hasty) as screen:
        with locked(tmp_path / "desk"):
            await refused(screen, "f")
        await screen.until(lambda: isinstance(screen.app.screen, RecipientsScreen))
        await screen.type("claims@bank.example")
        await screen.press("enter")
        await screen.sees(" FORWARD ", "claims@bank.example")


async def test_no_form_opens_over_a_forward_that_is_being_typed_by_then(hasty: Desk, tmp_path: Path) -> None:
    async with inbox(hasty) as screen:
        with locked(tmp_path / "desk"):
            composer = await refused(screen, "f")
            await screen.type("Please ")
            await screen.until(lambda: "Please " in composer.text)
            assert not composer.is_beginning
        await screen.sees("nobody gets this yet: Esc, then c says whom")
        await screen.type("look.")
        await screen.until(lambda: "Please look." in composer.text)
        await screen.press("escape", "c")
        await screen.until(lambda: isinstance(screen.app.screen, RecipientsScreen))
    assert len(drafts(hasty)) == 1


async def test_an_answer_typed_while_the_desk_is_locked_is_kept_once_and_signed(hasty: Desk, tmp_path: Path) -> None:
    async with inbox(hasty) as screen:
        with locked(tmp_path / "desk"):
            composer = await refused(screen, "r")
            await screen.type("Hello")
            await screen.press("ctrl+s")
            await screen.until(lambda: composer.text == "Hello")
            await screen.press("escape")
            await screen.sees("dana@corp.example", "Ana of Acme", "Re: Refund")
            await screen.press("e")
            await screen.type(" Dana")
        await screen.until(lambda: len(drafts(hasty)) == 1)
        await screen.press("escape")
        await screen.sees("Hello Dana", "Ana of Acme", "dana@corp.example")
        await screen.press("p")
        await ended(screen)
    [draft] = drafts(hasty)
    assert draft.text.startswith("Hello Dana")
    assert not draft.aside


async def test_whom_it_goes_to_is_not_said_to_be_nobody_before_it_is_known(hasty: Desk, tmp_path: Path) -> None:
    async with inbox(hasty) as screen:
        with locked(tmp_path / "desk"):
            composer = await refused(screen, "r")
            with slow_reads(screen):
                await screen.type("Hello")
                await screen.until(lambda: composer.text == "Hello")
                await screen.press("escape")
                await screen.sees("To       …", "Subject  …")
                assert "nobody yet" not in screen.text
                assert composer.missing(composer.text) == "the desk is busy, the signature has yet to be read"
            await screen.sees("To       Dana", "Ana of Acme")


async def test_a_kept_text_comes_back_once_the_desk_is_free_again(hasty: Desk, tmp_path: Path) -> None:
    save_draft(hasty, ONE, DraftKind.REPLY, Written("Before"))
    async with inbox(hasty) as screen:
        with locked(tmp_path / "desk"):
            await refused(screen, "r")
        await screen.until(lambda: area(screen).text == "Before")


@pytest.mark.parametrize(
    ("typed", "told"),
    [("", "no editor can be opened here"), ("Hello", "^g goes on in the editor")],
    ids=["untouched", "typed"],
)
async def test_the_editor_that_an_answer_begins_in_opens_late_but_over_no_words(
    hasty: Desk, tmp_path: Path, typed: str, told: str
) -> None:
    async with inbox(hasty) as screen:
        with locked(tmp_path / "desk"):
            composer = await refused(screen, "R")
            await screen.type(typed)
            await screen.until(lambda: composer.text == typed)
        await screen.sees(told)
        assert composer.text == typed


def test_a_first_mail_that_could_not_be_shown_yet_stays_beside_what_is_written(desk: Desk) -> None:
    kept = keep_beginning(desk, Beginning(mailbox="support", text="Before"))
    keeper = BeginningKeeper("support", kept)
    keeper.save(desk, Written("Now"), is_read=False)
    assert keeper.begin_late(desk, "Now").draft is None
    keeper.save(desk, Written("Now, and more"), is_read=False)
    assert {each.beginning.text for each in kept_beginnings(desk)} == {"Before", "Now, and more"}
