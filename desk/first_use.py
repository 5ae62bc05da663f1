"""What only one thread at a time may do: let a library get to know a dataclass."""

from __future__ import annotations

from threading import RLock
from typing import Final

FIRST_USE: Final = RLock()
"""Held while msgspec reads the fields of a class for the first time, and of all classes in those.

It keeps what it found on each class, unguarded (msgspec 0.22): two threads that do so at once end the process.
"""
