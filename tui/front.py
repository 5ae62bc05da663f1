"""The application as the screens in this package know it; tui/host.py is the part of it that everything else needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.dom import DOMNode

if TYPE_CHECKING:
    from tui.app import TandemApp


def front(node: DOMNode) -> TandemApp:
    """The application that a screen or widget stands in."""
    return cast("TandemApp", node.app)
