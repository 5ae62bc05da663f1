"""What Outlook packs into winmail.dat: the files, and the text in one form or another (MS-OXTNEF, MS-OXCDATA 2.11).

Every length in it is checked against what is there, so nothing is read twice and nothing is made larger than it is;
what stands before the first broken place is kept.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from mail.charsets import decode
from mail.rtf import decompress

SIGNATURE = b"\x78\x9f\x3e\x22"
DEEPEST = 4
"""Levels of mails attached to mails inside one winmail.dat."""

MOST_FILES = 200

_UINT = struct.Struct("<I")
_MESSAGE_CLASS_ID = bytes.fromhex("0703020000000000c000000000000046")
"""IID_IMessage: what an attached object begins with that is a mail itself."""

_BODY, _TITLE, _DATA = 0x0002800C, 0x00018010, 0x0006800F
_MESSAGE_PROPERTIES, _FILE_PROPERTIES, _NEXT_FILE, _CODEPAGE = 0x00069003, 0x00069005, 0x00069002, 0x00069007
_PLAIN, _HTML, _RTF, _SUBJECT = 0x1000, 0x1013, 0x1009, 0x0037
_LONG_NAME, _SHORT_NAME, _SHOWN_NAME, _CONTENT, _MIME_TYPE = 0x3707, 0x3704, 0x3001, 0x3701, 0x370E

_SIZES = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8, 0x48: 16}
"""Bytes of the property types whose values have one size, padded to four."""

_STRING, _UNICODE, _OBJECT, _BINARY, _MANY = 0x1E, 0x1F, 0x0D, 0x102, 0x1000

_NAMED = 0x8000
"""The numbers from here on are names of one program's own."""


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file as its sender named it; `type` is empty where it was not said."""

    name: str
    type: str
    data: bytes


@dataclass(slots=True)
class Packed:
    """What a winmail.dat holds. `is_whole` is false where it ends early or makes no sense from some place on."""

    text: str = ""
    html: str = ""
    rtf: bytes = b""
    files: list[PackedFile] = field(default_factory=list[PackedFile])
    is_whole: bool = True


class _Broken(Exception):
    """A length points outside, or a type is none."""


def unpack(data: bytes) -> Packed | None:
    """What is in it; None: this is no winmail.dat."""
    return _Unpacking(0).run(data) if data.startswith(SIGNATURE) else None


@dataclass(slots=True)
class _File:
    """One attached file while its attributes are still coming."""

    title: str = ""
    data: bytes = b""
    properties: dict[int, bytes | str] = field(default_factory=dict[int, "bytes | str"])

    def text(self, prop: int) -> str:
        value = self.properties.get(prop, "")
        return value if isinstance(value, str) else ""

    @property
    def name(self) -> str:
        return self.text(_LONG_NAME) or self.title or self.text(_SHORT_NAME) or self.text(_SHOWN_NAME)


class _Unpacking:
    """One stream of attributes, read from its beginning to its end."""

    def __init__(self, depth: int) -> None:
        self._depth = depth
        self._codepage = "cp1252"
        self._packed = Packed()
        self._file: _File | None = None

    def run(self, data: bytes) -> Packed:
        try:
            for attribute, value in _attributes(data):
                self._take(attribute, value)
        except _Broken:
            self._packed.is_whole = False
        self._finish_file()
        return self._packed

    def _take(self, attribute: int, value: bytes) -> None:
        match attribute:
            case _ if attribute == _CODEPAGE and len(value) >= _UINT.size:
                self._codepage = f"cp{_UINT.unpack_from(value)[0]}"
            case _ if attribute == _BODY:
                self._packed.text = self._packed.text or self._decoded(value)
            case _ if attribute == _MESSAGE_PROPERTIES:
                self._take_message(value)
            case _ if attribute == _NEXT_FILE:
                self._finish_file()
                self._file = _File()
            case _ if self._file is not None:
                self._take_file(self._file, attribute, value)
            case _:
                pass

    def _take_message(self, value: bytes) -> None:
        properties: dict[int, bytes | str] = {}
        try:
            for prop, found in _properties(value, self._codepage):
                properties.setdefault(prop, found)
        finally:
            self._keep_text(properties)

    def _keep_text(self, properties: dict[int, bytes | str]) -> None:
        plain, html, rtf = (properties.get(each, "") for each in (_PLAIN, _HTML, _RTF))
        self._packed.text = self._packed.text or (plain if isinstance(plain, str) else self._decoded(plain))
        self._packed.html = html if isinstance(html, str) else decode(html, "utf-8").text
        self._packed.rtf = decompress(rtf) if isinstance(rtf, bytes) else b""

    def _take_file(self, file: _File, attribute: int, value: bytes) -> None:
        if attribute == _TITLE:
            file.title = self._decoded(value)
        elif attribute == _DATA:
            file.data = value
        elif attribute == _FILE_PROPERTIES:
            for prop, found in _properties(value, self._codepage):
                file.properties.setdefault(prop, found)

    def _finish_file(self) -> None:
        file, self._file = self._file, None
        if file is None or len(self._packed.files) >= MOST_FILES:
            return
        content = file.properties.get(_CONTENT, b"")
        data = file.data or (content if isinstance(content, bytes) else b"")
        if data.startswith(_MESSAGE_CLASS_ID):
            self._packed.files += self._inner(file.name, data[len(_MESSAGE_CLASS_ID) :])
        else:
            self._packed.files.append(PackedFile(file.name, file.text(_MIME_TYPE), data))

    def _inner(self, name: str, data: bytes) -> list[PackedFile]:
        """A mail attached to the mail: its text as a file, and its files."""
        if self._depth >= DEEPEST or not data.startswith(SIGNATURE):
            return [PackedFile(name, "", data)]
        inner = _Unpacking(self._depth + 1).run(data)
        return [*bodies(inner, name or "mail"), *inner.files][: MOST_FILES - len(self._packed.files)]

    def _decoded(self, value: bytes) -> str:
        return decode(value.rstrip(b"\0"), self._codepage).text


def bodies(packed: Packed, name: str = "body") -> list[PackedFile]:
    """The text that is packed, as a file of its richest form; none where there is no text."""
    if packed.html:
        return [PackedFile(f"{name}.html", "text/html", packed.html.encode("utf-8", "replace"))]
    if packed.rtf:
        return [PackedFile(f"{name}.rtf", "application/rtf", packed.rtf)]
    if packed.text:
        return [PackedFile(f"{name}.txt", "text/plain", packed.text.encode("utf-8", "replace"))]
    return []


class _Bytes:
    """Bytes read from front to back, never past their end."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self._data = data
        self._at = at

    @property
    def rest(self) -> int:
        return len(self._data) - self._at

    def take(self, count: int) -> bytes:
        if count > self.rest:
            raise _Broken
        self._at += count
        return self._data[self._at - count : self._at]

    def number(self) -> int:
        return int.from_bytes(self.take(_UINT.size), "little")

    def padded(self, count: int) -> bytes:
        """So many bytes, and what fills them up to four; the very last filling may be missing."""
        value = self.take(count)
        self.take(min(-count % 4, self.rest))
        return value


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Every attribute up to the first thing that is none: many programs leave rubbish behind the last one."""
    source = _Bytes(data, len(SIGNATURE) + 2)
    while source.rest:
        if source.take(1) not in (b"\x01", b"\x02"):
            return
        attribute, length = source.number(), source.number()
        yield attribute, source.take(length)
        source.take(min(2, source.rest))


def _properties(data: bytes, codepage: str) -> Iterator[tuple[int, bytes | str]]:
    """The properties in one attribute: number, and text or bytes; of those with several values, the first."""
    source = _Bytes(data)
    for _ in range(source.number()):
        kind = int.from_bytes(source.take(2), "little")
        number = int.from_bytes(source.take(2), "little")
        if number & _NAMED:
            _skip_name(source)
        values = list(_values(source, kind))
        if values and not number & _NAMED:
            yield number, _text_or_bytes(values[0], kind & ~_MANY, codepage)


def _skip_name(source: _Bytes) -> None:
    source.take(16)
    if source.number() == 0:
        source.number()
    else:
        source.padded(source.number())


def _values(source: _Bytes, kind: int) -> Iterator[bytes]:
    single = kind & ~_MANY
    size = _SIZES.get(single)
    if size is None and single not in (_STRING, _UNICODE, _OBJECT, _BINARY):
        raise _Broken
    count = source.number() if size is None or kind & _MANY else 1
    if count > source.rest:
        raise _Broken
    for _ in range(count):
        yield source.take(size) if size else source.padded(source.number())


def _text_or_bytes(value: bytes, kind: int, codepage: str) -> bytes | str:
    if kind == _UNICODE:
        return value.decode("utf-16-le", "replace").rstrip("\0")
    return decode(value.rstrip(b"\0"), codepage).text if kind == _STRING else value
