"""What the keys of the list and the reader do with macros: choose one, or run it by its hot key.

One without words is done to all marked tickets at a stroke, filled in for each of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.worker import Worker

from desk.conversation import Act
from desk.desk import Desk
from desk.draft import DraftKind
from desk.errors import TandemError
from desk.ticket import Ticket, TicketNumber
from tui.actions.deeds import named
from tui.actions.writing import WritingActions, to_write_on
from tui.front import front
from tui.host import host
from tui.keys.naming import with_keys
from tui.reader.opened import OpenTicket
from tui.words.tongue import tr

if TYPE_CHECKING:
    from macros.facts import Facts
    from macros.fill import Filled
    from macros.library import Library
    from macros.script import Macro


class MacroActions(WritingActions):
    """A screen on which macros act."""

    _filling: Worker[None] | None = None

    def action_macro(self) -> None:
        from tui.screens.macro_picker import MacroPicker

        numbers = self.targets()
        self.on_ticket(
            lambda opened: front(self).push_screen(
                MacroPicker(opened, several=len(numbers)), partial(self._macro_chosen, numbers, opened)
            ),
            numbers[0],
        )

    def action_run_macro(self, slug: str) -> None:
        numbers, library = self.targets(), front(self).library
        front(self).prepare(partial(_to_run, numbers[0], slug, library), partial(self._ask_for_macro, numbers))

    def _ask_for_macro(self, numbers: Sequence[TicketNumber], found: tuple[OpenTicket, Macro, Facts]) -> None:
        from tui.composer.offering import refuse_words_for_several  # the template language takes its time

        opened, macro, facts = found
        refuse_words_for_several(macro, len(numbers))
        self._filling = self.run_worker(self._ask(numbers, opened, macro, facts), exclusive=True)

    @property
    def is_at_work(self) -> bool:
        """Whether a macro is being filled in."""
        return self._filling is not None and not self._filling.is_finished

    async def _ask(self, numbers: Sequence[TicketNumber], opened: OpenTicket, macro: Macro, facts: Facts) -> None:
        from tui.screens.ask import asked  # the template language takes its time

        try:
            self._macro_chosen(numbers, opened, await asked(host(self), macro, facts))
        except TandemError as error:
            front(self).say(str(error), "error")

    def _macro_chosen(self, numbers: Sequence[TicketNumber], opened: OpenTicket, filled: Filled | None) -> None:
        if filled is None:
            return
        if filled.macro.reply != "none":
            self.write(opened, DraftKind.NOTE if filled.macro.reply == "note" else DraftKind.REPLY, filled)
        elif len(numbers) > 1:
            self._apply_to_all(numbers, filled)
        else:
            self._apply(opened, filled)

    def _apply(self, opened: OpenTicket, filled: Filled) -> None:
        """Do what a macro without words does."""
        from desk.actions.run_macro import run_macro

        number, seen = opened.ticket.number, opened.newest
        done = tr("{number}: {macro}, {key_undo} takes it back")
        front(self).act(
            tr("macro on {number}").format(number=number),
            lambda desk: run_macro(desk, number, filled.steps, filled.use, seen=seen),
            lambda _: self._applied(with_keys(done, number=number, macro=filled.macro.name)),
        )

    def _applied(self, said: str) -> None:
        front(self).say(said)
        self.acted()

    def _apply_to_all(self, numbers: Sequence[TicketNumber], filled: Filled) -> None:
        """Do it to several tickets as one act; what was answered holds for all of them."""
        macro = filled.macro
        self._change(
            numbers,
            lambda whom: tr("{macro} on {whom}").format(macro=macro.name, whom=named(whom)),
            partial(_run_on_one, macro, filled.answers),
            lambda whom: with_keys(tr("{whom}: {macro}, {key_undo} takes it back"), whom=named(whom), macro=macro.name),
            lambda ticket: ticket,
        )


def _to_run(number: TicketNumber, slug: str, library: Library, desk: Desk) -> tuple[OpenTicket, Macro, Facts]:
    from macros.facts import facts_for  # the template language takes its time

    opened, macro = to_write_on(number, desk), library.get(slug)
    return opened, macro, facts_for(desk, number, now=desk.clock().astimezone())


def _run_on_one(macro: Macro, answers: Mapping[str, str], desk: Desk, number: TicketNumber, act: Act) -> Ticket:
    from desk.actions.run_macro import run_macro
    from macros.facts import facts_for
    from macros.fill import fill

    filled = fill(macro, facts_for(desk, number, now=desk.clock().astimezone()), answers)
    return run_macro(desk, number, filled.steps, filled.use, act=act)
