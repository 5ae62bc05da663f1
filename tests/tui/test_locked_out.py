"""A desk that somebody keeps for longer than anybody's patience: what keys asked for follows, or is told of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desk.actions.merge import merge
from desk.actions.note import add_note
from desk.desk import Desk
from desk.draft import DraftKind
from desk.errors import StoreUnreachable
from desk.ticket import Status
from storage.database import TicketStore, open_store
from storage.shared import SharedStore
from tests.desks import acting_as
from tests.tui.apps import NARROW, Screen
from tests.tui.composing import ONE, area, drafts, editing, ended, events_of, inbox, outbox, write
from tests.tui.filling import several
from tests.tui.held_up import locked, slow_writes
from tui.composer.leftovers import leftovers, whose
from tui.outdated import put_down, unkept_on
from tui.screens.compose import ComposeScreen
from tui.threads import errands

_PATIENCE = 0.05


class Patient(SharedStore):
    """A store that knows how often somebody went on waiting, and for whom another program keeps nothing."""

    def __init__(self, store: TicketStore) -> None:
        super().__init__(store)
        self.waits = 0

    def insist(self, goes_on: Callable[[], bool]) -> None:
        """Count how often it is asked."""

        def asked() -> bool:
            self.waits += 1
            return goes_on()

        super().insist(asked)


@pytest.fixture
def store(desk: Desk, tmp_path: Path) -> Iterator[Patient]:
    desk.store.secret()  # as on every desk that anybody was answered from: else it is made first
    store = Patient(open_store(tmp_path / "desk" / "desk.db", patience=_PATIENCE))
    yield store
    store.close()


async def waited(screen: Screen, store: Patient) -> None:
    """Wait until the patience of the store has ended more than once."""
    before = store.waits
    await screen.until(lambda: store.waits > before + 2)


async def test_what_was_asked_for_follows_by_itself_however_long_the_desk_was_kept(
    desk: Desk, store: Patient, tmp_path: Path
) -> None:
    first, second = several(desk, 2)
    async with inbox(replace(desk, store=store), size=NARROW) as screen:
        await screen.sees("Subject 1")
        with locked(tmp_path / "desk"):
            await screen.press("e", "p", "u")
            await waited(screen, store)
            await screen.sees("closed 1 (+1): another write is taking long")
            assert "Subject 0" not in screen.text
            assert "not saved" not in screen.text
            assert desk.ticket(first).status is Status.OPEN
        await screen.until(lambda: desk.ticket(second).priority == "urgent")
        assert desk.ticket(first).status is Status.CLOSED


async def test_what_waits_can_be_taken_back(desk: Desk, store: Patient, tmp_path: Path) -> None:
    (number,) = several(desk, 1)
    async with inbox(replace(desk, store=store)) as screen:
        with locked(tmp_path / "desk"):
            await screen.press("e", "u")
            await waited(screen, store)
        await screen.until(lambda: len(events_of(desk, number)) > 2)
        await screen.sees("Subject 0")
        assert desk.ticket(number).status is Status.OPEN


async def test_a_conflict_is_told_until_it_was_seen(
    desk: Desk, store: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errands, "_STUCK", 0.0)
    first, second = several(desk, 2)
    bo = acting_as(desk, "bo")
    async with inbox(replace(desk, store=store)) as screen:
        await screen.sees("Subject 1")
        with bo.store.transaction():
            merge(bo, [first], second)
            await screen.press("e")
            await waited(screen, store)
        await screen.sees("not saved: closed 1: ", "merged")
        screen.app.say("something else")
        await screen.sees("not saved: closed 1: ")
        screen.app.fall_silent()
        await screen.sees("not saved: closed 1: ")


async def test_what_failed_reads_so_until_a_key_is_pressed_by_who_can_have_read_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    several(desk, 2)
    async with inbox(desk, size=NARROW) as screen:
        screen.app.act("closed 4", fails)
        screen.app.act("closed 5", fails)
        await screen.sees("not saved: closed 4, closed 5: the disk is full")
        await screen.press("j")
        await screen.sees("not saved: closed 4, closed 5: the disk is full")
        screen.app.act("closed 4", lambda _: None)
        await screen.sees("not saved: closed 5: the disk is full")
        monkeypatch.setattr("tui.bulletin._READ_IN", 0.0)
        await screen.press("k")
        await screen.until(lambda: not screen.app.said.text)


def fails(_: Desk) -> None:
    raise StoreUnreachable("the disk is full", "make room")


async def test_a_mail_that_waits_is_sent_once(desk: Desk, store: Patient, tmp_path: Path) -> None:
    several(desk, 1)
    async with inbox(replace(desk, store=store)) as screen:
        await screen.press("r")
        await screen.until(lambda: isinstance(screen.app.screen, ComposeScreen))
        write(screen, "Hello")
        await screen.press("escape")
        await screen.sees("Re: Subject 0")
        with locked(tmp_path / "desk"):
            await screen.press("y", "y")
            await waited(screen, store)
            assert area(screen).text == "Hello"
            assert outbox(desk) == []
        await ended(screen)
    assert len(outbox(desk)) == 1
    assert drafts(desk) == []


async def test_a_text_that_is_typed_on_waits_once(
    desk: Desk, store: Patient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    several(desk, 1)
    async with inbox(replace(desk, store=store)) as screen:
        await screen.press("r")
        await screen.until(lambda: isinstance(screen.app.screen, ComposeScreen))
        composer = screen.app.screen
        assert isinstance(composer, ComposeScreen)
        await screen.until(lambda: not composer.is_beginning and not screen.app.unwritten)
        with locked(tmp_path / "desk"):
            for text in ("One", "Two", "Three"):
                write(screen, text)
                composer.parts.manuscript.autosave()
            assert screen.app.unwritten == ["draft on 1"]
            await waited(screen, store)
        await screen.until(lambda: [each.text for each in drafts(desk, ONE)] == [area(screen).text])


async def test_other_words_for_a_note_that_stayed_in_a_file_are_offered(desk: Desk) -> None:
    several(desk, 1)
    add_note(desk, ONE, "Mind the bank")
    async with inbox(desk) as screen:
        await screen.press("enter")
        await screen.until(lambda: screen.shown == ONE)
        await editing(screen)
        with slow_writes(screen):
            await screen.type("!")
            await screen.until(lambda: "Mind the bank!" in unkept_on(screen.app.screen_stack).values())
            put_down(unkept_on(screen.app.screen_stack), whose(desk))
    [leftover] = leftovers(whose(desk))
    assert (leftover.number, leftover.kind, leftover.text) == (ONE, DraftKind.NOTE, "Mind the bank!")


async def test_a_mail_that_the_store_refused_is_said_not_to_be_sent(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    several(desk, 1)
    async with inbox(desk) as screen:
        await screen.press("r")
        await screen.until(lambda: isinstance(screen.app.screen, ComposeScreen))
        write(screen, "Hello")
        await screen.press("escape")
        await screen.sees("Re: Subject 0")
        full = StoreUnreachable("the disk is full", "make room")
        monkeypatch.setattr(screen.app.screen, "send_mail", lambda desk, answer: full)
        await screen.press("y")
        await screen.sees("not sent: the disk is full")
        assert area(screen).text == "Hello"
