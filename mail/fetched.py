"""What a server told about mails, as values: size and time, ids, bytes, and what is missing of them."""

from __future__ import annotations

from desk.clock import Clock
from desk.incoming import TOO_LARGE
from mail.answers import to_number, to_time
from mail.defects import Defects
from mail.fetches import BODY, Told
from mail.headers import Headers
from mail.loading import HEAD, LARGEST, Info, Loaded, Unloaded
from mail.splitting import Span, fields, split_head
from mail.threads import Thread, read_thread


def to_info(told: Told, clock: Clock) -> Info:
    """A mail's size and time; a time that cannot be read becomes now, which is when the mail reached us."""
    items = told.items or {}
    gmail_id = to_number(items.get(b"X-GM-MSGID"))
    received = to_time(items.get(b"INTERNALDATE")) or clock()
    return Info(to_number(items.get(b"RFC822.SIZE")), received, str(gmail_id) if gmail_id else "")


def to_thread(told: Told) -> Thread:
    """A mail's ids, from the few lines of its header that were asked for."""
    raw = _first(told, b"BODY[HEADER") or b""
    head, _ = split_head(raw, Span(0, len(raw)))
    return read_thread(Headers(fields(raw, head), Defects()), raw)


def to_loaded(told: Told, info: Info | None, where: str, clock: Clock, *, only_heads: bool) -> Loaded | Unloaded:
    """A mail's bytes, or why they could not be had."""
    if told.items is None:
        return Unloaded(told.uid, told.why or f"{where} has this mail no longer", is_gone=not told.why)
    if (raw := bytes_of(told)) is None:
        return Unloaded(told.uid, f"{where} gave no bytes for this mail")
    note = _what_is_missing(info, raw, only_heads=only_heads)
    return Loaded(told.uid, raw[:HEAD] if note else raw, info.received if info else clock(), note)


def bytes_of(told: Told) -> bytes | None:
    """The bytes of a mail, or of a piece of it; None where the server said NIL."""
    return _first(told, BODY)


def is_too_large(info: Info | None) -> bool:
    """Whether a mail is not fetched whole; one of unknown size is."""
    return info is not None and info.size > LARGEST


def _first(told: Told, key: bytes) -> bytes | None:
    """The item whose name begins so; a piece's name goes on with where it begins."""
    return next((value for name, value in (told.items or {}).items() if name.startswith(key)), None)


def _what_is_missing(info: Info | None, raw: bytes, *, only_heads: bool) -> str:
    if info and is_too_large(info):
        return f"{TOO_LARGE} ({info.size // 1_000_000} MB): only its first 64 kB were fetched"
    return "only the first 64 kB of this mail were fetched" if only_heads and len(raw) >= HEAD else ""
