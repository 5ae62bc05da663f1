"""The keys of the reader that open, fold, find and copy what a ticket holds."""

from __future__ import annotations

from tests.journeys.key_cases import Case, case, misses, sees
from tests.journeys.key_desk import LONG, PLAIN, RICH, afresh
from tests.tui.apps import Screen
from tui.keys.action import READER

_FOLDED, _QUOTE = "▸ 4 quoted lines", "> three"


async def _with_headers(screen: Screen) -> None:
    await afresh(PLAIN)(screen)
    if "Message-ID:" not in screen.text:
        await screen.press("v", "h")
    await screen.sees("Message-ID:")


async def _as_a_page(screen: Screen) -> None:
    await afresh(RICH, "v", "t")(screen)
    await screen.sees("says the page")


CASES: tuple[Case, ...] = (
    *case(READER, "fold", sees("▸ Dana Petrova"), before=afresh(PLAIN)),
    *case(READER, "fold", misses("▸ Dana Petrova"), before=afresh(PLAIN, "enter")),
    *case(READER, "toggle-fold", sees(_QUOTE), before=afresh(LONG, "G")),
    *case(READER, "toggle-fold", misses(_QUOTE), before=afresh(LONG, "G", "z", "a")),
    *case(READER, "open-fold", sees(_QUOTE), before=afresh(LONG, "G")),
    *case(READER, "close-fold", sees(_FOLDED), before=afresh(LONG, "G", "z", "o")),
    *case(READER, "fold-all", misses("This is line 2 of it"), sees("▸ Customer"), before=afresh(LONG)),
    *case(READER, "open-all", sees("This is line 2 of it"), before=afresh(LONG, "z", "M")),
    *case(READER, "toggle-quotes", sees("▾ 4 quoted lines"), before=afresh(LONG, "G")),
    *case(READER, "toggle-quotes", sees(_FOLDED), before=afresh(LONG, "G", "T")),
    *case(READER, "find", sees("Enter go on  Down next  Up before")),
    *case(READER, "headers", sees("Message-ID:"), before=afresh(PLAIN)),
    *case(READER, "headers", misses("Message-ID:"), before=_with_headers),
    *case(READER, "source", sees("as it came", "Content-Type: text/html"), before=afresh(RICH)),
    *case(READER, "other-form", sees("Pay us, says the page"), before=afresh(RICH)),
    *case(READER, "other-form", sees("Pay us, says the plain text"), before=_as_a_page),
    *case(READER, "files", sees("Files", "No file came with this ticket.")),
    *case(READER, "links", sees("1 link, copied", "https://shop.example/orders/88213")),
)
