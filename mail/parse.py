"""A mail's bytes become an `Incoming`, whatever they are: what cannot be read is named in `defects`, never raised.

Runs in a process of its own (`mail.reading`), for a mail may cost more time or memory than the caps here foresee.
"""

from __future__ import annotations

from dataclasses import replace

from desk.incoming import Incoming
from mail.bodies import read_body
from mail.bounces import read_bounce
from mail.defects import Defects
from mail.headers import Headers
from mail.heads import digest, own_date, read_head
from mail.parts import attachments, read_message, read_tree


def parse(raw: bytes) -> Incoming:
    """Read a mail. Never raises because of what is in it."""
    defects = Defects()
    message = read_message(raw, defects)
    headers = Headers(message.raw_items(), defects)
    incoming = read_head(headers, raw, defects)
    root = read_tree(message, defects)
    body = read_body(root, defects)
    found, files = attachments(root, body.parts, defects)
    if not body.text:
        defects.note("this mail has no text" + (", only attached files" if found else ""))
    return replace(
        incoming,
        text=body.text,
        has_html=body.has_html,
        attachments=found,
        files=files,
        bounce_of=read_bounce(root),
        digest=digest(incoming.sender, own_date(headers, raw), incoming.subject, body.text, [f.sha256 for f in found]),
        defects=defects.found,
    )
