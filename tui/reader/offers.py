"""What a ticket offers, as lines below its head: the key first, then why. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from desk.offers import Offered, offers_for
from tui.keys import ACTIONS
from tui.reader.lines import Frame, Line, Span, Tone, cut
from tui.reader.opened import OpenTicket
from tui.words.heard import heard

_ACTIONS: Mapping[Offered, tuple[str, ...]] = {
    Offered.SPLIT: ("split_off",),
    Offered.MERGE: ("merge", "open_other"),
    Offered.LIKE: ("merge", "open_other"),
    Offered.CONFIRM: ("confirm_customer",),
    Offered.LOAD: ("load_whole",),
    Offered.OPEN: ("open_other",),
}
_TONES = {Offered.OPEN: Tone.MUTED, Offered.LIKE: Tone.MUTED}
_BY_NAME = {each.name: each for each in ACTIONS}


def offer_lines(opened: OpenTicket, frame: Frame) -> Iterator[Line]:
    """A line for each thing that is offered on this ticket."""
    for offer in offers_for(opened.ticket, opened.entries, opened.others):
        keys = [_BY_NAME[name] for name in _ACTIONS[offer.what]]
        spans = [
            each for key in keys for each in (Span(key.shown_key, Tone.ACCENT), Span(f" {key.title}  ", Tone.MUTED))
        ]
        yield Line(cut((*spans, Span(heard(offer.said), _TONES.get(offer.what, Tone.WARNING))), frame.width)[0])
