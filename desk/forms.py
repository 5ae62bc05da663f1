"""A mail in the forms in which its text is not shown at first: every header, plain text, HTML as text, its links."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Forms:
    """What could be read of a mail's bytes; nothing in it is cleaned for a screen.

    `headers` are all fields of its head as `Name: value`, decoded, in their order. `plain` and `html` are the texts of
    the parts of that kind, HTML as text; empty where the mail has none. `links` are pairs of the words of a link in the
    HTML and of where it leads. `problem` says why there is nothing, or not all.
    """

    headers: tuple[str, ...] = ()
    plain: str = ""
    html: str = ""
    links: tuple[tuple[str, str], ...] = ()
    problem: str = ""

    def other_than(self, text: str) -> str:
        """The form that a mail's text is not in; empty where it has only one."""
        if not self.html or not self.plain:
            return ""
        shown = " ".join(text.split())
        return self.plain if shown == " ".join(self.html.split()) else self.html
