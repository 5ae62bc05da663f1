"""The keys of the outbox, of parked mail and of the figures."""

from __future__ import annotations

from tui.keys.action import OUTBOX, PARKED, Action, Context

FIGURES = tuple(
    Action("period", (key,), label, f"the last {what}", frozenset({Context.STATS}), (label,), rank=rank, moves=True)
    for rank, (key, label, what) in enumerate(
        (("d", "day", "day"), ("w", "week", "7 days"), ("m", "month", "30 days")), 1
    )
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
