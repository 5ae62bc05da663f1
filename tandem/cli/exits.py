"""How a command ends: the one place where errors become a sentence on stderr and an exit code.

0 done · 1 refused or failed · 2 wrong usage · 3 the store is busy or unreachable · 4 the mail server refused or is
unreachable · 130 interrupted.
"""

from __future__ import annotations

import errno
import io
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from desk.errors import MailError, StoreBusy, StoreUnreachable, TandemError
from desk.safe import safe_line
from tandem.cli.output import complain
from tandem.log import close_log

DONE, FAILED, USAGE, STORE, MAIL, INTERRUPTED = 0, 1, 2, 3, 4, 130


def exit_code(error: TandemError) -> int:
    """The exit code that an error stands for."""
    match error:
        case StoreBusy() | StoreUnreachable():
            return STORE
        case MailError():
            return MAIL
        case _:
            return FAILED


def guarded(command: click.Command, words: Sequence[str]) -> int:
    """Run a command line; whatever happens, say it in one sentence and return the exit code, never raise."""
    _speak_utf8()
    try:
        return _run(command, words)
    except BaseException as error:  # noqa: BLE001 - the edge of the program: it is told, and logged if it is a defect
        return _explained(error)
    finally:
        close_log()


def _run(command: click.Command, words: Sequence[str]) -> int:
    code = DONE
    try:
        with command.make_context("tandem", list(words)) as context:
            command.invoke(context)
    except click.exceptions.Exit as end:
        code = end.exit_code
    sys.stdout.flush()
    return code


def _explained(error: BaseException) -> int:
    match error:
        case click.exceptions.NoArgsIsHelpError():
            error.show()
            return USAGE
        case click.ClickException():
            return _misused(error)
        case TandemError():
            complain(str(error))
            return exit_code(error)
        case KeyboardInterrupt() | click.Abort():
            return _interrupted(error)
        case OSError():
            return _refused_by_the_system(error)
        case _:
            return _unexpected(error)


def _interrupted(error: BaseException) -> int:
    if isinstance(error.__context__, EOFError):
        complain("there is nobody to ask (say everything with options, and --yes)")
        return FAILED
    complain("interrupted")
    return INTERRUPTED


def _misused(error: click.ClickException) -> int:
    context = error.ctx if isinstance(error, click.UsageError) else None
    hint = f" (`{context.command_path} --help` says more)" if context else ""
    complain(f"{error.format_message()}{hint}")
    return error.exit_code


def _refused_by_the_system(error: OSError) -> int:
    """Most often it is about our own output: whoever read it has gone, or its disk is full."""
    _forget_stdout()
    if error.errno != errno.EPIPE:
        logging.getLogger("tandem").error("the system refused", exc_info=error)
        where = f"{error.filename}: " if error.filename else ""
        complain(f"{where}{error.strerror or error}")
    return FAILED


def _unexpected(error: BaseException) -> int:
    """A defect of ours: logged whole and shown as a sentence."""
    logging.getLogger("tandem").error("unexpected", exc_info=error)
    said = safe_line(f"{type(error).__name__}: {error}")
    complain(f"unexpected {said} (put --debug before the command to see more)")
    return FAILED


def _speak_utf8() -> None:
    """A pipe or a file gets UTF-8 whatever the locale says; a terminal gets what it can show of it."""
    if not sys.stdin:  # it was closed before we began (`<&-`)
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115 - as long as the process
    if not sys.stdout:  # it was closed before we began (`>&-`)
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - as long as the process
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=stream.encoding if stream.isatty() else "utf-8", errors="replace")


def _forget_stdout() -> None:
    """Keep Python from flushing at exit what cannot be written, and from complaining about that."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
