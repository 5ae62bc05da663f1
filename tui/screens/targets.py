"""Choosing another ticket: those that are likely meant first, else whatever a number or words find."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content

from desk.safe import safe_line
from desk.ticket import Status, TicketNumber
from tui.actions.targets import Target, Targets, Why, targets_for
from tui.front import front
from tui.host import stands
from tui.reader.wrapping import fit
from tui.screens.awaiting import AwaitingPicker
from tui.screens.pickers import Choices
from tui.words.subjects import subject_line
from tui.words.telling import STATUS
from tui.words.tongue import mark, tr, trc

_WHO = 16
_LEAST_WHO = 60
"""Cells of a row below which it does not say who wrote."""

_WHYS = {
    Why.CLAIMED: mark("says it belongs there"),
    Why.LIKE: mark("looks like it"),
    Why.RELATED: mark("linked"),
    Why.CUSTOMER: mark("same customer"),
    Why.NAMED: "",
    Why.FOUND: "",
}


class TargetPicker(AwaitingPicker[TicketNumber]):
    """Gives another ticket than the one with this number. `related` is what choosing a linked one does, in a word."""

    def __init__(self, number: TicketNumber, heading: str, *, related: str = "") -> None:
        self.HEADING = heading
        self.HINT = tr("a number or words search   {key_choose} takes it   {key_leave} leaves")
        super().__init__()
        self._number = number
        self._related = related
        self._targets = Targets()

    def offer(self, typed: str) -> None:
        """Ask the store what may be meant; of several questions only the last is asked."""
        self.asks(typed)
        number = self._number
        front(self).read(
            "targets", lambda desk: targets_for(desk, number, typed), lambda found: self._found(typed, found)
        )

    def choose(self) -> None:
        if self.chosen is not None:
            self.dismiss(TicketNumber(int(self.chosen)))

    def showed_linked(self, number: TicketNumber) -> bool:
        """Whether a ticket was shown as one that is linked."""
        return any(each.why is Why.RELATED and each.ticket.number == number for each in self._targets.found)

    def on_choices_resized(self) -> None:
        """Draw the rows as wide as there is room now."""
        if stands(self):
            self._fill()

    def _found(self, typed: str, targets: Targets) -> None:
        if stands(self) and typed == self._typed:
            self._targets = targets
            self._fill()
            self.is_there()

    def _fill(self) -> None:
        found, typed = self._targets.found, self._typed.strip()
        choices = self.query_one(Choices)
        width = max(choices.scrollable_content_region.width - 1, 20)
        digits = max((len(str(each.ticket.number)) for each in found), default=1)
        choices.offer(
            ((str(each.ticket.number), self._row(each, digits, width)) for each in found),
            self.chosen if not typed else None,
        )
        nothing = tr("no ticket fits these words") if typed else tr("no other ticket of this customer: type words")
        words = safe_line(self._targets.problem) or ("" if found else nothing)
        self.hint(words, warns=bool(typed) and not found)

    def _row(self, target: Target, digits: int, width: int) -> Content:
        ticket = target.ticket
        why = tr(_WHYS[target.why])
        if target.why is Why.RELATED and self._related:
            why = self._related
        status = "" if ticket.status is Status.OPEN else trc(STATUS, ticket.status.value)
        end = "  ".join(filter(None, (why, status)))
        who = fit(safe_line(ticket.customer.label), _WHO) if width >= _LEAST_WHO else ""
        who = who + " " * (_WHO + 2 - cell_len(who)) if who else ""
        number = f"{ticket.number:>{digits}}  "
        room = max(width - cell_len(number) - cell_len(who) - cell_len(end) - 2, 8)
        subject = fit(subject_line(ticket.subject), room)
        return Content.assemble(
            (number, "$muted"),
            (who, "$muted"),
            (subject + " " * max(room - cell_len(subject), 0), ""),
            (f"  {end}", "$accent" if target.why in (Why.LIKE, Why.CLAIMED) else "$muted"),
        )
