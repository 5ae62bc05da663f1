from __future__ import annotations

import pytest

from desk.errors import ConfigError
from tui.keys import ACTIONS, Action, Context, acting_in
from tui.keys.keymap import Rebinding, keymap, keymap_without_faults, translation


def change(action: str, *keys: str, place: str | None = None) -> Rebinding:
    return Rebinding(action, keys, place, "desk/config.toml", f"screen.keys.{action}")


def keys_of(action: str, actions: tuple[Action, ...], place: Context = Context.LIST) -> tuple[str, ...]:
    return tuple(key for each in acting_in(place, actions) if each.id == action for key in each.keys)


def test_no_change_leaves_the_table_as_it_is() -> None:
    assert keymap(()) is ACTIONS
    assert translation(ACTIONS).of(Context.COMPOSER, "ctrl+s") == "ctrl+s"


def test_an_action_gets_other_keys_several_of_them_and_chords() -> None:
    made = keymap([change("close", "Q", "g x"), change("sync", "F5", "^r")])
    assert keys_of("close", made) == keys_of("close", made, Context.READER) == ("Q", "g x")
    assert keys_of("sync", made) == ("f5", "ctrl+r")


def test_an_action_may_have_no_key_at_all() -> None:
    assert keys_of("status-spam", keymap([change("status-spam")])) == ()


@pytest.mark.parametrize(("key", "other"), [("n", "note"), ("z", "toggle-fold")], ids=["a key", "a chord's beginning"])
def test_a_clash_asks_for_the_other_action_to_give_way_and_never_for_the_one_that_was_just_set(
    key: str, other: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        keymap([change("close", key)])
    assert refused.value.hint == f"give the other one another key too, or none: {other} = []"


def test_all_keys_of_an_action_with_two_rows_are_replaced() -> None:
    assert keys_of("cancel", ACTIONS, Context.READER) == ("escape", "h")
    assert keys_of("cancel", keymap([change("cancel", "escape")]), Context.READER) == ("escape",)


def test_a_change_in_one_place_leaves_the_others_alone() -> None:
    made = keymap([change("undo", "ctrl+z", place="reader")])
    assert keys_of("undo", made, Context.READER) == ("ctrl+z",)
    assert keys_of("undo", made, Context.LIST) == ("u",)


def test_what_is_said_of_one_place_goes_before_what_is_said_of_all() -> None:
    made = keymap([change("undo", "f2", place="reader"), change("undo", "f3")])
    assert keys_of("undo", made, Context.READER) == ("f2",)
    assert keys_of("undo", made, Context.LIST) == ("f3",)


def test_the_later_of_two_changes_of_one_action_counts() -> None:
    assert keys_of("undo", keymap([change("undo", "f2"), change("undo", "f3")])) == ("f3",)


def test_two_actions_may_change_places() -> None:
    made = keymap([change("reply", "n"), change("note", "r")])
    assert (keys_of("reply", made), keys_of("note", made)) == (("n",), ("r",))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (change("replly", "r"), "there is no action “replly”"),
        (change("reply", "r", place="lists"), "no place “lists”"),
        (change("send", "f5", place="list"), "“send” does nothing there"),
        (change("sync", "ctrl+i"), "“ctrl+i” is the same as Tab"),
        (change("sync", "ctrl+m"), "“ctrl+m” is the same as Enter"),
        (change("sync", "^h"), "“^h” is the same as Backspace"),
        (change("sync", "ctrl+j"), "“ctrl+j” is the same as a line break"),
        (change("sync", "alt+x"), "“alt+x” cannot be told from Esc"),
        (change("sync", "shift+x"), "“shift+x” is written as the character itself: X"),
        (change("sync", "ctrl+shift+x"), "“ctrl+shift+x” is no key"),
        (change("sync", "super+x"), "“super+x” is no key"),
        (change("sync", "hyper"), "“hyper” is no key"),
        (change("sync", ""), "“” is no key"),
        (change("sync", "g escape"), "“g escape” cannot be a chord"),
        (change("close", "A"), "“A” ends the bytes of an arrow key"),
        (change("sync", "n"), "“n” would mean two things in the list: “note” (n) and “sync” (n)"),
        (change("sync", "g"), "“g” would mean two things"),
        (change("sync", "e x"), "“e” would mean two things"),
        (change("sync", ", x"), "“,” begins the macros' own keys"),
        (change("help"), "“help” must have a key"),
        (change("quit", place="stats"), "“quit” must have a key"),
        (change("leave", place="tags"), "“leave” must have a key"),
        (change("review"), "“review” must have a key"),
        (change("save", "s"), "“s” is text there"),
        (change("save", "ctrl+x s"), "“ctrl+x s” is a chord"),
    ],
    ids=lambda value: f"{value.action} {' '.join(value.keys)}" if isinstance(value, Rebinding) else "",
)
def test_a_keymap_that_cannot_be_is_refused_in_one_sentence_that_says_where(changed: Rebinding, says: str) -> None:
    with pytest.raises(ConfigError) as refused:
        keymap([changed])
    assert says in refused.value.message
    assert "desk/config.toml" in str(refused.value)
    assert f"screen.keys.{changed.action}" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_clash_is_told_at_the_setting_that_makes_it() -> None:
    with pytest.raises(ConfigError, match=r"screen\.keys\.sync.*note = \[\]"):
        keymap([change("undo", "f2"), change("sync", "n")])


def test_a_letter_that_a_broken_arrow_key_sends_may_move_about() -> None:
    assert keys_of("top", keymap([change("top", "A")])) == ("A",)


def test_a_key_that_a_widget_reads_itself_is_handed_on_as_the_one_it_knows() -> None:
    made = keymap([change("save", "ctrl+x", "f5"), change("send", "s")])
    handed = translation(made)
    assert handed.of(Context.COMPOSER, "ctrl+x") == handed.of(Context.COMPOSER, "f5") == "ctrl+s"
    assert handed.of(Context.COMPOSER, "ctrl+s") is None
    assert handed.of(Context.REVIEW, "s") == "y"
    assert handed.of(Context.REVIEW, "y") is None
    assert handed.of(Context.REVIEW, "p") == "p"


def test_keys_of_widgets_may_change_places() -> None:
    handed = translation(keymap([change("send", "p"), change("keep", "y")]))
    assert (handed.of(Context.REVIEW, "p"), handed.of(Context.REVIEW, "y")) == ("y", "p")


def test_no_two_actions_of_a_place_share_a_name_that_a_keymap_could_mean() -> None:
    for context in Context:
        named: dict[str, Action] = {}
        for action in acting_in(context, ACTIONS):
            other = named.setdefault(action.id, action)
            assert (other.name, other.args, other.typed) == (action.name, action.args, action.typed)


def test_what_cannot_be_is_left_out_and_all_of_it_is_told() -> None:
    wrong = [change("close", "n"), change("clsoe", "x"), change("help"), change("sync", "ctrl+i")]
    made, faults = keymap_without_faults([change("undo", "f2"), *wrong])
    assert keys_of("undo", made) == ("f2",)
    for name in ("close", "note", "help", "sync"):
        assert keys_of(name, made) == keys_of(name, ACTIONS)
    assert {each.key for each in faults} == {each.setting for each in wrong}


def test_what_takes_a_key_that_a_faulty_change_did_not_free_is_left_out_too() -> None:
    made, faults = keymap_without_faults([change("reply", "hyper"), change("note", "r")])
    assert (keys_of("reply", made), keys_of("note", made)) == (("r",), ("n",))
    assert [each.key for each in faults] == ["screen.keys.reply", "screen.keys.note"]
