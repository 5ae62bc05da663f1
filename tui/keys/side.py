"""The keys of the outbox, of parked mail and of the figures, and those that read on in what stands there."""

from __future__ import annotations

from tui.keys.action import OUTBOX, PARKED, Action, Context

FIGURES = tuple(
    Action("period", (key,), label, f"the last {what}", frozenset({Context.STATS}), (label,), rank=rank, moves=True)
    for rank, (key, label, what) in enumerate(
        (("d", "day", "day"), ("w", "week", "7 days"), ("m", "month", "30 days")), 2
    )
)

_BELOW = OUTBOX | PARKED
_STATS = frozenset({Context.STATS})


def pane(name: str, keys: str, label: str, help_: str, where: frozenset[Context], way: str, rank: int = 0) -> Action:
    """An action that only scrolls; `keys` as in "j|down"."""
    return Action(name, tuple(keys.split("|")), label, help_, where, (way,), rank=rank, moves=True)


PANES = (
    pane("pane", "space|ctrl+d", "more", "read on in what stands below the list", _BELOW, "down", 1),
    pane("pane", "ctrl+u", "read back", "read back in what stands below the list", _BELOW, "up"),
    pane("pane", "space|pagedown|ctrl+d", "more", "read on in the figures", _STATS, "down", 1),
    pane("pane", "pageup|ctrl+u", "read back", "read back in the figures", _STATS, "up"),
    pane("pane_line", "j|down", "line down", "a line down", _STATS, "down"),
    pane("pane_line", "k|up", "line up", "a line up", _STATS, "up"),
    pane("pane_end", "G|end", "to the end", "to the end", _STATS, "down"),
    pane("pane_end", "g g|home", "to the top", "to the top", _STATS, "up"),
)

KEPT_BACK = (
    Action("accept", ("y",), "accept", "take the parked mail in, as if it came now; asked twice", PARKED, rank=1),
    Action(
        "accept_sender",
        ("Y",),
        "all from sender",
        "take in every parked mail of this sender; asked twice",
        PARKED,
        rank=2,
    ),
    Action(
        "drop", ("X",), "drop", "take the parked mail off the list; its bytes are kept; asked twice", PARKED, rank=3
    ),
)

OUTGOING = (
    Action("send_again", ("y",), "send again", "send the mail again, under the same Message-ID", OUTBOX, rank=2),
    Action("send_to_rest", ("R",), "to the others", "send it to those whom the server did not refuse", OUTBOX, rank=3),
    Action("write_anew", ("e",), "write anew", "take it out, and its text back into the composer", OUTBOX, rank=4),
    Action("settle", ("s",), "it did arrive", "it did arrive, or nothing more is to be done", OUTBOX, rank=5),
    Action("cancel_mail", ("X",), "cancel", "do not send the mail; asked twice", OUTBOX, rank=6),
)
