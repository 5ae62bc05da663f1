"""Tells whoever follows the mail that automatic answers are switched off, as long as they are."""

from __future__ import annotations

from collections.abc import Callable

from desk.acknowledged import Stopped
from desk.standing import WAITING, Standing
from tandem.wiring import Office

_WHAT = "acknowledge"


class Switch:
    """Tells how the switch stands, each time when it was turned; nothing where no mailbox has automatic answers."""

    def __init__(self, office: Office, tell: Callable[[Standing], None]) -> None:
        self._office, self._tell = office, tell
        self._told: Stopped | None = None

    def look(self) -> None:
        """Tell what is new."""
        if not any(each.mailbox.acknowledge for each in self._office.config.accounts):
            return
        if (stopped := self._office.desk.store.acknowledgements.stopped()) != self._told:
            self._tell(Standing(_WHAT, WAITING if stopped is None else _in_words(stopped)))
            self._told = stopped


def _in_words(stopped: Stopped) -> str:
    since = f"{stopped.at.astimezone():%H:%M}"
    return f"{WAITING} · automatic answers are off since {since} ({stopped.why or stopped.by})"
