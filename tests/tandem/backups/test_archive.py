"""The file of a backup: what is written comes back, and what anybody else made of it is refused with nothing taken."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import random
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from desk.errors import RefusedError, StoreDamaged, StoreTooNew, TandemError
from tandem.backups.archive import Differs, open_archive, write_archive
from tandem.backups.manifest import LARGEST_TEXT, Manifest, Member, may_be_called

SCHEMA = 3
MADE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
MAIL = b"Subject: Refund\r\n\r\nFrom here on\r\n" * 40
DIGEST = hashlib.sha256(MAIL).hexdigest()
CONTENT = {
    "desk.db": b"SQLite format 3\0" * 100,
    "config.toml": b"undo_seconds = 10\n",
    "macros/возврат.md": b"---\nname: Refund\n---\n",
    "macros/empty.md": b"",
    f"mail/{DIGEST[:2]}/{DIGEST[2:]}": MAIL,
}


def members(content: dict[str, bytes]) -> tuple[Member, ...]:
    return tuple(Member(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in content.items())


def written(content: dict[str, bytes], *, compress: bool) -> bytes:
    out = io.BytesIO()
    manifest = Manifest(tandem="0.1.0", schema=SCHEMA, made=MADE, missing=("ab",), members=members(content))
    write_archive(out, manifest, lambda each: iter([content[each.name]]), compress=compress)
    return out.getvalue()


def read(path: Path) -> dict[str, bytes]:
    with open_archive(path, SCHEMA) as archive:
        return {member.name: b"".join(chunks) for member, chunks in archive.contents()}


def refused(path: Path, data: bytes, kind: type[TandemError] = RefusedError) -> str:
    path.write_bytes(data)
    with pytest.raises(TandemError) as caught:
        read(path)
    assert type(caught.value) is kind, caught.value
    return str(caught.value)


@dataclass
class Forger:
    """A tar as its author likes it; `manifest` is changed before it is written."""

    content: dict[str, bytes] = field(default_factory=lambda: dict(CONTENT))
    change: Callable[[dict[str, Any]], object] = lambda _: None
    more: list[tuple[tarfile.TarInfo, bytes]] = field(default_factory=list)

    def data(self) -> bytes:
        listed = [{"name": each.name, "size": each.size, "sha256": each.sha256} for each in members(self.content)]
        manifest: dict[str, Any] = {"format": "tandem-backup", "version": 1, "tandem": "0.1.0", "schema": SCHEMA}
        manifest |= {"made": "2026-11-20T09:00:00Z", "members": listed}
        self.change(manifest)
        told = json.dumps(manifest).encode()
        seal = f"{hashlib.sha256(told).hexdigest()}  manifest.json\n".encode()
        files = {"manifest.json": told, **self.content, "manifest.sha256": seal}
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as tar:
            for name, data in files.items():
                for info, more in self.more if name == "manifest.sha256" else ():
                    tar.addfile(info, io.BytesIO(more))
                info = tarfile.TarInfo(name)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
        return out.getvalue()


def entry(name: str, kind: bytes = tarfile.REGTYPE, size: int = 0, target: str = "") -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.type, info.size, info.linkname = kind, size, target
    return info, bytes(size)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "backup"


@pytest.mark.parametrize("compress", [False, True])
def test_what_was_written_comes_back(path: Path, *, compress: bool) -> None:
    path.write_bytes(written(CONTENT, compress=compress))
    assert read(path) == CONTENT
    with open_archive(path, SCHEMA) as archive:
        assert (archive.manifest.made, archive.manifest.missing) == (MADE, ("ab",))
        seen: list[int] = []
        archive.examine(seen.append)
        assert seen[-1] == sum(map(len, CONTENT.values()))
        assert [member.name for member, _ in archive.contents()] == list(CONTENT)  # nothing was read of any


@pytest.mark.parametrize("compress", [False, True])
def test_any_tar_program_can_unpack_it(path: Path, *, compress: bool) -> None:
    path.write_bytes(written(CONTENT, compress=compress))
    with tarfile.open(path) as tar:
        names = tar.getnames()
        assert names == ["manifest.json", *CONTENT, "manifest.sha256"]
        manifest = tar.extractfile("manifest.json")
        assert manifest is not None
        assert [each["name"] for each in json.loads(manifest.read())["members"]] == list(CONTENT)


@pytest.mark.parametrize("data", [b"", b"x", b"other", b"other" * 300, b"longer"])
def test_content_that_is_not_what_was_announced_is_never_written(data: bytes) -> None:
    manifest = Manifest(tandem="0.1.0", schema=1, made=MADE, members=members({"desk.db": b"store"}))
    with pytest.raises(Differs) as caught:
        write_archive(io.BytesIO(), manifest, lambda _: iter([data]), compress=True)
    assert caught.value.member.name == "desk.db"


@pytest.mark.parametrize("compress", [False, True])
def test_a_changed_byte_is_found_wherever_it_means_something(path: Path, *, compress: bool) -> None:
    whole, meaningless = written(CONTENT, compress=compress), 0
    for place in range(0, len(whole), 3 if compress else 13):
        damaged = bytearray(whole)
        damaged[place] ^= 0x20
        path.write_bytes(damaged)
        try:
            assert read(path) == CONTENT
            meaningless += 1
        except TandemError as error:
            sentence = str(error)
            assert sentence.startswith(str(path))
    assert meaningless < 20


def test_the_damaged_file_is_named(path: Path) -> None:
    whole = written(CONTENT, compress=False)
    damaged = whole.replace(b"From here on", b"From here In", 1)
    assert f"mail/{DIGEST[:2]}/{DIGEST[2:]} is not what was written" in refused(path, damaged, StoreDamaged)


@pytest.mark.parametrize("compress", [False, True])
@pytest.mark.parametrize("share", [0.3, 0.7, 0.95])
def test_a_backup_that_ends_too_early_is_damaged(path: Path, share: float, *, compress: bool) -> None:
    whole = written(CONTENT | {"macros/a.md": random.Random(9).randbytes(50_000)}, compress=compress)
    assert "damaged" in refused(path, whole[: int(len(whole) * share)], StoreDamaged)


@pytest.mark.parametrize(
    "data", [b"", b"hello", bytes(5000), b"PK\3\4" * 500, gzip.compress(b"hello", mtime=0), b"\x1f\x8b\x08"]
)
def test_another_file_is_no_backup(path: Path, data: bytes) -> None:
    assert "no backup" in refused(path, data)


def test_a_tar_without_a_manifest_is_no_backup(path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        tar.addfile(*entry("desk.db")[:1], io.BytesIO())
    assert "no backup" in refused(path, out.getvalue())


def test_a_forged_tar_that_is_right_would_be_read(path: Path) -> None:
    """What the tests below change is all that is wrong with theirs."""
    path.write_bytes(Forger().data())
    assert read(path) == CONTENT


@pytest.mark.parametrize(
    "name",
    [
        "", ".", "../evil", "/etc/passwd", "macros/../../evil", "macros/.hidden", "macros/a/b.md", "macros/",
        "mail/../x", "secrets/a", "desk.db.lock", "config.toml/", "mail/ab/short", "macros/\n.md", "DESK.DB",
        "macros/" + "x" * 200,
    ],
)  # fmt: skip
def test_a_file_of_another_name_is_refused(path: Path, name: str) -> None:
    def announce(manifest: dict[str, Any]) -> None:
        manifest["members"].append({"name": name, "size": 0, "sha256": hashlib.sha256().hexdigest()})

    assert not may_be_called(name)
    assert "no backup that Tandem made: it holds a file" in refused(path, Forger(change=announce).data())


@pytest.mark.parametrize(
    "added",
    [
        entry("../evil"),
        entry("macros/new.md"),
        entry("desk.db"),
        entry("macros/link.md", tarfile.SYMTYPE, target="/etc/passwd"),
        entry("macros/link.md", tarfile.LNKTYPE, target="../../config.toml"),
        entry("macros/device.md", tarfile.CHRTYPE),
        entry("macros/device.md", tarfile.BLKTYPE),
        entry("macros/pipe.md", tarfile.FIFOTYPE),
        entry("macros/", tarfile.DIRTYPE),
        entry("macros/sparse.md", tarfile.GNUTYPE_SPARSE),
        entry("long", tarfile.GNUTYPE_LONGNAME, size=512),
        entry("pax", tarfile.XHDTYPE, size=512),
    ],
    ids=lambda added: added[0].name + added[0].type.decode(),
)
def test_a_file_that_is_not_announced_is_refused(path: Path, added: tuple[tarfile.TarInfo, bytes]) -> None:
    assert "no backup that Tandem made: it holds" in refused(path, Forger(more=[added]).data())


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE])
def test_an_announced_file_must_be_a_plain_one(path: Path, kind: bytes) -> None:
    def announce(manifest: dict[str, Any]) -> None:
        manifest["members"].append({"name": "macros/x.md", "size": 0, "sha256": hashlib.sha256().hexdigest()})

    forged = Forger(change=announce, more=[entry("macros/x.md", kind, target="/etc/passwd")])
    assert "'macros/x.md', which is no plain file" in refused(path, forged.data())


def duplicate(manifest: dict[str, Any]) -> None:
    manifest["members"].append(manifest["members"][-1])


def without_store(manifest: dict[str, Any]) -> None:
    del manifest["members"][0]


def large_macro(manifest: dict[str, Any]) -> None:
    manifest["members"][2]["size"] = LARGEST_TEXT + 1


def many_macros(manifest: dict[str, Any]) -> None:
    manifest["members"] += [
        {"name": f"macros/{number}.md", "size": LARGEST_TEXT, "sha256": "0" * 64} for number in range(60)
    ]


def negative(manifest: dict[str, Any]) -> None:
    manifest["members"][2]["size"] = -512


def odd_digest(manifest: dict[str, Any]) -> None:
    manifest["members"][2]["sha256"] = "../" * 20


def others_digest(manifest: dict[str, Any]) -> None:
    manifest["members"][4]["sha256"] = "0" * 64


def timeless(manifest: dict[str, Any]) -> None:
    manifest["made"] = "2026-11-20T09:00:00"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (duplicate, "twice"),
        (without_store, "no desk.db"),
        (large_macro, "cannot have 1048577 bytes"),
        (many_macros, "its macros have 62914"),
        (negative, "cannot have -512 bytes"),
        (odd_digest, "impossible sha256"),
        (others_digest, "impossible sha256"),
        (timeless, "no zone"),
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(
    path: Path, change: Callable[[dict[str, Any]], object], said: str
) -> None:
    assert said in refused(path, Forger(change=change).data())


@pytest.mark.parametrize("change", [{"members": {}}, {"format": "zip"}, {"schema": "new"}, {"made": None}])
def test_a_manifest_of_another_shape_is_none(path: Path, change: dict[str, Any]) -> None:
    assert "no backup" in refused(path, Forger(change=lambda manifest: manifest.update(change)).data())


@pytest.mark.parametrize("change", [{"version": 2}, {"schema": SCHEMA + 1}, {"version": 9, "members": "as they like"}])
def test_a_backup_of_a_newer_tandem_is_told_apart(path: Path, change: dict[str, Any]) -> None:
    forged = Forger(change=lambda manifest: manifest.update(change, tandem="9.0"))
    assert "newer Tandem (9.0)" in refused(path, forged.data(), StoreTooNew)


def test_a_bomb_is_refused_before_it_goes_off(path: Path) -> None:
    def announce(manifest: dict[str, Any]) -> None:
        manifest["members"][0]["size"] = 1 << 50

    for data in (Forger(change=announce).data(), gzip.compress(Forger(change=announce).data())):
        assert "too small for the" in refused(path, data, StoreDamaged)
    manifest, _ = entry("manifest.json")
    manifest.size = 1 << 40
    assert "no backup" in refused(path, manifest.tobuf(tarfile.GNU_FORMAT) + bytes(10_000))


def test_a_manifest_out_of_proportion_is_not_read(path: Path) -> None:
    def swell(manifest: dict[str, Any]) -> None:
        manifest["missing"] = [""] * 5_000_000

    assert "no backup" in refused(path, gzip.compress(Forger(change=swell).data(), 1))


def test_what_goes_on_behind_its_end_is_refused(path: Path) -> None:
    whole = written(CONTENT, compress=False)
    assert "behind its end" in refused(path, whole + b"more")
    assert "behind its end" in refused(path, whole + whole)
    packed = written(CONTENT, compress=True)
    assert "behind its end" in refused(path, packed + packed)
    path.write_bytes(whole + bytes(10 * 1024))  # as tar programs fill the last block
    assert read(path) == CONTENT


def test_a_manifest_that_was_changed_by_hand_is_damaged(path: Path) -> None:
    changed = Forger().data().replace(b'"2026-11-20T09:00:00Z"', b'"2027-11-20T09:00:00Z"')
    assert "manifest.sha256 is not what was written" in refused(path, changed, StoreDamaged)


def test_what_is_no_file_is_refused_in_words(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    for name, said in (
        ("nowhere", "there is no file"),
        ("pipe", "no plain file"),
        (".", "no plain file"),
        ("loop", "cannot be read"),
        ("\0", "cannot be read"),
    ):
        with pytest.raises(RefusedError, match=said), open_archive(tmp_path / name, SCHEMA):
            pytest.fail("it was opened")
