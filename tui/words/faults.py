"""What the screen says of settings that cannot be used."""

from __future__ import annotations

from collections.abc import Sequence

from desk.errors import ConfigError
from tui.words.heard import heard
from tui.words.tongue import tr


def told_faults(faults: Sequence[ConfigError]) -> str:
    """What is not used: one thing with its reason, of several where each stands."""
    if len(faults) == 1:
        [fault] = faults
        why = heard(str(fault)).replace(fault.path, fault.path.rpartition("/")[2], 1)
        return tr("not used: {what}. Without it all is as built in; `tandem doctor` says this again").format(what=why)
    places = ", ".join(each.place for each in faults)
    return tr("not used: {what}. Without them all is as built in; `tandem doctor` says why").format(what=places)
