"""Looks twenty times a second for what other screens and processes changed in the store."""

from __future__ import annotations

from collections.abc import Callable

from desk.errors import StoreOutdated, TandemError
from desk.ports import Store, Watch
from tui.messages import StoreChanged
from tui.threads.workers import Rounds

INTERVAL = 0.05
"""Seconds between two looks; with the waking up they take some thousandths of one processor."""


def watching(
    store: Store,
    tell: Callable[[StoreChanged], None],
    tell_upgraded: Callable[[], None] = lambda: None,
    tell_lost: Callable[[TandemError | None], None] = lambda _: None,
) -> Rounds:
    """A thread, not yet started, that tells what changed in the store since it began.

    It ends when the store was upgraded or replaced, which it tells too. While the store cannot be read it tells that
    with `tell_lost`, and goes on; None: it can be read again.
    """
    asking: list[Watch] = []
    lost: list[TandemError] = []

    def look() -> None:
        if not asking:
            asking.append(store.watch())
        changed = asking[0].poll()
        if lost:
            lost.clear()
            tell_lost(None)
        if changed is None or changed:
            tell(StoreChanged(changed))
        store.rest()

    def failed(error: TandemError, _pause: float) -> None:
        if isinstance(error, StoreOutdated):
            tell_upgraded()
        else:
            lost.append(error)
            tell_lost(error)

    return Rounds("watch", look, pause=INTERVAL, longest=5.0, failed=failed)
