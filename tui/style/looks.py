"""How the application looks: its theme, its colours or none, its signs, and what it remembers of that."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence

from textual.await_complete import AwaitComplete
from textual.driver import Driver
from textual.filter import LineFilter, Monochrome, NoColor

from desk.desk import Desk
from tui.habits import Habits, habits_file, read_habits, write_habits
from tui.keys import use
from tui.settings import THEME_WORDS, ScreenSettings
from tui.shedding import forget_watchers, let_go_of_the_gone, spare_lines
from tui.staying import Steady
from tui.style.rail import use_rail
from tui.style.signs import ASCII, UNICODE, terminal_encoding
from tui.style.sixteen import Sixteen
from tui.style.theme import ANSI, BY_WORD, THEMES
from tui.terminal.painting import paint_what_changed
from tui.terminal.scrub import Scrub
from tui.words.tongue import speak, tr


class Looks(Steady):
    """An application dressed as the settings and the agent want it."""

    def __init__(self, driver_class: type[Driver], desk: Desk, settings: ScreenSettings) -> None:
        let_go_of_the_gone()
        spare_lines()
        paint_what_changed()
        use_rail()
        speak(settings.language)
        use(settings.actions)
        super().__init__(driver_class=driver_class)
        self.settings = settings
        self.signs = ASCII if settings.ascii else UNICODE
        self._habits_file = habits_file(desk.acting.handle) if desk.acting else None
        self.habits = read_habits(self._habits_file)
        self._scrub = Scrub(terminal_encoding(), plain=settings.ascii)
        self._sixteen = Sixteen(colours=settings.colours)
        self.animation_level = "none"
        for theme in THEMES:
            self.register_theme(theme)
        self.wear(settings.theme if settings.is_theme_for_once else self.habits.theme_for(settings.theme))

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters but for its greys, ours for the terminal's own colours or none, and last the net."""
        kept = [each for each in super().get_line_filters() if not isinstance(each, Monochrome | NoColor)]
        return [*kept, *([self._sixteen] if self.theme == ANSI.name else []), self._scrub]

    def pop_screen(self) -> AwaitComplete:
        """Leave the screen on top; what was gone before it is forgotten."""
        forget_watchers(self)
        return super().pop_screen()

    @abstractmethod
    def look(self, kind: str, work: Callable[[Desk], object], done: Callable[[object], None]) -> None:
        """Do `work` in the thread for the agent's own files and `done` on the event loop."""

    def ring(self) -> None:
        """Let the terminal ring, unless the settings say no."""
        if self.settings.bell:
            self.bell()

    def wear(self, word: str) -> None:
        """Put on a theme; where there are to be no colours, it is the one that has none."""
        self.theme = BY_WORD[word if self.settings.colours and word in BY_WORD else "ansi"].name

    def action_theme(self, word: str = "") -> None:
        """Change to a theme, or from one to the next, and remember it."""
        if not self.settings.colours:
            self.say(tr("there are no colours: NO_COLOR is set"), "warn")
            return
        at = next(at for at, each in enumerate(THEME_WORDS) if BY_WORD[each].name == self.theme)
        chosen = word or THEME_WORDS[(at + 1) % len(THEME_WORDS)]
        self.wear(chosen)
        self.say(tr("theme: {name}").format(name=tr(chosen)))
        self.remember(self.habits.with_theme(chosen, self.settings.theme))

    def remember(self, habits: Habits) -> None:
        """Keep the habits, now and for the next start."""
        self.habits, path = habits, self._habits_file
        self.look("habits", lambda _: write_habits(path, habits), lambda _: None)
