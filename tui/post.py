"""Mail in the background of the screen: two threads that fetch and deliver, and how that stands in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from desk.errors import StoreOutdated, TandemError
from tui.messages import Said
from tui.ports import Background
from tui.workers import Rounds

_DELIVER_EVERY = 1.0
_FETCH_AGAIN = 0.2
_GIVEN_UP = "no mail any more"


class Post:
    """Keeps `background` going and tells how the mailbox stands, from its own threads."""

    def __init__(self, background: Background, tell: Callable[[Said], None], now: Callable[[], datetime]) -> None:
        self._background, self._tell, self._now = background, tell, now
        self._new = 0
        self._deliver = Rounds("deliver", background.deliver, pause=_DELIVER_EVERY, failed=self._not_delivered)
        self._fetch = Rounds("fetch", self._fetch_once, pause=_FETCH_AGAIN, failed=self._not_fetched)

    def start(self) -> None:
        """Begin to fetch and to deliver."""
        self._tell(Said("connecting to the mailbox …"))
        self._deliver.start()
        self._fetch.start()

    def hurry(self) -> None:
        """Fetch and deliver now."""
        self._fetch.hurry()
        self._deliver.hurry()

    def stop(self) -> None:
        """Ask both threads to end."""
        self._fetch.stop()
        self._deliver.stop()

    def give_up(self) -> None:
        """End both threads for good: mail that came could not be filed any more."""
        self.stop()
        tell, self._tell = self._tell, _nobody  # a round that is just ending is no news any more
        tell(Said(_GIVEN_UP, "warn"))

    def join(self, patience: float) -> None:
        """Wait at most `patience` seconds for a mail that is just being sent."""
        self._deliver.join(patience)

    def _fetch_once(self) -> None:
        new = self._background.fetch(self._fetch.should_end, lambda words: self._tell(Said(words)))
        self._new += new
        came = f" · {self._new} new since the start" if self._new else ""
        self._tell(Said(f"synced {self._now().astimezone():%H:%M:%S}{came}"))

    def _not_fetched(self, error: TandemError, pause: float) -> None:
        self._tell_failure(error, f"{error.message}, {self._next_try(pause)}")

    def _not_delivered(self, error: TandemError, pause: float) -> None:
        self._tell_failure(error, f"sending: {error.message}, {self._next_try(pause)}")

    def _tell_failure(self, error: TandemError, words: str) -> None:
        """A round that ended because the desk was upgraded or replaced is not tried again."""
        self._tell(Said(_GIVEN_UP if isinstance(error, StoreOutdated) else words, "warn"))

    def _next_try(self, pause: float) -> str:
        """When it is tried again, by the clock: these words are not told anew each second."""
        return f"next try at {(self._now() + timedelta(seconds=pause)).astimezone():%H:%M:%S} (ctrl+r now)"


def _nobody(_: Said) -> None:
    """Nothing more is told."""
