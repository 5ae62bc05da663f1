"""What each key of the table does, as cases: where it is pressed, what leads there, and what an agent finds then.

The keys themselves come from the table, every one that an action has. What has none is run from the palette.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial

from tests.tui.apps import Screen
from tui.keys import ACTIONS, Action, Context

Step = Callable[[Screen], Awaitable[None]]
"""Something done at the screen, by keys or by a colleague."""
Finding = Callable[[Screen], bool]
"""Whether something is seen on the screen, or is in the store."""
_SHOWN = 20
"""So much of a help has room wherever it is shown."""


@dataclass(frozen=True, slots=True)
class Case:
    """An action in one context, by its id in the table, and what is so once its key was pressed, and was not before.

    `before` are keys, "x j x", or steps that lead to it.
    """

    context: Context
    action: str
    finds: tuple[Finding, ...]
    before: str | Step = ""

    @property
    def rows(self) -> list[Action]:
        """Its rows of the table: one, or two where the help tells of it in two ways."""
        return [each for each in ACTIONS if (self.context, self.action) in _acts(each)]

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key or chord that does it there; none where only the palette does."""
        return tuple(key for each in self.rows for key in each.keys)

    def holds(self, screen: Screen) -> bool:
        """Whether all that it does is so."""
        return all(find(screen) for find in self.finds)


def case(contexts: Iterable[Context], action: str, *finds: Finding, before: str | Step = "") -> tuple[Case, ...]:
    """The same in several contexts."""
    return tuple(Case(context, action, finds, before) for context in sorted(contexts))


async def play(screen: Screen, cases: Iterable[Case], arrive: Step, ready: Step | None = None) -> None:
    """Press every key of each case and look for what it does.

    `arrive` leads to the context from anywhere; `ready` is done right before the key.
    """
    for each in cases:
        for key in each.keys or ("",):
            try:
                await arrive(screen)
                await _prepare(screen, each.before)
                if ready is not None:
                    await ready(screen)
                assert not each.holds(screen), "it is so before the key"
                await (screen.press(*key.split(" ")) if key else _command(screen, each))
                await screen.until(partial(each.holds, screen))
                assert screen.app.broken is None
            except Exception as failure:
                promise = "; ".join(row.help for row in each.rows)
                failure.add_note(f"{key or 'the palette'} ({each.action}) in the {each.context}: {promise}")
                raise


def without_case(contexts: Iterable[Context], cases: Iterable[Case]) -> set[tuple[Context, str]]:
    """The actions of these contexts that no case shows, and what cases show that the table does not have."""
    there = {each for action in ACTIONS for each in _acts(action) if each[0] in set(contexts)}
    return there ^ {(each.context, each.action) for each in cases}


def sees(*words: str) -> Finding:
    """All these words are on the screen."""
    return lambda screen: all(each in screen.text for each in words)


def misses(*words: str) -> Finding:
    """None of these words is on the screen."""
    return lambda screen: not any(each in screen.text for each in words)


def _acts(action: Action) -> set[tuple[Context, str]]:
    return {(context, action.id) for context in action.contexts}


async def _prepare(screen: Screen, before: str | Step) -> None:
    await (screen.press(*before.split()) if isinstance(before, str) else before(screen))


async def _command(screen: Screen, case: Case) -> None:
    """Run what has no key, by its name in the palette."""
    await screen.press(":")
    await screen.sees("Command")
    await screen.type(case.rows[0].label)
    await screen.sees(case.rows[0].help[:_SHOWN])
    await screen.press("enter")
