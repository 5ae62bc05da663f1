"""Every key of the contexts besides list, reader and sidebar does what its help says, and nothing irreversible."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.desk import Desk
from tests.journeys import keys_of_choosing, keys_of_side, keys_of_texts, keys_of_writing
from tests.journeys.key_places import Place, Quiet, desk_of_all, leave, run_from_help, try_all
from tests.tui.apps import showing
from tests.tui.named_keys import disagreeing, named
from tui.keys import ACTIONS, Context

_PLACES = (
    keys_of_side.OUTBOX,
    keys_of_side.PARKED,
    keys_of_side.STATS,
    keys_of_side.SHIFT,
    keys_of_side.REMARK,
    keys_of_texts.SOURCE,
    keys_of_texts.FILES,
    keys_of_texts.LINKS,
    keys_of_texts.FIND,
    keys_of_texts.FOUND,
    keys_of_texts.FILTER,
    keys_of_texts.CUSTOMER,
    keys_of_texts.FORM,
    keys_of_writing.COMPOSER,
    keys_of_writing.REVIEW,
    keys_of_writing.HELD,
    keys_of_writing.NOTE,
    keys_of_writing.RECIPIENTS,
    keys_of_choosing.PICKER,
    keys_of_choosing.TAGS,
    keys_of_choosing.SNOOZE,
    keys_of_choosing.PATH,
    keys_of_choosing.MACROS,
    keys_of_choosing.LEFTOVERS,
    keys_of_choosing.PLAN,
    keys_of_choosing.VIEW_FORM,
)
_MACROS = {
    "plain": "name: A plain answer\nkey: p\n---\nAll is well.\n" + "And so on.\n\n" * 30,
    "steps": "name: Some steps\nkey: n\nsteps: [a, b]\n---\nDone.\n",
}
_OTHERS = {Context.LIST, Context.READER, Context.SIDEBAR}
_OVER_ALL = {"redraw", "quit"}
"""What each place has, and is seen in some of them."""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    desk = desk_of_all(tmp_path / "desk")
    yield desk
    desk.store.close()


@pytest.fixture
def macros(tmp_path: Path) -> Path:
    folder = tmp_path / "macros"
    folder.mkdir()
    for name, text in _MACROS.items():
        (folder / f"{name}.md").write_text(f"---\n{text}", "utf-8")
    return folder


@pytest.mark.timeout(600)
@pytest.mark.parametrize("place", _PLACES, ids=lambda place: str(place.context))
async def test_each_key_does_what_its_help_says_and_one_press_is_taken_back(
    desk: Desk, macros: Path, place: Place
) -> None:
    async with showing(desk, place.size, background=Quiet(), macros=macros) as screen:
        await screen.sees("Lamp is dark")
        await place.arrive(screen)
        assert named(screen)
        assert disagreeing(screen, place.context) == {}
        await try_all(screen, place)
        await run_from_help(screen, place)
        await leave(screen, place)


def test_each_action_that_has_a_key_is_tried_in_each_context() -> None:
    there = {(context, each.id) for each in ACTIONS if each.keys for context in each.contexts} - {
        (context, each.id)
        for each in ACTIONS
        for context in each.contexts
        if context in _OTHERS
        or each.id in _OVER_ALL
        or each.id == f"view-{context}"
        or (each.name == "view" and context in keys_of_side.ALIKE)
    }
    tried = {(place.context, case.action) for place in _PLACES for case in place.cases if case.action not in _OVER_ALL}
    assert there == tried
