"""What the reports of mail systems say, in words: deliveries (RFC 3464), complaints (RFC 5965), receipts (RFC 8098).

Which mail of ours a report is about is read elsewhere. Reports can be forged: this only shows what they say.
"""

from __future__ import annotations

from collections.abc import Iterator

from mail.headers import Headers

MOST_RECIPIENTS = 10
_LONGEST = 250

_ACTIONS = {
    "failed": "not delivered to",
    "delayed": "delayed, still being tried, to",
    "delivered": "delivered to",
    "relayed": "handed on to a system that reports no more, for",
    "expanded": "delivered to a list and sent on to",
}
_COMPLAINTS = {
    "abuse": "somebody marked it as spam",
    "fraud": "somebody reported it as fraud",
    "virus": "a virus was found in it",
    "not-spam": "somebody said that it is no spam",
    "opt-out": "somebody wants no more such mails",
}
_RECEIPTS = {
    "displayed": "was opened",
    "deleted": "was deleted unread",
    "dispatched": "was passed on",
    "processed": "was processed",
    "denied": "no answer is given whether it was read",
    "failed": "could not be handled",
}


def delivery_facts(blocks: list[Headers]) -> Iterator[str]:
    """One line for each recipient: what became of the mail, the status, and what the other server said."""
    recipients = [each for each in blocks if "action" in each or "final-recipient" in each]
    for each in recipients[:MOST_RECIPIENTS]:
        action = each.text("action").split(" ")[0].strip(";,").lower()
        person = _value(each, "final-recipient") or _value(each, "original-recipient") or "somebody"
        said = (each.text("status").split(" ")[0], _value(each, "diagnostic-code"))
        why = ", ".join(filter(None, said))
        yield _cut(f"delivery report: {_ACTIONS.get(action, 'about')} {person}{f': {why}' if why else ''}")
    if len(recipients) > MOST_RECIPIENTS:
        yield f"delivery report: {len(recipients) - MOST_RECIPIENTS} more recipients"


def complaint_facts(block: Headers) -> Iterator[str]:
    """What somebody complains about, and who sent that mail to whom."""
    kind = block.text("feedback-type").lower()
    yield _cut(f"complaint: {_COMPLAINTS.get(kind, kind or 'of an unknown kind')}")
    about = (
        ("sent by", block.text("original-mail-from")),
        ("sent to", block.text("original-rcpt-to") or block.text("removal-recipient")),
        ("from the machine", block.text("source-ip")),
        ("reported by", block.text("user-agent")),
    )
    if told := ", ".join(f"{word} {value}" for word, value in about if value):
        yield _cut(f"about a mail {told}")


def receipt_facts(block: Headers) -> Iterator[str]:
    """What became of a mail at its recipient."""
    person = _value(block, "final-recipient") or _value(block, "original-recipient") or "somebody"
    mode, _, kind = block.text("disposition").partition(";")
    what = kind.strip().partition("/")[0].strip().lower()
    by_itself = " (no person did that)" if mode.strip().lower().startswith("automatic-action") else ""
    yield _cut(f"read receipt: the mail to {person} {_RECEIPTS.get(what, what or 'was received')}{by_itself}")


def _value(block: Headers, name: str) -> str:
    """A field without the kind that stands before it: `rfc822; bo@example.org`, `smtp; 550 no such user`."""
    kind, semicolon, value = block.text(name).partition(";")
    return value.strip() if semicolon else kind.strip()


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
