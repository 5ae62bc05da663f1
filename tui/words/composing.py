"""What a composer says of the text on it, according to what that is going to be."""

from __future__ import annotations

from desk.draft import DraftKind
from desk.safe import safe_line
from desk.ticket import Ticket, TicketNumber
from tui.words.tongue import mark, tr

_NAMES = {
    DraftKind.REPLY: mark("reply on {number}"),
    DraftKind.FORWARD: mark("forward on {number}"),
    DraftKind.NOTE: mark("note on {number}"),
}
_UNCHANGED = {
    DraftKind.REPLY: mark("nothing was changed in the editor: no reply"),
    DraftKind.FORWARD: mark("nothing was changed in the editor: no forward"),
    DraftKind.NOTE: mark("nothing was changed in the editor: no note"),
}


def told_name(kind: DraftKind, number: TicketNumber) -> str:
    """What is said where it cannot be sent or added."""
    return tr(_NAMES[kind]).format(number=number)


def told_unchanged(kind: DraftKind, text: str) -> str:
    """What is said where it was to be begun in an editor, and was not."""
    return tr(_UNCHANGED[kind]) + (tr(", the draft is kept") if text.strip() else "")


def asked_for_recipients(kind: DraftKind, ticket: Ticket) -> str:
    """What stands over the form of those who get it."""
    if kind is DraftKind.FORWARD:
        return tr("Forward to whom? {who} does not see it").format(who=safe_line(ticket.customer.label))
    return tr("Who gets it")
