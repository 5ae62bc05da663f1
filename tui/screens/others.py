"""Which of several tickets that go with one is to be opened."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from desk.offers import Offer
from desk.ticket import TicketNumber
from tui.screens.pickers import Choices, Picker
from tui.words.heard import heard
from tui.words.ranking import Words, ranked
from tui.words.tongue import tr


class OtherPicker(Picker[TicketNumber]):
    """Gives the ticket that one of these offers is about."""

    def __init__(self, offers: Iterable[Offer]) -> None:
        self.HEADING = tr("Open which one?")
        self.HINT = tr("{key_choose} opens it   {key_leave} leaves")
        super().__init__()
        self._said: dict[str, str] = {}
        for each in offers:
            if each.ticket is not None:
                self._said.setdefault(str(each.ticket), heard(each.said))

    def offer(self, typed: str) -> None:
        found = ranked(((number, Words(said)) for number, said in self._said.items()), typed)
        self.query_one(Choices).offer((number, Content(self._said[number])) for number in found)
        self.tell_empty()

    def choose(self) -> None:
        if self.chosen is not None:
            self.dismiss(TicketNumber(int(self.chosen)))
