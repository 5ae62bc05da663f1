"""Who writes and who answers: what names and addresses are shown as."""

from __future__ import annotations

import pytest

from desk.people import Address, Agent, Handle


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Ana Petrova", "Ana"),
        ("  Ana\tPetrova ", "Ana"),
        ("Ана", "Ана"),
        ("", "ana"),
        ("   ", "ana"),
        ("\u3000", "ana"),
    ],
)
def test_an_agent_is_greeted_by_the_first_word_of_the_name_or_else_the_handle(name: str, first: str) -> None:
    assert Agent(handle=Handle("ana"), name=name).first_name == first


def test_an_address_is_listed_under_its_name_or_else_itself() -> None:
    assert Address("dana@corp.example", "Dana").label == "Dana"
    assert Address("dana@corp.example").label == "dana@corp.example"


def test_an_address_is_written_with_its_name_where_there_is_one() -> None:
    assert str(Address("dana@corp.example", "Dana Petrova")) == "Dana Petrova <dana@corp.example>"
    assert str(Address("dana@corp.example")) == "dana@corp.example"


def test_two_spellings_of_one_address_share_their_key() -> None:
    assert Address("Dana@Corp.example", "Dana").key == Address("dana@corp.EXAMPLE").key
    assert Address("dana@corp.example").key != Address("dan@corp.example").key
