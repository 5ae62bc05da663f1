"""A server's answers that come in pieces, too early, too many or with two tongues."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from desk.outgoing import Verdict
from mail.smtp_turns import OutOfTurn, Turns
from tests.mail.sending import ENTRY, LARGE, RAW, Entering, guarded_server, plain_sender, sender_with_login
from tests.servers import Certificates, ScriptedSmtp, Step

SENT, DEFERRED, REFUSED, UNCERTAIN = Verdict.SENT, Verdict.DEFERRED, Verdict.REFUSED, Verdict.UNCERTAIN
BEFORE_BODY: list[Step] = ["greeting", "ehlo", "starttls", "auth", "password", "mail", "rcpt", "data"]
APART = "the server's answers cannot be told apart"


async def test_a_yes_that_comes_before_the_body_does_not_stand_for_the_no_behind_it(
    scripted_smtp: ScriptedSmtp,
) -> None:
    scripted_smtp.say_more("data", "250 early")
    scripted_smtp.refuse("dot", "550 5.7.1 no")
    entering = Entering()
    attempt = await plain_sender(scripted_smtp).send(ENTRY, RAW, entering)
    assert (attempt.verdict, entering.times) == (DEFERRED, 0)
    assert attempt.said.startswith(APART)


UNDER_TLS: list[tuple[Step, bool]] = [
    *((step, True) for step in BEFORE_BODY),
    *((step, False) for step in BEFORE_BODY if step != "starttls"),
]


@pytest.mark.parametrize(("step", "starttls"), UNDER_TLS)
async def test_after_two_answers_at_once_nothing_more_is_said_to_the_server(
    tmp_path: Path, certificates: Certificates, step: Step, *, starttls: bool
) -> None:
    with guarded_server(certificates, starttls=starttls) as server:
        server.say_more(step, "250 2.0.0 and once more")
        attempt = await sender_with_login(server, tmp_path, certificates).send(ENTRY, RAW, Entering())
        await asyncio.to_thread(server.wait_until_left)
        assert (attempt.verdict, APART in attempt.said) == (DEFERRED, True)
        assert (server.reached[-1], server.accepted) == ("tls" if step == "starttls" else step, [])


async def test_a_second_answer_that_comes_a_little_later_is_seen_before_the_next_command(
    scripted_smtp: ScriptedSmtp,
) -> None:
    def wait_for_both() -> None:
        while "data" not in scripted_smtp.done:
            time.sleep(0.01)

    scripted_smtp.say("data", "354 go on\r\n", "250 2.0.0 taken\r\n", pause=0.05)
    attempt = await plain_sender(scripted_smtp).send(ENTRY, RAW, wait_for_both)
    assert (attempt.verdict, APART in attempt.said) == (DEFERRED, True)
    await asyncio.to_thread(scripted_smtp.wait_until_left)
    assert scripted_smtp.accepted == []


@pytest.mark.parametrize("first", ["250 2.0.0 taken", "550 5.7.1 no", "451 4.3.0 later"])
async def test_two_answers_to_the_whole_mail_leave_open_which_of_them_counts(
    scripted_smtp: ScriptedSmtp, first: str
) -> None:
    scripted_smtp.say("dot", f"{first}\r\n250 2.0.0 taken\r\n")
    attempt = await plain_sender(scripted_smtp).send(ENTRY, RAW, Entering())
    assert (attempt.verdict, APART in attempt.said) == (UNCERTAIN, True)


@pytest.mark.parametrize(("step", "verdict"), [("mail", DEFERRED), ("rcpt", DEFERRED), ("dot", UNCERTAIN)])
async def test_a_no_whose_last_line_is_a_yes_is_neither(
    scripted_smtp: ScriptedSmtp, step: Step, verdict: Verdict
) -> None:
    scripted_smtp.refuse(step, "550-5.7.1 rejected\r\n250 2.0.0 ok")
    attempt = await plain_sender(scripted_smtp).send(ENTRY, RAW, Entering())
    assert (attempt.verdict, APART in attempt.said) == (verdict, True)


STEPS: list[Step] = ["greeting", "mail", "rcpt", "data"]


@pytest.mark.parametrize("step", STEPS)
async def test_a_server_that_says_goodbye_behind_an_answer_gets_the_mail_another_time(
    scripted_smtp: ScriptedSmtp, step: Step
) -> None:
    scripted_smtp.say_more(step, "421 4.3.2 closing")
    attempt = await plain_sender(scripted_smtp).send(ENTRY, RAW, Entering())
    assert (attempt.verdict, attempt.server_wide, scripted_smtp.accepted) == (DEFERRED, True, [])
    assert "421 4.3.2 closing" in attempt.said


async def test_a_goodbye_behind_the_yes_to_the_whole_mail_takes_nothing_back(scripted_smtp: ScriptedSmtp) -> None:
    scripted_smtp.say_more("dot", "421 4.3.2 closing")
    attempt = await plain_sender(scripted_smtp).send(ENTRY, RAW, Entering())
    assert (attempt.verdict, attempt.said) == (SENT, "250 2.0.0 taken")


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [("552 5.3.4 too large", REFUSED), ("452 4.3.1 disk full", DEFERRED), ("421 4.3.2 closing", DEFERRED),
     ("250 2.0.0 taken", UNCERTAIN), ("354 go on", UNCERTAIN), ("what is this", UNCERTAIN)],
)  # fmt: skip
async def test_what_breaks_into_the_body_ends_it_without_its_dot(
    scripted_smtp: ScriptedSmtp, answer: str, verdict: Verdict
) -> None:
    scripted_smtp.refuse("body", answer)
    attempt = await plain_sender(scripted_smtp).send(ENTRY, LARGE, Entering())
    await asyncio.to_thread(scripted_smtp.wait_until_left)
    assert (attempt.verdict, scripted_smtp.accepted) == (verdict, [])
    if verdict is not UNCERTAIN:
        assert attempt.said == answer


async def test_answers_that_come_byte_by_byte_are_whole_ones(scripted_smtp: ScriptedSmtp) -> None:
    for step in ("greeting", "ehlo", "mail", "rcpt", "data", "dot"):
        scripted_smtp.say(step, *f"{scripted_smtp.usual(step)}\r\n", pause=0.001)
    attempt = await plain_sender(scripted_smtp).send(ENTRY, RAW, Entering())
    assert (attempt.verdict, attempt.said, scripted_smtp.accepted) == (SENT, "250 2.0.0 taken", [RAW])


@pytest.mark.parametrize("end", ["\r\n", "\n"])
async def test_an_answer_of_many_lines_is_one(scripted_smtp: ScriptedSmtp, end: str) -> None:
    scripted_smtp.say("dot", f"250-2.0.0 taken{end}", f"250-2.0.0 queued as{end}", f"250 2.0.0 4711{end}", pause=0.01)
    attempt = await plain_sender(scripted_smtp).send(ENTRY, RAW, Entering())
    assert (attempt.verdict, attempt.said) == (SENT, "250 2.0.0 taken queued as 4711")


ENDLESS = {
    "a line without end": "250 " + "x" * 100_000,
    "lines without end": "250-more\r\n" * 10_000,
    "a line too long": "250 " + "x" * 9_000 + "\r\n",
    "nothing but zeros": "\0" * 100_000,
}


@pytest.mark.parametrize("said", ENDLESS.values(), ids=ENDLESS)
@pytest.mark.parametrize(("step", "verdict"), [("greeting", DEFERRED), ("rcpt", DEFERRED), ("dot", UNCERTAIN)])
async def test_an_answer_without_end_is_not_waited_for(
    scripted_smtp: ScriptedSmtp, said: str, step: Step, verdict: Verdict
) -> None:
    scripted_smtp.say(step, said)
    attempt = await plain_sender(scripted_smtp).send(ENTRY, RAW, Entering())
    assert attempt.verdict is verdict
    assert len(attempt.said) < 300


@pytest.mark.parametrize("said", ["250 2.0.0 tak", "250-2.0.0 taken\r\n", "250-2.0.0 taken\r\n25", ""])
async def test_half_an_answer_is_none(scripted_smtp: ScriptedSmtp, said: str) -> None:
    scripted_smtp.say("dot", said, leave=True)
    attempt = await plain_sender(scripted_smtp).send(ENTRY, RAW, Entering())
    assert attempt.verdict is UNCERTAIN


@pytest.mark.parametrize("said", ["250 \udcff\udcfe ok", "250 2.0.0 вот", "250", "250 "])
async def test_an_answer_in_any_letters_counts_by_its_code(scripted_smtp: ScriptedSmtp, said: str) -> None:
    scripted_smtp.say("dot", f"{said}\r\n")
    attempt = await plain_sender(scripted_smtp).send(ENTRY, RAW, Entering())
    assert attempt.verdict is SENT
    assert attempt.said.encode().startswith(b"250")


class Wire(asyncio.Transport):
    """Where a protocol writes to; what the server says is put into it by the test."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return False


async def greeted(more: bytes) -> tuple[Turns, Wire]:
    """A connection on which the server said more, a moment after its greeting."""
    turns, wire = Turns(asyncio.get_running_loop(), lambda _: None), Wire()
    turns.connection_made(wire)
    turns.data_received(b"220 hello\r\n")
    await turns.read_response()
    turns.data_received(more)
    return turns, wire


async def test_no_command_is_given_to_a_server_that_spoke_since_its_last_answer() -> None:
    turns, wire = await greeted(b"250 early\r\n")
    with pytest.raises(OutOfTurn):
        await turns.execute_command(b"MAIL FROM:<>")
    assert wire.written == b""


async def test_nor_to_one_that_said_goodbye_and_that_is_its_answer() -> None:
    turns, wire = await greeted(b"421 4.4.2 idle for too long\r\n")
    assert await turns.execute_command(b"MAIL FROM:<>") == (421, "4.4.2 idle for too long")
    assert wire.written == b""
