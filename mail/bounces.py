"""Delivery reports: which of our mails came back (RFC 3462, RFC 3464).

Only what a report says in its machine-readable part counts. A report can be forged, so all it may do is mark a mail.
A mail that leaves names its Message-ID, without the brackets, as its envelope id too (mail/smtp.py, RFC 3461 4.4).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mail.defects import Defects
from mail.headers import Headers
from mail.parts import Part, enclosed_head, header_blocks, leaves
from mail.threads import read_ids

_STATUS = ("message/delivery-status", "message/global-delivery-status")
_RETURNED = ("text/rfc822-headers", "message/rfc822-headers", "message/rfc822", "message/global")
_ENCODED = re.compile(r"\+(2B|3D)")
"""All that RFC 3461 4 has to encode in printable ASCII: `+` and `=`."""


def read_bounce(root: Part) -> tuple[str, ...]:
    """The Message-IDs a report says could not be delivered; a delay is not a failure."""
    parts = list(leaves(root))
    blocks = [block for each in parts if each.type.value in _STATUS for block in header_blocks(each)]
    if not any(each.text("action").lower().startswith("failed") for each in blocks):
        return ()
    returned = (read_ids(_returned(each).raw("message-id"))[:1] for each in parts)
    named = (_envelope_ids(each) for each in blocks)
    return tuple(dict.fromkeys(found for ids in (*returned, *named) for found in ids))


def _envelope_ids(block: Headers) -> Iterator[str]:
    """The envelope id as a Message-ID: as it stands, and decoded for the servers that leave that to us (RFC 3461 4)."""
    envelope_id = block.raw("original-envelope-id").strip().strip("<>")
    yield from read_ids(f"<{envelope_id}>")
    yield from read_ids(f"<{_ENCODED.sub(lambda code: chr(int(code[1], 16)), envelope_id)}>")


def _returned(part: Part) -> Headers:
    """The header of the returned mail in this part; empty where it is another part."""
    return enclosed_head(part) if part.type.value in _RETURNED else Headers((), Defects())
