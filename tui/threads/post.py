"""Mail in the background of the screen: what comes in, what goes out, and how that stands in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from threading import Lock, Thread

from desk.conversation import EntryId
from desk.errors import StoreOutdated, TandemError
from desk.standing import WAITING, Standing
from tui.accounts import briefly
from tui.messages import Said
from tui.ports import Background
from tui.threads.workers import Rounds
from tui.words.heard import heard
from tui.words.tongue import mark, tr

_DELIVER_EVERY = 1.0
_GIVEN_UP = mark("no mail any more")


class Post:
    """Keeps `background` going and tells how the mailboxes stand, from its threads."""

    def __init__(self, background: Background, tell: Callable[[Said], None], now: Callable[[], datetime]) -> None:
        self._background, self._tell, self._now = background, tell, now
        self._new, self._came_at = 0, ""
        self._standing: dict[str, Standing] = {}
        self._lock = Lock()
        self._loading = set[EntryId]()
        self._deliver = Rounds("deliver", background.deliver, pause=_DELIVER_EVERY, failed=self._not_delivered)

    def start(self) -> None:
        """Begin to fetch and to deliver, from threads: what speaks to servers is loaded only now."""
        begun = tr("connecting to the mailbox …") if self._background.mailboxes else tr("no mailbox is connected")
        self._tell(Said(begun))
        self._deliver.start()
        Thread(target=self._background.follow, args=[self._stands], name="follow", daemon=True).start()

    def hurry(self) -> None:
        """Fetch and deliver now."""
        self._background.hurry()
        self._deliver.hurry()

    def load(self, entry: EntryId, done: Callable[[], None], failed: Callable[[TandemError], None]) -> bool:
        """Fetch the rest of a mail in a thread of its own, and call back from there; False: that is going on."""
        if entry in self._loading:
            return False
        self._loading.add(entry)
        Thread(target=self._load, args=[entry, done, failed], name="load", daemon=True).start()
        return True

    def _load(self, entry: EntryId, done: Callable[[], None], failed: Callable[[TandemError], None]) -> None:
        try:
            self._background.load_whole(entry)
        except TandemError as error:
            failed(error)
        else:
            done()
        finally:
            self._loading.discard(entry)

    def stop(self) -> None:
        """Ask for the end of both."""
        self._background.stop()
        self._deliver.stop()

    def give_up(self) -> None:
        """End both for good: mail that came could not be filed any more."""
        self.stop()
        tell, self._tell = self._tell, _nobody  # a round that is just ending is no news any more
        tell(Said(tr(_GIVEN_UP), "warn"))

    def join(self, patience: float) -> None:
        """Wait at most `patience` seconds for a mail that is just being sent."""
        self._deliver.join(patience)

    def _stands(self, standing: Standing) -> None:
        with self._lock:
            self._standing[standing.mailbox] = standing
            if standing.came:
                self._new += standing.came
                self._came_at = f"{self._now().astimezone():%H:%M:%S}"
            said = self._said()
        self._tell(said)

    def _said(self) -> Said:
        """What is wrong with any mailbox, or else what is going on in them, each thing once."""
        all_of_them = [self._standing[name] for name in sorted(self._standing)]
        if any(each.is_over for each in all_of_them):
            return Said(tr(_GIVEN_UP), "warn")
        wrong = [each for each in all_of_them if each.is_trouble]
        if wrong:
            return self._wrong(wrong)
        told = [self._words(each) for each in all_of_them if each.words != WAITING]
        return Said(" · ".join(dict.fromkeys(told)) or self._came())

    def _came(self) -> str:
        """That mail is waited for, and how much came so far."""
        if not self._new:
            return heard(WAITING)
        words = tr("{waiting} · {count} new since the start, last at {at}")
        return words.format(waiting=heard(WAITING), count=self._new, at=self._came_at)

    def _wrong(self, wrong: Sequence[Standing]) -> Said:
        """Every mailbox that is in trouble is named before what is wrong, so that none is cut off."""
        names = f"{', '.join(each.mailbox for each in wrong)}: " if len(self._background.mailboxes) > 1 else ""
        whole = dict.fromkeys(heard(each.words) for each in wrong)
        brief = dict.fromkeys(briefly(each, is_named=bool(names)) for each in whole)
        again = min((each.again for each in wrong if each.again), default=None)
        return Said(f"{names}{' · '.join(whole)}", "warn", f"{names}{' · '.join(brief)}", again)

    def _words(self, standing: Standing) -> str:
        """What goes on in a mailbox; a notice may name it already."""
        words, is_one = standing.notice or standing.words, len(self._background.mailboxes) == 1
        if words.startswith(f"{standing.mailbox}, "):
            return heard(words.removeprefix(f"{standing.mailbox}, ") if is_one else words)
        return heard(words) if is_one else f"{standing.mailbox}: {heard(words)}"

    def _not_delivered(self, error: TandemError, pause: float) -> None:
        """A round that ended because the desk was upgraded or replaced is not tried again."""
        if isinstance(error, StoreOutdated):
            self._tell(Said(tr(_GIVEN_UP), "warn"))
        else:
            again = self._now() + timedelta(seconds=pause)
            self._tell(Said(tr("sending: {why}").format(why=heard(error.message)), "warn", again=again))


def _nobody(_: Said) -> None:
    """Nothing more is told."""
