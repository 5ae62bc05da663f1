"""`tandem merge` and `tandem split`: one ticket of several, and several of one; `--dry-run` only tells."""

from __future__ import annotations

from collections.abc import Iterator

import click

from desk.actions.merge import merge
from desk.actions.split import split
from desk.conversation import EntryId
from desk.errors import RefusedError
from desk.merging import DRAFTS, MergePlan, Share, counted, plan_merge
from desk.safe import safe_line
from desk.splitting import SplitPlan, plan_split
from desk.ticket import Ticket, TicketNumber
from tandem.cli.arguments import TICKET, Number
from tandem.cli.output import say
from tandem.cli.session import Session, pass_session

_DRY = click.option("--dry-run", "is_dry", is_flag=True, help="Tell what it would do, and change nothing.")


@click.command("merge")
@click.argument("numbers", metavar="FROM...", nargs=-1, required=True, type=TICKET)
@click.argument("into", metavar="INTO", type=TICKET)
@_DRY
@pass_session
def merge_command(session: Session, numbers: tuple[int, ...], into: int, *, is_dry: bool) -> None:
    """Put the mails and notes of tickets FROM on ticket INTO, which goes on for them; answers to any land there.

    It keeps its customer and assignee, and has the tags of all. `tandem undo` takes them apart again, as long as nobody
    wrote since.
    """
    froms = [TicketNumber(each) for each in numbers]
    if not is_dry:
        for each in merge(session.desk, froms, TicketNumber(into)).said:
            say(each)
        return
    plan = plan_merge(session.desk, froms, TicketNumber(into))
    for each in _merging(plan):
        say(each)
    if refused := [each.refused for each in plan.froms if each.refused]:
        raise RefusedError(f"it would not be done: {refused[0]}", "leave that ticket out")


@click.command("split")
@click.argument("number", metavar="ID", type=TICKET)
@click.argument("message", metavar="MESSAGE", type=Number(min=1))
@_DRY
@pass_session
def split_command(session: Session, number: int, message: int, *, is_dry: bool) -> None:
    """Make a ticket of its own of a MESSAGE of ticket ID and of every later one that answers it.

    MESSAGE is its number, as `tandem show ID` prints it. Notes stay; `tandem undo` puts it back.
    """
    if is_dry:
        plan = plan_split(session.desk, TicketNumber(number), EntryId(message))
        if plan.refused:
            raise RefusedError(f"it would not be done: {plan.refused}")
        for each in _splitting(plan):
            say(each)
    else:
        say(split(session.desk, TicketNumber(number), EntryId(message)).said)


def _merging(plan: MergePlan) -> Iterator[str]:
    yield f"goes on: {_named(plan.into.ticket)} of {safe_line(plan.into.ticket.customer.label)}: {_brings(plan.into)}"
    for each in plan.froms:
        if each.refused:
            yield f"cannot be merged: {_named(each.ticket)}: {each.refused}"
        else:
            yield f"is merged: {_named(each.ticket)} of {safe_line(each.ticket.customer.label)}: {_brings(each)}"
    yield f"stands then: {', '.join(_standing(plan.after))}"
    for other in plan.other_customers:
        yield f"two customers: {safe_line(str(other))} wrote too; check To before you answer"
    yield f"the customer sees nothing: no mail is sent, and answers to any of them land on {plan.into.ticket.number}"


def _splitting(plan: SplitPlan) -> Iterator[str]:
    yield f"goes to a new ticket of {safe_line(str(plan.customer))}: {counted(len(plan.going), 'mail')}"
    if plan.leaving:
        yield f"goes along: {counted(len(plan.leaving), 'mail')} still leaving"
    begun = [f"{each.author}'s unfinished {DRAFTS[each.kind]}" for each in plan.drafts if each.kind in DRAFTS]
    stays = [counted(len(plan.staying), "mail"), *([counted(plan.notes, "note")] if plan.notes else []), *begun]
    yield f"stays on {_named(plan.ticket)}: {', '.join(stays)}"
    yield "the customer sees nothing: no mail is sent"


def _named(ticket: Ticket) -> str:
    return f"{ticket.number} “{safe_line(ticket.subject)}”"


def _brings(share: Share) -> str:
    return ", ".join(share.brings())


def _standing(ticket: Ticket) -> tuple[str, ...]:
    tags = (f"#{each}" for each in ticket.tags)
    return (ticket.status, f"{ticket.priority} priority", ticket.assignee or "nobody has it", *tags)
