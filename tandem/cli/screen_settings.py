"""The settings of the screen from all places where they stand: the desk's file, the agent's own, the environment."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tandem.config.lines import naming_lines
from tandem.config.screen import ScreenConfig, own_file, read_own

if TYPE_CHECKING:
    from tui.settings import ScreenSettings


def screen_settings(desk: ScreenConfig) -> ScreenSettings:
    """What holds for the one who asks, on this terminal; `desk` is what the desk's settings say for everybody.

    Raises:
        ConfigError: the agent's own file cannot be read, or a setting or key in either cannot be used.
        RefusedError: $TANDEM_THEME names no theme.
    """
    from tui.keys.keymap import Rebinding
    from tui.settings import AUTO, Wishes, settled
    from tui.style.signs import terminal_encoding

    said = read_own(own_file()).over(desk)
    wishes = Wishes(
        theme=said.theme or AUTO,
        language=said.language or AUTO,
        mouse=bool(said.mouse),
        ascii=bool(said.ascii),
        tour=said.tour is not False,
        bell=said.bell is not False,
        keys=[Rebinding(each.action, each.keys, each.place, each.path, each.setting) for each in said.keys],
    )
    with naming_lines():
        return settled(wishes, os.environ, terminal_encoding())
