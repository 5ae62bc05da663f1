"""What is said beside the text: invitations, reports, attached mails, signatures; never in the mail's own words."""

from __future__ import annotations

import pytest

from desk.safe import DANGEROUS
from mail.facts import LONGEST, MOST
from mail.parse import parse
from tests.mail.mails import mail, multipart, part
from tests.mail.trees import CORPUS

EVENT = """BEGIN:VCALENDAR
METHOD:{method}
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
SUMMARY:Planning\\, part two
{lines}
ORGANIZER;CN=Ann Example:mailto:ann@customer.example
ATTENDEE;CN="Bo; of: Acme";PARTSTAT={answer}:mailto:bo@acme.example
ATTENDEE:mailto:support@acme.example
LOCATION:Room 5\\nsecond floor
DESCRIPTION:Please bring the printer.\\nThanks
BEGIN:VALARM
DESCRIPTION:not this
SUMMARY:nor this
END:VALARM
END:VEVENT
END:VCALENDAR"""

BERLIN = "DTSTART;TZID=Europe/Berlin:20261123T100000\nDTEND;TZID=Europe/Berlin:20261123T110000"


def invited(lines: str = BERLIN, method: str = "REQUEST", answer: str = "NEEDS-ACTION") -> bytes:
    calendar = EVENT.format(lines=lines, method=method, answer=answer)
    return multipart("mixed", part("text/plain", "See you"), part("text/calendar; charset=utf-8", calendar))


def test_an_invitation_says_what_when_where_and_who() -> None:
    read = parse(invited())
    assert read.facts == (
        "invitation: Planning, part two",
        "when: Mon 23 Nov 2026, 10:00 to 11:00 (Europe/Berlin)",
        "where: Room 5 second floor",
        "from: Ann Example <ann@customer.example>",
        "who: Bo; of: Acme <bo@acme.example>, support@acme.example",
    )
    assert read.text == "See you"
    assert [each.name for each in read.attachments] == ["part-2.ics"]


@pytest.mark.parametrize(
    ("lines", "when"),
    [
        ("DTSTART:20261123T100000Z\nDTEND:20261123T113000Z", "Mon 23 Nov 2026, 10:00 to 11:30 (UTC)"),
        ("DTSTART:20261123T100000\nDURATION:PT1H30M", "Mon 23 Nov 2026, 10:00 to 11:30 (no time zone given)"),
        ("DTSTART;VALUE=DATE:20261123\nDTEND;VALUE=DATE:20261124", "Mon 23 Nov 2026, all day"),
        ("DTSTART;VALUE=DATE:20261123\nDTEND;VALUE=DATE:20261126", "Mon 23 Nov 2026 to Wed 25 Nov 2026, all day"),
        (
            'DTSTART;TZID="W. Europe Standard Time":20261123T230000\nDTEND:20261124T010000',
            "Mon 23 Nov 2026, 23:00 to Tue 24 Nov 2026, 01:00 (W. Europe Standard Time)",
        ),
        ("DTSTART:20261123T100000Z\nRRULE:FREQ=WEEKLY;COUNT=4", "Mon 23 Nov 2026, 10:00 (UTC), every week, 4 times"),
        ("DTSTART:20261399T100000Z", "20261399T100000Z"),
        ("DTSTART:99991231T235959Z\nDURATION:P9999D", "Fri 31 Dec 9999, 23:59 (UTC)"),
    ],
)
def test_times_are_shown_as_the_invitation_gives_them(lines: str, when: str) -> None:
    assert f"when: {when}" in parse(invited(lines)).facts


def test_a_cancelled_meeting_says_so() -> None:
    assert parse(invited(method="CANCEL")).facts[0] == "cancelled: Planning, part two"
    assert parse(invited(f"{BERLIN}\nSTATUS:CANCELLED")).facts[0] == "cancelled: Planning, part two"


def test_an_answer_to_an_invitation_says_who_comes() -> None:
    facts = parse(invited(method="REPLY", answer="DECLINED")).facts
    assert facts[0] == "answer to an invitation: Planning, part two"
    assert facts[3] == "who: Bo; of: Acme <bo@acme.example> declines"


def test_a_mail_that_is_only_an_invitation_shows_its_words() -> None:
    calendar = EVENT.format(lines=BERLIN, method="REQUEST", answer="")
    assert parse(mail("Content-Type: text/calendar", body=calendar)).text == "Please bring the printer. Thanks"


@pytest.mark.parametrize("calendar", ["", "BEGIN:VEVENT", "BEGIN:VEVENT\n" * 50_000, "BEGIN:VEVENT\nDTSTART:\nDTEND:x"])
def test_a_broken_calendar_is_a_file(calendar: str) -> None:
    read = parse(multipart("mixed", part("text/plain", "Hi"), part("text/calendar", calendar)))
    assert read.text == "Hi"
    assert len(read.facts) <= MOST


def test_a_calendar_of_a_thousand_events_tells_the_first_ones() -> None:
    many = "BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\n" * 1000
    facts = parse(multipart("mixed", part("text/plain", "Hi"), part("text/calendar", many))).facts
    assert facts == ("event: x", "995 more events are in the file")


