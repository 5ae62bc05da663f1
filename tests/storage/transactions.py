"""Transactions that end badly."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager, suppress

from storage.database import TicketStore


class WentWrong(Exception):
    """What an action raises when it cannot go on."""


@contextmanager
def failing(store: TicketStore) -> Generator[None]:
    """A transaction in which something goes wrong after all was written; the error is caught outside of it."""
    with suppress(WentWrong), store.transaction():
        yield
        raise WentWrong
