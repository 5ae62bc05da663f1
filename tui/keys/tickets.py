"""The keys that do something to a ticket, or to all marked ones."""

from __future__ import annotations

from tui.keys.action import LIST, LISTS, TICKET, Action


def bulk(keys: str, name: str, label: str, help_: str, *args: str, rank: int = 0) -> Action:
    """An action on a ticket or on all marked ones; `keys` as in "s s|!"."""
    return Action(name, tuple(keys.split("|")), label, help_, TICKET, args, rank=rank, bulk=True)


TICKETS = (
    Action("open", ("enter", "o", "l"), "open", "open the ticket", LISTS, rank=1),
    Action("reply", ("r",), "reply", "write a reply to the customer", TICKET, rank=2),
    Action(
        "reply_in_editor",
        ("R",),
        "reply in editor",
        "write a reply in $EDITOR, recipients and subject above it; an unchanged file sends nothing",
        TICKET,
    ),
    Action("new", ("c",), "new mail", "write to somebody first; opens a ticket", TICKET),
    Action("forward", ("f",), "forward", "pass a mail on to somebody else; the customer does not see it", TICKET),
    bulk("n", "note", "note", "write an internal note; only agents see it", rank=3),
    Action("edit_note", (), "edit note", "edit the last note you left on the ticket", TICKET),
    Action("leftovers", ("g e",), "unsaved texts", "texts that were never saved", TICKET),
    bulk("m", "macro", "macros", "choose a macro", rank=4),
    bulk("i", "take", "take", "assign to yourself", rank=5),
    bulk("a m", "assign", "me", "assign to yourself", "me"),
    bulk("a p", "assign", "partner", "assign to your partner", "partner"),
    bulk("a -", "assign", "nobody", "assign to nobody", "none"),
    bulk("a o", "assign", "other", "assign to somebody from a list", "other"),
    bulk("t", "tag", "tag", "put tags on or take them off", rank=6),
    bulk("e", "close", "close+next", "close and go to the next ticket", rank=7),
    bulk("b", "snooze", "snooze", "put off until a moment (fri 9, 2 weeks), or wake up", rank=8),
    bulk("E", "status", "reopen", "open again", "open"),
    bulk("s a", "status", "open", "status: open, it is our turn", "open"),
    bulk("s w", "status", "waiting", "status: waiting for the customer", "waiting"),
    bulk("s c", "status", "closed", "status: closed", "closed"),
    bulk("s s|!", "status", "spam", "status: spam", "spam"),
    bulk("p l", "priority", "low", "priority: low", "low"),
    bulk("p n", "priority", "normal", "priority: normal", "normal"),
    bulk("p h", "priority", "high", "priority: high", "high"),
    bulk("p u", "priority", "urgent", "priority: urgent", "urgent"),
    Action("split_off", ("%",), "split off", "make a ticket of a mail; what that does is shown first", TICKET),
    bulk(
        "=",
        "merge",
        "merge",
        "merge it with another ticket, or all marked ones; what that does is shown first",
        rank=20,
    ),
    bulk("L", "link", "link", "link it with a related ticket or take a link off, or link all marked ones"),
    Action("keep_apart", (), "two matters", "say that the ticket is none of those it looks like", TICKET),
    Action("open_other", (">",), "open it", "open the ticket that this one goes with", TICKET, moves=True),
    Action("confirm_customer", ("@",), "confirm", "make it the matter of whom a colleague forwarded", TICKET),
    Action("load_whole", ("v w",), "load", "load the rest of a mail that was too large", TICKET),
    Action("copy", ("y y",), "number", "copy the ticket's number", TICKET, ("number",)),
    Action("copy", ("y e",), "e-mail", "copy the customer's e-mail address", TICKET, ("email",)),
    Action("copy_words", ("y b",), "text", "copy the text of the ticket's newest mail", LIST),
    Action("copy_link", ("y l",), "link", "copy a link of the ticket's newest mail", LIST),
    Action("mark", ("space",), "mark", "mark the ticket and go one down", LIST, ("down",)),
    Action("mark", ("x",), "mark", "mark the ticket, or take the mark off", LIST),
    Action("mark_range", ("V",), "mark to here", "mark all from the last mark to here", LIST),
    bulk(".", "repeat", "again", "do the last thing again, here"),
    Action("repeat_tag", ("T",), "tags again", "put the last tags on again, or take them off", LIST, bulk=True),
    Action(
        "no_trash", ("d", "#"), "no trash", "there is no trash: close a ticket, or mark it as spam", TICKET, moves=True
    ),
    Action("mark_all", ("*",), "mark all", "mark every ticket of this list", LIST),
)
