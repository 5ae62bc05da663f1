"""The small questions a macro asks before it fills in its text, one after another."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from desk.errors import RefusedError
from desk.safe import safe_line
from macros.answers import Ask, AskType, checked
from macros.facts import Facts
from macros.fill import Filled, fill
from macros.script import Macro
from tui.composer.offering import proposed
from tui.host import Host
from tui.screens.pickers import Choices, Picker
from tui.words.ranking import nearest
from tui.words.tongue import mark, tr

_TYPES: Mapping[AskType, str] = {
    "text": mark("text"),
    "money": mark("money"),
    "number": mark("number"),
    "date": mark("date"),
    "choice": mark("choice"),
}


class AskPrompt(Picker[str]):
    """One question of a macro. Gives the answer; Esc gives None: what is not known stays a gap in the text."""

    HINT = mark("{key_choose} answers   {key_leave} skips it")

    def __init__(self, ask: Ask, proposed: str) -> None:
        super().__init__()
        self._ask = ask
        self._proposed = proposed

    def body(self) -> ComposeResult:
        if self._ask.choices:
            yield Choices()

    def on_mount(self) -> None:
        kind = "" if self._ask.choices else f"  {tr(_TYPES[self._ask.type])}"
        self.query_one("#heading", Static).update(Content.assemble(safe_line(self._ask.label), (kind, "$muted")))
        if not self._ask.choices:
            self.query_one(Input).value = safe_line(self._proposed)

    @property
    def keys(self) -> str:
        return self.HINT

    def offer(self, typed: str) -> None:
        if self._ask.choices:
            rows = [(each, Content(safe_line(each))) for each in nearest(self._ask.choices, typed)]
            self.query_one(Choices).offer(rows, self._proposed)
        self.hint()

    def choose(self) -> None:
        answer = (self.chosen or "") if self._ask.choices else self.query_one(Input).value
        try:
            self.dismiss(checked(self._ask, answer))
        except RefusedError as error:
            self.hint(str(error), warns=True)


async def asked(app: Host, macro: Macro, facts: Facts) -> Filled:
    """A macro filled in for a ticket, after its questions were asked; in a worker, for it waits for the answers.

    Raises:
        RefusedError: an action needs what was not answered.
        MacroError: the macro cannot be filled in.
    """
    answers: dict[str, str] = {}
    for ask in macro.ask.values():
        answer = await app.push_screen_wait(AskPrompt(ask, proposed(macro, ask, facts)))
        if answer is not None:
            answers[ask.name] = answer
    return fill(macro, facts, answers)
