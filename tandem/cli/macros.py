"""`tandem macros`: what macros there are, what one does, doing it, and whether all can be used."""

from __future__ import annotations

import re

import click

from desk.actions.note import add_note
from desk.actions.run_macro import run_macro
from desk.desk import new_act
from desk.errors import RefusedError
from desk.outgoing import refuse_gaps
from desk.safe import safe_line
from desk.ticket import TicketNumber
from macros.check import check
from macros.library import BUNDLED
from macros.run import prepare
from macros.script import Macro
from storage.files import file_mode
from storage.new_file import new_file
from tandem.cli.arguments import TICKET, words
from tandem.cli.jsonl import ticket_json
from tandem.cli.lists import json_lines
from tandem.cli.mail_options import ANSWERS, DONE, options
from tandem.cli.output import complain, print_json, say, say_text, table
from tandem.cli.session import Session, pass_session
from tandem.cli.texts import refuse_open_steps

_SLUG = re.compile("[a-z0-9][a-z0-9-]{0,59}")
_BEGUN = """---
name: {name}
# key: x                  # a hot key: `,x`
# do:                     # done with the reply
#   - status: waiting
reply: public             # or note (internal), or none
---
Hello {{{{ customer.first_name or "there" }}}},

{{{{ agent.signature }}}}
"""


@click.group("macros")
def macros_command() -> None:
    """Reply macros: text files that say what to check, ask, write and do."""


def _json(macro: Macro) -> dict[str, object]:
    return {
        "name": macro.name,
        "macro": macro.slug,
        "key": macro.key,
        "folder": macro.folder or None,
        "when": macro.when or None,
        "language": macro.language or None,
        "version": macro.version,
        "path": str(macro.path),
    }


@macros_command.command("list")
@json_lines("macro")
@pass_session
def list_macros(session: Session, as_json: bool) -> None:
    """List macros by name, and those that cannot be read."""
    library = session.library
    if as_json:
        for macro in library.macros():
            print_json(_json(macro))
    else:
        table([(f",{m.key}" if m.key else "", m.slug, m.name, m.folder) for m in library.macros()], stretch=2)
    for problem in library.problems():
        complain(str(problem))


@macros_command.command("show")
@click.argument("name", type=words)
@click.option("--ticket", "number", metavar="ID", type=TICKET, help="Filled in for this ticket.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@pass_session
def show_macro(session: Session, name: str, number: int | None, as_json: bool) -> None:
    """Show a macro, as it stands in its file or filled in for a ticket."""
    macro = session.library.get(name)
    filled = prepare(session.desk, session.library, TicketNumber(number), name, {}) if number else None
    if as_json:
        gaps = filled.gaps if filled else ()
        print_json({**_json(macro), "text": filled.text if filled else macro.body, "gaps": list(gaps)})
        return
    say(f"{macro.name}  {f',{macro.key}' if macro.key else ''}  {macro.path}")
    for step in macro.steps:
        say(f"[ ] {step.text}{'  (required)' if step.required else ''}")
    click.echo()
    say_text(filled.text if filled else macro.body)
    if filled:
        say(f"Will do: {', '.join(str(each) for each in filled.steps) or 'nothing else'}")


@macros_command.command("new")
@click.argument("name", type=words)
@pass_session
def new(session: Session, name: str) -> None:
    """Begin a macro in the desk's folder, to be written on with any editor; NAME is its file's, such as refund-late.

    Under the name of a macro that comes with Tandem it begins as a copy, which takes its place.
    """
    if not _SLUG.fullmatch(name):
        raise click.UsageError(
            "a macro's file is called by small letters, digits and dashes: tandem macros new refund-late"
        )
    if not session.home.exists:
        raise RefusedError(f"there is no desk in {session.home.folder}", "`tandem init` makes one")
    path, bundled = session.home.macros / f"{name}.md", BUNDLED / f"{name}.md"
    text = bundled.read_text("utf-8") if bundled.exists() else _BEGUN.format(name=name.replace("-", " ").capitalize())
    try:
        with new_file(path, file_mode(path.parent)) as file:
            file.write(text.encode())
    except FileExistsError as error:
        raise RefusedError(f"{path} is there already", "choose another name, or edit it") from error
    except OSError as error:
        raise RefusedError(
            f"{path} cannot be written: {error.strerror}", "check the folder's owner and mode"
        ) from error
    say(f"{path} is begun; `tandem macros check` tells whether it can be used")


@macros_command.command("run")
@click.argument("name", type=words)
@click.argument("numbers", metavar="ID...", nargs=-1, required=True, type=TICKET)
@options(ANSWERS, DONE)
@click.option("--json", "as_json", is_flag=True, help="Print each ticket as it is then, as one line of JSON.")
@pass_session
def run(
    session: Session,
    name: str,
    numbers: tuple[int, ...],
    answers: tuple[tuple[str, str], ...],
    done: tuple[int, ...],
    as_json: bool,
) -> None:
    """Do what a macro without words does, or leave its internal note, on tickets; several are one act.

    One that writes to customers is sent with `tandem reply ID --macro NAME`.
    """
    desk, act = session.desk, new_act()
    if session.library.get(name).reply == "public":
        raise RefusedError(
            f"the macro “{safe_line(name)}” writes to the customer", "answer with it: `tandem reply ID --macro NAME`"
        )
    with desk.store.transaction():
        for number in map(TicketNumber, dict.fromkeys(numbers)):
            filled = prepare(desk, session.library, number, name, dict(answers))
            refuse_open_steps(filled, done)
            if filled.macro.reply == "note":
                refuse_gaps(filled.text)
                add_note(desk, number, filled.text, act=act)
            run_macro(desk, number, filled.steps, filled.use, act=act)
    for ticket in desk.store.tickets.many([TicketNumber(each) for each in dict.fromkeys(numbers)]):
        print_json(ticket_json(ticket)) if as_json else say(f"ticket {ticket.number}: {name}")


@macros_command.command("check")
@json_lines("finding")
@pass_session
def check_macros(session: Session, as_json: bool) -> None:
    """Look for macros that cannot be used. Exit code 1 when there is an error; warnings alone are fine."""
    tags: frozenset[str] = frozenset()
    agents: frozenset[str] = frozenset()
    if session.home.exists:
        store = session.unattended.desk.store
        tags = frozenset(store.tickets.tags())
        agents = frozenset(agent.handle for agent in store.agents.all())
    findings = check(session.library, known_tags=tags, known_agents=agents)
    for each in findings:
        if as_json:
            print_json({"path": str(each.path), "line": each.line, "level": each.level, "message": each.message})
        else:
            say(f"{each.path}:{each.line}: {each.level}: {each.message}")
    if errors := sum(each.level == "error" for each in findings):
        raise RefusedError(f"{errors} error(s) in macros", "mend the files at the lines above")
