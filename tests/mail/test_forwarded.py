from __future__ import annotations

import pytest

from desk.people import Address
from mail.parse import parse
from tests.mail.mails import mail, multipart, part

DANA = Address("dana@corp.example", "Dana Petrova")

FORWARDS = {
    "Gmail": """see below

---------- Forwarded message ---------
From: Dana Petrova <dana@corp.example>
Date: Fri, Nov 20, 2026 at 9:12 AM
Subject: Invoice
To: Bo <bo@acme.example>


Hello,
where is my invoice?
""",
    "Gmail in Russian": """---------- Forwarded message ---------
От: Dana Petrova <dana@corp.example>
Дата: пт, 20 нояб. 2026 г. в 09:12
Тема: Счёт
Кому: <bo@acme.example>

Здравствуйте""",
    "Outlook": """FYI

-----Original Message-----
From: Dana Petrova [mailto:dana@corp.example]
Sent: Friday, November 20, 2026 9:12 AM
To: Bo Lind
Subject: Invoice

Hello""",
    "Outlook with a line": """________________________________
From: Dana Petrova <dana@corp.example>
Sent: Friday, November 20, 2026 9:12:00 AM
To: Bo Lind <bo@acme.example>;
 Ana <ana@acme.example>
Subject: Invoice

Hello""",
    "Outlook in Russian": """________________________________
От: Dana Petrova <dana@corp.example>
Отправлено: 20 ноября 2026 г. 9:12
Кому: Bo Lind <bo@acme.example>
Тема: Счёт

Здравствуйте""",
    "a Chinese program": """---------- 转发的邮件 ---------
发件人： Dana Petrova <dana@corp.example>
日期： 2026年11月20日
主题： 发票
收件人： <bo@acme.example>

你好""",
    "Outlook in Bulgarian": """-----Оригинално съобщение-----
От: Dana Petrova <dana@corp.example>
Изпратено: петък, 20 ноември 2026 г. 9:12
До: Bo Lind
Относно: Фактура

Здравейте""",
    "Outlook in German": """Von: Dana Petrova <dana@corp.example>
Gesendet: Freitag, 20. November 2026 09:12
An: Bo Lind <bo@acme.example>
Betreff: Rechnung

Hallo""",
    "Outlook in French, in bold": """*De :* Dana Petrova <dana@corp.example>
*Envoyé :* vendredi 20 novembre 2026 09:12
*À :* Bo Lind
*Objet :* Facture

Bonjour""",
    "Apple Mail": """Begin forwarded message:

> From: Dana Petrova <dana@corp.example>
> Subject: Invoice
> Date: 20 November 2026 at 09:12:00 EET
> To: bo@acme.example
>
> Hello""",
    "Apple Mail in Russian": """Начало переадресованного сообщения:

> От: Dana Petrova <dana@corp.example>
> Тема: Счёт
> Дата: 20 ноября 2026 г. в 09:12:00 GMT+2
> Кому: bo@acme.example
>
> Здравствуйте""",
    "Thunderbird": """

-------- Forwarded Message --------
Subject: \tInvoice
Date: \tFri, 20 Nov 2026 09:12:00 +0200
From: \tDana Petrova <dana@corp.example>
To: \tbo@acme.example

Hello""",
    "Thunderbird in Bulgarian": """-------- Препратено съобщение --------
Относно: \tФактура
Дата: \tFri, 20 Nov 2026 09:12:00 +0200
От: \tDana Petrova <dana@corp.example>
До: \tbo@acme.example

Здравейте""",
}


@pytest.mark.parametrize("text", FORWARDS.values(), ids=FORWARDS)
def test_the_sender_of_a_forwarded_mail_is_found_in_the_text(text: str) -> None:
    raw = mail("Content-Type: text/plain; charset=utf-8", subject="Fwd: Invoice", body=text)
    assert parse(raw).forwarded == (DANA,)


def test_a_forward_in_html_is_read_like_one_in_text() -> None:
    html = """<p>see below</p><div><b>From:</b> Dana Petrova &lt;dana@corp.example&gt;<br><b>Sent:</b> Friday<br>
    <b>To:</b> Bo<br><b>Subject:</b> Invoice<br></div><p>Hello</p>"""
    assert parse(mail("Content-Type: text/html; charset=utf-8", body=html)).forwarded == (DANA,)


def test_an_attached_mail_tells_its_sender_whatever_the_text_says() -> None:
    inner = part("message/rfc822", "From: Dana Petrova <dana@corp.example>\nSubject: Invoice\n\nHello")
    text = part("text/plain", "From: Eve <eve@x.example>\nDate: today\nSubject: Buy\n\nhi")
    assert parse(multipart("mixed", text, inner)).forwarded == (DANA,)


def test_every_sender_of_a_forwarded_conversation_is_named_once() -> None:
    head = "From: {}\nDate: Friday\nTo: bo@acme.example\nSubject: Invoice\n\nHello\n\n"
    body = head.format("dana@corp.example") + head.format("bo@acme.example") + head.format("Dana <dana@corp.example>")
    assert [each.email for each in parse(mail(body=body)).forwarded] == ["dana@corp.example", "bo@acme.example"]


@pytest.mark.parametrize(
    "text",
    [
        "From: my point of view\nTo: be honest\nSubject: none\n",
        "From: dana@corp.example\n\nHello, I am from Sofia.\nDate: tomorrow",
        "On Friday Dana <dana@corp.example> wrote:\n> Hello",
        "From: me to you",
    ],
)
def test_words_that_are_no_head_name_nobody(text: str) -> None:
    assert parse(mail(body=text)).forwarded == ()


def test_a_text_of_heads_without_end_is_read_in_no_time() -> None:
    body = "From: a@x.example\nTo: b\nDate: c\n" * 20_000 + "> " * 50_000 + "От" * 50_000 + ":" * 50_000
    assert len(parse(mail("Content-Type: text/plain; charset=utf-8", body=body)).forwarded) == 1
