"""What the reader's own keys show of a ticket: what is found, a mail's headers, source, other form, files and links."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from desk.conversation import EntryId, Message, Note
from desk.desk import Desk
from desk.errors import RefusedError, TandemError
from desk.forms import Forms
from desk.links import Link, links_in, links_of
from desk.safe import safe_line
from tui.copying import copy_line, copy_text
from tui.front import front
from tui.host import stands
from tui.reader.holding import Texts
from tui.reader.seeking import Seeking
from tui.reader.view import Holding, View, words_of
from tui.widgets.reader import Reader
from tui.words.tongue import tr

_MOST_HEADERS = 20
"""Mails of which all headers are read."""


class Looking(Seeking):
    """A screen with a reader."""

    def __init__(self) -> None:
        super().__init__()
        self._texts = Texts()

    @property
    def reader(self) -> Reader:
        """The ticket that is read."""
        return self.query_one(Reader)

    @property
    def sought_in(self) -> Reader:
        return self.reader

    def find_words(self, words: str) -> None:
        """Find what stands open at once; what is folded is searched in the reader's thread, and opened then."""
        super().find_words(words)
        if (opened := self.reader.current) is not None:
            look = partial(self._texts.holding, opened, self.reader.view, words)
            front(self).read("find", lambda _: look(), partial(self._found, words))

    def action_headers(self) -> None:
        """Show the mails' headers, the main ones at once and all as soon as they are read, or only their text."""
        reader = self.reader
        if reader.view.headers is not None:
            reader.show_headers(None)
        elif (opened := reader.current) is not None:
            reader.show_headers({})
            shown = [each for each in opened.messages if reader.view.shows(each.id) and each.raw and not each.redacted]
            for each in reversed(shown[-_MOST_HEADERS:]):
                front(self).look(f"headers {each.id}", partial(_forms, each), partial(self._add_headers, each.id))

    def action_source(self) -> None:
        """Show a mail as it came."""
        from tui.screens.source import SourceScreen

        message = self._message()
        title = tr("Message {id} as it came").format(id=message.id)
        front(self).push_screen(SourceScreen(title, message.raw, front(self).signs))

    def action_other_form(self) -> None:
        """Show a mail's HTML as text in the place of its plain text, or the other way round; or back."""
        message = self._message()
        if message.id in self.reader.view.other:
            self.reader.show_other(message.id, None)
            return
        if not message.has_html:
            raise RefusedError(tr("this mail has plain text only"))
        front(self).look("other form", partial(_forms, message), partial(self._show_other, message))

    def action_files(self) -> None:
        """List the files of the ticket."""
        from tui.screens.files import FilesScreen

        if (opened := self.reader.current) is not None:
            at_hand = self.reader.at_hand
            first = at_hand.id if at_hand else None
            app = front(self)
            app.push_screen(FilesScreen(opened.messages, first, app.desk.clock(), app.signs))

    def action_links(self) -> None:
        """List where the links of the mail or note at hand lead."""
        self._with_links(self._list_links)

    def action_copy_link(self) -> None:
        """Copy the link under the cursor, or the only one there is; else list them."""
        here = list(links_in(self.reader.row))
        if len(here) == 1:
            copy_line(front(self), here[0].url)
        else:
            self._with_links(self.copy_link_of)

    def action_copy_words(self) -> None:
        """Copy the text of the mail or note at hand, as it is shown."""
        copy_text(front(self), words_of(self._entry(), self.reader.view))

    def _entry(self) -> Message | Note:
        if (entry := self.reader.at_hand) is None:
            raise RefusedError(tr("there is no message here"))
        return entry

    def _message(self) -> Message:
        entry = self._entry()
        if not isinstance(entry, Message):
            raise RefusedError(tr("a note is no mail: it has only its text"))
        if entry.redacted or not entry.raw:
            raise RefusedError(
                tr("the bytes of this mail are not kept"), tr("they were erased at a customer's request")
            )
        return entry

    def _with_links(self, show: Callable[[tuple[Link, ...]], None]) -> None:
        """Find the links of what is at hand; those of HTML stand in its bytes."""
        entry = self._entry()
        if isinstance(entry, Message) and _is_rich(entry):
            front(self).look("links", partial(links_of_entry, entry), partial(self._while_at, entry, show))
        else:
            show(tuple(links_in(words_of(entry, View()))))

    def _while_at(self, entry: Message, show: Callable[[tuple[Link, ...]], None], links: tuple[Link, ...]) -> None:
        """Show what was asked for unless the reader, or that mail, was left meanwhile."""
        at_hand = self.reader.at_hand if self.is_active and self.reader.has_focus else None
        if at_hand is not None and at_hand.id == entry.id:
            show(links)

    def _list_links(self, links: tuple[Link, ...]) -> None:
        from tui.screens.links import LinksScreen

        if self.is_active:
            front(self).push_screen(LinksScreen(links, front(self).signs))

    def copy_link_of(self, links: tuple[Link, ...]) -> None:
        """Copy the only one of these links, or list them."""
        if len(links) == 1:
            copy_line(front(self), links[0].url)
        elif links:
            self._list_links(links)
        else:
            front(self).say(tr("there is no link in it"))

    def _add_headers(self, entry: EntryId, forms: Forms) -> None:
        if stands(self) and (known := self.reader.view.headers) is not None and forms.headers:
            self.reader.show_headers({**known, entry: tuple(map(safe_line, forms.headers))})

    def _show_other(self, message: Message, forms: Forms) -> None:
        showing = self.reader.current if stands(self) else None
        if showing is None or showing.ticket.number != message.ticket:
            return
        if other := forms.other_than(message.text):
            self.reader.show_other(message.id, other)
        else:
            front(self).say(forms.problem or tr("this mail has its text in one form only"), "warn")

    def _found(self, words: str, holding: Holding) -> None:
        """Open what holds the words, unless by now others are sought."""
        found = self.reader.found if stands(self) else None
        if found is not None and found.words == words:
            self.reader.open_found(holding)
            self.tell_found()


def links_of_entry(entry: Message | Note, desk: Desk) -> tuple[Link, ...]:
    """The links of a mail or note; those of HTML stand in its bytes.

    Raises:
        TandemError: the bytes cannot be read.
    """
    if not isinstance(entry, Message) or not _is_rich(entry):
        return tuple(links_in(words_of(entry, View())))
    forms = _forms(entry, desk)
    if forms.problem:
        raise TandemError(tr("the links of this mail cannot be told: {why}").format(why=forms.problem))
    return links_of(forms.links, forms.plain)


def _is_rich(mail: Message) -> bool:
    return mail.has_html and bool(mail.raw) and not mail.redacted


def _forms(message: Message, desk: Desk) -> Forms:
    if desk.forms is None:
        return Forms(problem=tr("nothing here reads the other forms of a mail"))
    return desk.forms.of(desk.blobs.get(message.raw))
