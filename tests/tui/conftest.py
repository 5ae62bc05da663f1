"""A desk of two agents without signatures over the real store, a clock that the test sets, and macros of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desk.actions.status import set_status
from desk.clock import utc_now
from desk.desk import Desk
from desk.draft import DraftKind
from desk.ticket import Status, TicketNumber
from tests.desks import SetClock, acting_as, make_desk, receive
from tests.tui.customers import LEO
from tui.composer.keeping import Keeper
from tui.keys import ACTIONS, use
from tui.words.tongue import speak


@pytest.fixture
def desk(tmp_path: Path, clock: SetClock, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """Its clock is the one that the test sets, or that of this machine where a test or its file is in `real_time`."""
    is_real = request.node.get_closest_marker("real_time") is not None
    made = make_desk(tmp_path / "desk", clock=utc_now if is_real else clock)
    for agent in made.store.agents.all():
        made.store.agents.put(replace(agent, signature=""))
    yield replace(made, acting=made.agent(made.me.handle))
    made.store.close()


@pytest.fixture
def macros(tmp_path: Path) -> Path:
    """Macros of the desk's own: with a gap and steps, plain, for a note, with a question, and with actions only."""
    folder = tmp_path / "macros"
    folder.mkdir()
    texts = {
        "gap": "name: With gap\nkey: g\nsteps:\n  - Look it up\n  - {text: It is paid, required: true}\n"
        "do:\n  - tag: [+refund]\n---\nHello {{ customer.first_name }},\n\nit is on its way.\n",
        "plain": "name: Plain answer\nkey: p\n---\nAll is well.\n",
        "bye": "name: Goodbye\nkey: b\ndo:\n  - status: closed\n---\nGoodbye.\n",
        "inside": "name: Inside\nkey: i\nreply: note\ndo:\n  - tag: [+bank]\n---\nAsk the bank.\n",
        "asks": "name: Asking\nkey: q\nask:\n  sum: {label: Amount, type: money}\n---\nYou get {{ ask.sum }}.\n",
        "nine": "name: Many steps\nkey: n\nsteps: [a, b, c, d, e, f, g, h, i, {text: j, required: true}]\n---\nDone.\n",
    }
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(f"---\n{text}", "utf-8")
    return folder


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts that must go into files lie below the test's own folder."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Whatever language and keys a screen had, the next test begins with English and the built-in ones."""
    yield
    speak("en")
    use(ACTIONS)


@pytest.fixture
def numbers(desk: Desk, clock: SetClock) -> list[TicketNumber]:
    """Five tickets of Dana's, the third closed, and one of Leo's, the youngest."""
    made: list[TicketNumber] = []
    for subject in ("First lamp", "Second lamp", "Third lamp", "Fourth lamp", "Fifth lamp"):
        made.append(receive(desk, subject=subject).number)
        clock.go_on(hours=1)
    set_status(desk, made[2], Status.CLOSED)
    made.append(receive(desk, subject="Of Leo", sender=LEO).number)
    return made


@pytest.fixture
def number(desk: Desk) -> TicketNumber:
    return receive(desk).number


@pytest.fixture
def bo(desk: Desk) -> Desk:
    return acting_as(desk, "bo")


@pytest.fixture
def keeper(number: TicketNumber) -> Keeper:
    return Keeper(number, DraftKind.REPLY)
