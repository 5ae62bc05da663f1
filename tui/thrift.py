"""What is not used any more goes back to the system, and all threads take from one store of memory.

glibc gives each thread one of its own, and keeps what was once needed, the more the larger it was: several megabytes
after a list of a hundred thousand tickets was read.
"""

from __future__ import annotations

from contextlib import suppress
from ctypes import CDLL
from functools import lru_cache

from rich import cells

_TRIM_THRESHOLD, _ARENA_MAX = -1, -8
"""M_TRIM_THRESHOLD and M_ARENA_MAX of mallopt(3)."""
_KEPT = 128 << 10
"""Free bytes that are kept: what glibc begins with, and would raise by itself."""
_WIDTHS = 1_024
"""Texts whose width is remembered: those of some screens. Rich would remember four times as many, half a megabyte."""


def remember_few_widths() -> None:
    """Tell Rich so, before anything else of it is loaded."""
    with suppress(AttributeError):  # one that remembers them in another way: any newer Rich may be installed
        cells.cached_cell_len = lru_cache(_WIDTHS)(cells.cached_cell_len.__wrapped__)


def give_back() -> None:
    """Give the system what is free between what is used; it takes a millisecond or two, in which other threads run."""
    with suppress(AttributeError):  # not glibc's
        CDLL(None).malloc_trim(0)


class Quiet:
    """Tells, once for each thing that was used, that it was the last one for a while."""

    def __init__(self) -> None:
        self._used: object = None
        self._is_told = True

    def has_come(self, used: object) -> bool:
        """Whether the same was used last when this was asked before, and that was not told yet."""
        if used is not self._used:
            self._used, self._is_told = used, False
            return False
        was_told, self._is_told = self._is_told, True
        return not was_told


def be_thrifty() -> None:
    """Tell the C library so, before there are threads; one that has no such settings is left as it is."""
    library = CDLL(None)
    if hasattr(library, "mallopt"):
        library.mallopt(_ARENA_MAX, 1)
        library.mallopt(_TRIM_THRESHOLD, _KEPT)
