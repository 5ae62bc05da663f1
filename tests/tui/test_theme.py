from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import Theme

from tests.tui.contrasts import contrast, least
from tui.style.theme import ANSI, BY_WORD, GROUNDS, PAINTED, PAPERS, TEXTS


def mixed(over: str, share: float, under: str) -> str:
    """A colour laid over another, as `$note 25%` is."""
    return Color.parse(under).blend(Color.parse(over), share).hex


@pytest.mark.parametrize("theme", PAINTED, ids=lambda theme: theme.name)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXTS)
def test_every_word_can_be_read_on_every_ground(theme: Theme, text: str, ground: str) -> None:
    colours = theme.variables
    assert contrast(colours[text], colours[ground]) >= least(theme)


@pytest.mark.parametrize("theme", PAINTED, ids=lambda theme: theme.name)
def test_words_on_paper_of_their_own_can_be_read_there_and_on_plain_ground(theme: Theme) -> None:
    colours = theme.variables
    for text, paper in PAPERS:
        for ground in (paper, "background", "chosen-faint"):
            assert contrast(colours[text], colours[ground]) >= least(theme), (text, ground)


@pytest.mark.parametrize("theme", PAINTED, ids=lambda theme: theme.name)
@pytest.mark.parametrize(("paper", "tint"), [("note", 0.25), ("side", 0.25), ("side", 0.15)])
def test_words_on_the_tinted_bars_over_paper_can_be_read(theme: Theme, paper: str, tint: float) -> None:
    colours = theme.variables
    ground = mixed(colours[paper], tint, colours["background"])
    for text in ("foreground", "accent"):
        assert contrast(colours[text], ground) >= least(theme), text


@pytest.mark.parametrize("theme", PAINTED, ids=lambda theme: theme.name)
def test_what_is_selected_and_the_cursor_can_be_read(theme: Theme) -> None:
    colours = theme.variables
    assert contrast(colours["foreground"], colours["selected"]) >= least(theme)
    assert contrast(colours["input-cursor-foreground"], colours["input-cursor-background"]) >= least(theme)


def test_all_themes_name_the_same_colours() -> None:
    assert len({frozenset(theme.variables) for theme in BY_WORD.values()}) == 1


def test_what_stands_for_the_terminals_colours_can_be_told_apart() -> None:
    standing = [ANSI.variables[each] for each in (*TEXTS, *GROUNDS, "note", "side", "selected", "faint")]
    assert len(standing) == len(set(standing))
