from __future__ import annotations

import pytest

from desk.deliveries import Action
from mail.parse import parse
from tests.mail.mails import mail, multipart, part


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Auto-Submitted: auto-replied", "it says that it was sent automatically (auto-replied)"),
        ("Auto-Submitted: auto-generated; owner=x", "it says that it was sent automatically (auto-generated)"),
        ("Precedence: Bulk", "it is marked as bulk mail"),
        ("X-Autoreply: yes", "it says that it is an automatic reply"),
        ("X-Autorespond: Out of office", "it says that it is an automatic reply"),
        ("List-Id: News <news.acme.example>", "it came over the mailing list “News <news.acme.example>”"),
        ("List-Unsubscribe: <mailto:x@y.example>", "it offers to unsubscribe, as mass mail does"),
        ("Precedence: auto_reply", "it says that it is an automatic reply"),
        ("Return-Path: <>", "it came from a mail system (no return path)"),
    ],
)
def test_a_machine_is_known_by_its_header(line: str, why: str) -> None:
    assert parse(mail(line)).automatic == why


@pytest.mark.parametrize("sender", ["Postmaster", "no-reply", "noreply+x", "do_not_reply", "bounce-1"])
def test_a_machine_is_known_by_its_address(sender: str) -> None:
    assert parse(mail(**{"from": f"x <{sender}@x.example>"})).automatic == f"its sender is “{sender}”"


@pytest.mark.parametrize(
    "line",
    [
        "Auto-Submitted: no",
        "Precedence: normal",
        "Subject: Out of office chairs",
        "X-Autoreply: no",
        "X-Auto-Response-Suppress: All",
        "X-A: b",
    ],
)
def test_a_person_is_not_taken_for_a_machine(line: str) -> None:
    assert parse(mail(line)).automatic is None


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        ("X-Auto-Response-Suppress: All", "for silence"),
        ("X-Auto-Response-Suppress: DR, OOF, AutoReply", "for silence"),
        ("X-Auto-Response-Suppress: None", ""),
        ("X-Loop: support@x.example", "for silence"),
        ("X-A: b", ""),
    ],
)
def test_a_mail_may_ask_machines_for_silence(line: str, asks: str) -> None:
    assert parse(mail(line)).asks_for_silence is (asks == "for silence")


def test_a_matter_that_is_about_absence_is_a_persons() -> None:
    for subject in ("Out of office chairs", "Re: Automatic reply: Order", "Automatic replies do not work"):
        assert parse(mail(subject=subject)).automatic is None


@pytest.mark.parametrize("sender", ["MAILER-DAEMON@x.example", "MAILER-DAEMON", "Mail <mailer-daemon@x.example>"])
def test_what_a_mail_system_wrote_is_surely_automatic(sender: str) -> None:
    read = parse(mail(**{"from": sender}))
    assert read.automatic == "it came from a mail system (mailer-daemon)"
    assert not read.is_doubtful


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Order",
        "Out of Office: Order",
        "Abwesenheitsnotiz: Bestellung",
        "Automatische Antwort: Bestellung",
        "Réponse automatique : commande",
        "Автоответ: заказ",
        "Автоматичен отговор: поръчка",
        "自動返信：ご注文",
        "[自動応答] ご注文",
    ],
)
def test_a_subject_makes_a_note_of_absence_likely_and_asking_for_silence_sure(subject: str) -> None:
    """Exchange sends them without any other sign, or with the wish that nothing answers them."""
    read = parse(mail(subject=subject))
    assert (read.automatic, read.is_doubtful) == ("its subject reads like an automatic reply", True)
    by_machine = mail(subject=subject, **{"from": "noreply@corp.example"})
    for raw in (mail("X-Auto-Response-Suppress: All", subject=subject), by_machine):
        sure = parse(raw)
        assert (sure.automatic, sure.is_doubtful) == ("its subject reads like an automatic reply", False)


@pytest.mark.parametrize(
    ("lines", "how"),
    [
        (("Precedence: bulk",), "surely"),
        (("Precedence: list",), "perhaps"),
        (("Precedence: bulk", "List-Id: <x.y>"), "perhaps"),
        (("List-Id: <x.y>",), "perhaps"),
    ],
)
def test_what_comes_over_a_list_may_be_a_persons(lines: tuple[str, ...], how: str) -> None:
    read = parse(mail(*lines))
    assert read.automatic
    assert read.is_doubtful is (how == "perhaps")


