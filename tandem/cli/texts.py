"""The words of a mail that is written on the command line: a macro's, those of a file, or those on the line itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import click

from desk.actions.draft import save_draft
from desk.addressed import go_as_before
from desk.conversation import EntryId
from desk.desk import Desk
from desk.draft import DraftKind
from desk.errors import DraftMoved, RefusedError, TicketMoved
from desk.outgoing import Answer
from desk.ticket import TicketNumber
from macros.fill import Filled
from tandem.cli.arguments import read_text

Fill = Callable[[str, Mapping[str, str]], Filled]
"""Fills in the macro of a name with answers to its questions."""


@dataclass(frozen=True, slots=True)
class Text:
    """Where the words come from: a macro with answers to its questions and steps that are done, a file, or the line."""

    macro: str | None
    answers: Mapping[str, str]
    done: frozenset[int]
    file: str | None
    typed: str | None

    @property
    def is_given(self) -> bool:
        """Whether there are words besides a macro's."""
        return self.file is not None or self.typed is not None

    def read(self) -> str | None:
        """The words that were typed, here or in a file.

        Raises:
            RefusedError: the file cannot be read, or is not UTF-8.
        """
        return self.typed if self.file is None else read_text(self.file)


def answer_of(text: Text, fill: Fill) -> Answer:
    """An answer as far as it is words, and what a macro does with them: typed ones stand in place of the macro's own.

    Raises:
        click.UsageError: there are no words, or two places for them.
        RefusedError: the macro does not allow it.
    """
    _refuse_contradictions(text)
    if text.macro is None:
        return Answer(text=text.read() or "")
    filled = fill(text.macro, text.answers)
    _refuse_what_is_internal(filled, has_text=text.is_given)
    refuse_open_steps(filled, text.done)
    typed = text.read()
    use = replace(filled.use, edited=typed is not None and typed.strip() != filled.text.strip())
    return Answer(text=filled.text if typed is None else typed, steps=filled.steps, macro=use)


@contextmanager
def keeping_what_was_piped(
    desk: Desk, number: TicketNumber, kind: DraftKind, file: str | None, answer: Answer
) -> Generator[None]:
    """Where the ticket moved before the mail could leave, its words stay there as a draft, if no file holds them."""
    try:
        yield
    except TicketMoved as moved:
        if file is not None and not Path(file).is_file():
            with suppress(DraftMoved):  # then they are kept beside the draft that stands there
                if (draft := save_draft(desk, number, kind, answer.written)) is not None:
                    go_as_before(desk, draft, EntryId(moved.expected + 1))
        raise


def _refuse_contradictions(text: Text) -> None:
    if text.file is not None and text.typed is not None:
        raise click.UsageError("--text and --body-file contradict each other")
    if text.macro is not None:
        return
    if not text.is_given:
        raise click.UsageError(
            "say what to write: --macro NAME, --text T, --body-file FILE, or --body-file - for stdin"
        )
    if text.answers or text.done:
        raise click.UsageError("--set and --done are about a macro: say which with --macro")


def _refuse_what_is_internal(filled: Filled, *, has_text: bool) -> None:
    """A macro that is not written to customers is never sent to one."""
    kind = filled.macro.reply
    if kind == "note":
        raise RefusedError(f"the macro “{filled.macro.name}” writes an internal note, not a mail", "take another one")
    if kind == "none" and not has_text:
        raise RefusedError(f"the macro “{filled.macro.name}” has no text of its own", "give it one with --body-file")


def refuse_open_steps(filled: Filled, done: Collection[int]) -> None:
    """A step that the macro requires is confirmed by its number, or nothing is sent."""
    for number, check in enumerate(filled.checklist, start=1):
        if check.required and number not in done:
            raise RefusedError(
                f"step {number} of the macro is required: {check.text}", f"confirm it with --done {number}"
            )
