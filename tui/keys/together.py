"""The keys with which two agents work on one desk."""

from __future__ import annotations

from tui.keys.action import ANYWHERE, SHIFT, TICKET, Action
from tui.keys.moving import move
from tui.keys.tickets import bulk

_SHIFT = "the end of a shift: what changed, what waits and what was promised"
TOGETHER = (
    bulk("N", "hand_over", "hand over", "hand the ticket to your partner, with a note"),
    Action("take_next", ("W",), "take next", "take the longest-waiting ticket that nobody has, and open it", TICKET),
    Action("promise", ("P",), "promise", "keep in mind what was promised by when, or that it was kept", TICKET),
    Action("view", ("g h",), "shift", f"view: {_SHIFT}", ANYWHERE, ("shift",), moves=True),
    move("bottom", "G|end", "to the end", SHIFT),
    move("top", "g g|home", "to the top", SHIFT),
    move("half_down", "pagedown|ctrl+d", "half a page down", SHIFT),
    move("half_up", "pageup|ctrl+u", "half a page up", SHIFT),
    Action("remark", ("e",), "remark", "write the remark above the shift", SHIFT, rank=2),
    Action("hand_shift", ("y",), "hand over", "hand the shift to your colleague, with the remark", SHIFT, rank=3),
    Action("kept", ("x",), "promise kept", "say that the promise under the cursor was kept", SHIFT, rank=4),
)
