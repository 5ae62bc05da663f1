"""What is said to log in, byte by byte."""

from __future__ import annotations

import pytest

from desk.errors import LoginRefused
from mail.auth import Login
from mail.sasl import Mechanism, explained, mechanism_for, opening, reason

SERVER = ("imap.acme.example", 993)


@pytest.mark.parametrize(
    ("mechanism", "said"),
    [
        ("PLAIN", "\0ana@acme.example\0geheimnis ü"),
        ("LOGIN", "ana@acme.example"),
        ("XOAUTH2", "user=ana@acme.example\1auth=Bearer geheimnis ü\1\1"),
        (
            "OAUTHBEARER",
            "n,a=ana@acme.example,\1host=imap.acme.example\1port=993\1auth=Bearer geheimnis ü\1\1",
        ),
    ],
)
def test_the_first_words(mechanism: Mechanism, said: str) -> None:
    assert opening(mechanism, "ana@acme.example", "geheimnis ü", SERVER) == said.encode()


def test_a_name_cannot_end_its_field() -> None:
    assert opening("OAUTHBEARER", "a,b=c", "t", SERVER).startswith(b"n,a=a=2Cb=3Dc,\1")


@pytest.mark.parametrize(
    ("offered", "login", "is_token", "chosen"),
    [
        ({"PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER"}, "auto", True, "OAUTHBEARER"),
        ({"PLAIN", "LOGIN", "XOAUTH2"}, "auto", True, "XOAUTH2"),
        ({"PLAIN", "LOGIN"}, "auto", True, None),
        ({"PLAIN", "LOGIN"}, "xoauth2", True, "XOAUTH2"),
        (set(), "oauthbearer", True, "OAUTHBEARER"),
        ({"LOGIN", "XOAUTH2", "PLAIN"}, "auto", False, "PLAIN"),
        ({"LOGIN", "CRAM-MD5"}, "auto", False, "LOGIN"),
        ({"XOAUTH2"}, "plain", False, None),
        (set(), "auto", False, None),
    ],
)
def test_one_way_in_is_chosen(offered: set[str], login: Login, *, is_token: bool, chosen: Mechanism | None) -> None:
    assert mechanism_for(offered, login, is_token=is_token) == chosen


@pytest.mark.parametrize(
    ("challenge", "words"),
    [
        (b'{"status":"400","schemes":"Bearer","scope":"https://mail/"}', "status 400; scope https://mail/"),
        (b'{"status":"invalid_token"}', "status invalid_token"),
        (b'{"error":"invalid_grant","error_description":"expired"}', "error invalid_grant; error_description expired"),
        (b"expired", "expired"),
        (b"[1]", "[1]"),
        (b"{}", ""),
        (b"", ""),
        (b'{"status":"\x1b]52;c;eA==\x07"}', '{"status":"\ufffd]52;c;eA==\ufffd"}'),
        (b'{"status":{"a":1},"scope":"mail"}', "scope mail"),
        (b"[" * 100_000, "[" * 200),
        (b"\xff", "\ufffd"),
    ],
)
def test_a_servers_reason_is_put_into_words(challenge: bytes, words: str) -> None:
    assert reason(challenge) == words


def test_a_secret_that_a_server_repeats_stays_secret() -> None:
    error = LoginRefused("h refuses the login of a: no such token ya29.x", "")
    said = str(explained(error, "token ya29.x expired", ("ya29.x",), is_token=True))
    assert "ya29" not in said
    assert "token … expired" in said
