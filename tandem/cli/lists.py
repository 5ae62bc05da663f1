"""Commands that list things, one a line: what several of them begin with."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import TypeVar

import click

from tandem.cli.session import Session

Show = Callable[..., None]
F = TypeVar("F", bound=Callable[..., object])


def json_lines(one: str) -> Callable[[F], F]:
    """The option to print one of these on each line, as JSON."""
    return click.option("--json", "as_json", is_flag=True, help=f"One {one} a line, as JSON.")


def list_group(name: str, one: str) -> Callable[[Show], click.Group]:
    """Make of a function that lists a group of commands which does so where none of these is named.

    The function gets the session and its options; `--json` among them stands behind the word it is about, for before
    a subcommand it would be lost without a word.
    """

    def made(show: Show) -> click.Group:
        def group(ctx: click.Context, *, as_json: bool, **options: object) -> None:
            if ctx.invoked_subcommand is None:
                show(ctx.find_object(Session), as_json=as_json, **options)
            elif as_json:
                raise click.UsageError(f"--json stands behind “{ctx.invoked_subcommand}”", ctx)

        called: Show = update_wrapper(group, show)
        return click.group(name, invoke_without_command=True)(json_lines(one)(click.pass_context(called)))

    return made
