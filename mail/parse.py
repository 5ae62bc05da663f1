"""A mail's bytes become an `Incoming`, whatever they are: what cannot be read is named in `defects`, never raised.

Runs in a process of its own (`mail.reading`), for a mail may cost more time or memory than the caps here foresee.
"""

from __future__ import annotations

from dataclasses import replace

from desk.incoming import Incoming
from mail.attached import read_files
from mail.bodies import read_body, stray_text, tidy_text
from mail.bounces import read_report
from mail.defects import Defects
from mail.facts import invited_words, read_facts
from mail.forwarded import read_forwarded
from mail.heads import digest, own_date, read_head
from mail.likeness import likeness
from mail.markup import to_plain
from mail.parts import read_tree


def parse(raw: bytes) -> Incoming:
    """Read a mail. Never raises because of what is in it."""
    defects = Defects()
    root = read_tree(raw, defects)
    incoming = read_head(root.headers, raw, defects)
    body = read_body(root, defects)
    files = read_files(root, body.parts, defects)
    text = body.text or tidy_text(files.text) or to_plain(files.html) or tidy_text(invited_words(root))
    text = text or stray_text(root, defects)
    if not text:
        defects.note("this mail has no text" + (", only attached files" if files.attachments else ""))
    report = read_report(root, root.headers, text)
    digests = [each.sha256 for each in files.attachments]
    return replace(
        incoming,
        text=text,
        has_html=body.has_html or bool(files.html),
        attachments=files.attachments,
        files=files.contents,
        automatic=report.why_automatic(incoming.automatic, is_doubtful=incoming.is_doubtful),
        is_doubtful=incoming.is_doubtful and not report.deliveries,
        forwarded=read_forwarded(root, text),
        bounce_of=report.about,
        deliveries=report.deliveries,
        likeness=likeness(text),
        digest=digest(incoming.sender, own_date(root.headers, raw), incoming.subject, text, digests),
        facts=read_facts(root),
        defects=defects.found,
    )
