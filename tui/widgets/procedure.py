"""A macro's procedure beside the draft: its steps to tick off, and what will be done with the reply."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from desk.plan import Tick
from desk.safe import safe_line
from tui.composer.drafting import Drafting
from tui.reader.wrapping import wrap
from tui.widgets.told import Told
from tui.words.heard import heard
from tui.words.tongue import tr

_DIGITS = 9


class Procedure(Told):
    """The checklist and the actions of the macros in a draft; as one line where there is little room."""

    def __init__(self) -> None:
        super().__init__()
        self._drafting: Drafting | None = None
        self._is_brief = False

    def show(self, drafting: Drafting, *, brief: bool) -> None:
        """Show another state; `brief` asks for one line."""
        if (drafting, brief) != (self._drafting, self._is_brief):
            self._drafting, self._is_brief = drafting, brief
            self.tell(shown=bool(drafting.checklist or drafting.steps))

    def lines(self, width: int) -> Sequence[Content]:
        if self._drafting is None:
            return []
        if self._is_brief:
            return [brief_procedure(self._drafting).truncate(width, ellipsis=True)]
        return list(procedure(self._drafting, width))


def procedure(drafting: Drafting, width: int) -> Iterator[Content]:
    """The procedure, step by step: `1 [x] Find the order number`, then what will be done."""
    if drafting.checklist:
        yield Content.assemble((tr("Steps"), "bold $foreground"), (f"  {safe_line(drafting.name)}", "$muted"))
    for number, tick in enumerate(drafting.checklist, 1):
        yield from _step(number, tick, width)
    if drafting.steps:
        lead = _will_do()
        yield from _hanging(lead, _actions(drafting), "$muted", width - lead.cell_length)


def brief_procedure(drafting: Drafting) -> Content:
    """The same in one line: `Steps 1 of 3 done · Will do: tag +refund`."""
    done, count = sum(each.done for each in drafting.checklist), len(drafting.checklist)
    told = tr("{done} of {count} done").format(done=done, count=count)
    steps = [Content.assemble((f"{tr('Steps')} ", "bold $foreground"), (told, "$muted"))] if count else []
    will_do = [Content.assemble(_will_do(), (_actions(drafting), "$muted"))] if drafting.steps else []
    return Content(" · ").join([*steps, *will_do])


def _step(number: int, tick: Tick, width: int) -> Iterator[Content]:
    style = "$muted" if tick.done else "$warning" if tick.required else "$foreground"
    box = Content.assemble(
        (f"{number} " if number <= _DIGITS else "  ", "$accent"), (f"[{'x' if tick.done else ' '}] ", style)
    )
    words = f"{safe_line(tick.text)}{' ' + tr('(required)') if tick.required else ''}"
    return _hanging(box, words, style, width - box.cell_length)


def _will_do() -> Content:
    return Content.styled(f"{tr('Will do:')} ", "bold $foreground")


def _actions(drafting: Drafting) -> str:
    return ", ".join(dict.fromkeys(heard(safe_line(str(each))) for each in drafting.steps))


def _hanging(first: Content, words: str, style: str, room: int) -> Iterator[Content]:
    """Words after what stands before their first line; the other lines are indented as far."""
    lead = first
    for line in wrap(words, room):
        yield Content.assemble(lead, (line, style))
        lead = Content(" " * first.cell_length)
