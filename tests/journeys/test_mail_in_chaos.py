"""Mail in, over a network that fails and from servers that misbehave: nothing is lost, doubled, or on a wrong ticket.

A history is a row of rounds. In each, mails come, others are moved or removed by another program, folders get new
numbers, and one or two processes fetch, of which one may be killed at any moment; between them and the server stands
a proxy that cuts, stalls, ends and garbles. After the last round it is calm, and one more round must bring in all that
the server holds. TANDEM_CHAOS says how many rounds there are of each kind; TANDEM_SEED begins other histories.

Three kinds: Dovecot over TLS, where any byte may become another one; Dovecot without TLS, where only such things are
garbled as can be noticed (tests/chaos_proxy.py says why); and a server in memory with the odd ways of Gmail, Exchange
and GMX, behind the same proxy. A history that fails is tried again without one round after the other, so that what
is reported is short.
"""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest

from tests.certificates import Certificates
from tests.journeys.chaos_history import Round, a_round, history
from tests.journeys.chaos_rounds import KILLED, REFUSED, WELL, Rounds
from tests.servers import PASSWORD, need_dovecot

ROUNDS = int(os.environ.get("TANDEM_CHAOS", "60"))
SEED = int(os.environ.get("TANDEM_SEED", "1"))
LENGTH = 20
"""Rounds of a history."""

SECONDS_A_ROUND = 2
"""How long a round may take on a slow machine before the test counts as stuck."""

KINDS = ("tls", "plain", "quirky")


class TestChaos:
    @pytest.fixture(autouse=True)
    def _password(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DESK_PASSWORD", PASSWORD)

    @pytest.mark.timeout(120 + SECONDS_A_ROUND * ROUNDS)
    @pytest.mark.parametrize("kind", KINDS)
    def test_nothing_is_lost_doubled_or_on_a_wrong_ticket(
        self, tmp_path: Path, certificates: Certificates, kind: str
    ) -> None:
        if kind != "quirky":
            need_dovecot()
        mishaps, endings = Counter[str](), Counter[int]()
        with Rounds.working() as work:
            for number in range(-(-ROUNDS // LENGTH)):
                seed = SEED * 1000 + number
                chance = random.Random(seed)
                rounds = [a_round(chance) for _ in range(LENGTH)]
                lived = partial(failure, work, tmp_path / "desk", kind, seed, certificates)
                if (error := lived(rounds, mishaps, endings)) is not None:
                    raise AssertionError(f"seed {seed}, {kind}: {shrunk(lived, rounds)}") from error
        assert set(mishaps) == {"cut", "end", "stall", "hang", "garble"}
        assert min(endings[WELL], endings[REFUSED], endings[KILLED]) > 0


def failure(
    work: Rounds, folder: Path, kind: str, seed: int, certificates: Certificates, rounds: Sequence[Round],
    mishaps: Counter[str], endings: Counter[int],
) -> AssertionError | None:  # fmt: skip
    """What is wrong after a history of these rounds."""
    shutil.rmtree(folder, ignore_errors=True)
    with history(folder, kind, seed, certificates) as lived:
        try:
            lived.live(work, rounds)
            lived.check()
        except AssertionError as error:
            return error
        finally:
            mishaps.update(lived.proxy.mishaps)
            endings.update(lived.endings)
    return None


def shrunk(lived: Callable[..., AssertionError | None], rounds: list[Round]) -> list[Round]:
    """As few rounds as still fail, as far as chance lets it be told."""
    for each in list(rounds):
        fewer = [other for other in rounds if other is not each]
        if lived(fewer, Counter(), Counter()) is not None:
            rounds = fewer
    return rounds
