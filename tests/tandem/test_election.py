"""One process fetches a mailbox; when it dies, hangs or sleeps, another one does, and no mail is lost or doubled."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.desk import Desk
from desk.expression import EVERYTHING
from storage.shared import open_shared
from tandem.election import LEASE, Candidate
from tandem.processes import owner
from tests.desks import SetClock
from tests.journeys.mails import customer_mail
from tests.program import Program
from tests.servers import Dovecot, SmtpServer
from tests.tandem.commands import Commands
from tests.tandem.offices import PATIENCE, mailbox

ELSEWHERE = "web1|another boot|1|4711|99"
"""A process on another host, of which nobody here can tell whether it lives."""


class TestCandidate:
    def test_a_free_lease_is_had_and_given_back(self, desk: Desk) -> None:
        candidate = Candidate(desk, "support")
        assert candidate.stand()
        assert desk.store.leases.holder("fetch support", desk.clock()) == owner()
        candidate.withdraw()
        assert not candidate.holds
        assert desk.store.leases.holder("fetch support", desk.clock()) is None

    def test_another_host_is_waited_for_until_its_lease_has_run_out(self, desk: Desk, clock: SetClock) -> None:
        assert desk.store.leases.take("fetch support", ELSEWHERE, clock.now + LEASE, clock.now)
        candidate = Candidate(desk, "support")
        assert not candidate.stand()
        assert candidate.said == "another Tandem fetches the mail (process 4711 on web1)"
        clock.go_on(seconds=LEASE.total_seconds())
        assert candidate.stand()
        assert candidate.said == ""
        assert LEASE.total_seconds() < 60 - 2

    def test_one_that_slept_too_long_finds_out(self, desk: Desk, clock: SetClock) -> None:
        candidate = Candidate(desk, "support")
        assert candidate.stand()
        clock.go_on(seconds=LEASE.total_seconds())
        assert desk.store.leases.take("fetch support", ELSEWHERE, clock.now + LEASE, clock.now)
        candidate.renew()
        assert not candidate.holds
        candidate.withdraw()
        assert desk.store.leases.holder("fetch support", clock.now) == ELSEWHERE

    def test_a_renewed_lease_lasts(self, desk: Desk, clock: SetClock) -> None:
        candidate = Candidate(desk, "support")
        assert candidate.stand()
        clock.go_on(seconds=30)
        candidate.renew()
        clock.go_on(seconds=30)
        assert desk.store.leases.holder("fetch support", clock.now) == owner()

    def test_a_dead_process_gives_way_at_once(self, desk: Desk, clock: SetClock) -> None:
        with subprocess.Popen(["sleep", "0"]) as gone:
            gone.wait()
        host, boot, space, _, _ = owner().split("|")
        desk.store.leases.take("fetch support", f"{host}|{boot}|{space}|{gone.pid}|1", clock.now + LEASE, clock.now)
        assert Candidate(desk, "support").stand()


@pytest.fixture
def tandem_program(tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer) -> Program:
    """A desk that watches a Dovecot, for processes."""
    program = Program(tmp_path / "shared", environment={"DESK_PASSWORD": dovecot.password})
    program.init(dovecot.port, smtp_server.port)
    config = program.home / "config.toml"
    config.write_text(f"flood = 0\n{config.read_text()}")
    return program


@pytest.fixture
def running() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Processes of a test; whatever is left of them is killed."""
    processes: list[subprocess.Popen[bytes]] = []
    yield processes
    for process in processes:
        process.kill()
        process.wait()


def listed(program: Program) -> list[str]:
    with closing(open_shared(program.home / "desk.db")) as store:
        return sorted(each.subject for each in store.tickets.find(EVERYTHING))


def until_listed(program: Program, subjects: list[str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while listed(program) != sorted(subjects):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_when_the_fetching_process_is_killed_another_takes_over_and_nothing_is_lost_or_doubled(
    tandem_program: Program, dovecot: Dovecot, running: list[subprocess.Popen[bytes]]
) -> None:
    expected: list[str] = []

    def deliver(count: int) -> None:
        for _ in range(count):
            expected.append(f"Mail {len(expected)}")
            dovecot.deliver(customer_mail(len(expected), subject=expected[-1]), datetime.now(UTC))

    deliver(60)
    running.extend(tandem_program.start("sync", "--follow") for _ in range(2))
    for round_ in range(2):
        deadline = time.monotonic() + PATIENCE
        while len(listed(tandem_program)) < 10 * (round_ + 1):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        victim = holder(tandem_program)
        os.kill(victim, signal.SIGKILL)
        deliver(5)
        running.append(tandem_program.start("sync", "--follow"))
        until_listed(tandem_program, expected)
        assert holder(tandem_program) != victim


def holder(program: Program) -> int:
    """The process that fetches, waited for."""
    deadline = time.monotonic() + PATIENCE
    with closing(open_shared(program.home / "desk.db")) as store:
        while (claim := store.leases.holder("fetch support", datetime.now(UTC))) is None:
            assert time.monotonic() < deadline
            time.sleep(0.02)
    return int(claim.split("|")[3])


def test_sync_by_hand_looks_itself_and_says_who_fetches_too(tandem: Commands, desk: Desk, dovecot: Dovecot) -> None:
    now = datetime.now(UTC)
    desk.store.leases.take("fetch support", ELSEWHERE, now + LEASE, now)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DESK_PASSWORD", dovecot.password)
        (tandem.home / "config.toml").write_text(mailbox("support", dovecot.port))
        dovecot.deliver(customer_mail(1))
        told = tandem.run("sync", "--json")
    assert told.objects[0]["tickets_created"] == 1
    assert (
        told.err
        == "tandem: support: another Tandem fetches the mail (process 4711 on web1) too; nothing comes in twice\n"
    )
    assert desk.store.leases.holder("fetch support", now) == ELSEWHERE


def test_a_server_that_is_started_anew_in_the_middle_is_caught_up_with(
    tandem_program: Program, dovecot: Dovecot, running: list[subprocess.Popen[bytes]]
) -> None:
    for number in range(60):
        dovecot.deliver(customer_mail(number, subject=f"Mail {number}"))
    running.append(tandem_program.start("sync", "--follow"))
    deadline = time.monotonic() + PATIENCE
    while not listed(tandem_program):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    dovecot.interrupt()
    for number in range(60, 65):
        dovecot.deliver(customer_mail(number, subject=f"Mail {number}"))
    dovecot.go_on()
    until_listed(tandem_program, [f"Mail {number}" for number in range(65)])


def test_the_daemon_ends_cleanly_when_the_system_asks(
    tandem_program: Program, dovecot: Dovecot, running: list[subprocess.Popen[bytes]]
) -> None:
    dovecot.deliver(customer_mail(1, subject="Mail 1"))
    running.append(daemon := tandem_program.start("daemon"))
    until_listed(tandem_program, ["Mail 1"])
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(PATIENCE) == 0
    assert "another Tandem" not in tandem_program.run("sync").err
