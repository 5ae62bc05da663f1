"""What stands under `do:` in a macro, and how the words there become steps for the desk."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from desk.actions.tag import clean_tag
from desk.errors import RefusedError
from desk.moments import refuse_unread
from desk.people import Handle
from desk.steps import AssignStep, NoteStep, PriorityStep, SnoozeStep, StatusStep, Step, TagStep
from desk.ticket import Priority, Status

ACTIONS = ("tag", "assign", "status", "priority", "note", "snooze")
"""The actions this version knows."""

_HANDLE = re.compile(r"[a-z0-9_-]{1,20}")
_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Action:
    """One action as the file has it: its name, its words (templates; several only for tags), and its line."""

    name: str
    words: tuple[str, ...]
    line: int


def step_of(name: str, words: Iterable[str], me: str) -> Step | None:
    """The step that an action means once its words are filled in; None when they came out empty.

    `me` is the acting agent's handle.

    Raises:
        RefusedError: the words do not fit the action.
    """
    said = [each for each in (word.strip() for word in words) if each]
    if not said:
        return None
    match name:
        case "tag":
            return _tag_step(said)
        case "assign":
            return AssignStep(_assignee(said[0], me))
        case "status" | "priority":
            return _field_step(name, said[0])
        case "snooze":
            return _snooze_step(said[0])
        case _:
            return NoteStep(said[0])


def _tag_step(words: list[str]) -> TagStep:
    """Tags with `-` before them are taken off, those with `+` or nothing are put on."""
    add = [clean_tag(each.removeprefix("+")) for each in words if not each.startswith("-")]
    remove = [clean_tag(each[1:]) for each in words if each.startswith("-")]
    return TagStep(tuple(dict.fromkeys(add)), tuple(dict.fromkeys(remove)))


def _field_step(name: str, word: str) -> Step:
    return StatusStep(_one_of(Status, word)) if name == "status" else PriorityStep(_one_of(Priority, word))


def _snooze_step(words: str) -> SnoozeStep:
    """Whether the moment is ahead shows when it is done."""
    step = SnoozeStep.said(words)
    refuse_unread(step.when)
    return step


def _assignee(word: str, me: str) -> Handle | None:
    if word == "none":
        return None
    if word == "me" and not me:
        raise RefusedError("it is not clear who “me” is", "say who is acting with --agent HANDLE")
    handle = me if word == "me" else word
    if not _HANDLE.fullmatch(handle):
        raise RefusedError(f"“{handle[:60]}” cannot be an agent", "me, none or a colleague's handle")
    return Handle(handle)


def _one_of(kind: type[_Word], word: str) -> _Word:
    try:
        return kind(word)
    except ValueError as error:
        raise RefusedError(f"“{word[:60]}” is not one of: {', '.join(kind)}") from error
