"""The `tandem` command. Each command lives in a module of its own, which is loaded when it is used."""

from __future__ import annotations

import importlib
import sys

import click

from tandem.cli.exits import guarded
from tandem.cli.session import Session

COMMANDS = {
    "acknowledge": "tandem.cli.acknowledge",
    "agents": "tandem.cli.agents",
    "apart": "tandem.cli.linking",
    "assign": "tandem.cli.act",
    "audit": "tandem.cli.audit",
    "backup": "tandem.cli.backup",
    "customer": "tandem.cli.customer",
    "customers": "tandem.cli.customers",
    "daemon": "tandem.cli.daemon",
    "deliver": "tandem.cli.mailing",
    "demo": "tandem.cli.demo",
    "doctor": "tandem.cli.doctor",
    "export": "tandem.cli.export",
    "files": "tandem.cli.files",
    "forward": "tandem.cli.forward",
    "import": "tandem.cli.importing",
    "init": "tandem.cli.init",
    "link": "tandem.cli.linking",
    "keys": "tandem.cli.keys",
    "links": "tandem.cli.files",
    "list": "tandem.cli.listing",
    "load": "tandem.cli.load",
    "macros": "tandem.cli.macros",
    "merge": "tandem.cli.merging",
    "new": "tandem.cli.new",
    "next": "tandem.cli.handing",
    "note": "tandem.cli.act",
    "outbox": "tandem.cli.outbox",
    "parked": "tandem.cli.parked",
    "priority": "tandem.cli.act",
    "promise": "tandem.cli.handing",
    "redo": "tandem.cli.act",
    "reindex": "tandem.cli.reindex",
    "reply": "tandem.cli.answer",
    "reread": "tandem.cli.reread",
    "restore": "tandem.cli.restore",
    "search": "tandem.cli.listing",
    "shift": "tandem.cli.shift",
    "show": "tandem.cli.conversation",
    "snooze": "tandem.cli.snooze",
    "split": "tandem.cli.merging",
    "stats": "tandem.cli.stats",
    "status": "tandem.cli.act",
    "sync": "tandem.cli.mailing",
    "tag": "tandem.cli.act",
    "tui": "tandem.cli.screen",
    "undo": "tandem.cli.act",
    "views": "tandem.cli.views",
    "unlink": "tandem.cli.linking",
}
"""Where each command is; it stands there under its own name with `_command` behind it."""


class Commands(click.Group):
    """A group whose commands are imported when they are run, so that printing a list loads no screen."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, by name."""
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command with this name, imported now."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(COMMANDS[cmd_name]), f"{cmd_name}_command")
        return command


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--home", metavar="DIR", help="The desk's folder (else $TANDEM_HOME, ./.tandem, or the data folder).")
@click.option("--agent", metavar="HANDLE", envvar="TANDEM_AGENT", help="Who is acting (else your login).")
@click.option("--debug", is_flag=True, help="Show where an error came from.")
@click.version_option(package_name="tandem-inbox", prog_name="tandem")
@click.pass_context
def cli(ctx: click.Context, home: str | None, agent: str | None, debug: bool) -> None:
    """Tandem: a shared support inbox in the terminal. Without a command it opens the inbox."""
    if home == "":  # a variable that is not set would open another desk than was meant
        raise click.BadParameter("say which folder", param_hint="--home")
    ctx.obj = ctx.with_resource(Session(home=home, agent=agent, debug=debug))
    if ctx.invoked_subcommand is None:
        command = Commands.get_command(ctx.command, ctx, "tui") if isinstance(ctx.command, Commands) else None
        if command is not None:
            ctx.invoke(command)


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(guarded(cli, sys.argv[1:]))
