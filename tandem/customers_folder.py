"""Where an export of a person goes: a new private folder, or one .zip file; whole, or not there at all."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tandem.outfile import Taken, explained, outfile

_ZIP = ".zip"


@dataclass(slots=True)
class Folder:
    """Takes files by their relative names; `written` tells each one's name, size in bytes and sha256."""

    write: Callable[[str, bytes], object]
    written: list[tuple[str, int, str]] = field(default_factory=list[tuple[str, int, str]])

    def put(self, name: str, data: bytes) -> None:
        """Write one file."""
        self.write(name, data)
        self.written.append((name, len(data), hashlib.sha256(data).hexdigest()))


@contextmanager
def destination(dest: Path, desk: Path) -> Generator[Folder]:
    """A new folder, or a new .zip file, that only we may read; it has its name once the block has ended well.

    Raises:
        RefusedError: there is something of this name already, or it cannot be written.
    """
    if dest.suffix.casefold() == _ZIP:
        with outfile(dest, desk) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            yield Folder(archive.writestr)
        return
    if dest.exists() or dest.is_symlink():
        raise Taken(dest)
    try:
        part = Path(tempfile.mkdtemp(prefix=".", suffix=".tandem-part", dir=dest.parent))
        try:
            yield Folder(lambda name, data: _write(part / name, data))
            part.rename(dest)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
    except OSError as error:
        raise explained(error, dest) from error


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with path.open("xb") as file:
        path.chmod(0o600)
        file.write(data)
