"""Choosing a colleague."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from desk.people import Agent, Handle
from desk.safe import safe_line
from tui.screens.pickers import Choices, Picker
from tui.words.ranking import Words, ranked


class AgentPicker(Picker[Handle]):
    """One colleague from these; `heading`: what for."""

    def __init__(self, agents: Sequence[Agent], heading: str) -> None:
        self.HEADING = heading
        super().__init__()
        self._agents = tuple(agents)

    def offer(self, typed: str) -> None:
        found = ranked(((each, Words(f"{each.handle} {each.name}")) for each in self._agents), typed)
        width = max((cell_len(each.handle) for each in found), default=0)
        self.query_one(Choices).offer((each.handle, _described(each, width)) for each in found)
        self.tell_empty()

    def choose(self) -> None:
        if self.chosen is not None:
            self.dismiss(Handle(self.chosen))


def _described(agent: Agent, width: int) -> Content:
    handle = safe_line(agent.handle).ljust(width)
    return Content.assemble((handle, "bold"), (f"  {safe_line(agent.name)}", "$muted"))
