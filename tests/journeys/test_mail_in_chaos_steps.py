"""A process that dies at any step of mail on its way in: its mails are looked at again, and nothing is lost or doubled.

Mails are marked and moved after they were taken in, so that the steps at which the server is changed are there too.
"""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from tests.certificates import Certificates
from tests.journeys.chaos_death import COMMIT, STEPS
from tests.journeys.chaos_history import history
from tests.journeys.chaos_rounds import KILLED, Order, Rounds
from tests.journeys.chaos_servers import WATCHED
from tests.servers import PASSWORD, need_dovecot

OFTEN = ("ledger.record", "ledger.put_folder", COMMIT)
"""Steps that are taken for several reasons."""


@pytest.mark.timeout(300)
def test_a_death_at_any_step_loses_and_doubles_nothing(
    tmp_path: Path, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    need_dovecot()
    monkeypatch.setenv("DESK_PASSWORD", PASSWORD)
    chance, deaths = random.Random(3), Counter[tuple[str, bool]]()
    with history(tmp_path / "desk", "plain", 1, certificates) as lived, Rounds.working() as work:
        lived.proxy.is_calm = True
        for step in STEPS:
            for after in (False, True):
                for time in (1, 2) if step in OFTEN else (1,):
                    for folder in (*WATCHED, "INBOX"):
                        lived.server.deliver(lived.writers.write(chance).raw, folder)
                    work.begin(Order(lived.desk, dies_at=step, dies_after=after, dies_the=time))
                    deaths[step, after] += work.end() == [KILLED]
                    if chance.random() < 0.3:
                        lived.server.number_anew(chance.choice(WATCHED))
                    if chance.random() < 0.5:  # else the next one comes upon what this one left
                        lived.calm_round(work)
        lived.calm_round(work)
        lived.check()
    assert {each for each in deaths if deaths[each]} == {(step, after) for step in STEPS for after in (False, True)}
