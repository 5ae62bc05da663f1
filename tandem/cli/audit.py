"""`tandem audit`: where every mail is that the mail server holds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass, field

import click

from desk.errors import RefusedError
from tandem.audit import Found, Looked, State, Unreached, audit
from tandem.cli.amounts import counted, counted_are
from tandem.cli.jsonl import found_json
from tandem.cli.output import complain, print_json, say
from tandem.cli.progress import progress
from tandem.cli.session import Session, pass_session

_NAMED = 50
"""Mails of one folder and state that are named unless all are asked for."""

_TOLD = (State.MISSING, State.PARKED)
_WORDS = {
    State.TICKET: "on tickets",
    State.PARKED: "parked",
    State.ERASED: "erased",
    State.ELSEWHERE: "of our own and on no ticket",
    State.MISSING: "missing",
}


@click.command("audit")
@click.option("--deep", is_flag=True, help="Also ask the server for each Message-ID: is it still the same mail?")
@click.option("--all", "every", is_flag=True, help="Name every mail, those on tickets too.")
@click.option("--json", "as_json", is_flag=True, help="One mail a line, as JSON; the last line sums up.")
@pass_session
def audit_command(session: Session, deep: bool, every: bool, as_json: bool) -> None:
    """Account for every mail in the watched folders: on a ticket, parked and why, or missing.

    All folders are listed on the server and compared with what is on this desk, down to the bytes of each mail. Nothing
    is changed anywhere. A mail that came after the last look is missing until `tandem sync` has fetched it.
    """
    office = session.unattended
    if not any(each.imap for each in office.config.accounts):
        raise RefusedError("this desk watches no mailbox", "`tandem init` connects one")
    teller = _Json() if as_json else _Words(every=every)
    with progress() as tell:
        for each in audit(office.desk, office.config, tell, deep=deep):
            teller.hear(each)
    teller.end()


@dataclass
class _Teller(ABC):
    """Hears of each mail, and then of the folder that it lies in."""

    counts: Counter[State] = field(default_factory=Counter[State])
    new: int = 0
    gone: int = 0
    unreached: list[Unreached] = field(default_factory=list[Unreached])

    def hear(self, each: Found | Looked | Unreached) -> None:
        """Tell one thing, and count it."""
        match each:
            case Found():
                self.counts[each.state] += 1
                self.new += each.is_new
                self.found(each)
            case Looked():
                self.gone += each.gone
                self.looked(each)
            case Unreached():
                self.unreached.append(each)

    @abstractmethod
    def found(self, each: Found) -> None:
        """Tell of a mail."""

    @abstractmethod
    def looked(self, each: Looked) -> None:
        """Tell of a folder, all of whose mails were told of."""

    def end(self) -> None:
        """End as what was found says: a mail that is missing outweighs a server that could not be asked.

        Raises:
            RefusedError: mails are missing.
            MailError, ConfigError: a mailbox could not be looked at.
        """
        missing = self.counts[State.MISSING]
        for each in self.unreached if missing else self.unreached[1:]:
            complain(f"{each.where}: {each.error}")
        if missing:
            raise RefusedError(*_said_of_missing(missing, self.new))
        for each in self.unreached:
            raise each.error.reworded(f"{each.where}: {each.error.message}", each.error.hint)


def _said_of_missing(missing: int, new: int) -> tuple[str, str]:
    """What is wrong, and what to do about it."""
    if new == missing:
        return f"{counted_are(new, 'mail')} not fetched yet", "`tandem sync` fetches them"
    some = f", {new} of them not fetched yet" if new else ""
    fetch = "`tandem sync` fetches the new ones; " if new else ""
    return f"{counted_are(missing, 'mail')} missing{some}", f"{fetch}each has its reason above; they are on the server"


class _Json(_Teller):
    def found(self, each: Found) -> None:
        print_json(found_json(each))

    def looked(self, each: Looked) -> None:
        pass

    def end(self) -> None:
        states = {state.value: self.counts[state] for state in State}
        unreached = [{"where": each.where, "reason": each.error.message} for each in self.unreached]
        print_json({"messages": self.counts.total(), **states, "gone": self.gone, "unreached": unreached})
        super().end()


class _Words(_Teller):
    def __init__(self, *, every: bool) -> None:
        super().__init__()
        self._every = every
        self._held: dict[State, list[Found]] = {state: [] for state in _TOLD}

    def found(self, each: Found) -> None:
        """Name it now, or keep it until its folder is summed up."""
        if self._every:
            say(_named(each))
        elif each.state in self._held and len(self._held[each.state]) < _NAMED:
            self._held[each.state].append(each)

    def looked(self, each: Looked) -> None:
        counts = [f"{each.counts[state]} {_WORDS[state]}" for state in State if each.counts[state]]
        gone = f"; {counted(each.gone, 'mail')} more that were taken in are there no longer" if each.gone else ""
        states = f": {', '.join(counts)}" if counts else ""
        say(f"{each.mailbox}, {each.folder}: {counted(each.counts.total(), 'mail')}{states}{gone}")
        if each.notice:
            say(f"  {each.notice}")
        for state, held in self._held.items():
            for found in held:
                say(f"  {_named(found)}")
            if more := each.counts[state] - len(held) if not self._every else 0:
                say(f"  … and {more} more {_WORDS[state]} (`--all` names them)")
            held.clear()


def _named(each: Found) -> str:
    place = each.place
    on = f"on ticket {each.ticket}" if each.state is State.TICKET else each.state.value
    why = f": {each.reason}" if each.reason else ""
    return f"{place.mailbox}, {place.folder}, UID {place.uid}: {on}{why}"
