"""Every step of handing over a mail, and everything that may go wrong at it: one copy, the truth, nothing forgotten."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import pytest

from desk.actions.reply import reply
from desk.conversation import OutboxId
from desk.delivery import deliver
from desk.desk import Desk
from desk.outgoing import Answer
from mail.smtp import SmtpSender
from tandem.processes import is_gone, owner
from tests.desks import DANA, SetClock, make_desk, receive
from tests.mail.sending import PATIENCE, Blocking, guarded_server, sender_with_login
from tests.servers import Certificates, ScriptedSmtp, Step

Misdeed = Callable[[ScriptedSmtp, Step], None]
EVERY_STEP: tuple[Step, ...] = get_args(Step)
OPENING: tuple[Step, ...] = ("greeting", "ehlo", "starttls", "tls")
LOGIN: tuple[Step, ...] = ("auth", "password")
ENVELOPE: tuple[Step, ...] = ("mail", "rcpt", "data")
GOOD: dict[Step, str] = {**dict.fromkeys(EVERY_STEP, "sent"), "rset": "refused"}
"""How a mail stands where nothing is lost; RSET is only said after a refusal."""

IMPATIENCE = 5.0
"""Seconds that a sender waits for a server that will not answer."""


def put_off(server: ScriptedSmtp, step: Step) -> None:
    server.refuse(step, "451 4.3.0 later")


def close_down(server: ScriptedSmtp, step: Step) -> None:
    server.say(step, "421 4.3.2 closing\r\n", leave=True)


def refuse(server: ScriptedSmtp, step: Step) -> None:
    server.refuse(step, "550 5.7.1 never")


def blame_the_account(server: ScriptedSmtp, step: Step) -> None:
    server.refuse(step, "535 5.7.8 not you")


def drop(server: ScriptedSmtp, step: Step) -> None:
    server.hang_up(step)


def stall(server: ScriptedSmtp, step: Step) -> None:
    server.stall(step, 10 * PATIENCE)


def babble(server: ScriptedSmtp, step: Step) -> None:
    server.refuse(step, "what is this")


def overflow(server: ScriptedSmtp, step: Step) -> None:
    server.say(step, "250-" + "x" * 100_000)


def answer_twice(server: ScriptedSmtp, step: Step) -> None:
    server.say_more(step, "250 2.0.0 and once more")


def take_time(server: ScriptedSmtp, step: Step) -> None:
    server.stall(step, 0.3)


def dribble(server: ScriptedSmtp, step: Step) -> None:
    if step != "tls":  # which has no answer in words
        server.say(step, *f"{server.usual(step)}\r\n", pause=0.0005)


BEFORE: dict[Step, str] = dict.fromkeys((*OPENING, *LOGIN, *ENVELOPE), "deferred")
STANDS: dict[Misdeed, dict[Step, str]] = {
    put_off: {**GOOD, **BEFORE, "dot": "deferred"},
    close_down: {**GOOD, **BEFORE, "dot": "deferred"},
    refuse: {
        **GOOD,
        **BEFORE,
        **dict.fromkeys(LOGIN, "queued"),
        **dict.fromkeys(ENVELOPE, "refused"),
        "dot": "refused",
    },
    blame_the_account: {**GOOD, **BEFORE, **dict.fromkeys((*LOGIN, *ENVELOPE), "queued"), "dot": "refused"},
    drop: {**GOOD, **BEFORE, "body": "uncertain", "dot": "uncertain"},
    stall: {**GOOD, **BEFORE, "body": "uncertain", "dot": "uncertain"},
    babble: {**GOOD, **BEFORE, "dot": "uncertain"},
    overflow: {**GOOD, **BEFORE, "dot": "uncertain"},
    answer_twice: {**GOOD, **BEFORE, "dot": "uncertain"},
    take_time: GOOD,
    dribble: GOOD,
}
"""How a mail stands after a misdeed at each step. An account that is not let in is stopped, and its mails wait."""

SILENT = {drop, stall, take_time}
"""What may also happen in the body, where a server has nothing to say: if it does all the same, see test_smtp_turns.py.
"""


@dataclass(frozen=True)
class Ended:
    """How the mail stood after the misdeed, and in the end; how many copies the server had then and then."""

    state: str
    copies: int
    in_the_end: str
    copies_in_the_end: int


@pytest.mark.parametrize("misdeed", STANDS, ids=lambda each: each.__name__)
def test_whatever_happens_at_any_step_is_told_truly_and_makes_no_second_copy(
    tmp_path: Path, certificates: Certificates, misdeed: Misdeed
) -> None:
    steps: list[Step] = [step for step in EVERY_STEP if step != "body" or misdeed in SILENT]
    with ThreadPoolExecutor(len(steps) if misdeed is stall else 4) as threads:
        trials = [threads.submit(tried, tmp_path / step, certificates, misdeed, step) for step in steps]
        ended = dict(zip(steps, (each.result() for each in trials), strict=True))
    assert {step: each.state for step, each in ended.items()} == {step: STANDS[misdeed][step] for step in steps}
    assert {step: each.copies for step, each in ended.items()} == {
        step: int(each.state == "sent" or (each.state == "uncertain" and (step, misdeed) != ("body", drop)))
        for step, each in ended.items()
    }
    assert {step: each.in_the_end for step, each in ended.items()} == {
        step: "sent" if each.state in {"deferred", "queued"} else each.state for step, each in ended.items()
    }
    assert {step: each.copies_in_the_end for step, each in ended.items()} == {
        step: 1 if each.in_the_end == "sent" else each.copies for step, each in ended.items()
    }


def tried(folder: Path, certificates: Certificates, misdeed: Misdeed, step: Step) -> Ended:
    """Send a mail to a server that misbehaves at a step; and again, hours later, to the same one that behaves."""
    clock = SetClock()
    desk = make_desk(folder, clock=clock)
    with guarded_server(certificates) as server:
        queued = reply(desk, receive(desk).number, Answer(text="It is on its way.", send_in=0))
        misdeed(server, step)
        if step == "rset":
            server.refuse("rcpt", "550 5.1.1 unknown", recipient=DANA.email)
        patience = IMPATIENCE if misdeed is stall else PATIENCE
        deliver_through(sender_with_login(server, folder, certificates, seconds=patience), desk)
        state = standing(desk, queued.id)
        server.behave()
        server.wait_until_left()
        copies = len(server.accepted)
        clock.go_on(hours=2)
        deliver_through(sender_with_login(server, folder, certificates), desk)
        in_the_end, copies_in_the_end = standing(desk, queued.id), len(server.accepted)
    desk.store.close()
    return Ended(state, copies, in_the_end, copies_in_the_end)


def deliver_through(sender: SmtpSender, desk: Desk) -> None:
    blocking = Blocking(sender)
    deliver(desk, blocking, owner=owner(), is_gone=is_gone)
    assert all(attempt.said for attempt in blocking.attempts)


def standing(desk: Desk, outbox: OutboxId) -> str:
    mail = desk.store.outbox.get(outbox)
    assert mail is not None
    return mail.state.value
