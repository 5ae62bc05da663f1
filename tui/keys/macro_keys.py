"""The desk's macro hot keys as actions of the key table: `,r` and the like."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from desk.safe import safe_line
from tui.keys import LEADER, Action, Context
from tui.words.tongue import tr

if TYPE_CHECKING:
    from macros.script import Macro


def hot_keys(macros: Iterable[Macro]) -> Iterator[Action]:
    """One action for each macro that has a hot key of one or two characters."""
    for macro in macros:
        if macro.key:
            yield macro_action(macro)


def macro_action(macro: Macro) -> Action:
    """What runs a macro on the ticket at hand."""
    name = safe_line(macro.name)
    keys = (" ".join((LEADER, *macro.key)),) if macro.key else ()
    where = frozenset({Context.LIST, Context.READER})
    return Action("run_macro", keys, name, tr("macro: {name}").format(name=name), where, (macro.slug,))
