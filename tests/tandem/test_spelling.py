"""Addresses and agents as people write them."""

from __future__ import annotations

import pytest

from desk.errors import RefusedError
from desk.people import Address, Agent, Handle
from tandem.spelling import checked_email, read_address, read_agent


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("support@acme.example", Address("support@acme.example")),
        ("  <support@acme.example> ", Address("support@acme.example")),
        ("Acme Support <support@acme.example>", Address("support@acme.example", "Acme Support")),
        ('"Acme, Support" <support@acme.example>', Address("support@acme.example", "Acme, Support")),
        ("Поддержка <help@пример.example>", Address("help@пример.example", "Поддержка")),
    ],
)
def test_an_address_with_or_without_a_name(text: str, address: Address) -> None:
    assert read_address(text) == address


@pytest.mark.parametrize(
    "text",
    ["", " ", "a", "a@", "@b", "a@b@c", "a b@c.example", "a@b.example, c@d.example", "<a@b.example", "a@b.example>",
     "X <>", "X <a b@c.example>", "X\n<a@b.example>", "X\x1b <a@b.example>", "a@b..example", "a@-b.example",
     "\udcff@b.example", f"{'a' * 300}@b.example"],
)  # fmt: skip
def test_what_is_not_one_address_is_refused(text: str) -> None:
    with pytest.raises(RefusedError) as caught:
        read_address(text)
    assert caught.value.hint


def test_an_address_of_another_script_is_one() -> None:
    assert read_address("Дана <почта@пример.example>") == Address("почта@пример.example", "Дана")


def test_a_bare_address_is_given_back_as_it_is() -> None:
    assert checked_email("Dana@Corp.example") == "Dana@Corp.example"
    with pytest.raises(RefusedError):
        checked_email("Dana <dana@corp.example>")


@pytest.mark.parametrize(
    ("text", "agent"),
    [
        (
            "ana=Ana Petrova <ana@acme.example>",
            Agent(handle=Handle("ana"), name="Ana Petrova", email="ana@acme.example"),
        ),
        (" bo-2=Bo ", Agent(handle=Handle("bo-2"), name="Bo")),
        ("a=Ана = Петрова", Agent(handle=Handle("a"), name="Ана = Петрова")),
    ],
)
def test_an_agent_with_or_without_an_address(text: str, agent: Agent) -> None:
    assert read_agent(text) == agent


@pytest.mark.parametrize(
    "text", ["", "ana", "ana=", "=Ana", "Ana=Ana", "a b=A", "me=Me", "none=No", "a=A <b>", "a=A\x07"]
)
def test_what_cannot_be_an_agent_is_refused(text: str) -> None:
    with pytest.raises(RefusedError) as caught:
        read_agent(text)
    assert caught.value.hint
