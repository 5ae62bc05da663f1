"""What colleagues are told of a composer, and what it tells of them: who else is at the ticket."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from desk.presence import Doing, Presence
from tui.composer.page import Page
from tui.composer.sending import stay
from tui.host import host
from tui.reader.opened import OpenTicket


class AttendingPage(Page, Protocol):
    """What this asks of its screen."""

    @property
    def is_watching(self) -> bool:
        """Whether a draft that is held elsewhere is only read here."""
        ...

    def news(self, opened: OpenTicket) -> None:
        """Take in a newer state of the ticket."""
        ...


class Attending:
    """Who is at one ticket while it is written on."""

    def __init__(self, page: AttendingPage, company: tuple[Presence, ...]) -> None:
        self._page, self.company = page, company

    def attend(self) -> None:
        """Say again that this agent is here, and see what is new."""
        number, doing = self._page.opened.ticket.number, Doing.READING if self._page.is_watching else Doing.ANSWERING
        host(self._page.screen).be_seen(partial(stay, number=number, doing=doing), self._page.news)

    def tell(self) -> None:
        """Name the colleagues who still are at the ticket: a screen that was killed does not say that it goes."""
        now = host(self._page.screen).desk.clock()
        self.company = tuple(each for each in self.company if each.until > now)
        self._page.heading.tell(others=() if self._page.is_watching else self.company)

    def is_answering(self, agent: str) -> bool:
        """Whether a colleague types just now."""
        return any(each.agent == agent and each.doing is Doing.ANSWERING for each in self.company)
