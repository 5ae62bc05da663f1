"""What Outlook sorts a conversation by, copied from the mail that is answered (MS-OXOMSG 2.2.1.2, 2.2.1.3).

Where the other side's server gives our mail another Message-ID, these two still tell Outlook where it belongs.
"""

from __future__ import annotations

import base64
import binascii

from mail.defects import Defects
from mail.fields import text_field
from mail.headers import Headers
from mail.splitting import Span, fields, split_head

_HEAD = 64 * 1024
_TOPIC = 400
_OPENING, _ANSWER, _MOST_ANSWERS = 22, 5, 40
"""Bytes of a Thread-Index: its first block, each further one, and how many of those are copied."""


def thread_fields(answered: bytes) -> tuple[str, ...]:
    """The fields for an answer to this mail, whoever wrote it; none where it has none that can be used."""
    head, _ = split_head(answered, Span(0, min(len(answered), _HEAD)))
    headers = Headers(fields(answered, head), Defects())
    topic, index = headers.text("thread-topic")[:_TOPIC].strip(), _index(headers.raw("thread-index"))
    written = (text_field("Thread-Topic", topic) if topic else "", f"Thread-Index: {index}" if index else "")
    return tuple(each for each in written if each)


def _index(written: str) -> str:
    """A Thread-Index that is one, without its folds; of one that grew too long, the first block."""
    try:
        data = base64.b64decode("".join(written.split()), validate=True)
    except (binascii.Error, ValueError):
        return ""
    answers, rest = divmod(len(data) - _OPENING, _ANSWER)
    if answers < 0 or rest:
        return ""
    return base64.b64encode(data if answers <= _MOST_ANSWERS else data[:_OPENING]).decode()
