"""What the line above a list says of it: its search, how many fit, which came in above, and the order; pure."""

from __future__ import annotations

from collections.abc import Mapping

from tui.keys.naming import with_keys
from tui.lists.joining import joined, stands_alone
from tui.lists.listing import Asked
from tui.lists.pages import INBOX, Page
from tui.style.signs import Signs
from tui.words.tongue import tr, trc, trn


def told_query(page: Page, words: str) -> tuple[str, str]:
    """The search of a list, as a query of its own; and where there is no room for it, its view and what was typed."""
    query = joined(page.view.query, words) or tr("every ticket")
    title = page.title if page.saved else tr(page.title)
    told = [*([] if stands_alone(page.view.query, words) else [title]), *([words.strip()] if words.strip() else [])]
    return (f"{title}: {query}" if page.saved else query), ": ".join(told)


def told_empty(page: Page, words: str, counts: Mapping[str, int]) -> str:
    """What stands in the place of the tickets where none fits; `counts` are those of the views."""
    if words.strip():
        return with_keys(tr("Nothing fits. {key_cancel} takes the filter off."))
    if page is INBOX and not counts.get("waiting"):  # as on a desk that has just been made
        words = tr(
            "Nothing is open. {key_sync} looks for mail, {key_new} writes to somebody, {key_help} shows all keys."
        )
        return with_keys(words)
    return with_keys(tr(page.empty))


def told_order(asked: Asked, signs: Signs, *, found: int, above: int, place: int) -> str:
    """How many fit, how many came in `above` what is seen, and the order; `place`: where the cursor is, or 0."""
    told = [f"{signs.above} {tr('{count} new').format(count=above)}"] if above else []
    if place:
        told.append(tr("{place} of {count}").format(place=f"{place:,}", count=f"{found:,}"))
    elif asked.words.strip():
        told.append(trn("{count} found", "{count} found", found).format(count=f"{found:,}"))
    order = tr("number") if asked.sort == "id" else trc(f"sort-{asked.sort}", asked.sort)
    told.append(tr("sort: {order}").format(order=order) + (tr(", reversed") if asked.reverse else ""))
    return f" {signs.between} ".join(told)
