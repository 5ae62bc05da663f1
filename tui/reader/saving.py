"""Files of a mail put onto the agent's own disk: private, never over another one unasked, never run.

All of this may take as long as the disk likes: it is done in the thread for files, never on the event loop.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desk.conversation import Attachment
from desk.desk import Desk
from desk.errors import RefusedError, TandemError
from desk.filenames import clean_name
from desk.safe import safe_line
from tui.composer.private import state_folder
from tui.words.heard import heard
from tui.words.tongue import tr

_PRIVATE = 0o600
_REMEMBERED = "save-folder"
_LONGEST_PATH = 4_096


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of saving: the files that are there now, or (`taken`) those that others stand in the way of.

    `lost` are those whose bytes the desk cannot give.
    """

    paths: tuple[Path, ...] = ()
    lost: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    problem: str = ""


def default_folder(environ: Mapping[str, str] = os.environ) -> str:
    """Where files were saved last, or else the folder for downloads, as it is typed: with a slash at its end."""
    with contextlib.suppress(OSError, RuntimeError, UnicodeError):
        folder = (state_folder(environ) / "tandem" / _REMEMBERED).read_text("utf-8")[:_LONGEST_PATH]
        if Path(folder).is_dir():
            return _typed(Path(folder))
    return "~/Downloads/" if (Path.home() / "Downloads").is_dir() else "~/"


def save(desk: Desk, files: Sequence[Attachment], typed: str, *, over: bool = False) -> Saved:
    """Save files below a typed path: a folder, or for one file its own name too. `over` puts them over others."""
    try:
        targets = _targets(files, typed)
        if not over and (taken := tuple(safe_line(each.name) for each in targets if os.path.lexists(each))):
            return Saved(taken=taken)
        lost = _write_all(desk, files, targets, over=over)
        _remember(targets[0].parent)
    except FileExistsError as error:  # it came meanwhile
        return Saved(taken=(safe_line(Path(error.filename or typed).name),))
    except TandemError as error:
        return Saved(problem=str(error))
    except (OSError, RuntimeError, ValueError) as error:
        return Saved(problem=_why(error, typed, several=len(files) > 1))
    return Saved(tuple(each for each in targets if each.name not in lost), lost)


def fit_name(name: str) -> str:
    """A file's name as it may stand on a disk."""
    return clean_name(safe_line(name)) or "file"


def apart(files: Sequence[Attachment]) -> list[Attachment]:
    """The same files, each under a name of its own: two mails may well bring files of one name."""
    taken: set[str] = set()
    apart: list[Attachment] = []
    for each in files:
        stem, dot, extension = each.name.rpartition(".")
        name, count = each.name, 1
        while name.casefold() in taken:
            count += 1
            name = f"{stem} ({count}).{extension}" if dot else f"{each.name} ({count})"
        taken.add(name.casefold())
        apart.append(replace(each, name=name))
    return apart


def _targets(files: Sequence[Attachment], typed: str) -> list[Path]:
    path = Path.home() / Path(typed).expanduser()
    if path.is_dir() or typed.endswith("/") or len(files) > 1:
        return [path / fit_name(each.name) for each in files]
    if fit_name(path.name) != path.name:
        words = tr("{name} is no fit name for a file").format(name=safe_line(path.name))
        raise RefusedError(words, tr("take {name}").format(name=fit_name(path.name)))
    return [path]


def _write_all(desk: Desk, files: Sequence[Attachment], targets: Sequence[Path], *, over: bool) -> tuple[str, ...]:
    """Write all that the desk can give; returns the names of the others.

    Raises:
        TandemError: it can give none; says why.
    """
    lost, why = list[str](), None
    for file, target in zip(files, targets, strict=True):
        try:
            data = desk.blobs.get(file.sha256)
        except TandemError as error:
            lost, why = [*lost, target.name], why or error
        else:
            _write(target, data, over=over)
    if why is not None and len(lost) == len(files):
        raise why
    return tuple(lost)


def _write(target: Path, data: bytes, *, over: bool) -> None:
    """Write beside the place and put it there at once, so that nobody ever sees half of it."""
    if over and target.is_dir() and not target.is_symlink():
        words = tr("{name} is a folder").format(name=safe_line(target.name))
        raise RefusedError(words, tr("choose another name"))
    handle, part = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(part).chmod(_PRIVATE)
        if over:
            Path(part).replace(target)
        else:
            _claim(Path(part), target)
    finally:
        Path(part).unlink(missing_ok=True)


def _claim(part: Path, target: Path) -> None:
    """Give a written file its name unless something has it: rename alone would replace that."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE))
        part.replace(target)


def _remember(folder: Path) -> None:
    """Offer this folder next time; where that cannot be kept, nothing is lost."""
    with contextlib.suppress(OSError, UnicodeError):
        place = state_folder(os.environ) / "tandem"
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = place / _REMEMBERED
        file.touch(_PRIVATE)
        file.write_text(str(folder), "utf-8")


def _typed(folder: Path) -> str:
    home = Path.home()
    return f"~/{folder.relative_to(home)}/".replace("/./", "/") if folder.is_relative_to(home) else f"{folder}/"


def _why(error: Exception, typed: str, *, several: bool) -> str:
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        folder = Path(typed) if several or typed.endswith("/") else Path(typed).parent
        return tr("there is no folder {name}").format(name=safe_line(str(folder)))
    if isinstance(error, PermissionError):
        return tr("you may not write there")
    return heard((error.strerror if isinstance(error, OSError) else None) or "") or tr("that path cannot be used")
