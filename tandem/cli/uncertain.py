"""What `restore` and `import` say of mails that may have left from elsewhere."""

from __future__ import annotations

from tandem.cli.amounts import counted
from tandem.cli.output import say


def say_what_is_uncertain(mails: int) -> None:
    """Say what became of mails that would be sent by now, if there are any."""
    if mails:
        say(f"{counted(mails, 'mail')} had not left then and may have left since: uncertain now, never sent by itself.")
        say("`tandem outbox` lists them; `tandem outbox retry N` sends one again, `tandem outbox cancel N` does not.")
