"""A command as somebody who may do little: `python -m tests.tandem.demoted PRACTICE HOME WORD...`.

Root may write everywhere, so root becomes nobody; before that, the same words are run on the desk PRACTICE, so that
all modules are loaded which nobody may not read.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tandem.cli import cli
from tandem.cli.exits import guarded
from tests.tandem.commands import Ended, run

NOBODY = 65534
_ROOT = Path(__file__).parents[2]


def run_demoted(practice: Path, home: Path, *words: str) -> Ended:
    """Run a command on the desk in `home`, owned by somebody else if we are root."""
    command = [sys.executable, "-m", "tests.tandem.demoted", str(practice), str(home), *words]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, timeout=60, check=False)
    return Ended(done.returncode, done.stdout, done.stderr.decode())


def _main(practice: str, home: str, *words: str) -> int:
    run(["--home", practice, *words])
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    return guarded(cli, ["--home", home, *words])


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
