"""The program itself over a network that fails: two processes at once, killed at any moment, one taking over.

Any byte may become another one, since there is TLS. At the end the network is calm, one `tandem sync` brings all in,
and `tandem audit` misses nothing.
"""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.certificates import Certificates
from tests.desks import make_desk
from tests.journeys.chaos_history import History, history
from tests.journeys.chaos_servers import WATCHED
from tests.program import Program
from tests.servers import PASSWORD, need_dovecot

ROUNDS = 3
PATIENCE = 60.0
"""Seconds that anything may take on a machine that is busy with others' work."""

WELL, UNREACHED = 0, 4
"""Exit codes of a round that all went well in, and of one whose server could not be used to the end."""


@pytest.fixture
def lived(tmp_path: Path, certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> Iterator[History]:
    """A desk that watches a Dovecot over TLS, through a network that fails."""
    need_dovecot()
    monkeypatch.setenv("DESK_PASSWORD", PASSWORD)
    with history(tmp_path / "desk", "tls", 1, certificates) as made:
        make_desk(made.home.folder).store.close()
        yield made


@pytest.fixture
def tandem(lived: History) -> Program:
    """The program on that desk."""
    return Program(lived.home.folder, environment={"DESK_PASSWORD": PASSWORD})


def started(tandem: Program, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        tandem.command(*words), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=tandem.full_environment,
    )  # fmt: skip


def deliver(lived: History, chance: random.Random, count: int) -> None:
    for _ in range(count):
        lived.server.deliver(lived.writers.write(chance).raw, chance.choice(WATCHED))


def settle(lived: History, tandem: Program) -> None:
    """Let the network be calm; then one round is enough."""
    lived.proxy.is_calm = True
    tandem.run("sync")
    assert tandem.run("sync", "--json").lines[-1]["fetched"] == 0
    tandem.run("audit", "--deep")
    lived.check()


@pytest.mark.timeout(60 + 2 * ROUNDS * PATIENCE)
def test_two_rounds_at_once_of_which_one_is_killed(lived: History, tandem: Program) -> None:
    chance = random.Random(7)
    for _ in range(ROUNDS):
        deliver(lived, chance, 6)
        killed, other = started(tandem, "sync"), started(tandem, "sync")
        time.sleep(chance.uniform(0.2, 1.0))
        killed.kill()
        for process in (killed, other):
            said, _ = process.communicate(timeout=PATIENCE)
            assert "Traceback" not in said, said
            assert process is killed or process.returncode in (WELL, UNREACHED), said
    settle(lived, tandem)


@pytest.mark.timeout(60 + 4 * PATIENCE)
def test_another_takes_over_from_one_that_is_killed(lived: History, tandem: Program) -> None:
    chance = random.Random(8)
    first = started(tandem, "sync", "--follow")
    deliver(lived, chance, 10)
    until_there(lived, tandem)
    second = started(tandem, "sync", "--follow")
    try:
        first.kill()
        deliver(lived, chance, 10)
        until_there(lived, tandem)
    finally:
        for process in (first, second):
            process.kill()
            said, _ = process.communicate(timeout=PATIENCE)
            assert "Traceback" not in said, said
    settle(lived, tandem)


def until_there(lived: History, tandem: Program) -> None:
    """Wait until all that was written is on tickets, or was another time."""
    deadline = time.monotonic() + PATIENCE
    while True:
        tickets = tandem.run("list", "--limit", "0", "--json").lines
        if sum(each["message_count"] for each in tickets) == len(lived.writers.mails):
            return
        assert time.monotonic() < deadline
        time.sleep(0.3)
