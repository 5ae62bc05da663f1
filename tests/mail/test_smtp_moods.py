"""Servers that answer at random, in pieces, twice, or not at all: what is said of a mail is never a lie."""

from __future__ import annotations

import os
import random

import pytest

from desk.outgoing import Verdict
from tests.mail.sending import ENTRY, RAW, Entering, plain_sender
from tests.servers import ScriptedSmtp, Step

ROUNDS = int(os.environ.get("TANDEM_MOODS", "100"))
"""How many servers: some in every test run, tens of thousands when asked for."""

STEPS: list[Step] = ["greeting", "ehlo", "mail", "rcpt", "data", "dot"]
ANSWERS = [
    "250 ok", "250-a\r\n250 b", "354 go on", "451 later", "550 no", "421 closing", "220 hello", "what", "250", "2", "",
    "250-x\r\n550 y", "550-x\r\n250 y", "99 x", "\0\udcff", "334 x",
]  # fmt: skip


@pytest.mark.timeout(60 + ROUNDS)
async def test_what_is_said_of_a_mail_is_what_its_server_did_with_it() -> None:
    chance = random.Random(20261122)
    ends = set[Verdict]()
    for number in range(ROUNDS):
        with ScriptedSmtp() as server:
            for step in chance.sample(STEPS, chance.choice([1, 1, 1, 2])):
                said = mood(chance, server.usual(step))
                server.say(step, *in_pieces(chance, said), pause=0.001, leave=not said.endswith("\n"))
            verdict = (await plain_sender(server).send(ENTRY, RAW, Entering())).verdict
        if verdict is Verdict.SENT:
            assert len(server.accepted) == 1, number
        if verdict in {Verdict.DEFERRED, Verdict.REFUSED}:
            assert server.accepted == [], number
        ends.add(verdict)
    assert ends == set(Verdict)


def mood(chance: random.Random, usual: str) -> str:
    """What a server says instead of what is usual, if it does."""
    other = chance.choice(ANSWERS)
    return chance.choice([f"{usual}\r\n", f"{other}\r\n", f"{usual}\r\n{other}\r\n", other, f"{usual}\r\n{other}"])


def in_pieces(chance: random.Random, said: str) -> list[str]:
    cut = chance.randint(0, said.find("\n") + 1)  # what comes long after an answer may look like that to the next
    return chance.choice([[said], [said[:cut], said[cut:]]])
