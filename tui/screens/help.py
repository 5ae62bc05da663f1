"""All keys, where they act and what they do: searchable, and Enter does what is marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len
from textual.content import Content

from tui.host import stands
from tui.keys import Action, Context, acting_in, in_use, shown
from tui.keys.naming import with_keys
from tui.reader.wrapping import wrap
from tui.screens.pickers import Choices, Picker
from tui.words.ranking import Words, told_apart
from tui.words.tongue import mark, tr

PLACES = {
    Context.LIST: mark("in the list"),
    Context.SIDEBAR: mark("among the views at the left"),
    Context.FILTER: mark("while filtering"),
    Context.READER: mark("in the reader"),
    Context.FIND: mark("while finding"),
    Context.FOUND: mark("while a search is on"),
    Context.SOURCE: mark("in a mail's source"),
    Context.FILES: mark("among files"),
    Context.LINKS: mark("among links"),
    Context.CUSTOMER: mark("at the customer"),
    Context.CUSTOMER_FORM: mark("while editing a customer"),
    Context.SHIFT: mark("at the end of a shift"),
    Context.OUTBOX: mark("in the outbox"),
    Context.PARKED: mark("among parked mail"),
    Context.STATS: mark("in the figures"),
    Context.REMARK: mark("in the remark above a shift"),
    Context.HELD: mark("while a draft is only read"),
    Context.EDITED_NOTE: mark("while editing a note"),
    Context.RECIPIENTS: mark("among the recipients"),
    Context.VIEW_FORM: mark("while keeping a view"),
    Context.PICKER: mark("where one chooses"),
    Context.TAGS: mark("among tags"),
    Context.SNOOZE: mark("while snoozing"),
    Context.PATH: mark("where a path is typed"),
    Context.MACROS: mark("among macros"),
    Context.LEFTOVERS: mark("among unsaved texts"),
    Context.PLAN: mark("before a merge or a split"),
    Context.COMPOSER: mark("while writing"),
    Context.REVIEW: mark("after {key_review} while writing"),
}
"""Where keys act, in words."""
_KEYS_WIDTH = 13
_NARROWEST = 20

Row = tuple[Context, Action]


def place_words(place: Context) -> str:
    """Where keys act, in the language of the screen."""
    return with_keys(tr(PLACES.get(place, place.value)))


class HelpScreen(Picker[Action]):
    """The keys of `here` first, then those of the other places. Gives an action that can be run from here."""

    HEADING = mark("Keys")
    HINT = mark("type to search   {key_choose} does it   {key_leave} leaves")

    def __init__(self, here: Context) -> None:
        super().__init__()
        self._here = here
        self._rows = dict(enumerate(_all(here)))
        self._typed = ""

    def on_choices_resized(self) -> None:
        """Lay the rows out for another width, and stay on the one that is marked."""
        if stands(self):
            self.offer(self._typed, self.chosen)

    def offer(self, typed: str, mark: str | None = None) -> None:
        self._typed = typed
        width = max(self.query_one(Choices).scrollable_content_region.width - 1, _KEYS_WIDTH + _NARROWEST)
        if typed.strip():
            rows = [(str(at), self._described(*self._rows[at], width)) for at in self._found(typed)]
        else:
            rows = list(self._grouped(width))
        self.query_one(Choices).offer(rows, mark)
        self.tell_empty()

    def _found(self, typed: str) -> Sequence[int]:
        """The rows that fit: of those with the typed words, what Enter does here comes before what acts elsewhere."""
        by_words, by_letters = told_apart(((at, _found_by(*row)) for at, row in self._rows.items()), typed)
        return [*sorted(by_words, key=lambda at: not self._acts_here(*self._rows[at])), *by_letters]

    def _acts_here(self, place: Context, action: Action) -> bool:
        return place is self._here or action in acting_in(self._here)

    def choose(self) -> None:
        if self.chosen is None:
            return
        place, action = self._rows[int(self.chosen)]
        if self._acts_here(place, action):
            self.dismiss(action)
        else:
            self.hint(tr("this key acts only {place}").format(place=place_words(place)), warns=True)

    def _grouped(self, width: int) -> Iterator[tuple[str, Content]]:
        """Every place under a heading of its own."""
        told: Context | None = None
        for at, (place, action) in self._rows.items():
            if place is not told:
                if told is not None:
                    yield "", Content("")
                yield "", Content.styled(place_words(place), "bold $muted")
                told = place
            yield str(at), _described(action, "", width)

    def _described(self, place: Context, action: Action, width: int) -> Content:
        return _described(action, "" if place is self._here else place_words(place), width)


def _described(action: Action, place: str, width: int) -> Content:
    """The keys, and what they do in as many lines as it needs; `place` at the end where it is not here."""
    keys = _keys(action)
    told = wrap(action.about or action.title, width - _KEYS_WIDTH)
    lines: list[Content] = []
    for at, line in enumerate(told):
        left = keys + " " * max(_KEYS_WIDTH - cell_len(keys), 1) if not at else " " * _KEYS_WIDTH
        lines.append(Content.assemble((left, "bold $accent"), line))
    if place:
        room = width - lines[-1].cell_length - cell_len(place)
        if room > 1:
            lines[-1] = Content.assemble(lines[-1], (" " * room + place, "$muted"))
        else:
            lines.append(Content.styled(" " * _KEYS_WIDTH + place, "$muted"))
    return Content("\n").join(lines)


def _keys(action: Action) -> str:
    """As many of its keys as find room, all of them on the whole."""
    told = ""
    for key in map(shown, action.keys):
        if told and cell_len(f"{told}  {key}") >= _KEYS_WIDTH:
            break
        told = f"{told}  {key}" if told else key
    return told


def _found_by(place: Context, action: Action) -> Words:
    """What a row is found by: all that stands on it, its name, and its words in English too."""
    name = action.title
    seen = f"{action.about or name} {_keys(action)} {place_words(place)}"
    hidden = " ".join((name, action.label, action.help, *action.keys, *map(shown, action.keys), action.id))
    return Words(seen, hidden, (action.shown_key, name))


def _all(here: Context) -> Iterator[Row]:
    """Every action that has a key: those of here, the most wanted first; then what other places have besides."""
    told: set[tuple[str, tuple[str, ...]]] = set()
    for context in (here, *(each for each in Context if each is not here)):
        for action in _most_wanted(each for each in in_use() if context in each.contexts):
            if action.keys and (each := (action.id, action.keys)) not in told:
                told.add(each)
                yield context, action


def _most_wanted(actions: Iterable[Action]) -> list[Action]:
    return sorted(actions, key=lambda each: each.rank or 1000)
