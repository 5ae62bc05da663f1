"""Tell colleagues which ticket is open on the screen and whether it is being answered."""

from __future__ import annotations

from collections.abc import Callable

from desk.desk import Desk
from desk.mentioning import see_mentions
from desk.presence import TIME_TO_LIVE, Doing, Presence
from desk.ticket import TicketNumber


def attend(desk: Desk, number: TicketNumber, doing: Doing) -> None:
    """Show the acting agent at a ticket for the next `TIME_TO_LIVE`; a screen is at one ticket at a time.

    Whoever answers has seen what calls them there.
    """
    now = desk.clock()
    if doing is Doing.ANSWERING:
        see_mentions(desk, number)
    with desk.store.transaction():
        desk.store.presences.tidy(now)
        desk.store.presences.put(
            Presence(agent=desk.me.handle, ticket=number, doing=doing, until=now + TIME_TO_LIVE, screen=desk.screen)
        )


def leave(desk: Desk) -> None:
    """Show the acting agent's screen at no ticket; another screen of theirs stays where it is."""
    desk.store.presences.remove(desk.me.handle, desk.screen)


def forget_gone(desk: Desk, is_gone: Callable[[str], bool]) -> None:
    """Show no screen any more that ended without a word; `is_gone` says of its name whether it surely has."""
    for each in desk.store.presences.all(desk.clock()):
        if is_gone(each.screen):
            desk.store.presences.remove(each.agent, each.screen)
