"""`tandem macros`: what macros there are, what one does, and whether all can be used."""

from __future__ import annotations

import click

from desk.errors import RefusedError
from desk.ticket import TicketNumber
from macros.check import check
from macros.run import prepare
from macros.script import Macro
from tandem.cli.arguments import TICKET, words
from tandem.cli.lists import json_lines
from tandem.cli.output import complain, print_json, say, say_text, table
from tandem.cli.session import Session, pass_session


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
