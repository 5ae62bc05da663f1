"""What is said of a mail's parts that are no text: invitations, reports, attached mails, signatures and ciphers.

These lines are Tandem's own and stand beside the text, never in it, so that no mail can write them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from desk.safe import safe_line
from mail.addresses import read_addresses
from mail.charsets import decode
from mail.defects import Defects, quoted
from mail.invitations import Invitation, read_invitation
from mail.parts import Part, content, enclosed_head, header_blocks, leaves, walk
from mail.reports import complaint_facts, delivery_facts, receipt_facts

MOST = 30
"""Lines said of one mail."""

LONGEST = 300
"""Characters of one line."""

_CALENDARS = frozenset({"text/calendar", "application/ics"})
_MAILS = frozenset({"message/rfc822", "message/global"})
_RETURNED = frozenset({"text/rfc822-headers", "message/rfc822-headers"})
_DELIVERIES = frozenset({"message/delivery-status", "message/global-delivery-status"})
_RECEIPTS = frozenset({"message/disposition-notification", "message/global-disposition-notification"})
_SIGNATURES = {
    "application/pgp-signature": "PGP",
    "application/pkcs7-signature": "S/MIME",
    "application/x-pkcs7-signature": "S/MIME",
}
_SEALED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_SIGNED = "signed, not checked ({0}): {1}"
_ENCRYPTED = "encrypted, cannot be read here ({0}): {1}"
_ATTACHED = "an attached mail: {0} from {1}", "an attached mail: {0}"
_HEADER = "the header of a mail: {0} from {1}", "the header of a mail: {0}"
"""With and without who wrote it."""


def read_facts(root: Part) -> tuple[str, ...]:
    """What there is to say, in the order of the parts, each line once and safe to show."""
    said = (fact for part in walk(root) for fact in _facts(part))
    lines = (safe_line(each)[:LONGEST].rstrip() for each in islice(said, MOST))
    return tuple(dict.fromkeys(lines))


def invited_words(root: Part) -> str:
    """What the sender of an invitation wrote to it, for a mail that has no other text."""
    calendars = (each for each in leaves(root) if each.type.value in _CALENDARS)
    return next((found for each in calendars if (found := _invitation(each).description)), "")


def _facts(part: Part) -> Iterator[str]:
    match part.type.value:
        case kind if kind in _CALENDARS:
            yield from _invitation(part).facts
        case kind if kind in _DELIVERIES:
            yield from delivery_facts(header_blocks(part))
        case "message/feedback-report":
            yield from (fact for block in header_blocks(part)[:1] for fact in complaint_facts(block))
        case kind if kind in _RECEIPTS:
            yield from (fact for block in header_blocks(part)[:1] for fact in receipt_facts(block))
        case kind if kind in _MAILS:
            yield _mail(_ATTACHED, part)
        case kind if kind in _RETURNED:
            yield _mail(_HEADER, part)
        case _:
            yield from _protection(part)


def _mail(words: tuple[str, str], part: Part) -> str:
    head = enclosed_head(part)
    sender = next(iter(read_addresses(head.every("from")[:1])), None)
    subject = quoted(head.text("subject"), 100) if "subject" in head else "without a subject"
    return words[0].format(subject, sender) if sender else words[1].format(subject)


def _invitation(part: Part) -> Invitation:
    return read_invitation(decode(content(part, Defects()), part.type.get("charset") or "utf-8").text)


def _protection(part: Part) -> Iterator[str]:
    """What is signed or encrypted; whether that is worth anything is never said, for nothing is checked."""
    match part.type.value:
        case "multipart/signed":
            kinds = (part.type.get("protocol").lower(), *(each.type.value for each in leaves(part)))
            kind = next((_SIGNATURES[each] for each in kinds if each in _SIGNATURES), "unknown kind")
            yield _SIGNED.format(kind, ", ".join(_called(each) for each in leaves(part)))
        case "multipart/encrypted":
            parts = ", ".join(_called(each) for each in leaves(part))
            yield _ENCRYPTED.format("PGP", parts)
        case kind if kind in _SEALED:
            is_signed = part.type.get("smime-type").lower() in ("signed-data", "certs-only")
            yield (_SIGNED if is_signed else _ENCRYPTED).format("S/MIME", _called(part))
        case _ if part.type.value.startswith("text/") and not part.children and _is_inline_pgp(part):
            yield "signed or encrypted in the text itself, not checked (PGP)"
        case _:
            pass


def _called(part: Part) -> str:
    return part.filename or part.type.value


def _is_inline_pgp(part: Part) -> bool:
    start = part.raw[part.span.start : min(part.span.end, part.span.start + 1000)]
    return b"-----BEGIN PGP " in start
