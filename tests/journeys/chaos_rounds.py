"""Rounds of fetching in processes of their own, many a second: `python -m tests.journeys.chaos_rounds fork`.

For each order on standard input, a line of JSON, processes are forked that open the desk and look into its mailbox as
`tandem sync` does, only that they read mails themselves. When told to, the first of them is killed without warning.
How each ended is said in a line on standard output.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from desk.errors import ConfigError, MailError, TandemError
from desk.incoming import Incoming
from mail import imap  # loaded before the first fork, as everything else that a round needs
from mail.parse import parse
from tandem.config import ImapAccount, read_config
from tandem.connections import imap_session
from tandem.counts import Counts
from tandem.fetching import fetch_folder
from tandem.folder import Progress
from tandem.paths import Home
from tandem.watching import Watched, watched_folders
from tandem.wiring import Office, build_office
from tandem.workshop import Workshop
from tests.journeys.chaos_death import Death, mortal, mortal_session
from tests.processes import ask, next_line, say, working_in

WELL, REFUSED, BROKEN, STUCK, KILLED = 0, 3, 4, 5, -9
"""How a round ended: well; by an error in words; by another one; not at all; by our own hand."""

PATIENCE = 50.0
"""Seconds after which a round is stuck."""

__all__ = ["imap"]


class PlainReader:
    """Reads mails in this process."""

    def read(self, raw: bytes) -> Incoming:
        return parse(raw)


@dataclass(frozen=True, slots=True)
class Order:
    """What to do: on which desk, how many look at once, how often each, and when the first one is killed (seconds).

    With `dies_at` each folder is looked at once, and it dies by itself, as tests/journeys/chaos_death.py says.
    """

    home: str
    twins: int = 1
    looks: int = 1
    kill_after: float | None = None
    dies_at: str = ""
    dies_after: bool = False
    dies_the: int = 1


class Rounds:
    """The near side, for one order at a time."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    @classmethod
    @contextmanager
    def working(cls) -> Generator[Self]:
        with working_in("tests.journeys.chaos_rounds", "fork") as process:
            assert next_line(process) == "ready"
            yield cls(process)

    def begin(self, order: Order) -> None:
        """Let them begin; they have begun when this returns."""
        assert ask(self._process, json.dumps(asdict(order))) == "begun"

    def end(self) -> list[int]:
        """Wait for all of them; how each ended."""
        return [int(code) for code in next_line(self._process).split()]


def main() -> None:
    """Obey orders. Nothing is opened before the fork, and there are no threads."""
    say("ready")
    for line in sys.stdin:
        order = Order(**json.loads(line))
        pids = [_fork(Home(Path(order.home)), order) for _ in range(order.twins)]
        say("begun")
        say(" ".join(map(str, _endings(pids, order.kill_after))))


def _fork(home: Home, order: Order) -> int:
    if pid := os.fork():
        return pid
    code = BROKEN
    try:
        code = _look(home, order)
    except BaseException:  # noqa: BLE001 - whatever it is, the test shall read of it
        (home.folder / f"crash-{os.getpid()}").write_text(traceback.format_exc())
    finally:
        os._exit(code)


def _look(home: Home, order: Order) -> int:
    office = build_office(home, read_config(home.config))
    account = office.config.accounts[0]
    assert account.imap is not None
    try:
        with Workshop(office.desk.blobs, [PlainReader()]) as workshop:
            if order.dies_at:
                _die(office, account.imap, Death(order.dies_at, order.dies_after, order.dies_the))
                return WELL
            watched = Watched(office.desk, account.mailbox, account.imap, workshop)
            for number in range(order.looks):
                if number:
                    watched.wait(0.05, lambda: False)
                if wrong := watched.look(Progress(Counts())):
                    return _refused(home, wrong[0])
            watched.hang_up()
    except (MailError, ConfigError) as error:
        return _refused(home, error)
    finally:
        office.close()
    return WELL


def _refused(home: Home, error: TandemError) -> int:
    with (home.folder / "refusals").open("a") as refusals:
        refusals.write(f"{error}\n")
    return REFUSED


def _die(office: Office, imap: ImapAccount, death: Death) -> None:
    desk = mortal(office.desk, death)
    with imap_session(imap) as session, Workshop(desk.blobs, [PlainReader()]) as workshop:
        for folder in watched_folders("support", imap, mortal_session(session, death)):
            fetch_folder(desk, folder, workshop, Progress(Counts()), everything=True)


def _endings(pids: list[int], kill_after: float | None) -> list[int]:
    started, endings = time.monotonic(), dict.fromkeys(pids, STUCK)
    left = set(pids)
    while left and (spent := time.monotonic() - started) < PATIENCE:
        if kill_after is not None and spent > kill_after and pids[0] in left:
            os.kill(pids[0], signal.SIGKILL)
            kill_after = None
        for pid in list(left):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                endings[pid] = os.waitstatus_to_exitcode(status)
                left.remove(pid)
        time.sleep(0.002)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return list(endings.values())


if __name__ == "__main__":
    main()
