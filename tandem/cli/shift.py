"""`tandem shift`: what changed in a shift, what waits for whom, what was promised by when; and handing it over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import click

from desk.actions.hand_shift_over import hand_shift_over, see_shifts, take_shift_back
from desk.desk import Desk
from desk.errors import RefusedError
from desk.handovers import Handover
from desk.people import Handle
from desk.shift import Shift, end_of_shift, handed_to
from desk.terms import ago, day
from desk.ticket import Ticket
from tandem.cli.arguments import read_text, words
from tandem.cli.handing import promise_json, promise_row
from tandem.cli.jsonl import Json, moment
from tandem.cli.output import local, print_json, say, say_text, since, table
from tandem.cli.session import Session, pass_session


@click.command("shift")
@click.option("--since", "start", metavar="SPAN", help="From then on: 8h, 2d, or a day (UTC); else from its beginning.")
@click.option("--json", "as_json", is_flag=True, help="All of it as one line of JSON.")
@click.option("--hand-to", "to", metavar="AGENT|partner", help="Hand it over: told at their next start at the latest.")
@click.option("--remark", metavar="TEXT|-", type=words, default="", help="What to say above it; - reads it.")
@click.option("--take-back", is_flag=True, help="Take back what you handed over last, unless it was read.")
@click.option("--seen", is_flag=True, help="Put away what was handed to you.")
@pass_session
def shift_command(
    session: Session, start: str | None, as_json: bool, to: str | None, remark: str, take_back: bool, seen: bool
) -> None:
    """Show the shift: what changed, what waits for whom, what was promised by when, and what was handed to you.

    A shift begins where you handed the last one over, or with the first thing that you did after six quiet hours.
    """
    desk = session.desk
    began = None if start is None else _begin(start, desk.clock())
    if take_back:
        say(f"taken back: {take_shift_back(desk).to} is not told any more")
    elif to is not None:
        text = read_text("-") if remark == "-" else remark
        handed = hand_shift_over(desk, _colleague(desk, to), text, since=began)
        say(f"handed over to {handed.to}; `tandem shift --take-back` takes it back until it is read")
    elif remark:
        raise click.UsageError("--remark goes with --hand-to")
    elif as_json:
        print_json(shift_json(desk, end_of_shift(desk, began), handed_to(desk, desk.me.handle)))
    else:
        _print(desk, end_of_shift(desk, began), see_shifts(desk) if seen else handed_to(desk, desk.me.handle))


def _begin(said: str, now: datetime) -> datetime:
    begin = ago(said, now) or day(said)
    if begin is None or begin > now:
        raise click.BadParameter("say a span such as 8h or 2d, or a day as 2026-11-01", param_hint="--since")
    return begin


def _colleague(desk: Desk, named: str) -> Handle:
    others = [each.handle for each in desk.store.agents.all() if each.handle != desk.me.handle]
    if named != "partner":
        return desk.agent(Handle(named)).handle
    if len(others) != 1:
        raise RefusedError("you have no one partner", "name a colleague; `tandem agents` lists them")
    return others[0]


def shift_json(desk: Desk, shift: Shift, handed: Sequence[Handover]) -> Json:
    """A shift as `shift --json` prints it."""
    return {
        "since": moment(shift.since),
        "began": shift.began.name.lower(),
        "now": moment(shift.now),
        "agent": desk.me.handle,
        "changed": [{"id": each.ticket, "did": each.words} for each in shift.done],
        "waiting": {
            "ours": [_ticket_json(each, shift.now) for each in shift.ours],
            "colleagues": [_ticket_json(each, shift.now) for each in shift.colleagues],
            "customers": [_ticket_json(each, shift.now) for each in shift.theirs],
            "asleep": [_ticket_json(each, shift.now) for each in shift.asleep],
        },
        "totals": {("customers" if kind == "theirs" else kind): total for kind, total in shift.totals.items()},
        "promised": [promise_json(each, shift.now) for each in shift.promises],
        "handed_to_you": [_handover_json(each) for each in handed],
    }


def _ticket_json(ticket: Ticket, now: datetime) -> Json:
    waits = None if ticket.waiting_since is None else max(0, round((now - ticket.waiting_since).total_seconds()))
    return {
        "id": ticket.number,
        "subject": ticket.subject,
        "assignee": ticket.assignee,
        "waiting": waits,
        "snoozed_until": moment(ticket.snoozed_until),
    }


def _handover_json(handed: Handover) -> Json:
    return {
        "by": handed.by,
        "at": moment(handed.at),
        "since": moment(handed.since),
        "remark": handed.remark,
        "changed": [{"id": each.ticket, "did": each.words} for each in handed.done],
    }


def _print(desk: Desk, shift: Shift, handed: Sequence[Handover]) -> None:
    for each in handed:
        say(f"{each.by} handed over to you at {local(each.at)}")
        say_text(each.remark)
        table([(str(it.ticket), it.words) for it in each.done], right=frozenset({0}), stretch=1)
    say(f"Since {local(shift.since)}, {shift.began}")
    subjects = {each.number: each for each in desk.store.tickets.many([each.ticket for each in shift.done])}
    _section("Changed", [(str(it.ticket), subjects[it.ticket].subject, it.words) for it in shift.done])
    for title, kind, tickets in (
        ("Waiting for us", "ours", shift.ours),
        ("Waiting for a colleague", "colleagues", shift.colleagues),
        ("Waiting for customers", "theirs", shift.theirs),
        ("Asleep", "asleep", shift.asleep),
    ):
        _section(title, [_row(each, shift.now) for each in tickets], shift.totals[kind])
    _section("Promised", [promise_row(each, shift.now) for each in shift.promises])


def _section(title: str, rows: Sequence[Sequence[str]], total: int = 0) -> None:
    say(f"{title} {max(total, len(rows))}" if rows else f"{title}: nothing")
    table([("", *each) for each in rows], stretch=2)
    if total > len(rows):
        say(f"and {total - len(rows)} more")


def _row(ticket: Ticket, now: datetime) -> tuple[str, ...]:
    waits = local(ticket.snoozed_until) if ticket.snoozed_until else since(ticket.waiting_since, now)
    return str(ticket.number), ticket.subject, ticket.customer.label[:24], ticket.assignee or "-", waits
