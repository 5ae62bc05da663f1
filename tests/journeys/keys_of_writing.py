"""The keys of texts: while they are written, reviewed and only read, of notes that are edited, and of recipients."""

from __future__ import annotations

from pathlib import Path

from textual.containers import Vertical
from textual.widgets import Input

from desk.actions.draft import save_draft
from desk.actions.note import add_note
from desk.draft import DraftKind
from desk.outgoing import OutboxEntry
from desk.ticket import Status, TicketNumber
from desk.written import Written
from tests.desks import acting_as
from tests.journeys.key_cases import Finding, case, sees
from tests.journeys.key_places import FOUR, ONE, THREE, TWO, Place, focused, home, listed_at, on, written
from tests.journeys.keys_of_side import inbox_is_on_top
from tests.tui.apps import Screen
from tests.tui.composing import area
from tui.keys import Context
from tui.screens.compose import ComposeScreen
from tui.screens.edit_note import EditNoteScreen
from tui.screens.recipients import RecipientsScreen
from tui.screens.snooze import SnoozeScreen

_STEP = 8
"""Lines that PgDn and PgUp move through what is only read."""
_COMPOSER, _REVIEW, _HELD = Context.COMPOSER, Context.REVIEW, Context.HELD


def composer(screen: Screen) -> ComposeScreen:
    top = screen.app.screen
    assert isinstance(top, ComposeScreen)
    return top


async def _forget_drafts(screen: Screen) -> None:
    """Nothing of another try is left."""
    for each in screen.app.desk.store.drafts.shared():
        screen.app.desk.store.drafts.remove(each.id)


async def begin(screen: Screen, number: TicketNumber, *keys: str) -> None:
    """Write on a ticket."""
    await listed_at(screen, number)
    await written(screen)
    await _forget_drafts(screen)
    await screen.press(*keys)
    await screen.until(lambda: on(ComposeScreen)(screen) and bool(screen.app.screen.query("DraftArea")))
    await screen.sees("F1 help")
    await written(screen)


async def _writes(screen: Screen) -> None:
    await begin(screen, ONE, "r")


async def _reviews(screen: Screen) -> None:
    await begin(screen, ONE, "r")
    await screen.press(*"Hi", "escape")
    await screen.until(lambda: _is_review(screen))


def _is_review(screen: Screen) -> bool:
    return on(ComposeScreen)(screen) and screen.app.screen.has_class("-review")


def _writes_on(screen: Screen) -> bool:
    return on(ComposeScreen)(screen) and focused_area(screen) and not screen.app.screen.has_class("-review")


def focused_area(screen: Screen) -> bool:
    return screen.app.focused is not None and screen.app.focused is area(screen)


async def _with_gap(screen: Screen) -> None:
    area(screen).insert("Dear ⟦name⟧, of ⟦town⟧")
    area(screen).move_cursor((0, 0))


async def _with_text(screen: Screen) -> None:
    area(screen).insert("Hello")


def _text_has(words: str) -> Finding:
    return lambda screen: on(ComposeScreen)(screen) and words in area(screen).text


def drafted(number: TicketNumber, words: str) -> Finding:
    """A draft with these words is kept."""
    return lambda screen: any(words in each.text for each in screen.app.desk.store.drafts.of(number))


async def _set_aside(screen: Screen) -> None:
    """Begin anew with a macro, which sets the draft aside that there was."""
    await home(screen)
    save_draft(screen.app.desk, TWO, DraftKind.REPLY, Written("Old words"))
    await listed_at(screen, TWO)
    await screen.press(",", "p")
    await screen.until(lambda: on(ComposeScreen)(screen) and "Old words" not in area(screen).text)
    await screen.sees("set aside")


