from __future__ import annotations

from tui.keys import ACTIONS, Action, Context, acting_in
from tui.keys.chords import Chords, Waiting


def named(pressed: object) -> tuple[str, tuple[str, ...]]:
    assert isinstance(pressed, Action)
    return pressed.name, pressed.args


def test_a_single_key_acts_at_once() -> None:
    assert named(Chords(ACTIONS).press("e", Context.LIST)) == ("close", ())


def test_a_chord_says_what_may_follow_and_then_acts() -> None:
    chords = Chords(ACTIONS)
    waiting = chords.press("g", Context.LIST)
    assert isinstance(waiting, Waiting)
    assert ("i", ("inbox",)) in [(key, action.args) for key, action in waiting.choices]
    assert chords.waiting
    assert named(chords.press("m", Context.LIST)) == ("view", ("mine",))
    assert not chords.waiting


def test_escape_gives_a_chord_up_and_nothing_else_happens() -> None:
    chords = Chords(ACTIONS)
    chords.press("s", Context.LIST)
    assert chords.press("escape", Context.LIST) == "given up"
    assert named(chords.press("e", Context.LIST)) == ("close", ())


def test_a_key_that_fits_no_chord_gives_it_up_instead_of_acting_alone() -> None:
    chords = Chords(ACTIONS)
    chords.press("g", Context.LIST)
    assert chords.press("y", Context.LIST) == "given up"


def test_a_key_nobody_knows_is_left_to_the_widget() -> None:
    assert Chords(ACTIONS).press("Q", Context.LIST) == "unknown"


def test_macro_hot_keys_of_two_letters_follow_the_comma() -> None:
    macro = Action("run_macro", (", r x",), "Refund", "", frozenset({Context.LIST}), ("refund",))
    chords = Chords(ACTIONS, lambda: [macro])
    assert isinstance(chords.press(",", Context.LIST), Waiting)
    assert isinstance(chords.press("r", Context.LIST), Waiting)
    assert chords.press("x", Context.LIST) is macro


def test_no_key_of_a_context_means_two_things() -> None:
    for context in Context:
        keys = [key for action in acting_in(context) for key in action.keys]
        assert len(keys) == len(set(keys)), context
        beginnings = {key.rsplit(" ", 1)[0] for key in keys if " " in key}
        assert not beginnings & set(keys), context


def test_keys_that_end_a_broken_escape_sequence_do_nothing_that_matters() -> None:
    for context in (Context.LIST, Context.READER, Context.OUTBOX, Context.STATS):
        for action in acting_in(context):
            if {"A", "B", "C", "D", "F", "H", "I", "M", "O", "["} & set(action.keys):
                assert action.moves, action