def report(action: str, returned: str = "message/rfc822", kind: str = "report; report-type=delivery-status") -> bytes:
    name, _, parameters = kind.partition("; ")
    raw = multipart(
        name,
        part("text/plain", "Your mail could not be delivered."),
        part("message/delivery-status", f"Reporting-MTA: dns; x\n\nAction: {action}\nStatus: 5.1.1\n"),
        part(returned, "Message-ID: <ours@acme.example>\nSubject: Re: Order\n\nHello"),
        subject="Undelivered mail",
    )
    return raw.replace(b'; boundary="edge"', f'; {parameters}; boundary="edge"'.encode()) if parameters else raw


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_delivery_report_names_the_mail_that_failed(returned: str) -> None:
    read = parse(report("failed", returned))
    assert read.bounce_of == ("<ours@acme.example>",)
    assert read.automatic == "a delivery report"
    assert read.text == "Your mail could not be delivered."
    assert read.parents == ()


@pytest.mark.parametrize(
    ("envelope_id", "ids"),
    [
        ("ours@acme.example", ("<ours@acme.example>",)),
        ("<ours@acme.example>", ("<ours@acme.example>",)),
        ("a+3Db+2Bc@acme.example", ("<a+3Db+2Bc@acme.example>", "<a=b+c@acme.example>")),
        ("a=b+c@acme.example", ("<a=b+c@acme.example>",)),
        ("\n ours@acme.example", ("<ours@acme.example>",)),
        ("a+3Cb+3E+0D+0A@acme.example", ("<a+3Cb+3E+0D+0A@acme.example>",)),
        ("", ()),
        ("<>", ()),
    ],
)
def test_a_delivery_report_without_the_mail_names_it_by_its_envelope(envelope_id: str, ids: tuple[str, ...]) -> None:
    status = f"Original-Envelope-Id: {envelope_id}\nReporting-MTA: dns; x\n\nAction: failed\nStatus: 5.1.1\n"
    words = part("text/plain", "Your mail could not be delivered.")
    assert parse(multipart("report", words, part("message/delivery-status", status))).bounce_of == ids


def test_a_mail_that_is_returned_and_named_counts_once() -> None:
    named = report("failed").replace(b"Reporting-MTA", b"Original-Envelope-Id: ours@acme.example\r\nReporting-MTA")
    assert parse(named).bounce_of == ("<ours@acme.example>",)


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_what_is_no_failure_is_told_as_what_it_is(action: str) -> None:
    read = parse(report(action))
    assert read.bounce_of == ("<ours@acme.example>",)
    assert [each.action for each in read.deliveries] == [action]


@pytest.mark.parametrize(
    ("status", "action"), [("5.1.1", Action.FAILED), ("4.4.1", Action.DELAYED), ("2.1.5", Action.DELIVERED)]
)
def test_a_report_without_an_action_means_what_its_code_says(status: str, action: Action) -> None:
    raw = report("").replace(b"Status: 5.1.1", f"Status: {status}".encode())
    assert [each.action for each in parse(raw).deliveries] == [action]


def test_a_forwarded_mail_is_no_bounce() -> None:
    forwarded = part("message/rfc822", "Message-ID: <ours@acme.example>\n\nHello")
    assert parse(multipart("mixed", part("text/plain", "FYI"), forwarded)).bounce_of == ()


def test_a_forwarded_report_is_no_bounce() -> None:
    inner = report("failed").decode().replace("\r\n", "\n").replace("edge", "inner")
    assert parse(multipart("mixed", part("text/plain", "See"), part("message/rfc822", inner))).bounce_of == ()


FORM = ("Auto-Submitted: auto-generated", "Reply-To: Vera <vera@web.example>")


def test_what_a_machine_sends_for_somebody_may_be_a_persons() -> None:
    read = parse(mail(*FORM, **{"from": "noreply@forms.example"}))
    assert read.automatic == "it says that it was sent automatically (auto-generated)"
    assert read.is_doubtful


@pytest.mark.parametrize(
    "lines",
    [
        (FORM[0],),
        (FORM[0], "Reply-To: no-reply@web.example"),
        (FORM[0], "Reply-To: noreply@forms.example"),
        (*FORM, "In-Reply-To: <ours@acme.example>"),
        (*FORM, "Precedence: bulk"),
        (*FORM, "List-Id: <news.forms.example>"),
        (*FORM, "Return-Path: <>"),
        ("Auto-Submitted: auto-replied", FORM[1]),
    ],
)
def test_what_a_machine_sends_for_itself_is_surely_automatic(lines: tuple[str, ...]) -> None:
    read = parse(mail(*lines, **{"from": "noreply@forms.example"}))
    assert read.automatic
    assert not read.is_doubtful
