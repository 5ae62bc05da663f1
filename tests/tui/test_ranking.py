from __future__ import annotations

import pytest

from desk.actions.tag import tag
from desk.desk import Desk
from desk.people import Address, Agent, Handle
from tests.desks import receive
from tests.tui.apps import Screen
from tests.tui.composing import inbox
from tui.screens.pickers import Choices
from tui.words.ranking import Words, nearest, ranked


def rows(screen: Screen) -> list[str]:
    """What is offered, as it is painted, from the top."""
    choices = screen.app.screen.query_one(Choices)
    return [str(option.prompt) for option in choices.options]


async def test_the_palette_ranks_a_name_one_sees_above_an_action_whose_hidden_name_begins_alike(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.press(":")
        await screen.sees("Command")
        await screen.type("bo")
        await screen.sees("bo's tickets", "assign to bo", "to the end")
        first, second, *others = rows(screen)
        assert "bo's tickets" in first
        assert "assign to bo" in second
        assert any("to the end" in each for each in others)


@pytest.mark.parametrize(
    ("typed", "first"),
    [("bottom", "to the end"), ("take", "assign to yourself"), ("G", "to the end"), ("tkt", "ticket")],
)
async def test_the_palette_takes_a_whole_name_or_a_key_at_its_word(desk: Desk, typed: str, first: str) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.press(":")
        await screen.sees("Command")
        await screen.type(typed)
        await screen.until(lambda: any(first in each for each in rows(screen)[:1]))


@pytest.mark.parametrize(("name", "taken_for"), [("Sam", "spam"), ("Priya", "priority: normal"), ("Tom", "customer")])
async def test_a_customers_name_stands_above_actions_that_only_hold_its_letters(
    desk: Desk, name: str, taken_for: str
) -> None:
    receive(desk, sender=Address("someone@corp.example", name), subject="Kettle")
    async with inbox(desk) as screen:
        await screen.press(":")
        await screen.sees("Command")
        await screen.type(name.lower())
        await screen.until(lambda: any(taken_for in each for each in rows(screen)))
        assert "Kettle" in rows(screen)[0]


async def test_the_help_ranks_what_one_sees_above_hidden_names_too(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.press("?")
        await screen.sees("in the list")
        await screen.type("wait")
        await screen.until(lambda: "wait" in rows(screen)[0])
        seen = ["wait" in each for each in rows(screen)]
        assert seen == sorted(seen, reverse=True)


async def test_a_colleague_whose_name_is_typed_stands_above_those_who_only_hold_the_letters(desk: Desk) -> None:
    receive(desk)
    for handle, name in (("al", "Al Jacobo"), ("cy", "Cyril Bobrov"), ("dee", "Dee Bo")):
        desk.store.agents.put(Agent(handle=Handle(handle), name=name))
    async with inbox(desk) as screen:
        await screen.press("a", "o")
        await screen.sees("Assign 1 to", "Cyril Bobrov")
        await screen.type("bo")
        await screen.misses("Ana Petrova")
        assert [each.split()[0] for each in rows(screen)] == ["bo", "dee", "cy", "al"]


async def test_a_tag_that_is_typed_whole_stands_above_longer_ones(desk: Desk) -> None:
    tag(desk, receive(desk, sender=Address("eve@x.example", "Eve")).number, ("prebill", "billing", "bill", "to-bill"))
    receive(desk)
    async with inbox(desk) as screen:
        await screen.press("j", "t")
        await screen.type("bill")
        await screen.until(lambda: len(rows(screen)) == 4)
        assert [each.split()[-1] for each in rows(screen)] == ["bill", "to-bill", "billing", "prebill"]


def test_words_come_before_letters_and_what_is_seen_before_what_is_hidden() -> None:
    things = {
        "hidden inside": Words("", "enclosed"),
        "inside": Words("enclosed"),
        "hidden beginning": Words("", "the closet"),
        "hidden word": Words("", "to close"),
        "beginning": Words("the closet"),
        "beginning of it": Words("closet"),
        "word": Words("to close"),
        "called so": Words("", "", ("x", "close")),
    }
    fit = list(reversed(things))
    assert ranked(things.items(), "close") == fit
    assert ranked(things.items(), "CLOSE") == fit[1:]
    assert ranked(things.items(), "close nothing") == []


def test_initials_and_strewn_letters_fit_last() -> None:
    names = ["refund", "rye for dinner", "grfd", "rfd"]
    assert nearest(names, "rfd") == ["rfd", "grfd", "rye for dinner", "refund"]
    assert nearest(["refund", "the fee"], "fd") == []


def test_every_typed_word_must_fit_in_any_order() -> None:
    assert nearest(["close the ticket", "close", "ticket"], "tick clo") == ["close the ticket"]


def test_names_that_fit_alike_and_all_names_where_nothing_is_typed_stay_in_order() -> None:
    assert nearest(["b", "a"], " ") == ["b", "a"]
    assert nearest(["rev b", "rev a"], "rev") == ["rev b", "rev a"]
