"""`tandem reply`: answer a customer from the command line, under the rules of the screen."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import click

from desk.actions.draft import discard_draft, settle_draft
from desk.actions.reply import prepare as prepare_reply
from desk.actions.reply import queue
from desk.conversation import EntryId
from desk.desk import Desk
from desk.draft import DraftKind
from desk.drafts import drafts_aside, held_draft
from desk.letters import last_from_customer, letter_for
from desk.outgoing import Answer, OutboxEntry
from desk.people import Address
from desk.quoting import below, last_words
from desk.signing import signatures, signed
from desk.steps import SnoozeStep
from desk.ticket import Status, TicketNumber
from desk.wording import Wording, together
from macros.run import prepare
from tandem.cli.arguments import TICKET, Number, recipient, subject_line, words
from tandem.cli.draft_text import drafted_answer, others_asked_for, telling_what_to_read
from tandem.cli.mail_options import ATTACH, BCC, SENDING, TEXT, options, tell_queued
from tandem.cli.output import print_bytes, say
from tandem.cli.seen import seen_on
from tandem.cli.session import Session, pass_session
from tandem.cli.texts import Text, answer_of, keeping_what_was_piped


@click.command("reply")
@click.argument("number", metavar="ID", type=TICKET)
@options(*TEXT)
@click.option("--draft", "from_draft", is_flag=True, help="Send the unfinished reply as `tandem show` prints it.")
@click.option("--seen", metavar="ENTRY", type=Number(min=1), help="Refuse if somebody wrote after this entry.")
@click.option("--to", metavar="A", multiple=True, type=recipient, help="Write to this address alone, without copies.")
@click.option("--cc", metavar="A", multiple=True, type=recipient, help="Copy to this address, not to those before.")
@click.option("--no-cc", "--sender-only", "no_cc", is_flag=True, help="No copies at all: to whoever wrote alone.")
@options(BCC)
@click.option("--subject", metavar="S", type=subject_line, help="Another subject than the ticket's.")
@options(ATTACH)
@click.option("--quote", is_flag=True, help="Put what the customer last wrote below the text.")
@click.option("--snooze", "until", metavar="WHEN", type=words, help="Let the ticket wait, and sleep until then.")
@click.option("--through", is_flag=True, help="With --snooze: sleep on even when somebody answers.")
@options(*SENDING)
@pass_session
def reply_command(
    session: Session,
    number: int,
    macro: str | None,
    answers: tuple[tuple[str, str], ...],
    done: tuple[int, ...],
    body_file: str | None,
    text: str | None,
    from_draft: bool,
    seen: int | None,
    to: tuple[Address, ...],
    cc: tuple[Address, ...],
    no_cc: bool,
    bcc: tuple[Address, ...],
    subject: str | None,
    attach: tuple[Path, ...],
    quote: bool,
    until: str | None,
    through: bool,
    status: str | None,
    send_in: int | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Answer ticket ID. The text comes from --macro, --body-file or --text, or from these with the macro's actions.

    With --draft the unfinished reply leaves, with all that was chosen for it; where somebody wrote since it was kept,
    only with --seen. A mail goes to whoever wrote last and copies go to all others, as on the screen, where nothing
    else is said. With --to nobody gets it who is not named.
    """
    if cc and no_cc:
        raise click.UsageError("--no-cc and --cc contradict each other")
    if through and until is None:
        raise click.UsageError("--through goes with --snooze WHEN")
    desk, ticket = session.desk, TicketNumber(number)
    source = Text(macro, dict(answers), frozenset(done), body_file, text)
    said = (_drafted if from_draft else _asked)(session, ticket, source, seen)
    chosen = Wording(to=to or None, cc=() if no_cc else cc or None, bcc=bcc, subject=subject)
    asked = replace(
        said,
        wording=_chosen(_only_named(together(chosen, said.wording) or chosen, to)),
        stays_to=said.stays_to and not to,
        attachments=attach,
        status=Status(status) if status else Status.WAITING if until is not None else None,
        snooze=_sleep(until, through=through) if until is not None else None,
        send_in=send_in,
    )
    to_whom = asked.wording.to if asked.wording else None
    finished = _finished(desk, ticket, asked.text, quote_to=(to_whom or ()) if quote else None, signs=not from_draft)
    answer = replace(asked, text=finished)
    if dry_run:
        print_bytes(desk.composer.compose(letter_for(desk, ticket, answer)).raw)
        return
    others = others_asked_for(desk, held_draft(desk, ticket, DraftKind.REPLY)) if answer.stays_to else ""
    refusing = telling_what_to_read(desk, ticket) if from_draft else nullcontext()
    with refusing, keeping_what_was_piped(desk, ticket, DraftKind.REPLY, body_file, asked):
        entry = _send(desk, ticket, answer, asked.text)
    tell_queued(entry, as_json=as_json)
    if others and not as_json:
        say(others)


