"""Mails for journeys, written out as a customer's program would send them."""

from __future__ import annotations


def customer_mail(
    number: int,
    *,
    subject: str = "Refund for order 88213",
    text: str = "Hello, where is my refund?",
    headers: str = "",
    sender: str = "Dana Petrova <dana@corp.example>",
) -> bytes:
    """A plain mail, from Dana unless somebody else is named; `headers` are whole lines."""
    head = (
        f"From: {sender}\r\n"
        "To: Acme Support <support@acme.example>\r\n"
        f"Subject: {subject}\r\n"
        f"Message-ID: <{number}@corp.example>\r\n"
        "Date: Fri, 20 Nov 2026 09:12:00 +0200\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 8bit\r\n"
    )
    lines = text.replace("\n", "\r\n")
    return f"{head}{headers}\r\n{lines}\r\n".encode()


def answer_to(message_id: str, references: str, number: int, *, text: str = "Thank you, one more question.") -> bytes:
    """The customer's answer to a mail of ours."""
    headers = f"In-Reply-To: {message_id}\r\nReferences: {references} {message_id}\r\n"
    return customer_mail(number, subject="Re: Refund for order 88213", text=text, headers=headers)
