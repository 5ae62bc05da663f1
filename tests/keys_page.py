"""Writes the tables of docs/guide/keys.md from the table of keys; each stands below `<!-- keys: WHERE -->`."""

from __future__ import annotations

import re
from pathlib import Path

from tui.keys import ACTIONS, Context, acting_in, shown

PAGE = Path(__file__).parents[1] / "docs" / "guide" / "keys.md"
_TABLE = re.compile(r"(?<=<!-- keys: )(?P<where>\w+) -->\n(?:\|[^\n]*\n)*")


def page(text: str) -> str:
    """The page with its tables as they must be."""
    return _TABLE.sub(lambda found: f"{found['where']} -->\n{_table(Context(found['where']))}", text)


def _table(context: Context) -> str:
    rows = (
        f"| {' '.join(f'`{shown(key)}`' for key in each.keys)} | {each.help} | `{each.id}` |\n"
        for each in acting_in(context, ACTIONS)
        if each.keys and context in each.contexts
    )
    return "".join(("| key | what it does | in a keymap |\n|---|---|---|\n", *rows))


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
