"""A screen on which a mail is written: whom it goes to, what it is called, and which files go along."""

from __future__ import annotations

from dataclasses import replace

from desk.actions.attach import enclose
from desk.desk import Desk
from desk.draft import DraftKind
from desk.errors import TandemError
from desk.safe import safe_line
from desk.wording import Enclosure, Wording
from tui.composer.heads import Heads
from tui.composer.keeping import Beginning
from tui.composer.letterhead import LetterHead, leads_elsewhere
from tui.composer.paths import read_file
from tui.front import front
from tui.host import host, stands
from tui.screens.retracting import RetractingScreen
from tui.widgets.compose_title import ComposeTitle
from tui.widgets.envelope import Envelope, Shown
from tui.words.heard import heard
from tui.words.telling import size
from tui.words.tongue import tr


class LetteringScreen(RetractingScreen):
    """Keeps all that with the text, so that an undo, a colleague or another machine has it too."""

    _is_attaching = _has_begun = False
    _folder = "~/"

    @property
    def form_heading(self) -> str:
        """What stands over the form of recipients."""
        if self._kind is DraftKind.FORWARD:
            words = tr("Forward to whom? {who} does not see it")
            return words.format(who=safe_line(self._opened.ticket.customer.label))
        return tr("Who gets it")

    def action_recipients(self) -> None:
        """Choose who gets the mail, and what it is called."""
        from tui.screens.recipients import RecipientsScreen  # noqa: PLC0415 - most answers go where they should

        last, head = self._opened.last_from_customer, self.head
        is_answer = last is not None and self._kind is DraftKind.REPLY
        form = RecipientsScreen(
            head.heads,
            host(self).desk.composer.reaches,
            everybody=head.usual if is_answer else None,
            author=last.sender if is_answer and last is not None else None,
            heading=self.form_heading,
        )
        host(self).push_screen(form, self._recipients_chosen)

    def action_attach(self) -> None:
        """Choose a file that goes along."""
        from tui.screens.attach import AttachScreen  # noqa: PLC0415 - few mails have files

        host(self).push_screen(AttachScreen(self._folder), self._fetch_file)

    def action_detach(self) -> None:
        """Let a file stay here after all."""
        from tui.screens.attach import DetachScreen  # noqa: PLC0415 - likewise

        files = self.head.wording.enclosures
        if len(files) == 1:
            self._take_off(files[0])
        elif files:
            host(self).push_screen(DetachScreen(files), self._take_off)

    def _read_head(self) -> None:
        """See whom an answer goes to by now: a newer mail may ask for somebody else."""
        if not self._drafting.is_note:
            front(self).read("letterhead", self._keeper.head, self._head_read)

    def _head_read(self, head: LetterHead) -> None:
        if stands(self) and head != self._base:
            self._base = head
            self._show()

    @property
    def asks_first(self) -> bool:
        """Whether it begins with the question whom it goes to."""
        return self._kind is DraftKind.FORWARD

    @property
    def is_beginning(self) -> bool:
        """Whether that question may be asked yet: what is typed is for its form, then."""
        return self.asks_first and not self._has_begun

    def _begin(self, beginning: Beginning) -> None:
        super()._begin(beginning)
        self._has_begun = True
        if self.asks_first and stands(self) and not self.head.heads.to:
            self.action_recipients()

    def _recipients_chosen(self, heads: Heads | None) -> None:
        if heads is not None:
            self._word(self.head.chosen(heads), tr("who gets it and what it is called"))

    def _fetch_file(self, path: str | None) -> None:
        """Copy the file, in the thread for files; nothing is sent until that is done."""
        if path is not None:
            self._is_attaching = True
            self._folder = path[: path.rfind("/") + 1] or "~/"
            host(self).say(tr("reading {path} …").format(path=safe_line(path)))
            front(self).look("attach", lambda desk: _enclosed(desk, path), self._attached)

    def _attached(self, file: Enclosure | TandemError) -> None:
        self._is_attaching = False
        if isinstance(file, TandemError):
            host(self).say(tr("not attached: {why}").format(why=heard(str(file))), "error")
        elif stands(self):
            chosen = self._drafting.wording or Wording()
            words = tr("attached {name}, {size}").format(name=safe_line(file.name), size=size(file.size))
            self._word(replace(chosen, enclosures=(*chosen.enclosures, file)), words)
            host(self).say(words)

    def _take_off(self, file: Enclosure | None) -> None:
        if file is None:
            return
        files = list(self.head.wording.enclosures)
        files.remove(file)
        words = tr("{name} does not go along").format(name=safe_line(file.name))
        self._word(replace(self.head.wording, enclosures=tuple(files)), words)
        host(self).say(words)

    def _word(self, wording: Wording, what: str) -> None:
        self._send_along(self._drafting.worded(wording), what)
        self._autosave()

    def _show_head(self, *, is_whole: bool) -> None:
        """Say who writes to whom; of a note there is nothing to say."""
        head = self.head
        self.query_one(ComposeTitle).tell(recipients=(head.heads.to, head.heads.cc))
        if not self._drafting.is_note:
            warning = leads_elsewhere(self._opened, head.heads)
            self.query_one(Envelope).show(Shown(head, warning, is_whole=is_whole))


def _enclosed(desk: Desk, path: str) -> Enclosure | TandemError:
    """The file as it goes along. A refusal is a value here: the composer waits for it."""
    try:
        read = read_file(path)
        return enclose(desk, read.name, read.data)
    except TandemError as error:
        return error