COMPOSER = Place(
    _COMPOSER,
    _writes,
    (
        *case([_COMPOSER], "review", _is_review, before="H i"),
        *case([_COMPOSER], "review", inbox_is_on_top),
        *case([_COMPOSER], "next-gap", lambda screen: area(screen).selected_text == "⟦name⟧", before=_with_gap),
        *case([_COMPOSER], "insert-macro", sees("Macros", "A plain answer")),
        *case([_COMPOSER], "quote", _text_has("> the zebra")),
        *case([_COMPOSER], "editor", sees("no editor can be opened here"), before=_with_text),
        *case([_COMPOSER], "save", drafted(ONE, "Hello"), before=_with_text),
        *case([_COMPOSER], "bring-draft", _text_has("Old words"), before=_set_aside),
        *case([_COMPOSER], "keys", sees("Keys", "while writing")),
    ),
)


async def _ticks(screen: Screen) -> None:
    """A macro with nine steps and one more."""
    await home(screen)
    await begin(screen, ONE, ",", "n")
    await screen.press("escape")
    await screen.until(lambda: _is_review(screen))


def _is_ticked(screen: Screen) -> bool:
    return (on(ComposeScreen)(screen) and "✓" in screen.text) or "[x]" in screen.text


def _mails(screen: Screen) -> list[OutboxEntry]:
    return [each for each in screen.app.desk.store.outbox.of(ONE) if each.due > screen.app.desk.clock()]


def _is_sent(status: Status, *, sleeps: bool = False) -> Finding:
    def find(screen: Screen) -> bool:
        ticket = screen.app.desk.ticket(ONE)
        return bool(_mails(screen)) and ticket.status is status and bool(ticket.snoozed_until) is sleeps

    return find


async def _with_file(screen: Screen) -> None:
    await screen.press("a")
    await screen.sees("Attach a file")
    await screen.type(str(Path(__file__)))
    await screen.sees("keys_of_writing.py")
    await screen.press("enter")
    await screen.sees("attached keys_of_writing.py")


def _has_file(screen: Screen) -> bool:
    return on(ComposeScreen)(screen) and bool(composer(screen).head.wording.enclosures)


async def _news(screen: Screen) -> None:
    """A colleague writes a long note meanwhile."""
    add_note(acting_as(screen.app.desk, "bo"), ONE, "\n".join(f"Thought {at}" for at in range(60)))
    await screen.sees("read what came")


async def _read_on(screen: Screen) -> None:
    await _news(screen)
    await screen.press("pagedown", "pagedown")
    await screen.until(lambda: _side(screen) > _STEP)


def _side(screen: Screen) -> float:
    return screen.app.screen.query_one("#told", Vertical).scroll_y


async def _lost(screen: Screen) -> None:
    """A colleague takes the draft over meanwhile."""
    await written(screen)
    [draft] = screen.app.desk.store.drafts.of(ONE)
    save_draft(acting_as(screen.app.desk, "bo"), ONE, DraftKind.REPLY, Written("Mine now"), last=draft)
    await screen.sees("t take over")


REVIEW = Place(
    _REVIEW,
    _reviews,
    (
        *case([_REVIEW], "tick", _is_ticked, before=_ticks),
        *case([_REVIEW], "tick-next", _is_ticked, before=_ticks),
        *case([_REVIEW], "send", _is_sent(Status.OPEN)),
        *case([_REVIEW], "send-close", _is_sent(Status.CLOSED)),
        *case([_REVIEW], "send-wait", _is_sent(Status.WAITING)),
        *case([_REVIEW], "send-snoozed", on(SnoozeScreen)),
        *case([_REVIEW], "recipients", on(RecipientsScreen)),
        *case([_REVIEW], "attach", sees("Attach a file")),
        *case([_REVIEW], "detach", lambda screen: not _has_file(screen), before=_with_file),
        *case([_REVIEW], "edit", _writes_on),
        *case([_REVIEW], "editor", sees("no editor can be opened here")),
        *case([_REVIEW], "read-on", lambda screen: _side(screen) > 0, before=_news),
        *case([_REVIEW], "read-back", lambda screen: _side(screen) <= _STEP, before=_read_on),
        *case([_REVIEW], "take-back", lambda screen: not _has_file(screen), before=_with_file),
        *case([_REVIEW], "give", sees("Hand the unfinished text to")),
        *case([_REVIEW], "keep", inbox_is_on_top, drafted(ONE, "Hi")),
        *case([_REVIEW], "discard", inbox_is_on_top, sees("u brings it back")),
        *case([_REVIEW], "take-over", sees("the draft is yours now"), before=_lost),
        *case([_REVIEW], "keys", sees("Keys", "after Esc while writing")),
    ),
    size=(100, 24),
)