def report(kind: str, blocks: str, *others: str) -> bytes:
    return multipart("report", part("text/plain", "Words"), part(kind, blocks), *others)


def test_a_delivery_report_names_recipient_status_and_reason() -> None:
    blocks = """Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; bo@gone.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such
 user

Final-Recipient: rfc822; cy@slow.example
Action: delayed
Status: 4.4.1
"""
    returned = part("text/rfc822-headers", "Subject: Your order\nFrom: Support <support@acme.example>\n")
    assert parse(report("message/delivery-status", blocks, returned)).facts == (
        "delivery report: not delivered to bo@gone.example: 5.1.1, 550 5.1.1 no such user",
        "delivery report: delayed, still being tried, to cy@slow.example: 4.4.1",
        "the header of a mail: “Your order” from Support <support@acme.example>",
    )


def test_a_complaint_says_what_about() -> None:
    block = "Feedback-Type: abuse\nUser-Agent: SomeGenerator/1.0\nOriginal-Mail-From: <support@acme.example>\n"
    block += "Original-Rcpt-To: <bo@gone.example>\nSource-IP: 192.0.2.1\n"
    assert parse(report("message/feedback-report", block)).facts == (
        "complaint: somebody marked it as spam",
        "complaint: the mail was sent by <support@acme.example>",
        "complaint: the mail was sent to <bo@gone.example>",
        "complaint: the mail came from the machine 192.0.2.1",
        "complaint: reported by SomeGenerator/1.0",
    )


@pytest.mark.parametrize(
    ("disposition", "told"),
    [
        ("manual-action/MDN-sent-manually; displayed", "was opened"),
        ("automatic-action/MDN-sent-automatically; deleted/error", "was deleted unread (no person did that)"),
        ("", "was received"),
    ],
)
def test_a_read_receipt_says_what_became_of_the_mail(disposition: str, told: str) -> None:
    block = f"Final-Recipient: rfc822; bo@x.example\nDisposition: {disposition}\n"
    facts = parse(report("message/disposition-notification", block)).facts
    assert facts == (f"read receipt: the mail to bo@x.example {told}",)


def test_an_attached_mail_is_named_by_subject_and_sender() -> None:
    inner = mail(subject="=?utf-8?q?Lost_=C3=9F?=").decode().replace("\r\n", "\n")
    read = parse(multipart("mixed", part("text/plain", "Look"), part("message/rfc822", inner)))
    assert read.facts == ("an attached mail: “Lost ß” from Ann Example <ann@customer.example>",)


def test_what_is_signed_or_encrypted_is_said_and_never_called_good() -> None:
    signature = part("application/pgp-signature; name=signature.asc", "x")
    signed = multipart('signed; protocol="application/pgp-signature"', part("text/plain", "Hi"), signature)
    assert parse(signed).facts == ("signed, not checked (PGP): text/plain, signature.asc",)
    assert parse(signed).text == "Hi"
    sealed = mail("Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", body="x")
    assert parse(sealed).facts == ("encrypted, cannot be read here (S/MIME): smime.p7m",)
    opaque = mail("Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", body="x")
    assert parse(opaque).facts == ("signed, not checked (S/MIME): smime.p7m",)
    hidden = multipart(
        "encrypted", part("application/pgp-encrypted", "Version: 1"), part("application/octet-stream", "")
    )
    assert parse(hidden).facts[0].startswith("encrypted, cannot be read here (PGP): ")
    inline = parse(mail(body="-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----"))
    assert inline.facts == ("signed or encrypted in the text itself, not checked (PGP)",)
    assert inline.text.startswith("-----BEGIN PGP MESSAGE-----")


def test_nothing_that_is_said_can_drive_a_terminal_or_break_a_line() -> None:
    evil = "\x1b]0;owned\x07\u202e\u200b\x9b31m" + "x" * 10_000
    event = f"BEGIN:VEVENT\nSUMMARY:{evil}\nLOCATION:{evil}\\n\nORGANIZER;CN={evil}:mailto:{evil}\nEND:VEVENT"
    block = f"Final-Recipient: rfc822; {evil}\nAction: failed\nDiagnostic-Code: x; {evil}\n"
    head = f"Subject: {evil}\nFrom: {evil} <{evil}@x.example>\n\n"
    parts = [part("text/calendar", event), part("message/delivery-status", block), part("message/rfc822", head)]
    facts = parse(multipart("mixed", *parts, part("application/pkcs7-mime; name=" + evil, "x"))).facts
    assert len(facts) >= 6
    for each in facts:
        assert not DANGEROUS.search(each)
        assert len(each.splitlines()) == 1
        assert len(each) <= LONGEST


@pytest.mark.skipif(not CORPUS.exists(), reason=f"the corpus of mails is not at {CORPUS}")
def test_the_reports_of_many_systems_are_told() -> None:
    reports = [parse(each.read_bytes()) for each in (CORPUS / "sisimai-bounces-odd").glob("*.eml")]
    told = [each for each in reports if any(fact.startswith("delivery report: ") for fact in each.facts)]
    assert len(told) >= 150
    assert sum(any(fact.startswith("complaint: ") for fact in each.facts) for each in reports) >= 5
