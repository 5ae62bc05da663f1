"""Subjects as lines show them; one that the desk or the sender left out is called so in the language of the screen."""

from __future__ import annotations

from desk.safe import safe_line
from desk.subjects import NO_SUBJECT
from tui.words.tongue import tr


def subject_line(subject: str) -> str:
    """A subject for a terminal's line."""
    return tr("(no subject)") if subject in ("", NO_SUBJECT) else safe_line(subject) or tr("(no subject)")
