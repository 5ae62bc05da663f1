"""`tandem reply`: answer a customer from the command line, under the rules of the screen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import click

from desk.actions.draft import settle_draft
from desk.actions.reply import prepare as prepare_reply
from desk.actions.reply import queue
from desk.conversation import EntryId
from desk.desk import Desk
from desk.errors import RefusedError
from desk.letters import last_from_customer, letter_for
from desk.outgoing import Answer
from desk.people import Address
from desk.quoting import below, last_words
from desk.signing import signatures, signed
from desk.ticket import Status, TicketNumber
from macros.fill import Filled
from macros.run import prepare
from tandem.cli.arguments import TICKET, pair, read_text, recipient, window, words
from tandem.cli.output import local, print_bytes, say
from tandem.cli.session import Session, pass_session


@click.command("reply")
@click.argument("number", metavar="ID", type=TICKET)
@click.option("--macro", metavar="NAME", type=words, help="Start from a macro; its actions are done with the reply.")
@click.option("--set", "answers", metavar="K=V", multiple=True, type=pair, help="Answer a question of the macro.")
@click.option("--done", metavar="N", multiple=True, type=click.IntRange(min=1), help="Confirm a required step.")
@click.option("--body-file", metavar="F", type=click.Path(), help="The text, instead of the macro's; - for stdin.")
@click.option("--cc", metavar="A", multiple=True, type=recipient, help="Copy to this address, not to those before.")
@click.option("--no-cc", is_flag=True, help="No copies at all.")
@click.option("--attach", metavar="F", multiple=True, type=click.Path(path_type=Path), help="A file to send along.")
@click.option("--quote", is_flag=True, help="Put what the customer last wrote below the text.")
@click.option("--status", type=click.Choice([each.value for each in Status]), help="The ticket's status afterwards.")
@click.option("--send-in", metavar="0s", type=window, help="How long it can be taken back, 0s to 60s.")
@click.option("--dry-run", is_flag=True, help="Print the mail and send nothing.")
@pass_session
def reply_command(
    session: Session,
    number: int,
    macro: str | None,
    answers: tuple[tuple[str, str], ...],
    done: tuple[int, ...],
    body_file: str | None,
    cc: tuple[Address, ...],
    no_cc: bool,
    attach: tuple[Path, ...],
    quote: bool,
    status: str | None,
    send_in: int | None,
    dry_run: bool,
) -> None:
    """Answer ticket ID. The text comes from --macro, from --body-file, or from the file with the macro's actions."""
    if cc and no_cc:
        raise click.UsageError("--no-cc and --cc contradict each other")
    ticket = TicketNumber(number)
    answer = replace(
        _asked(session, ticket, _Text(macro, dict(answers), frozenset(done), body_file)),
        cc=() if no_cc else cc or None,
        attachments=attach,
        status=Status(status) if status else None,
        send_in=send_in,
    )
    typed, answer = answer.text, replace(answer, text=_finished(session.desk, ticket, answer.text, quote=quote))
    if dry_run:
        print_bytes(session.desk.composer.compose(letter_for(session.desk, ticket, answer)).raw)
    else:
        _send(session.desk, ticket, answer, typed)


@dataclass(frozen=True, slots=True)
class _Text:
    """Where the words come from: a macro with answers to its questions and steps that are done, a file, or both."""

    macro: str | None
    answers: Mapping[str, str]
    done: frozenset[int]
    file: str | None


def _asked(session: Session, number: TicketNumber, text: _Text) -> Answer:
    """The answer as far as it is words, and what a macro does with them.

    Raises:
        click.UsageError: there is no word of them.
        RefusedError: the macro does not allow it.
    """
    if text.macro is None:
        _refuse_what_needs_a_macro(text)
    seen = _newest_entry(session.desk, number)  # before standard input is read, which takes as long as its author
    filled = None
    if text.macro is not None:
        filled = prepare(session.desk, session.library, number, text.macro, text.answers)
        _refuse_what_is_internal(filled, has_text=text.file is not None)
        _refuse_open_steps(filled, text.done)
    return replace(_answer(filled, None if text.file is None else read_text(text.file)), seen=seen)


def _finished(desk: Desk, number: TicketNumber, text: str, *, quote: bool) -> str:
    """The text with its signatures, and with the customer's words where they are asked for."""
    if not text.strip():
        return text
    text = signed(text, signatures(desk, number))
    return below(text, last_words(last_from_customer(desk, number), None)) if quote else text


def _send(desk: Desk, ticket: TicketNumber, answer: Answer, typed: str) -> None:
    """Queue it, clear the draft of what was typed away, and say when it leaves."""
    prepared = prepare_reply(desk, ticket, answer)
    with desk.store.transaction():
        entry = queue(desk, prepared)
        settle_draft(desk, ticket, typed)
    say(f"queued as mail {entry.id} to {', '.join(entry.recipients)}, leaves {local(entry.due)}")
    if entry.due > entry.created:
        say("`tandem undo` takes it back until then")


def _newest_entry(desk: Desk, number: TicketNumber) -> EntryId | None:
    """What whoever begins to answer now can have seen.

    Raises:
        NoSuchTicket: there is none with this number.
    """
    desk.ticket(number)
    return max((each.id for each in desk.store.conversations.of(number)), default=None)


def _refuse_what_needs_a_macro(text: _Text) -> None:
    if text.file is None:
        raise click.UsageError("say what to answer: --macro NAME, --body-file FILE, or --body-file - for stdin")
    if text.answers or text.done:
        raise click.UsageError("--set and --done are about a macro: say which with --macro")


def _refuse_what_is_internal(filled: Filled, *, has_text: bool) -> None:
    """A macro that is not written to customers is never sent to one."""
    kind = filled.macro.reply
    if kind == "note":
        raise RefusedError(f"the macro “{filled.macro.name}” writes an internal note, not a mail", "take another one")
    if kind == "none" and not has_text:
        raise RefusedError(f"the macro “{filled.macro.name}” has no text of its own", "give it one with --body-file")


def _refuse_open_steps(filled: Filled, done: Collection[int]) -> None:
    """A step that the macro requires is confirmed by its number, or nothing is sent."""
    for number, check in enumerate(filled.checklist, start=1):
        if check.required and number not in done:
            raise RefusedError(
                f"step {number} of the macro is required: {check.text}", f"confirm it with --done {number}"
            )


def _answer(filled: Filled | None, typed: str | None) -> Answer:
    """The text, and what a macro does with it: typed words stand in place of the macro's own."""
    if filled is None:
        return Answer(text=typed or "")
    use = replace(filled.use, edited=typed is not None and typed.strip() != filled.text.strip())
    return Answer(text=filled.text if typed is None else typed, steps=filled.steps, macro=use)
