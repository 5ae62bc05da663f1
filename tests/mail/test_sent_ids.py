from __future__ import annotations

import pytest

from mail.sent_ids import id_in_answer

MICROSOFT = "<AM0PR01MB1234567890ABCDEF@AM0PR01MB1234.eurprd01.prod.exchangelabs.com>"
AMAZON = "0102018f2b3c4d5e-1a2b3c4d-5e6f-7a8b-9c0d-1e2f3a4b5c6d-000000"
ENVELOPE = ("support@acme.example", "dana@corp.example")


@pytest.mark.parametrize(
    "words",
    [
        f"2.0.0 OK {MICROSOFT} [Hostname=AM0PR01MB1234.eurprd01.prod.exchangelabs.com]",
        f"2.6.0 {MICROSOFT} [InternalId=4711, Hostname=x.example] 9 bytes in 0.1, 1 KB/sec Queued mail for delivery",
        f"ok: {MICROSOFT}",
        MICROSOFT,
    ],
)
def test_an_id_in_brackets_is_the_one_under_which_the_mail_travels(words: str) -> None:
    assert id_in_answer(words, "smtp.office365.com", ENVELOPE) == MICROSOFT


@pytest.mark.parametrize(
    ("host", "right"),
    [
        ("email-smtp.us-east-1.amazonaws.com", "email"),
        ("email-smtp.eu-west-1.amazonaws.com", "eu-west-1"),
        ("EMAIL-SMTP-FIPS.us-gov-west-1.amazonaws.com.", "us-gov-west-1"),
        ("vpce-0a1b-2c3d.email-smtp.ap-south-1.vpce.amazonaws.com", "ap-south-1"),
    ],
)
def test_amazon_names_its_left_side_and_the_server_its_right(host: str, right: str) -> None:
    assert id_in_answer(f"Ok {AMAZON}", host, ENVELOPE) == f"<{AMAZON}@{right}.amazonses.com>"


@pytest.mark.parametrize(
    "words",
    [
        "",
        "2.0.0 Ok: queued as 4VJx0k1mPzz9sQ1",
        "2.0.0 OK  1700000000 ffacd0b85a97d-33b1c2a3b4csi123456f8f.42 - gsmtp",
        "OK id=1rABCd-0000000123-AbCd",
        f"Ok {AMAZON}",
        "2.1.5 <dana@corp.example> accepted",
        "2.0.0 OK <Dana@Corp.example> queued",
        f"2.0.0 queued as {MICROSOFT}",
        "2.0.0 OK <two words@host.example>",
        "2.0.0 OK <no-closing@host.example",
        "2.0.0 OK <\x1b[31m@host.example>",
        f"2.0.0 OK <{'x' * 300}@host.example>",
        f"2.0.0 OK <{'x' * 5_000}@host.example>",
        "2.0.0 OK <>",
        "2.0.0 OK <ünï@host.example>",
    ],
)
def test_what_is_no_id_is_none(words: str) -> None:
    assert id_in_answer(words, "mail.acme.example", ENVELOPE) == ""


@pytest.mark.parametrize("host", ["email-smtp.eu-west-1.amazonaws.com.evil.example", "email-smtp.amazonaws.com"])
def test_only_amazon_is_amazon(host: str) -> None:
    assert id_in_answer(f"Ok {AMAZON}", host, ENVELOPE) == ""