async def _holds_back(screen: Screen) -> None:
    """Another one writes; the text is only read."""
    await home(screen)
    await written(screen)
    await _forget_drafts(screen)
    words = "\n".join(f"Word {at}" for at in range(60))
    save_draft(acting_as(screen.app.desk, "bo"), TWO, DraftKind.REPLY, Written(words))
    await listed_at(screen, TWO)
    await screen.press("r")
    await screen.until(lambda: on(ComposeScreen)(screen) and screen.app.screen.has_class("-watching"))
    await screen.sees("? help", "Word 1")


async def _further(screen: Screen) -> None:
    await screen.press("pagedown", "pagedown")
    await screen.until(lambda: _side(screen) > _STEP)


def _goes_back(screen: Screen) -> bool:
    return _STEP < _side(screen) < 2 * _STEP


HELD = Place(
    _HELD,
    _holds_back,
    (
        *case([_HELD], "take-over", sees("t again")),
        *case([_HELD], "leave", inbox_is_on_top),
        *case([_HELD], "line-down", lambda screen: _side(screen) == 1),
        *case([_HELD], "line-up", _goes_back, before=_further),
        *case([_HELD], "read-on", lambda screen: _side(screen) == _STEP),
        *case([_HELD], "read-back", lambda screen: 0 < _side(screen) <= _STEP, before=_further),
        *case([_HELD], "keys", sees("Keys", "while a draft is only read")),
    ),
)


async def _edits_note(screen: Screen) -> None:
    await listed_at(screen, THREE)
    screen.inbox.action_edit_note()
    await screen.until(lambda: on(EditNoteScreen)(screen) and bool(screen.app.screen.query("DraftArea")))
    await written(screen)


async def _other_words(screen: Screen) -> None:
    area(screen).insert(" Twice.")


async def _calls(screen: Screen) -> None:
    area(screen).insert(" @b")


NOTE = Place(
    Context.EDITED_NOTE,
    _edits_note,
    (
        *case([Context.EDITED_NOTE], "save", inbox_is_on_top, sees("edited"), before=_other_words),
        *case([Context.EDITED_NOTE], "next-gap", lambda screen: "@bo" in area(screen).text, before=_calls),
        *case([Context.EDITED_NOTE], "leave", inbox_is_on_top),
        *case([Context.EDITED_NOTE], "leave", sees("Esc again"), before=_other_words),
        *case([Context.EDITED_NOTE], "keys", sees("Keys", "while editing a note")),
    ),
)


async def _recipients(screen: Screen) -> None:
    await begin(screen, FOUR, "r")
    await screen.press(*"Hi", "escape")
    await screen.until(lambda: _is_review(screen))
    await screen.press("c")
    await screen.until(lambda: on(RecipientsScreen)(screen) and screen.app.focused is not None)


RECIPIENTS = Place(
    Context.RECIPIENTS,
    _recipients,
    (
        *case([Context.RECIPIENTS], "take-form", _is_review),
        *case([Context.RECIPIENTS], "leave", _is_review),
        *case([Context.RECIPIENTS], "next", focused("cc")),
        *case([Context.RECIPIENTS], "before", focused("subject")),
        *case([Context.RECIPIENTS], "copies", lambda screen: not screen.app.screen.query_one("#cc", Input).value),
        *case([Context.RECIPIENTS], "keys", sees("Keys", "among the recipients")),
    ),
)
