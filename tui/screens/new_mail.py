"""Writing to somebody first: a mail that opens a ticket from our side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from textual.content import Content

from desk.beginning import Beginning, KeptBeginning
from desk.desk import Desk
from desk.draft import DraftKind
from desk.outgoing import Answer
from desk.safe import safe_line
from macros.facts import Facts, facts_for_beginning
from tui.composer.first_mails import BeginningKeeper, first_mail, send_first
from tui.composer.sending import Outcome
from tui.keys.naming import with_keys
from tui.reader.opened import OpenTicket
from tui.reader.wrapping import fit
from tui.screens.compose import ComposeScreen
from tui.screens.macro_picker import MacroPicker
from tui.screens.pickers import Choices, Picker
from tui.words.telling import moment
from tui.words.tongue import mark, tr


class NewMailScreen(ComposeScreen):
    """The recipients are asked for before anything else; `opened` is a ticket that is not there yet.

    `kept` is an unfinished one that is gone on with.
    """

    def __init__(self, opened: OpenTicket, mailbox: str, kept: KeptBeginning | None = None) -> None:
        self._mailbox, self._beginnings = mailbox, BeginningKeeper(mailbox, kept)
        super().__init__(opened, DraftKind.REPLY)

    def keeper(self) -> BeginningKeeper:
        return self._beginnings

    @property
    def asks_first(self) -> bool:
        return True

    @property
    def form_heading(self) -> str:
        return tr("New mail: to whom, and about what?")

    def on_mount(self) -> None:
        self.add_class("-new")

    def missing(self, text: str) -> str:
        heads = self.head.heads
        if not heads.to:
            return with_keys(tr("nobody to write to yet: {key_recipients} says whom"))
        return super().missing(text) or (
            "" if heads.subject else with_keys(tr("no subject yet: {key_recipients} says what it is about"))
        )

    def macro_picker(self) -> MacroPicker:
        return MacroPicker(self.opened, self._beginning)

    def facts(self, desk: Desk) -> Facts:
        return facts_for_beginning(desk, self._beginning, now=desk.clock().astimezone())

    @property
    def sending_name(self) -> str:
        return tr("new mail")

    def send_mail(self, desk: Desk, answer: Answer) -> Outcome:
        return send_first(desk, self._beginnings, answer)

    @property
    def _beginning(self) -> Beginning:
        """The mail as it is chosen so far: the first whom it goes to is its customer."""
        return first_mail(self._mailbox, self.parts.manuscript.drafting.written(""))

    def _attend(self) -> None:
        """Nobody else sees it."""


class MailboxPicker(Picker[str]):
    """From which of our addresses a mail is written."""

    HEADING = mark("Write from")

    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__()
        self._names = names

    def offer(self, typed: str) -> None:
        found = [name for name in self._names if typed.casefold() in f"{name} {self._names[name]}".casefold()]
        self.query_one(Choices).offer(
            (name, Content.assemble((name, "bold"), (f"  {safe_line(self._names[name])}", "$muted"))) for name in found
        )
        self.tell_empty()

    def choose(self) -> None:
        if self.chosen is not None:
            self.dismiss(self.chosen)


NEW: Literal["new"] = "new"
"""That none of the unfinished mails is gone on with."""


class BeginningPicker(Picker[KeptBeginning | Literal["new"]]):
    """Which unfinished first mail is gone on with, the one that was saved last on top, or a new one."""

    HEADING = mark("Go on with an unfinished mail?")
    HINT = mark("{key_choose} goes on   {key_leave} leaves   {key_discard} in its review throws one away")

    def __init__(self, kept: Sequence[KeptBeginning], now: datetime) -> None:
        super().__init__()
        self._kept = {str(each.id): each for each in reversed(kept)}
        self._now = now

    def offer(self, typed: str) -> None:
        words = {name: _described(each, self._now) for name, each in self._kept.items()}
        found = [(name, row) for name, row in words.items() if typed.strip().casefold() in row.plain.casefold()]
        self.query_one(Choices).offer([*found, (NEW, Content.styled(tr("a new mail"), "$accent"))])

    def choose(self) -> None:
        if self.chosen is not None:
            self.dismiss(NEW if self.chosen == NEW else self._kept[self.chosen])


def _described(kept: KeptBeginning, now: datetime) -> Content:
    """To whom, about what, how it begins, and when it was saved."""
    mail = kept.beginning
    to = ", ".join(each.label for each in mail.to) or tr("nobody yet")
    about = mail.subject or next((line for line in mail.text.splitlines() if line.strip()), "") or tr("(no subject)")
    return Content.assemble(
        (f"{moment(kept.saved, now):<13} ", "$muted"), (fit(safe_line(to), 24), "bold"), f"  {safe_line(about)}"
    )
