"""`tandem parked`: what was kept back, why, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk.desk import Desk
from tests.desk.arriving import arrive, mail_from
from tests.desks import receive
from tests.tandem.commands import Commands

PARKED = [
    "id",
    "mailbox",
    "from",
    "subject",
    "message_id",
    "received",
    "parked",
    "reason",
    "state",
    "by",
    "settled",
    "ticket",
    "sha256",
]
"""The fields of a parked mail, word for word from the guide."""
WHY = "more than 1 mails from loud@x.example came within an hour"


@pytest.fixture(autouse=True)
def parked(desk: Desk) -> None:
    """Three mails of one sender, of which two are parked."""
    limited = replace(desk, settings=replace(desk.settings, flood=1))
    for subject in ("First", "Second \x1b]0;owned\x07", "Third"):
        arrive(limited, mail_from("Loud <loud@x.example>", subject))


def test_parked_mails_are_listed_newest_first_with_the_reason(tandem: Commands) -> None:
    rows = tandem.run("parked").rows
    assert [(each[0], each[2], each[3], each[4]) for each in rows] == [
        ("2", "loud@x.example", "Third", WHY),
        ("1", "loud@x.example", "Second \ufffd]0;owned\ufffd", WHY),
    ]


def test_a_parked_mail_has_exactly_the_fields_of_the_guide(tandem: Commands) -> None:
    shown = tandem.run("parked", "--json").objects[0]
    assert list(shown) == PARKED
    assert shown["from"] == {"name": "Loud", "email": "loud@x.example"}
    assert (shown["state"], shown["by"], shown["settled"], shown["ticket"]) == ("waiting", None, None, None)
    assert shown["received"].endswith("Z")


def test_an_accepted_mail_becomes_a_ticket(tandem: Commands, desk: Desk) -> None:
    assert tandem.run("parked", "accept", 2, 1).lines == [
        "parked mail 2 is on ticket 2 now",
        "parked mail 1 is on ticket 3 now",
    ]
    assert tandem.run("parked").out == ""
    assert [each["ticket"] for each in tandem.run("parked", "--all", "--json").objects] == [2, 3]
    assert "Third" in tandem.run("show", 2).out
    assert desk.store.parked.count() == 0


def test_a_dropped_mail_is_listed_only_when_all_are(tandem: Commands) -> None:
    assert tandem.run("parked", "drop", 1).lines == ["parked mail 1 is dropped; its bytes are kept"]
    assert [each["id"] for each in tandem.run("parked", "--json").objects] == [2]
    assert tandem.run("parked", "--all").rows[1][4].startswith("dropped by ana on ")
    assert tandem.run("parked", "accept", 1).lines == ["parked mail 1 is on ticket 2 now"]


def test_all_of_a_sender_are_settled_by_their_address(tandem: Commands) -> None:
    assert tandem.run("parked", "accept", "--from", "loud@x.example").lines == [
        "2 mails from loud@x.example were accepted"
    ]
    refused = tandem.run("parked", "drop", "--from", "loud@x.example", expect=1)
    assert refused.err == "tandem: no mail from loud@x.example is parked (`tandem parked` lists what is)\n"


def test_several_are_settled_or_none(tandem: Commands, desk: Desk) -> None:
    refused = tandem.run("parked", "accept", 1, 99, expect=1)
    assert "there is no parked mail 99" in refused.err
    assert desk.store.parked.count() == 2


def test_the_second_of_two_agents_is_told_who_was_faster(tandem: Commands) -> None:
    tandem.run("parked", "accept", 1)
    refused = tandem.acting_as("bo").run("parked", "drop", 1, expect=1)
    assert "parked mail 1 was accepted by ana at " in refused.err
    assert refused.err.endswith("; it is on ticket 2\n")


def test_usage_is_told(tandem: Commands) -> None:
    for words in (("accept",), ("drop",), ("accept", 1, "--from", "x@y.example")):
        tandem.run("parked", *words, expect=2)
    tandem.run("parked", "--json", "accept", 1, expect=2)


def test_a_desk_where_nothing_is_parked_prints_nothing(tandem: Commands, desk: Desk) -> None:
    receive(desk)
    tandem.run("parked", "drop", 1, 2)
    assert tandem.run("parked").out == tandem.run("parked", "--json").out == ""


def test_what_machines_wrote_is_marked_with_why_where_a_ticket_is_shown(tandem: Commands, desk: Desk) -> None:
    arrive(desk, mail_from("news@shop.example", "News", "", "Precedence: bulk"))
    assert "automatic: it is marked as bulk mail" in tandem.run("show", 2).out
    shown = tandem.run("show", 2, "--json").objects[0]["messages"]
    assert [each["automatic"] for each in shown if each["kind"] == "in"] == ["it is marked as bulk mail"]
    tandem.run("parked", "accept", 1)
    assert f"· tandem: accepted by ana, it was parked: {WHY}" in tandem.run("show", 3).out
