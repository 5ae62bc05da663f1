"""How far a long command is: one line on the terminal that is written over, and nothing anywhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator
from contextlib import contextmanager

import click

from desk.safe import safe_line
from tandem.cli.output import complain
from tandem.progress import Tell

_PATIENCE, _BETWEEN = 1.0, 0.1
"""Seconds before the first word, so that short work stays silent, and between two."""


@contextmanager
def progress() -> Generator[Tell]:
    """What the work is to call; the line is gone when the block is left."""
    begun = last = time.monotonic()
    shown = False

    def tell(what: str, share: float) -> None:
        nonlocal last, shown
        now = time.monotonic()
        if now - begun > _PATIENCE and now - last > _BETWEEN and sys.stderr.isatty():
            last, shown = now, True
            click.echo(f"\r{safe_line(what)} {share:4.0%}\x1b[K", nl=False, err=True)

    try:
        yield tell
    finally:
        if shown:
            click.echo("\r\x1b[K", nl=False, err=True)


def complain_aside(sentence: str) -> None:
    """One line on stderr while a progress line may stand there, which goes on below it."""
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)
    complain(sentence)
