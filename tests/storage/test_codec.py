"""Documents that several threads read for the first time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_READERS = """
import sys
from dataclasses import make_dataclass
from enum import StrEnum
from threading import Barrier, Thread
from storage.codec import from_document

sys.setswitchinterval(1e-6)
for _ in range(400):
    Doing = StrEnum("Doing", {"READING": "reading", "ANSWERING": "answering"})
    Place = make_dataclass("Place", [("doing", Doing), ("row", int)], frozen=True)
    Presence = make_dataclass("Presence", [("doing", Doing), ("places", tuple[Place, ...])], frozen=True)
    document = {"doing": "reading", "places": [{"doing": "answering", "row": 1}]}
    together = Barrier(4)

    def read():
        together.wait()
        from_document(Presence, document)

    threads = [Thread(target=read) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
"""


def test_threads_that_read_documents_of_a_new_kind_at_once_do_not_end_the_process() -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", _READERS], cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
