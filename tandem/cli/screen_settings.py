"""The settings of the screen from all places where they stand: the desk's file, the agent's own, the environment."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from desk.errors import RefusedError
from tandem.config.lines import on_its_line
from tandem.config.screen import ScreenConfig, own_file, read_own

if TYPE_CHECKING:
    from tui.settings import ScreenSettings


def screen_settings(desk: ScreenConfig) -> ScreenSettings:
    """What holds for the one who asks, on this terminal; `desk` is what the desk's settings say for everybody.

    What cannot be used is among its faults.

    Raises:
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
        faults=said.faults,
    )
    settings = settled(wishes, os.environ, terminal_encoding())
    return replace(settings, faults=tuple(map(on_its_line, settings.faults)))


def refuse_faults(settings: ScreenSettings) -> None:
    """Tell all that cannot be used, after what can.

    Raises:
        ConfigError: something cannot.
        RefusedError: several things cannot.
    """
    if len(settings.faults) > 1:
        told = "; ".join(map(str, settings.faults))
        raise RefusedError(f"{len(settings.faults)} settings of the screen cannot be used: {told}")
    if settings.faults:
        raise settings.faults[0]
