"""The one way in which a method of Textual's is done by one of ours, where it has no hook for what is needed."""

from __future__ import annotations

from collections.abc import Callable


def graft(kind: type, **methods: Callable[..., object]) -> None:
    """Let a class do these methods in our way from now on, in this whole process."""
    for name, method in methods.items():
        setattr(kind, name, method)
