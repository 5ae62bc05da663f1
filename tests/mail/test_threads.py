from __future__ import annotations

import pytest

from mail.defects import Defects
from mail.headers import Headers
from mail.parse import parse
from mail.threads import Thread, local_id, read_ids, read_thread
from tests.mail.mails import mail


@pytest.mark.parametrize(
    ("raw", "ids"),
    [
        ("<a@x>", ("<a@x>",)),
        ("<a@x> <b@x>", ("<a@x>", "<b@x>")),
        ("<a@x><a@x>", ("<a@x>",)),
        ("Your mail of Friday <a@x>", ("<a@x>",)),
        ("<a@\r\n x>", ("<a@x>",)),
        ("<a b@x>", ("<ab@x>",)),
        ("<a@x", ("<a@x>",)),
        ("a@x", ("<a@x>",)),
        ("no id at all", ()),
        ("", ()),
        ("<>", ()),
        ("<\udcc3\udca4@x>", ("<%C3%A4@x>",)),
        (f"<{'a' * 1_200}@x>", ()),
    ],
)
def test_ids_are_read_tolerantly(raw: str, ids: tuple[str, ...]) -> None:
    assert read_ids(raw) == ids


def thread(**fields: str) -> Thread:
    return read_thread(Headers([(name.replace("_", "-"), value) for name, value in fields.items()], Defects()), b"raw")


def test_parents_are_what_it_answers_then_the_references_from_the_end() -> None:
    found = thread(message_id="<d@x>", in_reply_to="<c@x>", references="<a@x> <b@x> <c@x>")
    assert (found.message_id, found.is_local) == ("<d@x>", False)
    assert (found.parents, found.answers) == (("<c@x>", "<b@x>", "<a@x>"), 1)
    assert found.references == ("<a@x>", "<b@x>", "<c@x>")


def test_a_mail_is_never_its_own_parent() -> None:
    found = thread(message_id="<a@x>", in_reply_to="<a@x>", references="<a@x> <b@x>")
    assert (found.parents, found.answers, found.references) == (("<b@x>",), 0, ("<b@x>",))


def test_a_mail_without_a_usable_id_gets_one_of_its_bytes() -> None:
    assert thread(message_id="<>").message_id == local_id(b"raw")
    assert thread(message_id="<>").is_local
    assert local_id(b"raw").endswith("@tandem.invalid>")


def test_of_endless_references_the_nearest_ancestors_count() -> None:
    found = thread(references=" ".join(f"<{number}@x>" for number in range(5_000)))
    assert len(found.references) == 200
    assert found.parents[0] == "<4999@x>"


TOKEN = "t12.abcdefghijklmnop.abcdefghijklmnopqrstuvwx"


def test_tokens_are_found_in_addresses_first_and_then_in_ids_in_whatever_case() -> None:
    other = TOKEN.replace("t12", "t13")
    read = parse(
        mail(
            f"In-Reply-To: <{other}@acme.example>",
            f"References: <a@x> <{TOKEN}@relay.example>",
            f"Delivered-To: support+{TOKEN.upper()}@acme.example",
        )
    )
    assert read.tokens == (TOKEN, other)


@pytest.mark.parametrize("odd", [TOKEN[:-1], TOKEN + "a", "x" + TOKEN, TOKEN.replace("t12", "t0"), "t12.short.short"])
def test_what_only_looks_like_a_token_is_none(odd: str) -> None:
    assert parse(mail(f"In-Reply-To: <{odd}@acme.example>", to=f"support+{odd}@acme.example")).tokens == ()


def test_the_id_that_exchange_took_away_is_kept_beside_the_new_one() -> None:
    read = parse(mail("X-Microsoft-Original-Message-ID: <old@x>", message_id="<new@y>"))
    assert (read.message_id, read.alike_ids) == ("<new@y>", ("<old@x>",))


@pytest.mark.parametrize(
    ("subject", "number"),
    [
        ("Re: [T-12] Refund", 12),
        ("[t-12]", 12),
        ("[ T-12 ]", 12),
        ("[T-0]", None),
        ("T-12", None),
        ("[T-1234567890]", None),
    ],
)
def test_a_subject_names_a_ticket_in_brackets(subject: str, number: int | None) -> None:
    assert parse(mail(subject=subject)).subject_number == number


def test_the_ticket_that_a_subject_names_is_no_part_of_what_it_is_about() -> None:
    assert parse(mail(subject="Re: [T-12] Refund")).base_subject == parse(mail(subject="Refund")).base_subject
