"""What events, colleagues and the screen say in Russian and Bulgarian: nothing of it is English, and it is grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from desk.actions.assign import assign
from desk.actions.note import add_note
from desk.actions.snooze import snooze
from desk.actions.tag import tag
from desk.conversation import Change, Event, Happened
from desk.desk import Desk
from desk.moves import FROM, INTO, MOVED
from desk.people import Handle
from desk.sleep import BY, WHY
from tests.desks import acting_as, receive
from tests.tui.dressing import dressed
from tests.tui.test_telling import event
from tui.news import told as told_of_a_colleague
from tui.settings import ScreenSettings
from tui.words.telling import told
from tui.words.tongue import speak

ANYBODY = Handle("ая")
SLEEP = "2026-11-24T09:00:00Z ая"
_ENGLISH = re.compile(r"[A-Za-z]{2,}")
_NAMES = re.compile(r"\bTandem\b")
_ANY = {
    "to": "бо", "by": "ая", "of": "Дана", "new": "тема", "wrote": "Дана", "got": "Лев", "text": "звонок", "said": "нет",
    "found": "там", "why": "так", "after": "Дана", "macro": "чай", "follows": "3", "ticket": "3", "other": "3",
    "tickets": "3 4", "others": "3 4", "newer": "1 2", "fields": "name company notes",
    "left_out": "кто", "outcome": "так", "kind": "reply",
    "due": "2026-11-24T09:00:00+00:00",
}  # fmt: skip
_CHANGES = {
    Happened.ASSIGNED: [Change("assignee", None, "ая"), Change("assignee", None, "бо"), Change("assignee", "бо", None)],
    Happened.TAGGED: [Change("tags", ("чай",), ("мёд",))],
    Happened.STATUS_CHANGED: [Change("status", "open", each) for each in ("closed", "open", "waiting", "spam")],
    Happened.PRIORITY_CHANGED: [Change("priority", "normal", each) for each in ("low", "high", "urgent")],
    Happened.SNOOZED: [Change("snoozed_until", None, SLEEP), Change("snoozed_until", None, f"{SLEEP} through")],
    Happened.WOKEN: [Change("snoozed_until", SLEEP, None)],
}


def events() -> Iterator[Event]:
    """One of each kind at least, whose values are of no Latin letters."""
    for what in Happened:
        told_of = replace(event(what), author=ANYBODY, detail=_ANY)
        yield told_of
        yield from (replace(told_of, changes=(each,)) for each in _CHANGES.get(what, ()))
    for kind in ("in_sent", "answered", "bounced", "not_in_sent", "forward", "note"):
        yield replace(event(Happened.EVIDENCE), author=ANYBODY, detail={**_ANY, "kind": kind})
        yield replace(event(Happened.DRAFT_GIVEN), author=ANYBODY, detail={**_ANY, "kind": kind})
    for why in ("time", "answer"):
        yield replace(event(Happened.WOKEN, *_CHANGES[Happened.WOKEN]), author=ANYBODY, detail={WHY: why, BY: "ая"})
    for where in (FROM, INTO):
        yield replace(event(Happened.SPLIT), author=ANYBODY, detail={where: "3", MOVED: "1 2"})
        yield replace(event(Happened.MERGED), author=ANYBODY, detail={where: "3"})


@pytest.mark.parametrize("language", ["ru", "bg"])
def test_no_event_is_told_in_english(language: str) -> None:
    speak(language)
    for each in events():
        for words in (told(each), told_of_a_colleague(each)):
            assert not _ENGLISH.search(_NAMES.sub("", words)), (each.what, words)


@pytest.mark.parametrize(
    ("language", "tells"),
    [
        ("ru", ("bo: взято в работу", "теги refund", "отложено до вт 24 ноя 2026", "ЗАМЕТКА  bo")),
        ("bg", ("bo: взе я", "сложи етикети refund", "отложи я до вт 24 ное 2026", "БЕЛЕЖКА  bo")),
    ],
    ids=["ru", "bg"],
)
async def test_the_reader_tells_events_and_their_days_in_the_language(
    desk: Desk, language: str, tells: tuple[str, ...]
) -> None:
    number, bo = receive(desk).number, acting_as(desk, "bo")
    assign(bo, number, Handle("bo"))
    tag(bo, number, ["refund"])
    add_note(bo, number, "Look")
    snooze(bo, number, desk.clock() + timedelta(days=4))
    async with dressed(desk, ScreenSettings(language=language), (100, 30)) as screen:
        await screen.press("g", "z")
        await screen.until(lambda: screen.cursor == number)
        await screen.press("enter")
        await screen.sees(*tells)


@pytest.mark.parametrize(
    ("language", "closed", "back"),
    [
        ("ru", "3 заявки: закрыто, u вернёт", "отменено, 3 заявки: статус"),
        ("bg", "3 заявки: затворено", "върнато по 3 заявки"),
    ],
    ids=["ru", "bg"],
)
async def test_what_is_done_to_several_is_said_in_their_form(desk: Desk, language: str, closed: str, back: str) -> None:
    for subject in ("Printer", "Parcel", "Refund"):
        receive(desk, subject=subject)
    async with dressed(desk, ScreenSettings(language=language), (100, 30)) as screen:
        await screen.until(lambda: screen.cursor is not None)
        await screen.press("*", "e")
        await screen.sees(closed)
        await screen.press("u")
        await screen.sees(back)
