"""A mailbox for the background of a screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread

from desk.conversation import EntryId
from desk.desk import Desk
from desk.standing import WAITING, Standing
from tests.desks import receive


class Mailbox:
    """A mailbox in which mail can be put, and which can be away."""

    mailboxes = ("support",)

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.waiting: list[str] = []
        self.is_away = False
        self.asked, self.idle, self.deliveries = 0, Event(), 0
        self._hurried, self._stopped = Event(), Event()

    def deliver(self) -> None:
        self.deliveries += 1

    def follow(self, tell: Callable[[Standing], None]) -> None:
        Thread(target=self._follow, args=[tell], daemon=True).start()

    def hurry(self) -> None:
        self._hurried.set()

    def stop(self) -> None:
        self._stopped.set()
        self._hurried.set()

    def load_whole(self, entry: EntryId) -> None:
        raise NotImplementedError

    def _follow(self, tell: Callable[[Standing], None]) -> None:
        while not self._stopped.is_set():
            self._hurried.clear()
            tell(self.look())
            self._hurried.wait()

    def look(self) -> Standing:
        self.asked += 1
        if self.is_away:
            words = "IMAP: connection refused by mail.acme.example:993 \x1b]0;x\x07"
            return Standing("support", words, is_trouble=True, again=self.desk.clock() + timedelta(seconds=40))
        count = len(self.waiting)
        while self.waiting:
            receive(self.desk, subject=self.waiting.pop())
        self.idle.set()
        return Standing("support", WAITING, came=count)
