"""`tandem customers`: whom this desk writes with, all that it holds about one of them, and how that is erased."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from desk.actions.erase import preview, unfinished
from desk.customers import Customer, customer, customers
from desk.erasure import Erased, Erasure
from desk.errors import RefusedError
from desk.ticket import Ticket
from tandem.cli.amounts import counted, counted_are, size
from tandem.cli.arguments import words
from tandem.cli.customer_edit import bare, edit_command, known_of, print_known
from tandem.cli.jsonl import Json, moment, ticket_json
from tandem.cli.lists import json_lines, list_group
from tandem.cli.output import local, print_json, say, table
from tandem.cli.progress import progress
from tandem.cli.session import Session, pass_session
from tandem.customers_erasing import Receipt, copies_of, erase_customer, finish_all
from tandem.customers_export import Exported, export_customer
from tandem.customers_profile import known_json


@list_group("customers", "customer")
def customers_command(session: Session, as_json: bool) -> None:
    """List whom this desk writes with; show, edit, export or erase what it holds about somebody."""
    _print_list(session, "", as_json=as_json)


@customers_command.command("list")
@click.argument("query", nargs=-1, type=words)
@json_lines("customer")
@pass_session
def list_command(session: Session, query: tuple[str, ...], as_json: bool) -> None:
    """List every address that wrote to this desk or was written to, the latest mail first.

    With QUERY only those of whom address, name, company or tags hold all of its words.
    """
    _print_list(session, " ".join(query), as_json=as_json)


def _print_list(session: Session, query: str, *, as_json: bool) -> None:
    desk = session.unattended.desk
    with desk.store.snapshot():
        found = customers(desk, query)
    if as_json:
        for each in found:
            print_json(_customer_json(each))
        return
    table([_person_row(each) for each in found], stretch=1)


def _person_row(each: Customer) -> tuple[str, ...]:
    company = each.profile.company if each.profile else ""
    return each.email, each.name or "-", counted(len(each.tickets), "ticket"), local(each.last), company


def _customer_json(each: Customer) -> Json:
    return {
        "email": each.email,
        "name": each.name or None,
        "names": list(each.names),
        "company": (each.profile.company if each.profile else "") or None,
        "tags": list(each.profile.tags) if each.profile else [],
        "tickets": sorted(each.tickets),
        "wrote": each.wrote,
        "received": each.received,
        "first_mail": moment(each.first),
        "last_mail": moment(each.last),
    }


_ADDRESS = click.argument("address", type=bare)


@customers_command.command("show")
@_ADDRESS
@click.option("--json", "as_json", is_flag=True, help="All of it, as one line of JSON.")
@pass_session
def show_command(session: Session, address: str, as_json: bool) -> None:
    """Show what is known of one person, their tickets, how many mails there are, and from when."""
    desk = session.unattended.desk
    with desk.store.snapshot():
        found, known = customer(desk, address), known_of(desk, address)
        tickets = desk.store.tickets.many(sorted(found.tickets))
    if as_json:
        told = {"tickets": [ticket_json(each) for each in tickets], "profile": known_json(known)}
        print_json(_customer_json(found) | told)
        return
    say(f"{found.email}  {', '.join(found.names)}")
    say(f"wrote {counted(found.wrote, 'mail')}, got {found.received}; from {local(found.first)} to {local(found.last)}")
    print_known(known)
    table([_row(each) for each in tickets], right=frozenset({0}), stretch=2)


def _row(ticket: Ticket) -> tuple[str, ...]:
    return str(ticket.number), ticket.status, ticket.subject, local(ticket.last_message)


customers_command.add_command(edit_command)


@customers_command.command("export")
@_ADDRESS
@click.argument("dest", type=click.Path(path_type=Path))
@click.option("--without-notes", is_flag=True, help="Leave internal notes, unfinished drafts and events out.")
@click.option("--json", "as_json", is_flag=True, help="What was written, as one line of JSON.")
@pass_session
def export_command(session: Session, address: str, dest: Path, without_notes: bool, as_json: bool) -> None:
    """Write all that is held about a person into the new folder DEST, or into a file when DEST ends in .zip.

    It holds person.json, mails.mbox, attachments/ and a manifest with the sha256 of each file. Mails between others on
    the same tickets are left out but for the fact that there are some.
    """
    office = session.unattended
    with progress() as tell:
        done = export_customer(office, address, dest.absolute(), tell, with_notes=not without_notes)
    if as_json:
        print_json({"dest": str(dest.absolute()), **asdict(done.amounts), "missing": list(done.missing)})
    else:
        _print_export(dest.absolute(), done)
    if done.missing:
        what = f"{counted_are(len(done.missing), 'mail or file', 'mails or files')} missing on this desk"
        raise RefusedError(f"{what}, and so not in the export", "`tandem doctor` names them")


def _print_export(dest: Path, done: Exported) -> None:
    amounts = done.amounts
    say(f"{dest}: {counted(amounts.tickets, 'ticket')}, {counted(amounts.mails, 'mail')}, {size(amounts.size)}.")
    say(f"{counted(amounts.attachments, 'attached file')}, {counted(amounts.notes, 'internal note')}.")
    if amounts.others:
        say(f"{counted(amounts.others, 'mail')} between others on these tickets: only that there are, and when.")
    say("manifest.json tells the sha256 of each file.")


@customers_command.command("erase")
@click.argument("addresses", metavar="ADDRESS...", nargs=-1, type=bare)
@click.option("--dry-run", is_flag=True, help="Only say how much it would be.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="The receipt, as one line of JSON.")
@pass_session
def erase_command(session: Session, addresses: tuple[str, ...], dry_run: bool, yes: bool, as_json: bool) -> None:
    """Erase everything this desk holds about a person, for good; several ADDRESSES are one person's.

    Nobody can undo it. On tickets where others wrote too, only the person's words, names and addresses go. What is
    erased does not come back with the next sync; a new mail of theirs does come in. Backups and the mail server are not
    touched: the receipt says where to look. Without ADDRESS it finishes an erasure that was stopped.
    """
    office = session.office
    if not addresses:
        _finish(session, as_json=as_json)
        return
    planned = preview(office.desk, addresses)
    if dry_run:
        _print(Receipt(planned, copies_of(office)), as_json=as_json, is_plan=True)
        return
    if not yes:
        _ask(addresses, planned, as_json=as_json)
    with progress() as tell:
        done = erase_customer(office, addresses, tell)
    _print(done, as_json=as_json)


def _finish(session: Session, *, as_json: bool) -> None:
    if not unfinished(session.office.desk):
        raise click.UsageError("say whom: ADDRESS; there is no stopped erasure to finish")
    with progress() as tell:
        done = finish_all(session.office, tell)
    for each in done:
        _print(each, as_json=as_json)


def _ask(addresses: tuple[str, ...], planned: Erasure, *, as_json: bool) -> None:
    if as_json or not sys.stdin.isatty():
        raise RefusedError("nothing was erased: nobody is there to be asked", "--yes erases, --dry-run tells how much")
    amounts = planned.amounts
    what = f"{counted(amounts.messages, 'mail')} on {counted(amounts.tickets + amounts.shared, 'ticket')}"
    question = f"\r{what} will be erased for good; nobody can undo it. Type “{addresses[0]}” to go on"
    answer: str = click.prompt(question, default="", show_default=False, err=True)
    if answer.strip().casefold() != addresses[0].casefold():
        raise RefusedError("not erased: everything is as it was")


def _print(receipt: Receipt, *, as_json: bool, is_plan: bool = False) -> None:
    erasure = receipt.erasure
    if as_json:
        print_json(_receipt_json(receipt, is_plan=is_plan))
        return
    say(f"{'Would erase' if is_plan else 'Erased'}: {_in_words(erasure.amounts)}.")
    if not is_plan:
        say(f"Receipt {erasure.id}, {local(erasure.at)}, by {erasure.by}; it names nobody.")
    for place in erasure.places:
        say(f"On the mail server it still lies in {place.mailbox}, {place.folder}: UID {place.uid}.")
    for path in receipt.backups:
        say(f"Not touched, and holds it if it is older: {path}")


def _in_words(amounts: Erased) -> str:
    parts = (
        counted(amounts.tickets, "whole ticket"),
        f"the person's part of {counted(amounts.shared, 'shared ticket')}" if amounts.shared else "",
        counted(amounts.messages, "mail"),
        f"{counted(amounts.redacted, 'mail')} of others redacted" if amounts.redacted else "",
        counted(amounts.notes, "note") if amounts.notes else "",
        counted(amounts.drafts, "draft") if amounts.drafts else "",
        counted(amounts.outgoing, "outbox entry", "outbox entries") if amounts.outgoing else "",
        counted(amounts.parked, "parked mail") if amounts.parked else "",
        counted(amounts.mentions, "other mention") if amounts.mentions else "",
        counted(amounts.files, "file"),
        "what agents know of the person" if amounts.profiles else "",
    )
    return ", ".join(part for part in parts if part)


def _receipt_json(receipt: Receipt, *, is_plan: bool) -> Json:
    erasure = receipt.erasure
    return {
        "erasure": None if is_plan else erasure.id,
        "dry_run": is_plan,
        "at": moment(erasure.at),
        "by": erasure.by,
        "people": list(erasure.people),
        **asdict(erasure.amounts),
        "on_server": [asdict(each) for each in erasure.places],
        "backups": [str(each) for each in receipt.backups],
        "finished": moment(erasure.finished),
    }