def _sleep(until: str, *, through: bool) -> SnoozeStep:
    said = SnoozeStep.said(until)
    return replace(said, through=through or said.through)


def _only_named(wording: Wording, to: tuple[Address, ...]) -> Wording:
    """What was chosen, without the copies that the ticket asks for where it is said whom to write to."""
    return replace(wording, cc=()) if to and wording.cc is None else wording


def _chosen(wording: Wording) -> Wording | None:
    return wording if wording.is_chosen else None


def _asked(session: Session, number: TicketNumber, text: Text, seen: int | None) -> Answer:
    """The words of the answer, and what its author can have seen: standard input takes as long as they type."""
    desk = session.desk
    known = _seen(desk, number, seen)
    said = answer_of(text, lambda name, answers: prepare(desk, session.library, number, name, answers))
    return replace(said, seen=known)


def _drafted(session: Session, number: TicketNumber, source: Text, seen: int | None) -> Answer:
    """The unfinished reply, with all that was chosen for it, and what its author had seen, or has `seen` since."""
    if source.macro is not None or source.answers or source.is_given:
        raise click.UsageError("--draft has its own text: leave --macro, --set, --text and --body-file out")
    known = _seen(session.desk, number, seen)
    said = drafted_answer(session.desk, number, source.done)
    return said if seen is None and said.seen is not None else replace(said, seen=known)


def _seen(desk: Desk, number: TicketNumber, said: int | None) -> EntryId | None:
    """What the author says that they have seen, else all that is there now: nobody has seen what is yet to come."""
    return newest_entry(desk, number) if said is None else seen_on(desk, number, said)


def _finished(desk: Desk, number: TicketNumber, text: str, *, quote_to: tuple[Address, ...] | None, signs: bool) -> str:
    """The text with its signatures, and with the customer's words where they are asked for; `quote_to` gets them."""
    if not text.strip():
        return text
    text = signed(text, signatures(desk, number)) if signs else text
    if quote_to is None:
        return text
    return below(text, last_words(last_from_customer(desk, number, quote_to), None))


def _send(desk: Desk, ticket: TicketNumber, answer: Answer, typed: str) -> OutboxEntry:
    """Queue it, and clear the drafts of what was typed away."""
    prepared = prepare_reply(desk, ticket, answer)
    with desk.store.transaction():
        entry = queue(desk, prepared)
        settle_draft(desk, ticket, typed)
        for aside in drafts_aside(desk, ticket, DraftKind.REPLY):
            if aside.text.strip() == typed.strip():
                discard_draft(desk, aside)
        return entry


def newest_entry(desk: Desk, number: TicketNumber) -> EntryId | None:
    """What whoever begins to write on a ticket now can have seen.

    Raises:
        NoSuchTicket: there is none with this number.
    """
    desk.ticket(number)
    return max((each.id for each in desk.store.conversations.of(number)), default=None)
