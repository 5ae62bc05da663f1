"""`kill -9` of the program at every step of handing over a mail: one copy at most, and the truth in the outbox."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from desk.actions.reply import reply
from desk.outgoing import Answer
from tandem.founding import make_home
from tandem.paths import Home
from tests.desks import DANA, make_desk, receive
from tests.mail.sending import guarded_server
from tests.program import Program
from tests.servers import PASSWORD, Certificates, ScriptedSmtp, Step
from tests.tandem.commands import run

SILENCE = 60.0
"""Seconds that the program may take to come to a step, on a machine that is busy with others' work."""

SETTINGS = """
[mailboxes.support]
address = "support@acme.example"
[mailboxes.support.smtp]
url = "smtp://support@localhost:{port}?security=starttls"
password_env = "DESK_PASSWORD"
cafile = "{authority}"
"""
TOO_MUCH_FOR_THE_LINE = 12_000_000
"""Bytes of a file that no buffer on the way holds."""

LEFT: dict[Step, tuple[str, int]] = {
    **dict.fromkeys(["greeting", "ehlo", "starttls", "tls", "auth", "password", "mail", "rcpt", "data"], ("sent", 1)),
    "rset": ("refused", 0),
    "body": ("uncertain", 0),
    "dot": ("uncertain", 1),
}
"""How the mail stands when the program was killed at a step and went on later, and how many copies the server has.

Not QUIT: by then the mail is booked as sent, or is about to be; see below.
"""


@dataclass(frozen=True)
class Trial:
    """A desk with one mail to send, and a server that will keep the program waiting at a step."""

    server: ScriptedSmtp
    program: Program

    def kill_at(self, step: Step) -> None:
        """Send, and kill the program when it has come to this step."""
        process = self.program.start("deliver")
        try:
            end = time.monotonic() + SILENCE
            while step not in self.server.reached:
                assert (process.poll(), time.monotonic() < end) == (None, True), step
                time.sleep(0.005)
        finally:
            process.kill()
            process.wait()
        self.server.behave()
        self.server.wait_until_left()

    def stands(self) -> tuple[str, int]:
        """Go on, and see how the mail stands and how many copies the server has."""
        words = ["--home", str(self.program.home), "--agent", "ana"]
        run([*words, "deliver"])
        [mail] = run([*words, "outbox", "--json"]).objects
        return mail["state"], len(self.server.accepted)


def trial_at(step: Step, folder: Path, servers: ExitStack, certificates: Certificates) -> Trial:
    server = servers.enter_context(guarded_server(certificates))
    home = Home(folder)
    make_home(home, None)
    home.config.write_text(SETTINGS.format(port=server.port, authority=certificates.authority))
    desk = make_desk(folder)
    file = folder.parent / f"{step}.bin"
    file.write_bytes(b"\0" * TOO_MUCH_FOR_THE_LINE if step == "body" else b"few")
    reply(desk, receive(desk).number, Answer(text="It is on its way.", send_in=0, attachments=(file,)))
    desk.store.close()
    server.stall(step, SILENCE)
    if step == "rset":
        server.refuse("rcpt", "550 5.1.1 unknown", recipient=DANA.email)
    return Trial(server, Program(folder, environment={"DESK_PASSWORD": PASSWORD}))


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same that the program has, which goes on in this process."""
    monkeypatch.setenv("DESK_PASSWORD", PASSWORD)


def test_killed_at_any_step_the_program_leaves_the_truth_and_no_second_copy(
    tmp_path: Path, certificates: Certificates
) -> None:
    with ExitStack() as servers, ThreadPoolExecutor(3) as threads:
        trials = {step: trial_at(step, tmp_path / step, servers, certificates) for step in LEFT}
        list(threads.map(Trial.kill_at, trials.values(), trials))
        trials["rset"].server.refuse("rcpt", "550 5.1.1 unknown", recipient=DANA.email)
        assert {step: trial.stands() for step, trial in trials.items()} == LEFT


def test_killed_when_it_takes_its_leave_the_program_sends_nothing_again(
    tmp_path: Path, certificates: Certificates
) -> None:
    with ExitStack() as servers:
        trial = trial_at("quit", tmp_path / "desk", servers, certificates)
        trial.kill_at("quit")
        assert trial.stands() in {("sent", 1), ("uncertain", 1)}
