"""What is not used any more goes back to the system, and all threads take from one store of memory.

glibc gives each thread one of its own, and keeps what was once needed, the more the larger it was: several megabytes
after a list of a hundred thousand tickets was read.
"""

from __future__ import annotations

from ctypes import CDLL

_TRIM_THRESHOLD, _ARENA_MAX = -1, -8
"""M_TRIM_THRESHOLD and M_ARENA_MAX of mallopt(3)."""
_KEPT = 128 << 10
"""Free bytes that are kept: what glibc begins with, and would raise by itself."""


def be_thrifty() -> None:
    """Tell the C library so, before there are threads; one that has no such settings is left as it is."""
    library = CDLL(None)
    if hasattr(library, "mallopt"):
        library.mallopt(_ARENA_MAX, 1)
        library.mallopt(_TRIM_THRESHOLD, _KEPT)
