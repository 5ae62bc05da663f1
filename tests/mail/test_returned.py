"""Mail that came back in words only, as old and odd mail systems send it: what it is about, and what went wrong."""

from __future__ import annotations

import pytest

from desk.deliveries import Action, Delivery
from mail.parse import parse
from tests.mail.mails import mail, multipart, part

OURS = "<t12.abc@acme.example>"

COPY = (
    f"Return-Path: <support@acme.example>\nMessage-ID: {OURS}\nTo: Dana <dana@corp.example>\nSubject: Re: Order\n\nHi"
)

QMAIL = f"""Hi. This is the qmail-send program at mx.corp.example.
I'm afraid I wasn't able to deliver your message to the following addresses.

<dana@corp.example>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

{COPY}
"""
EXIM = f"""This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its recipients.

  dana@corp.example
    SMTP error from remote mail server after RCPT TO:<dana@corp.example>:
    host mx.corp.example [192.0.2.7]: 550 Mailbox is full

------ This is a copy of the message, including all the headers. ------

{COPY}
"""
EXCHANGE = f"""Your message did not reach some or all of the intended recipients.

      Subject: Re: Order
      Sent:    20.11.2026 09:44

The following recipient(s) could not be reached:

      dana@corp.example on 20.11.2026 09:45
            The e-mail account does not exist at the organization this message was sent to.
            <mx.corp.example #5.1.1>

Message-ID:
 {OURS}
"""
CARRIER = f"""次のあて先へのメールを送信できませんでした。
<dana@corp.example>
550 Unknown user dana@corp.example

--- 以下は送信されたメールです
Message-ID: {OURS}
To: dana@corp.example
"""
WARNING = f"""This is a warning message only.  You do not need to resend your message.

Your message to dana@corp.example has not been delivered yet: 451 4.4.1 no answer from mx.corp.example
It will be retried for 3 more days.

{COPY}
"""


@pytest.mark.parametrize(
    ("sender", "subject", "text", "delivery"),
    [
        ("MAILER-DAEMON@mx.corp.example", "failure notice", QMAIL, (Action.FAILED, "5.1.1")),
        (
            "Mail Delivery System <Mailer-Daemon@mx.corp.example>",
            "Mail delivery failed: returning message to sender",
            EXIM,
            (Action.FAILED, "5.2.2"),
        ),
        ("System Administrator <postmaster@corp.example>", "Undeliverable: Re: Order", EXCHANGE, ("failed", "5.1.1")),
        ("Postmaster@carrier.example", "メール配信エラー: 送信できませんでした", CARRIER, ("failed", "5.1.1")),
        (
            "mailer-daemon@mx.corp.example",
            "Warning: could not send message for past 4 hours",
            WARNING,
            ("delayed", "4.4.1"),
        ),
    ],
)
def test_returned_mail_in_words_names_the_mail_the_recipient_and_why(
    sender: str, subject: str, text: str, delivery: tuple[str, str]
) -> None:
    read = parse(mail(**{"from": sender}, subject=subject, body=text))
    assert read.bounce_of == (OURS,)
    assert [(each.recipient, each.action, each.status) for each in read.deliveries] == [
        ("dana@corp.example", *delivery)
    ]
    assert read.automatic == "a mail system returned a mail"
    assert not read.is_doubtful


def test_who_a_mail_did_not_reach_is_told_by_the_header_where_it_says_so() -> None:
    raw = mail("X-Failed-Recipients: a@x.example, b@x.example", body="Both are gone: 550 5.1.1 no such user")
    assert parse(raw).deliveries == (
        Delivery("a@x.example", Action.FAILED, "5.1.1", "Both are gone: 550 5.1.1 no such user"),
        Delivery("b@x.example", Action.FAILED, "5.1.1", "Both are gone: 550 5.1.1 no such user"),
    )


def test_returned_mail_that_is_attached_names_itself() -> None:
    raw = multipart(
        "mixed",
        part("text/plain", "It did not arrive."),
        part("message/rfc822", COPY),
        subject="Returned mail: see transcript for details",
    ).replace(b"Ann Example <ann@customer.example>", b"postmaster@corp.example")
    assert parse(raw).bounce_of == (OURS,)
    assert [each.recipient for each in parse(raw).deliveries] == ["dana@corp.example"]


@pytest.mark.parametrize(
    ("sender", "subject"),
    [
        ("dana@corp.example", "Undelivered parcel"),
        ("dana@corp.example", "failure notice"),
        ("postmaster@corp.example", "Question about our contract"),
        ("noreply@shop.example", "Delivery status of your order"),
    ],
)
def test_what_people_and_shops_write_about_deliveries_is_no_returned_mail(sender: str, subject: str) -> None:
    read = parse(mail(**{"from": sender}, subject=subject, body=f"I have not got it.\n\nMessage-ID: {OURS}\n"))
    assert read.bounce_of == ()
    assert read.deliveries == ()


def test_numbers_that_are_no_codes_are_not_read_as_such() -> None:
    text = "Not delivered from 10.5.1.1 at 5.10.2026 10:550, order 5.1.1234\n"
    read = parse(mail(**{"from": "MAILER-DAEMON"}, subject="failure notice", body=text))
    assert [each.status for each in read.deliveries] == [""]


@pytest.mark.parametrize("piece", ["a" * 80, "a@b.", "550 ", "user ", "mailbox x ", "Message-ID: <", "5.1.", "\t >"])
def test_whatever_returned_mail_repeats_is_read_to_its_end(piece: str) -> None:
    raw = mail(**{"from": "MAILER-DAEMON"}, subject="failure notice", body=piece * (400_000 // len(piece)))
    assert len(parse(raw).deliveries) == 1
