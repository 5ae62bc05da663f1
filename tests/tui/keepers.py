"""What tests of a composer's keeper share: the drafts of a ticket, and what became of one."""

from __future__ import annotations

from desk.desk import Desk
from desk.lost import Lost
from desk.ticket import TicketNumber
from tui.composer.standing import Standing


def kept(desk: Desk, number: TicketNumber) -> list[tuple[str, str, bool]]:
    return [(each.author, each.text, each.aside) for each in desk.store.drafts.of(number)]


def lost(standing: Standing) -> Lost:
    assert standing.lost is not None
    return standing.lost
