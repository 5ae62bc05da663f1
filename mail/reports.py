"""What the reports of mail systems say, in words: deliveries (RFC 3464), complaints (RFC 5965), receipts (RFC 8098).

Which mail of ours a report is about is read elsewhere. Reports can be forged: this only shows what they say.
"""

from __future__ import annotations

from collections.abc import Iterator

from mail.headers import Headers

MOST_RECIPIENTS = 10
_LONGEST = 250

_ACTIONS = {
    "failed": "delivery report: not delivered to {}",
    "delayed": "delivery report: delayed, still being tried, to {}",
    "delivered": "delivery report: delivered to {}",
    "relayed": "delivery report: handed on to a system that reports no more, for {}",
    "expanded": "delivery report: delivered to a list and sent on to {}",
}
_UNKNOWN_ACTION = "delivery report: about {}"
_COMPLAINTS = {
    "abuse": "somebody marked it as spam",
    "fraud": "somebody reported it as fraud",
    "virus": "a virus was found in it",
    "not-spam": "somebody said that it is no spam",
    "opt-out": "somebody wants no more such mails",
}
_RECEIPTS = {
    "": "read receipt: the mail to {} was received",
    "displayed": "read receipt: the mail to {} was opened",
    "deleted": "read receipt: the mail to {} was deleted unread",
    "dispatched": "read receipt: the mail to {} was passed on",
    "processed": "read receipt: the mail to {} was processed",
    "denied": "read receipt: the mail to {} no answer is given whether it was read",
    "failed": "read receipt: the mail to {} could not be handled",
}
_BY_ITSELF = "no person did that"


def delivery_facts(blocks: list[Headers]) -> Iterator[str]:
    """One line for each recipient: what became of the mail, the status, and what the other server said."""
    recipients = [each for each in blocks if "action" in each or "final-recipient" in each]
    for each in recipients[:MOST_RECIPIENTS]:
        action = each.text("action").split(" ")[0].strip(";,").lower()
        person = _value(each, "final-recipient") or _value(each, "original-recipient") or "somebody"
        said = (each.text("status").split(" ")[0], _value(each, "diagnostic-code"))
        why = ", ".join(filter(None, said))
        yield _cut(_ACTIONS.get(action, _UNKNOWN_ACTION).format(f"{person}: {why}" if why else person))
    if len(recipients) > MOST_RECIPIENTS:
        yield f"delivery report: {len(recipients) - MOST_RECIPIENTS} more recipients"


def complaint_facts(block: Headers) -> Iterator[str]:
    """What somebody complains about, and who sent that mail to whom."""
    kind = block.text("feedback-type").lower()
    yield _cut(f"complaint: {_COMPLAINTS.get(kind, kind or 'of an unknown kind')}")
    about = (
        ("complaint: the mail was sent by {}", block.text("original-mail-from")),
        ("complaint: the mail was sent to {}", block.text("original-rcpt-to") or block.text("removal-recipient")),
        ("complaint: the mail came from the machine {}", block.text("source-ip")),
        ("complaint: reported by {}", block.text("user-agent")),
    )
    yield from (_cut(words.format(value)) for words, value in about if value)


def receipt_facts(block: Headers) -> Iterator[str]:
    """What became of a mail at its recipient."""
    person = _value(block, "final-recipient") or _value(block, "original-recipient") or "somebody"
    mode, _, kind = block.text("disposition").partition(";")
    what = kind.strip().partition("/")[0].strip().lower()
    said = _RECEIPTS[what].format(person) if what in _RECEIPTS else f"read receipt: the mail to {person} {what}"
    yield _cut(f"{said} ({_BY_ITSELF})" if mode.strip().lower().startswith("automatic-action") else said)


def _value(block: Headers, name: str) -> str:
    """A field without the kind that stands before it: `rfc822; bo@example.org`, `smtp; 550 no such user`."""
    kind, semicolon, value = block.text(name).partition(";")
    return value.strip() if semicolon else kind.strip()


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
