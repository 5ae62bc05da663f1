from __future__ import annotations

import pytest

from tui.terminal.bursts import Bursts


def test_a_moving_key_acts_at_once() -> None:
    assert Bursts[str]().arrive("j", 0.0, moves=True) == "act"


def test_a_key_that_changes_something_is_held_and_then_given_back() -> None:
    bursts: Bursts[str] = Bursts()
    assert bursts.arrive("e", 0.0, moves=False) == "hold"
    assert bursts.take() == ["e"]
    assert bursts.take() == []


def test_moving_keys_behind_a_held_one_keep_their_order() -> None:
    bursts: Bursts[str] = Bursts()
    bursts.arrive("e", 0.0, moves=False)
    assert bursts.arrive("j", 0.001, moves=True) == "hold"
    assert bursts.take() == ["e", "j"]


def test_a_pasted_text_is_dropped_to_its_end() -> None:
    bursts: Bursts[str] = Bursts()
    verdicts = [bursts.arrive(key, 0.0001 * at, moves=key == "j") for at, key in enumerate("enable the job")]
    assert verdicts[:2] == ["hold", "hold"]
    assert set(verdicts[2:]) == {"swallow"}
    assert bursts.take() == []


def test_a_short_paste_with_one_key_that_changes_something_is_dropped() -> None:
    bursts: Bursts[str] = Bursts()
    verdicts = [bursts.arrive(key, 0.0001 * at, moves=key != "e") for at, key in enumerate("hello")]
    assert verdicts == ["act", "hold", "hold", "swallow", "swallow"]
    assert bursts.take() == []


def test_keys_that_a_person_types_at_speed_all_act() -> None:
    bursts: Bursts[str] = Bursts()
    assert [bursts.arrive(key, 0.01 * at, moves=False) for at, key in enumerate("rabcd")] == ["hold"] * 5
    assert bursts.take() == list("rabcd")


def test_two_keys_that_a_slow_line_delivers_at_once_both_act_and_a_third_makes_a_paste() -> None:
    bursts: Bursts[str] = Bursts()
    assert [bursts.arrive("e", 0.0, moves=False), bursts.arrive("t", 0.001, moves=False)] == ["hold", "hold"]
    assert bursts.take() == ["e", "t"]
    assert [bursts.arrive(key, 1.0 + 0.001 * at, moves=False) for at, key in enumerate("etb")][2] == "swallow"


def test_what_is_typed_on_behind_a_dropped_burst_was_meant_for_what_that_would_have_led_to() -> None:
    bursts: Bursts[str] = Bursts()
    for at, key in enumerate("swu?"):
        bursts.arrive(key, 0.0001 * at, moves=key == "?")
    verdicts = [bursts.arrive(key, 0.2 * at, moves=key == "j") for at, key in enumerate("unj", start=1)]
    assert verdicts == ["swallow", "swallow", "act"]
    assert bursts.arrive("u", 1.0, moves=False) == "hold"


def test_after_a_paste_keys_act_again() -> None:
    bursts: Bursts[str] = Bursts()
    for at, key in enumerate("everything"):
        bursts.arrive(key, 0.0001 * at, moves=False)
    assert bursts.arrive("e", 1.0, moves=False) == "hold"


def test_a_bunch_of_held_down_arrow_keys_still_moves() -> None:
    bursts: Bursts[str] = Bursts()
    assert [bursts.arrive("down", 0.0001 * at, moves=True) for at in range(40)] == ["act"] * 40


@pytest.mark.parametrize("text", ["jjee", "jjjee", "jjje", "jeje", "jeee", "eeej"])
def test_a_short_paste_is_dropped_whatever_its_first_keys_are(text: str) -> None:
    bursts: Bursts[str] = Bursts()
    verdicts = [bursts.arrive(key, 0.0001 * at, moves=key == "j") for at, key in enumerate(text)]
    assert verdicts[-1] == "swallow"
    assert bursts.take() == []


@pytest.mark.parametrize("text", ["e", "je", "jje", "jee"])
def test_up_to_three_keys_that_a_slow_line_delivers_at_once_act(text: str) -> None:
    bursts: Bursts[str] = Bursts()
    assert "swallow" not in [bursts.arrive(key, 0.0001 * at, moves=key == "j") for at, key in enumerate(text)]
    assert bursts.take() == list(text.lstrip("j"))


def test_a_key_that_is_typed_behind_a_bunch_of_moving_keys_acts() -> None:
    bursts: Bursts[str] = Bursts()
    assert [bursts.arrive("j", 0.0001 * at, moves=True) for at in range(5)] == ["act"] * 5
    assert bursts.arrive("e", 0.012, moves=False) == "hold"
    assert bursts.take() == ["e"]
    repeated = [bursts.arrive("j", 1.0 + 0.03 * at, moves=True) for at in range(5)]
    assert [*repeated, bursts.arrive("e", 1.13, moves=False)] == ["act"] * 5 + ["hold"]


def test_one_key_that_a_slow_line_brings_many_times_at_once_acts_as_often() -> None:
    bursts: Bursts[str] = Bursts()
    assert [bursts.arrive("u", 0.0001 * at, moves=False) for at in range(10)] == ["hold"] * 10
    assert bursts.take() == ["u"] * 10


def test_keys_on_both_sides_of_a_text_are_no_paste_together() -> None:
    bursts: Bursts[str] = Bursts()
    for at in range(4):
        bursts.arrive("j", 0.0001 * at, moves=True)
    bursts.part()
    assert bursts.arrive("enter", 0.001, moves=False) == "hold"


def test_a_key_that_waited_and_is_pressed_again_counts_once() -> None:
    bursts: Bursts[str] = Bursts()
    for _ in range(3):
        assert bursts.arrive("j", 0.0, moves=True) == "act"
    assert bursts.arrive("e", 0.001, moves=False) == "hold"
