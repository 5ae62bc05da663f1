"""Mail in, over a network that fails and from servers that misbehave: nothing is lost, doubled, or on a wrong ticket.

A history is a row of rounds. In each, mails come, others are moved or removed by another program, folders get new
numbers, and one or two processes fetch, of which one may be killed at any moment; between them and the server stands
a proxy that cuts, stalls, ends and garbles. After the last round it is calm, and one more round must bring in all that
the server holds. TANDEM_CHAOS says how many rounds there are of each kind; TANDEM_SEED draws other histories. `make
chaos` lives through thousands of rounds, others each day.

Three kinds: Dovecot over TLS, where any byte may become another one; Dovecot without TLS, where only such things are
garbled as can be noticed (tests/chaos_proxy.py says why); and a server in memory with the odd ways of Gmail, Exchange
and GMX, behind the same proxy. Hypothesis draws the histories, and makes one that fails as short as it can. Networks
and processes never do quite the same twice: a failure that it calls flaky happened all the same.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.certificates import Certificates
from tests.journeys.chaos_history import history
from tests.journeys.chaos_plan import LENGTH, Plan, plans
from tests.journeys.chaos_rounds import KILLED, REFUSED, WELL, Rounds
from tests.servers import PASSWORD, need_dovecot

ROUNDS = int(os.environ.get("TANDEM_CHAOS", "60"))
SEED = int(os.environ.get("TANDEM_SEED", "1"))

SECONDS_A_ROUND = 2
"""How long a round may take on a slow machine before the test counts as stuck."""

SHRINKING = 300
"""Seconds after which hypothesis makes a history that fails no shorter."""

KINDS = ("tls", "plain", "quirky")

AT_ONCE = 8
"""Histories after which hypothesis draws from a new seed; after ten it would mostly repeat parts of former ones."""

AT_RANDOM = settings(
    phases=[Phase.generate, Phase.shrink],
    database=None,
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow],  # which is said of a machine that is busy with others' work
)


class TestChaos:
    @pytest.fixture(autouse=True)
    def _password(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DESK_PASSWORD", PASSWORD)

    @pytest.mark.timeout(120 + SHRINKING + SECONDS_A_ROUND * ROUNDS)
    @pytest.mark.parametrize("kind", KINDS)
    def test_nothing_is_lost_doubled_or_on_a_wrong_ticket(
        self, tmp_path: Path, certificates: Certificates, kind: str
    ) -> None:
        if kind != "quirky":
            need_dovecot()
        mishaps, endings = Counter[str](), Counter[int]()
        with Rounds.working() as work:

            def live(plan: Plan) -> None:
                shutil.rmtree(tmp_path / "desk", ignore_errors=True)
                with history(tmp_path / "desk", kind, plan.seed, certificates) as lived:
                    try:
                        lived.live(work, plan.rounds)
                        lived.check()
                    finally:
                        mishaps.update(lived.proxy.mishaps)
                        endings.update(lived.endings)

            for number, count in enumerate(portions(-(-ROUNDS // LENGTH))):
                drawn = settings(AT_RANDOM, max_examples=1 + count)  # the first is always that in which nothing happens
                seed(f"{kind} {SEED} {number}")(drawn(given(plans)(live)))()
        assert set(mishaps) == {"cut", "end", "stall", "hang", "garble"}
        assert min(endings[WELL], endings[REFUSED], endings[KILLED]) > 0


def portions(histories: int) -> list[int]:
    """How many to draw from each seed."""
    return [min(AT_ONCE, histories - drawn) for drawn in range(0, histories, AT_ONCE)]
