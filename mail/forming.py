"""A mail's other forms, read in a process of its own, because a mail can cost more time or memory than foreseen."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import msgspec

from desk.errors import TandemError
from desk.first_use import FIRST_USE
from desk.forms import Forms
from mail.reading import TOO_MUCH, Limits

_ENTRY = "import sys; sys.path.append(sys.argv[1]); from mail.forms import main; main(*sys.argv[2:])"
_HOME = Path(__file__).parents[1]
_WHY = {-signal.SIGPROF: "it takes too long", TOO_MUCH: "it needs too much memory"}
with FIRST_USE:
    _DECODER = msgspec.msgpack.Decoder(Forms)


class MailForms:
    """Reads the forms of one mail at a time; each costs about as long as Python takes to start."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()

    def of(self, raw: bytes) -> Forms:
        """The forms of a mail; `problem` says why there are none. Never raises because of what is in it.

        Raises:
            TandemError: no process can be started on this machine.
        """
        limits = self._limits
        command = [sys.executable, "-P", "-c", _ENTRY, str(_HOME), str(limits.cpu), str(limits.memory)]
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and our own code
                command, input=raw, capture_output=True, timeout=limits.wall, check=False, start_new_session=True
            )
        except subprocess.TimeoutExpired:
            return Forms(problem="it takes too long")
        except OSError as error:
            raise TandemError(
                "the process that reads mails cannot be started", "look at the machine's limits of processes"
            ) from error
        if done.returncode:
            return Forms(problem=_WHY.get(done.returncode, "the reader of mails breaks on it"))
        return _DECODER.decode(done.stdout)
