"""How a command ends: the one place where errors become a sentence on stderr and an exit code.

0 done · 1 refused or failed · 2 wrong usage · 3 the store is busy or unreachable · 4 the mail server refused or is
unreachable · 130 interrupted.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import NoReturn

import click

from desk.errors import MailError, StoreBusy, StoreUnreachable, TandemError
from desk.safe import safe_line

FAILED, USAGE, STORE, MAIL, INTERRUPTED = 1, 2, 3, 4, 130


def exit_code(error: TandemError) -> int:
    """The exit code that an error stands for."""
    match error:
        case StoreBusy() | StoreUnreachable():
            return STORE
        case MailError():
            return MAIL
        case _:
            return FAILED


def guarded(command: click.Command) -> NoReturn:
    """Run a command; whatever happens, leave with one sentence and the right code, never with a traceback."""
    debug = "--debug" in sys.argv
    try:
        code = command.main(standalone_mode=False, prog_name="tandem")
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except TandemError as error:
        if debug:
            raise
        _say(str(error))
        code = exit_code(error)
    except (KeyboardInterrupt, click.Abort):
        _say("interrupted")
        code = INTERRUPTED
    except BrokenPipeError:
        _forget_stdout()
        code = FAILED
    except Exception as error:  # the edge of the program: a defect is logged whole and shown as a sentence
        if debug:
            raise
        logging.getLogger("tandem").exception("unexpected")
        _say(f"unexpected {type(error).__name__}: {error} (run it again with --debug before the command to see more)")
        code = FAILED
    sys.exit(code if isinstance(code, int) else 0)


def _say(sentence: str) -> None:
    click.echo(f"tandem: {safe_line(sentence)}", err=True)


def _forget_stdout() -> None:
    """Whoever read our output has gone: keep Python from complaining about it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
