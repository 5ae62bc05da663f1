"""Small mails for the tests of reading, written for them; lines end as on the wire."""

from __future__ import annotations


def mail(*lines: str, body: str = "Hello", **fields: str) -> bytes:
    """A mail from Ann; `lines` are more header lines, as they stand; `fields` replace the usual ones."""
    usual = {
        "from": "Ann Example <ann@customer.example>",
        "to": "support@acme.example",
        "subject": "Order",
        "message_id": "<1@customer.example>",
        "date": "Fri, 20 Nov 2026 10:00:00 +0100",
    }
    named = [f"{name.replace('_', '-').title()}: {value}" for name, value in (usual | fields).items()]
    return "\r\n".join([*named, *lines, "", body.replace("\n", "\r\n")]).encode("utf-8", "surrogateescape")


def multipart(kind: str, *parts: str, body: str = "", header: tuple[str, ...] = (), **fields: str) -> bytes:
    """A mail of several parts; each part is its header lines, an empty line, and its content."""
    return mail(
        "MIME-Version: 1.0",
        f'Content-Type: multipart/{kind}; boundary="edge"',
        *header,
        body=f"{body}\n" + "".join(f"--edge\n{part}\n" for part in parts) + "--edge--\n",
        **fields,
    )


def part(kind: str, content: str, *lines: str) -> str:
    """One part of a mail."""
    return "\n".join([f"Content-Type: {kind}", *lines, "", content])
