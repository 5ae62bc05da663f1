from __future__ import annotations

import pytest

from mail.parse import parse
from tests.mail.mails import mail

ELSEWHERE = "an answer would go to another domain than the sender's: “ann@evil.example”"


def sent_by(address: str, *lines: str) -> tuple[str, ...]:
    return parse(mail(*lines, **{"from": f"Ann <{address}>"})).defects


def test_an_answer_that_would_go_elsewhere_is_told() -> None:
    assert sent_by("ann@customer.example", "Reply-To: ann@evil.example") == (ELSEWHERE,)


@pytest.mark.parametrize("reply_to", ["orders@customer.example", "x@mail.customer.example", "X@CUSTOMER.example."])
def test_an_answer_within_the_domain_is_nothing_to_tell(reply_to: str) -> None:
    assert sent_by("ann@customer.example", f"Reply-To: {reply_to}") == ()


def test_machines_may_have_answers_sent_elsewhere() -> None:
    assert sent_by("noreply@customer.example", "Reply-To: ann@evil.example") == ()
    assert sent_by("ann@customer.example", "Reply-To: a@evil.example", "List-Id: <x.example>") == ()


@pytest.mark.parametrize(
    ("address", "shown", "really"),
    [
        ("x@pаypal.example", "pаypal.example", "xn--pypal-4ve.example"),
        ("x@xn--pypal-4ve.example", "pаypal.example", "xn--pypal-4ve.example"),
        ("x@xn--80ak6aa92e.com", "аррӏе.com", "xn--80ak6aa92e.com"),
        ("x@XN--80AK6AA92E.com", "аррӏе.com", "xn--80ak6aa92e.com"),
        ("x@αβcom.example", "αβcom.example", "xn--com-nxcf.example"),
    ],
)
def test_a_domain_that_mixes_or_imitates_letters_is_spelt_out(address: str, shown: str, really: str) -> None:
    assert sent_by(address) == (f"the domain “{shown}” mixes or imitates letters; it is really “{really}”",)


@pytest.mark.parametrize(
    "address",
    [
        "x@почта.рф",
        "x@xn--80a1acny.xn--p1ai",
        "x@bücher.example",
        "x@xn--bcher-kva.example",
        "x@日本語テスト.jp",
        "x@sony日本.jp",
        "x@xn--.example",
        "x@xn--" + "9" * 60 + ".example",
        "x@xn--" + "9" * 5000 + ".example",
        "x@" + "pаypal" * 2000,
        "x@",
        "@",
    ],
)
def test_other_domains_and_broken_ones_are_left_alone(address: str) -> None:
    assert all("imitates" not in each or "pаypal" in address for each in sent_by(address))


def test_what_an_answer_goes_to_is_looked_at_too() -> None:
    defects = sent_by("x@customer.example", "Reply-To: <x@xn--80ak6aa92e.com>")
    assert [each.split(" ")[0:2] for each in defects] == [["the", "domain"], ["an", "answer"]]


def test_a_name_with_another_address_hidden_in_an_encoded_word_is_told() -> None:
    name = "=?utf-8?b?Ym9zc0BhY21lLmV4YW1wbGU=?==?utf-8?Q?=00?= =?utf-8?Q?=0A?="
    read = parse(mail(**{"from": f"{name} <evil@elsewhere.example>"}))
    assert str(read.sender) == "evil@elsewhere.example"
    assert read.defects == ("the sender's name looks like another address than theirs: “boss@acme.example”",)
