from __future__ import annotations

from pathlib import Path

import pytest

from desk.desk import Desk
from desk.errors import RefusedError
from macros.library import Library
from tests.desks import receive
from tests.tui.apps import showing
from tests.tui.composing import area, begun, inbox
from tui.composer.draft_text import called_at
from tui.composer.offering import meant
from tui.screens.ask import AskPrompt
from tui.screens.compose import ComposeScreen
from tui.screens.recipients import RecipientsScreen


@pytest.fixture
def macros(tmp_path: Path) -> Path:
    folder = tmp_path / "macros"
    folder.mkdir()
    files = {
        "greet": "name: Greeting\nkey: g\nreply: public",
        "greet-formal": "name: Greeting, formal\nreply: public",
        "payback": "name: Pay back\ndo:\n  - tag: [+refund]\nask:\n  amount: {label: Sum, type: money}\nreply: public",
        "inside": "name: Inside\nreply: note",
    }
    bodies = {
        "greet": "Good day {{ customer.first_name }},",
        "greet-formal": "Dear customer,\n\nyours ⟦what⟧ and ⟦when⟧.",
        "payback": "We pay {{ ask.amount }} back.",
        "inside": "For agents.",
    }
    for name, front in files.items():
        (folder / f"{name}.md").write_text(f"---\n{front}\n---\n{bodies[name]}\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("line", "column", "name"),
    [
        (":refund", 7, "refund"),
        ("Hello :refund", 13, "refund"),
        ("(:refund", 8, "refund"),
        ("Hello :refund there", 13, "refund"),
        ("Hello :refund-late there", 9, "refund-late"),
        ("Привет :возврат", 15, "возврат"),
        ("at 10:30", 8, None),
        ("https://x", 9, None),
        ("Note:", 5, None),
        (":)", 2, None),
        ("a :refund ", 10, None),
        (":", 1, None),
    ],
)
def test_a_macros_name_is_a_word_that_begins_with_a_colon(line: str, column: int, name: str | None) -> None:
    called = called_at(line, column)
    assert (called.name if called else None) == name
    assert called is None or line[called.start : called.end] == f":{name}"


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("greet", "greet"),
        ("g", "greet"),
        ("GREETING-formal", "greet-formal"),
        ("pay", "payback"),
        ("pay-back", "payback"),
    ],
    ids=["file name", "key", "own name", "its beginning", "name with a dash"],
)
def test_a_word_means_one_macro(macros: Path, typed: str, slug: str) -> None:
    assert meant(Library(macros).macros(), typed).slug == slug


@pytest.mark.parametrize(
    ("typed", "words"), [("gre", ":greet, :greet-formal"), ("nonsense", "no macro is called “nonsense”")]
)
def test_a_word_that_means_none_or_several_says_so(macros: Path, typed: str, words: str) -> None:
    with pytest.raises(RefusedError) as refused:
        meant(Library(macros).macros(), typed)
    assert words in str(refused.value)


async def test_a_name_and_tab_become_the_macro_where_the_cursor_stands_in_one_change(desk: Desk, macros: Path) -> None:
    receive(desk)
    async with inbox(desk, macros) as screen:
        await begun(screen, "r")
        area(screen).insert("Before.\n:greet\nAfter.")
        area(screen).move_cursor((1, 6))
        await screen.press("tab")
        await screen.until(lambda: area(screen).text == "Before.\nGood day Dana,\nAfter.")
        assert area(screen).cursor_location == (1, len("Good day Dana,"))
        await screen.press("ctrl+z")
        await screen.until(lambda: area(screen).text == "Before.\n:greet\nAfter.")
        await screen.press("ctrl+y")
        await screen.until(lambda: area(screen).text == "Before.\nGood day Dana,\nAfter.")


async def test_its_first_gap_is_chosen_and_tab_goes_on_to_the_next(desk: Desk, macros: Path) -> None:
    receive(desk)
    async with inbox(desk, macros) as screen:
        await begun(screen, "r")
        await screen.type(":greet-formal")
        await screen.press("tab")
        await screen.until(lambda: area(screen).selected_text == "⟦what⟧")
        await screen.press("tab")
        await screen.until(lambda: area(screen).selected_text == "⟦when⟧")


async def test_a_name_that_no_macro_has_says_so_and_touches_nothing(desk: Desk, macros: Path) -> None:
    receive(desk)
    async with inbox(desk, macros) as screen:
        await begun(screen, "r")
        area(screen).insert("Hello ⟦gap⟧ :nonsense")
        await screen.press("tab")
        await screen.sees("no macro is called “nonsense”")
        assert area(screen).text == "Hello ⟦gap⟧ :nonsense"
        assert area(screen).selected_text == ""
        area(screen).insert(" :inside")
        await screen.press("tab")
        await screen.sees("“Inside” is an internal note, not for the customer")
        assert area(screen).text.endswith(":inside")


async def test_a_macro_asks_and_what_it_does_goes_with_its_text(desk: Desk, macros: Path) -> None:
    receive(desk)
    async with inbox(desk, macros) as screen:
        await begun(screen, "r")
        await screen.type("So :payback")
        await screen.press("tab")
        await screen.until(lambda: isinstance(screen.app.screen, AskPrompt))
        await screen.type("20 EUR")
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.app.screen, ComposeScreen))
        await screen.until(lambda: "We pay" in area(screen).text)
        assert area(screen).text.startswith("So We pay")
        await screen.sees("Will do: ")
        await screen.press("ctrl+z")
        await screen.until(lambda: area(screen).text == "So :payback")
        await screen.misses("Will do: ")
        await screen.press("ctrl+y")
        await screen.sees("Will do: ")


async def test_a_first_mail_takes_macros_too(desk: Desk, macros: Path) -> None:
    async with showing(desk, macros=macros) as screen:
        await screen.press("c")
        await screen.until(lambda: isinstance(screen.app.screen, RecipientsScreen))
        await screen.type("Kim Else <kim@else.example>")
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.app.screen, ComposeScreen))
        await screen.type(":greet")
        await screen.press("tab")
        await screen.until(lambda: area(screen).text == "Good day Kim,")
        await screen.press("ctrl+t")
        await screen.sees("Pay back")
        await screen.press("escape")


async def test_a_second_tab_that_was_on_its_way_asks_nothing_twice(desk: Desk, macros: Path) -> None:
    receive(desk)
    async with inbox(desk, macros) as screen:
        await begun(screen, "r")
        await screen.type("So :payback")
        area(screen).action_gap(1)
        area(screen).action_gap(1)
        await screen.until(lambda: isinstance(screen.app.screen, AskPrompt))
        await screen.type("20 EUR")
        await screen.press("enter")
        await screen.until(lambda: "We pay" in area(screen).text)
        await screen.press("escape")
        await screen.sees("y send")
        assert area(screen).text.count("We pay") == 1
