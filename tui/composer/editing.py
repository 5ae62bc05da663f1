"""A composer's text in the agent's own editor: how it gets there, and how it comes back (the editor: editor.py)."""

from __future__ import annotations

from collections.abc import Coroutine
from functools import partial
from typing import Protocol

from tui.composer.addressing import Addressing
from tui.composer.editor import Edited, Editor
from tui.composer.heads import Read, read_heads, with_heads
from tui.composer.leftovers import file_name, whose
from tui.composer.manuscript import Manuscript
from tui.composer.page import Page
from tui.composer.signatures import Signatures
from tui.front import front
from tui.host import host
from tui.keys.naming import with_keys
from tui.words.tongue import tr


class EditingPage(Page, Protocol):
    """What this asks of its screen."""

    @property
    def is_watching(self) -> bool:
        """Whether a draft that is held elsewhere is only read here."""
        ...

    def go_about(self, job: Coroutine[None, None, None]) -> None:
        """Do a job beside the screen, after the one before it."""
        ...

    def refresh(self, *, layout: bool) -> object:
        """Draw the screen again, all of it."""
        ...

    def action_review(self) -> None:
        """Show what can be done with the text."""
        ...

    def action_edit(self) -> None:
        """Go on writing."""
        ...

    def abort(self) -> None:
        """Leave, because nothing was changed in the editor that was opened to begin with."""
        ...


class Editing:
    """Gives one text to the agent's editor. `begins` opens it first of all, with the heads above the text."""

    def __init__(
        self,
        page: EditingPage,
        manuscript: Manuscript,
        addressing: Addressing,
        signatures: Signatures,
        *,
        begins: bool,
    ) -> None:
        self._page, self._manuscript = page, manuscript
        self._addressing, self._signatures = addressing, signatures
        self._begins = begins
        self._editor: Editor | None = None
        self._has_heads = self.is_lent = False
        """`is_lent`: an editor was asked for, or has the text; nothing that is typed is for this screen then."""

    def begin(self, *, is_typing: bool) -> None:
        """Open the editor where the writing begins there; to somebody who types here by now its key is told."""
        if not self._begins or self._page.is_watching:
            return
        self._begins = False
        if is_typing:
            host(self._page.screen).say(with_keys(tr("{key_editor} goes on in the editor")))
        else:
            self._lend(self._edit(with_heads_above=True))

    def open(self) -> None:
        """Write on in the editor; a second press that was on its way already opens no second one."""
        if not self.is_lent:
            self._manuscript.save()
            self._lend(self._edit())

    def _lend(self, job: Coroutine[None, None, None]) -> None:
        self.is_lent = True
        front(self._page.screen).drop_keys()
        self._page.go_about(job)

    def call_back(self) -> bool:
        """Take in what is saved in an editor by now, and tell it to end; whether one has the text."""
        if self._editor is None:
            return False
        self._take_in(self._editor.read())
        self._editor.call_back()
        return True

    async def _edit(self, *, with_heads_above: bool = False) -> None:
        """Give the text to the agent's editor, also whom it goes to and its subject above it."""
        editor, edited = await self._edited(with_heads_above=with_heads_above)
        problem = edited.problem or self._take_in(edited.text)
        if host(self._page.screen).is_ending:
            self._keep_and_leave(editor)
            return
        self._page.refresh(layout=True)
        if edited.text is not None:
            self._manuscript.save(partial(editor.forget, all_of_it=True))
        if problem:
            host(self._page.screen).say(problem, "warn")
        else:
            self._go_on(edited, is_first=with_heads_above)

    async def _edited(self, *, with_heads_above: bool) -> tuple[Editor, Edited]:
        """What came back, and from which editor; that has the text no longer, however it ended.

        After a defect its old file would else be read over newer words at the end, and none could be asked for again.
        """
        self._has_heads = with_heads_above
        number, manuscript = self._page.opened.ticket.number, self._manuscript
        name = file_name(number, manuscript.keeper.kind, manuscript.seen)
        try:
            text, heads = manuscript.text, self._addressing.head.heads
            if with_heads_above:
                text = with_heads(heads, self._signatures.signed(text))
            beside = with_heads(heads, "") if not number and not with_heads_above else ""
            app = front(self._page.screen)
            self._editor = editor = Editor(text, whose(app.desk), app.inbox.look_for_leftovers, heads=beside)
            return editor, await editor.edit(host(self._page.screen), name)
        finally:
            self._editor, self.is_lent = None, False

    def _keep_and_leave(self, editor: Editor) -> None:
        self._manuscript.save(editor.forget)
        if editor.is_called_back:  # else that comes as soon as the signal is taken in
            front(self._page.screen).keep_and_leave()

    def _go_on(self, edited: Edited, *, is_first: bool) -> None:
        """What is written first of all is finished where it was written, or was not meant."""
        is_changed = edited.text is not None
        if is_first and is_changed:
            self._page.action_review()
        elif is_first:
            self._page.abort()
        elif is_changed:
            self._page.action_edit()

    def _take_in(self, text: str | None) -> str:
        """Put what came back from an editor in the text's place, and what stands above it where it belongs.

        Returns what is wrong with that, in words.
        """
        if text is None:
            return ""
        read = read_heads(text, host(self._page.screen).desk.composer.reaches) if self._has_heads else Read(text, None)
        if read.heads is not None:
            self._addressing.take_in(read.heads)
        area = self._page.area
        area.replace(read.text, area.document.start, area.document.end)
        self._page.show()
        return read.problem
