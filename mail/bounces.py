"""Delivery reports: which of our mails came back (RFC 3462, RFC 3464).

Only what a report says in its machine-readable part counts. A report can be forged, so all it may do is mark a mail.
"""

from __future__ import annotations

from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32

from mail.defects import Defects
from mail.headers import Headers
from mail.parts import Part, content, leaves
from mail.threads import read_ids

_RETURNED_HEADERS = ("text/rfc822-headers", "message/rfc822-headers")


def read_bounce(root: Part) -> tuple[str, ...]:
    """The Message-IDs a report says could not be delivered; a delay is not a failure."""
    parts = list(leaves(root))
    if not any(_says_failed(each) for each in parts):
        return ()
    ids = (read_ids(_returned(each).raw("message-id")) for each in parts)
    return tuple(dict.fromkeys(found[0] for found in ids if found))


def _says_failed(part: Part) -> bool:
    """Whether a recipient's block in message/delivery-status has the action `failed`."""
    if part.type.value not in ("message/delivery-status", "message/global-delivery-status"):
        return False
    blocks = (_headers(each.message) for each in part.children)
    return any(block.text("action").lower().startswith("failed") for block in blocks)


def _returned(part: Part) -> Headers:
    """The header of the returned mail in this part; empty where it is another part."""
    if part.type.value in _RETURNED_HEADERS:
        return _headers(BytesHeaderParser(policy=compat32).parsebytes(content(part, Defects())))
    is_mail = part.type.value in ("message/rfc822", "message/global") and part.children
    return _headers(part.children[0].message) if is_mail else Headers((), Defects())


def _headers(message: Message) -> Headers:
    return Headers(message.raw_items(), Defects())
