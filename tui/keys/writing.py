"""The keys of the filter, of the composer and of its review."""

from __future__ import annotations

from tui.keys.action import COMPOSER, FILTER, REVIEW, Action

WRITING = (
    Action("keep_filter", ("enter",), "keep", "keep the filter and go to the list", FILTER, rank=1, typed=True),
    Action("clear_filter", ("escape",), "clear", "take the filter off", FILTER, rank=2, typed=True),
    Action("earlier", ("up",), "earlier", "what was searched for before", FILTER, rank=3, typed=True),
    Action("later", ("down",), "later", "what was searched for after that; then to the list", FILTER, typed=True),
    Action("review", ("escape",), "review", "show what can be done with the text", COMPOSER, typed=True),
    Action(
        "next_gap",
        ("tab",),
        "next gap",
        "to the next ⟦gap⟧; behind :name, put the macro of that name there",
        COMPOSER,
        typed=True,
    ),
    Action(
        "insert_macro",
        ("ctrl+t",),
        "macro",
        "insert a macro at the cursor",
        COMPOSER,
        typed=True,
    ),
    Action("quote", ("ctrl+o",), "quote", "quote the customer's last mail below the text", COMPOSER, typed=True),
    Action("editor", ("ctrl+g", "f4"), "editor", "write in $EDITOR", COMPOSER, typed=True),
    Action("save", ("ctrl+s",), "save", "keep the draft now", COMPOSER, typed=True),
    Action(
        "bring_draft",
        ("ctrl+r",),
        "draft",
        "put a draft that was set aside below the text; take over one that is held elsewhere",
        COMPOSER,
        typed=True,
    ),
    Action(
        "tick", ("1",), "tick", "tick the first step off, or take its tick back; 2 to 9: the others", REVIEW, typed=True
    ),
    Action("tick_next", ("space",), "tick next", "tick the first open step off", REVIEW, typed=True),
    Action("send", ("y",), "send", "send the reply, or add the note", REVIEW, typed=True),
    Action("send_close", ("Y",), "send+close", "send and close the ticket", REVIEW, typed=True),
    Action("send_wait", ("w",), "send+waiting", "send and wait for the customer", REVIEW, typed=True),
    Action("send_snoozed", ("b",), "send+snooze", "send, and be reminded if no answer comes", REVIEW, typed=True),
    Action("recipients", ("c",), "recipients", "who gets it, copies, blind copies, the subject", REVIEW, typed=True),
    Action("attach", ("a",), "attach", "attach a file by its path", REVIEW, typed=True),
    Action("detach", ("d",), "detach", "take a file off again", REVIEW, typed=True),
    Action("edit", ("e", "enter", "escape"), "edit", "go on writing", REVIEW, typed=True),
    Action("editor", ("E", "ctrl+g", "f4"), "editor", "write in $EDITOR", REVIEW, typed=True),
    Action(
        "read_on", ("pagedown",), "read on", "read on in what stands beside the text, and in it", REVIEW, typed=True
    ),
    Action(
        "read_back", ("pageup",), "read back", "read back in what stands beside the text, and in it", REVIEW, typed=True
    ),
    Action(
        "take_back",
        ("u",),
        "undo",
        "take back what was chosen here last: whom it goes to, a file, a tick",
        REVIEW,
        typed=True,
    ),
    Action("give", ("h",), "hand over", "put the unfinished text into a colleague's hands", REVIEW, typed=True),
    Action("keep", ("p",), "keep draft", "leave; the text is kept", REVIEW, typed=True),
    Action("discard", ("X",), "discard", "throw the text away", REVIEW, typed=True),
    Action("take_over", ("t",), "take over", "take over a draft that is held elsewhere", REVIEW, typed=True),
)
