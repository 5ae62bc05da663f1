"""A screen on which an agent is not alone: colleagues who ask for them ring once, and what they do is told quietly."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections import deque
from collections.abc import Sequence
from datetime import datetime

from textual.screen import Screen

from desk.conversation import EntryId
from desk.desk import Desk
from desk.mentioning import see_mentions
from desk.ticket import TicketNumber
from tui.calls import Call, Calls, read_calls, remember_told
from tui.front import Writing, front
from tui.host import stands
from tui.keys.naming import key_of
from tui.lists.departure import tells_of
from tui.messages import Said, StoreChanged
from tui.news import Deed, deeds_among, in_one_line
from tui.words.tongue import tr

_KEPT_FOR = 30.0
"""Seconds for which something is worth telling, should the status line be taken so long."""
_HEARD = 4
"""So many of the last sentences are known, lest something be told twice."""


class Company(Screen[None]):
    """A screen with tickets at hand, which knows who asks for the agent and what colleagues do."""

    def __init__(self) -> None:
        super().__init__()
        self._calls = Calls()
        self._known: frozenset[Call] | None = None
        self._news: list[tuple[float, Deed]] = []
        self._entries: set[EntryId] = set()
        self._heard: deque[str] = deque(maxlen=_HEARD)

    def on_mount(self) -> None:
        front(self).changed.subscribe(self, self._look_around)
        self.watch(front(self), "said", self._listen, init=False)
        self.set_interval(1.0, self._each_moment)
        self.call_after_refresh(self._read_calls)

    @abstractmethod
    def at_hand(self) -> frozenset[TicketNumber]:
        """The tickets that are open or under the cursor here."""

    @abstractmethod
    def is_open(self, number: TicketNumber) -> bool:
        """Whether the agent is reading this ticket just now."""

    @abstractmethod
    def calls_changed(self) -> None:
        """Show how many ask for the agent now."""

    def heed(self, number: TicketNumber) -> None:
        """The agent opens a ticket: what asks for them there is seen."""
        if number in self._calls.tickets:
            label = tr("mention on {number}").format(number=number)
            front(self).act(label, lambda desk: see_mentions(desk, number))

    @property
    def calling(self) -> frozenset[TicketNumber]:
        """The tickets on which notes ask for the agent."""
        return self._calls.tickets

    def counts_of_calls(self, now: datetime) -> dict[str, int]:
        """How many tickets ask for the agent, and how many promises are late."""
        return self._calls.counts(now)

    def _read_calls(self) -> None:
        front(self).read("calls", read_calls, self._called)

    def _called(self, calls: Calls) -> None:
        """Ring once for what is new, on each screen that is open then; at a start only for what was never told."""
        if not stands(self):
            return
        known, is_start = self._known or frozenset(), self._known is None
        new = calls.but(known)
        self._calls, self._known = calls, known | calls.ids
        self.calls_changed()
        if not new.ids:
            return
        if new.untold or not is_start:
            front(self).ring()
        front(self).say(new.words(front(self).desk.clock()), "warn")
        front(self).act("", remember_told)
        for number in filter(self.is_open, new.tickets):
            self.heed(number)

    def _look_around(self, change: StoreChanged) -> None:
        if change.touches("mentions", "handovers", "promises", "drafts"):
            self._read_calls()
        if entries := {EntryId(number) for collection, number in change.what or () if collection == "entries"}:
            self._entries |= entries
            near = self.at_hand()
            front(self).read("news", lambda desk: self._deeds(desk, near), self._hear)

    def _deeds(self, desk: Desk, near: frozenset[TicketNumber]) -> list[Deed]:
        """In the reader's thread: of several readings that wait only the last is done, for all entries."""
        entries, self._entries = self._entries, set()
        return deeds_among(desk, entries, near)

    def _hear(self, deeds: Sequence[Deed]) -> None:
        self._news += [(time.monotonic(), each) for each in deeds]
        self._tell_news()

    def _listen(self, said: Said) -> None:
        self._heard.append(said.text)

    def _each_moment(self) -> None:
        """Tell what could not be told before, and ask again who calls where that could not be read."""
        if self._known is None:
            self._read_calls()
        self._tell_news()

    def _tell_news(self) -> None:
        """Tell what colleagues did once the status line is free; what became old, or was told already, is not.

        A ticket that was taken from the agent is told at once: the line may just say that it is the agent's.
        """
        now = time.monotonic()
        self._news = [(at, each) for at, each in self._news if now - at < _KEPT_FOR and not self._is_known(each)]
        taken, said = any(each.takes for _, each in self._news), front(self).said
        if self._news and (not said.text or (taken and said.tone == "info")):
            news = sorted((each for _, each in self._news), key=lambda each: each.takes)
            words = in_one_line(news, undo=not isinstance(front(self).screen, Writing))
            front(self).say(words, "warn" if taken else "info")
            self._news = []

    def _is_known(self, deed: Deed) -> bool:
        """Whether it was told that this ticket left the list, or that this note asks for the agent.

        What was written on the ticket that the agent writes on stands beside their text.
        """
        writing = front(self).screen
        if deed.is_text and not deed.takes and isinstance(writing, Writing) and writing.number == deed.ticket:
            return True
        call = f" {deed.ticket}: {key_of('view-mentions')}"
        return any(tells_of(each, deed.ticket) or (deed.is_note and call in each) for each in self._heard)
