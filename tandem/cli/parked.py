"""`tandem parked`: mail that was kept back, why, and what an agent may do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from desk.actions.accept import accept, accept_all_from, drop, drop_all_from
from desk.desk import Desk
from desk.errors import RefusedError
from desk.intake import Taken
from desk.parked import ParkedId, ParkedMail
from desk.people import Address
from tandem.cli.arguments import Number, recipient
from tandem.cli.jsonl import parked_json
from tandem.cli.lists import list_group
from tandem.cli.output import local, print_json, say, table
from tandem.cli.session import Session, pass_session

T = TypeVar("T")


@list_group("parked", "mail")
@click.option("--all", "every", is_flag=True, help="Also those that were accepted or dropped.")
def parked_command(session: Session, as_json: bool, every: bool) -> None:
    """List mails that were kept back, newest first, with the reason."""
    mails = session.desk.store.parked.all(settled=every)
    if as_json:
        for mail in mails:
            print_json(parked_json(mail))
    else:
        table(map(_row, mails), right=frozenset({0}), stretch=3)


def _row(mail: ParkedMail) -> tuple[str, ...]:
    return str(mail.id), local(mail.received), mail.read.sender.email, mail.read.subject, _standing(mail)


def _standing(mail: ParkedMail) -> str:
    if mail.settled is None:
        return mail.reason
    where = f", on ticket {mail.settled.ticket}" if mail.settled.ticket else ""
    return f"{mail.settled.fate} by {mail.settled.by} on {local(mail.settled.at)}{where}"


_IDS = click.argument("numbers", metavar="ID...", nargs=-1, type=Number(min=1))


@parked_command.command("accept")
@_IDS
@click.option("--from", "sender", metavar="ADDRESS", help="Every parked mail of this sender.")
@pass_session
def accept_command(session: Session, numbers: tuple[int, ...], sender: str | None) -> None:
    """Take parked mails in as if they came now: all that are named, or none when one is refused."""
    if sender is not None:
        count = _all_from(session.desk, numbers, sender, accept_all_from)
        say(f"{count} mails from {sender} were accepted")
        return
    for number, taken in zip(numbers, _on_each(session.desk, numbers, accept), strict=True):
        say(f"parked mail {number} {_told(taken)}")


@parked_command.command("drop")
@_IDS
@click.option("--from", "sender", metavar="ADDRESS", help="Every parked mail of this sender.")
@pass_session
def drop_command(session: Session, numbers: tuple[int, ...], sender: str | None) -> None:
    """Take parked mails off the list. Their bytes are kept; `tandem parked accept` still takes them in."""
    if sender is not None:
        say(f"{_all_from(session.desk, numbers, sender, drop_all_from)} mails from {sender} were dropped")
        return
    for mail in _on_each(session.desk, numbers, drop):
        say(f"parked mail {mail.id} is dropped; its bytes are kept")


def _on_each(desk: Desk, numbers: tuple[int, ...], act: Callable[[Desk, ParkedId], T]) -> list[T]:
    if not numbers:
        raise click.UsageError("say which: ids from `tandem parked`, or --from ADDRESS")
    with desk.store.transaction():
        return [act(desk, ParkedId(number)) for number in numbers]


def _all_from(desk: Desk, numbers: tuple[int, ...], sender: str, act: Callable[[Desk, Address], int]) -> int:
    if numbers:
        raise click.UsageError("say ids or --from ADDRESS, not both")
    if count := act(desk, recipient(sender)):
        return count
    raise RefusedError(f"no mail from {sender} is parked", "`tandem parked` lists what is")


def _told(taken: Taken) -> str:
    return f"is on ticket {taken.ticket} now" if taken.ticket else f"is not on a ticket: {taken.outcome}"
