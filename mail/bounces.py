"""Delivery reports: which of our mails they are about, and how each recipient fared (RFC 3464, RFC 6522).

A report can be forged, so all it may do is mark a mail. Reports that follow no standard are read in `mail.returned`.
A mail that leaves names its Message-ID, without the brackets, as its envelope id too (mail/smtp.py, RFC 3461 4.4).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desk.deliveries import Action, Delivery
from desk.safe import safe_line
from mail.addresses import read_addresses
from mail.defects import Defects
from mail.headers import Headers
from mail.parts import Part, enclosed_head, header_blocks, leaves
from mail.returned import RETURNED, Returned, ids_in, read_returned, status_in
from mail.threads import read_ids

MOST_RECIPIENTS = 100
LONGEST_SAID = 300

_STATUS = ("message/delivery-status", "message/global-delivery-status", "text/delivery-status")
_RETURNED = ("text/rfc822-headers", "message/rfc822-headers", "message/rfc822", "message/global", "text/rfc822")
_RECEIPT = ("message/disposition-notification", "message/global-disposition-notification")
_COMPLAINT = ("message/feedback-report",)
_ENCODED = re.compile(r"\+(2B|3D)")
"""All that RFC 3461 4 has to encode in printable ASCII: `+` and `=`."""
_TYPED = re.compile(r"\s*[A-Za-z0-9-]{1,30}\s*;")
_ACTION = re.compile(r"\s*(failed|failure|expired|delayed|delivered|relayed|expanded)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Report:
    """What a report is about: Message-IDs of mails, and how each recipient fared; both empty for any other mail."""

    about: tuple[str, ...] = ()
    deliveries: tuple[Delivery, ...] = ()

    def why_automatic(self, reason: str | None, *, is_doubtful: bool) -> str | None:
        """Why a mail counts as automatic: as its header says, or else because its text says that a mail came back."""
        return RETURNED if self.deliveries and (reason is None or is_doubtful) else reason


def read_report(root: Part, headers: Headers, text: str) -> Report:
    """What a mail reports; `headers` are its own and `text` is what a person reads of it."""
    parts = list(leaves(root))
    blocks = [block for each in parts if each.type.value in _STATUS for block in header_blocks(each)]
    receipts = [block for each in parts if each.type.value in _RECEIPT for block in header_blocks(each)]
    deliveries = tuple(_deliveries(blocks))
    is_other = receipts or any(each.type.value in _COMPLAINT for each in parts)
    in_words = Returned() if deliveries or is_other else read_returned(parts, headers, text)
    if not (deliveries or is_other or root.type.value == "multipart/report"):
        return Report(in_words.about, in_words.deliveries)
    returned = (read_ids(_returned(each).raw("message-id"))[:1] for each in parts)
    named = (_envelope_ids(each) for each in blocks)
    shown = (read_ids(each.raw("original-message-id"))[:1] for each in receipts)
    about = [found for ids in (*returned, *named, *shown) for found in ids]
    about = list(dict.fromkeys((*about, *in_words.about))) or list(ids_in(parts) if deliveries else ())
    return Report(tuple(about), deliveries or in_words.deliveries)


def _deliveries(blocks: Sequence[Headers]) -> Iterator[Delivery]:
    concerned = [each for each in blocks if any(name in each for name in ("action", "status", "final-recipient"))]
    yield from (_delivery(each) for each in concerned[:MOST_RECIPIENTS])


def _delivery(block: Headers) -> Delivery:
    said = _TYPED.sub("", block.text("diagnostic-code"), count=1).strip()
    status = status_in(block.text("status"))
    if not status or status.endswith(".0.0"):
        status = status_in(said) or status
    return Delivery(_recipient(block), _action(block, status), status, safe_line(said)[:LONGEST_SAID])


def _recipient(block: Headers) -> str:
    """The address that we wrote to, where it is told, else the one that it led to."""
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        found = read_addresses([_TYPED.sub("", block.text(name), count=1)], 1)
        if found and "@" in found[0].email:
            return found[0].email
    return ""


def _action(block: Headers, status: str) -> Action:
    """What is said, or else what the status means; a report that says neither is sent because something failed."""
    if found := _ACTION.match(block.text("action")):
        word = found[1].lower()
        return Action.FAILED if word in ("failure", "expired") else Action(word)
    return {"4": Action.DELAYED, "2": Action.DELIVERED}.get(status[:1], Action.FAILED)


def _envelope_ids(block: Headers) -> Iterator[str]:
    """The envelope id as a Message-ID: as it stands, and decoded for the servers that leave that to us (RFC 3461 4)."""
    envelope_id = block.raw("original-envelope-id").strip().strip("<>")
    yield from read_ids(f"<{envelope_id}>")
    yield from read_ids(f"<{_ENCODED.sub(lambda code: chr(int(code[1], 16)), envelope_id)}>")


def _returned(part: Part) -> Headers:
    """The header of the returned mail in this part; empty where it is another part."""
    return enclosed_head(part) if part.type.value in _RETURNED else Headers((), Defects())
