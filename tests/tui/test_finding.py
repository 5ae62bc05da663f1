from __future__ import annotations

import pytest

from desk.actions.note import add_note
from desk.desk import Desk
from tests.desks import SetClock, receive
from tests.tui.apps import Screen, showing
from tui.reader.lines import Flow, Line, Span
from tui.words.finding import Lines

QUOTED = "\n\nOn Thu, 19 Nov 2026 at 09:30, Acme <support@acme.example> wrote:\n> one\n> two\n> the zebra\n"


def line(text: str, flow: Flow = Flow.NEXT) -> Line:
    return Line((Span(text),), flow=flow)


def marked(lines: list[Line], words: str) -> list[str]:
    """What is marked, line by line."""
    found = Lines(lines).find(words)
    return [lines[at].words[each.begin : each.end] for at in range(len(lines)) for each in found.marks(at)]


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        pytest.param("Die Größe", "grosse", ["Größe"], id="sharp s and umlaut"),
        pytest.param("a CAFÉ here", "cafe", ["CAFÉ"], id="accent"),
        pytest.param("Всё ещё нет", "ЕЩЕ", ["ещё"], id="Cyrillic"),
        pytest.param("ﬁnal ＡＢＣ", "final abc", ["ﬁnal ＡＢＣ"], id="ligature and full width"),
        pytest.param("it’s “so”", 'it\'s "so"', ["it’s “so”"], id="typographic quotes"),
        pytest.param("注文について", "文に", ["文に"], id="script without blanks"),
        pytest.param("pay 12 € now", "12 €", ["12 €"], id="signs"),
        pytest.param("a.*b and a.b", ".*", [".*"], id="no pattern"),
        pytest.param("nothing", "   ", [], id="only blanks"),
    ],
)
def test_case_and_accents_do_not_count_and_exactly_the_words_are_marked(
    text: str, words: str, found: list[str]
) -> None:
    assert marked([line(text)], words) == found


def test_words_are_found_across_the_ends_of_lines_and_the_marks_of_quotations() -> None:
    assert marked([line("> my order", Flow.APART), line("> number is 7")], "order number") == ["order", "number"]
    assert marked([line("supercali", Flow.APART), line("fragilistic", Flow.TORN)], "califrag") == ["cali", "frag"]


def test_words_are_not_found_across_things_that_do_not_belong_together() -> None:
    assert marked([line("Dana", Flow.APART), line("Hello", Flow.APART)], "dana hello") == []


async def opened(screen: Screen) -> None:
    await screen.sees("Dana Petrova")
    await screen.press("enter")
    await screen.until(lambda: screen.inbox.reader.has_focus)


async def test_typing_jumps_live_opens_what_is_folded_and_escape_folds_it_again(desk: Desk, clock: SetClock) -> None:
    number = receive(desk, text="The first zebra came on Monday.", message_id="<1@corp.example>").number
    add_note(desk, number, "No animal here")
    clock.go_on(hours=30)
    receive(desk, subject="Re: Refund", text="It broke again, alas. A ZÉBRA!" + QUOTED, answers=("<1@corp.example>",))
    async with showing(desk) as screen:
        await opened(screen)
        await screen.press("/")
        await screen.type("zebra")
        await screen.sees("1 of 3", "The first zebra came", "> the zebra")
        await screen.press("enter", "n")
        await screen.sees("2 of 3")
        await screen.press("N", "N")
        await screen.sees("3 of 3, from the other end")
        await screen.press("escape")
        await screen.misses("of 3")
