"""The keys of what is chosen from, of the small forms and of the previews: their own fields and screens read them."""

from __future__ import annotations

from tui.keys.action import FORMS, HELD, PICKERS, PLAN, REVIEW, WRITTEN, Action, Context


def typed(
    keys: str, name: str, label: str, help_: str, where: frozenset[Context], *, rank: int = 0, moves: bool = False
) -> Action:
    """What a key does where the widget itself reads it; `keys` as in "down|j"."""
    return Action(name, tuple(keys.split("|")), label, help_, where, rank=rank, moves=moves, typed=True)


def _only(context: Context) -> frozenset[Context]:
    return frozenset({context})


_EDITED = _only(Context.EDITED_NOTE)
_KEYS = "the keys that act here, to search and to run"
CHOOSING = (
    typed("enter", "choose", "choose", "take what is marked", PICKERS),
    typed("down|ctrl+n", "choice_below", "down", "one down", PICKERS),
    typed("up|ctrl+p", "choice_above", "up", "one up", PICKERS),
    typed("space", "toggle", "toggle", "put the marked tag on or take it off, and go on", _only(Context.TAGS)),
    typed("tab", "through", "answers", "sleep through answers, or wake on one", _only(Context.SNOOZE)),
    typed("tab", "complete", "complete", "as far as all that fits agrees; again: what is marked", _only(Context.PATH)),
    typed("pagedown", "read_on", "read on", "read on in what it would say", _only(Context.MACROS)),
    typed("pageup", "read_back", "read back", "read back in what it would say", _only(Context.MACROS)),
    typed("ctrl+x", "throw_away", "throw away", "throw the text away; asked twice", _only(Context.LEFTOVERS)),
    typed("escape", "leave", "leave", "leave things as they are", PICKERS | FORMS),
    typed("enter", "take_form", "take over", "take over what stands in the fields", FORMS),
    typed("tab|down", "next", "next", "the next field", FORMS),
    typed("shift+tab|up", "before", "before", "the field before", FORMS),
    typed("ctrl+o", "copies", "copies", "to the sender only, or to everybody", _only(Context.RECIPIENTS)),
    typed("ctrl+o", "sharing", "for whom", "only mine, or everybody's", _only(Context.VIEW_FORM)),
    typed("enter", "do", "do it", "do what is shown here", PLAN),
    typed(
        "down|j",
        "choice_below",
        "down",
        "another ticket that goes on, or another mail that is split off",
        PLAN,
        moves=True,
    ),
    typed("up|k", "choice_above", "up", "the one before", PLAN, moves=True),
    typed("pagedown|space", "read_on", "page down", "several down", PLAN, moves=True),
    typed("pageup", "read_back", "page up", "several up", PLAN, moves=True),
    typed("x", "apart", "two matters", "say that they are two matters, where they look alike", PLAN),
    typed("escape|q", "leave", "leave", "leave things as they are", PLAN),
    typed("escape", "end_remark", "back", "back to the list; the remark is kept", _only(Context.REMARK), rank=1),
    typed("ctrl+s", "save", "save", "save the note", _EDITED, rank=1),
    typed("tab", "next_gap", "next gap", "to the next ⟦gap⟧; behind @b, that colleague", _EDITED, rank=2),
    typed("escape", "leave", "leave", "leave the note as it was; asked twice", _EDITED, rank=3),
    typed("t", "take_over", "take over", "take over the draft that is read; asked twice", HELD),
    typed("escape|q", "leave", "leave", "leave it to whoever holds it", HELD),
    typed("j|down", "line_down", "down", "a line down", HELD, moves=True),
    typed("k|up", "line_up", "up", "a line up", HELD, moves=True),
    typed("pagedown|space", "read_on", "read on", "several lines down", HELD, moves=True),
    typed("pageup", "read_back", "read back", "several lines up", HELD, moves=True),
    typed("f1", "keys", "help", _KEYS, WRITTEN),
    typed("?|f1", "keys", "help", _KEYS, PLAN | REVIEW | HELD),
)
