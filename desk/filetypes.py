"""What a file really is, by its first bytes and by its name, and whether opening it can do harm; nothing is opened.

Only what people meet in mails is told apart. A sender's word for the type is believed where nothing else is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LOOKED_AT = 4_096
"""Bytes at the beginning of a file that tell its type."""


@dataclass(frozen=True, slots=True)
class FileType:
    """A file's type in words, and what an agent should know before opening it (empty: nothing)."""

    words: str
    warning: str = ""


def true_type(name: str, declared: str, data: bytes) -> FileType:
    """The type of a file with this name and these bytes; `declared` is the MIME type that its sender says."""
    kind = _by_bytes(data) or _by_words(data)
    extension = _extension(name)
    said = _EXTENSIONS.get(extension, "")
    words = _refined(kind, said, data) or said or _declared(declared)
    return FileType(words, "; ".join(_warnings(name, extension, kind, words, data)))


def type_by_name(name: str, declared: str) -> FileType:
    """The same before its bytes are read: what it is called, and what that alone warns of."""
    return true_type(name, declared, b"")


def _by_bytes(data: bytes) -> str:
    for begin, words in _MAGIC:
        if data.startswith(begin):
            return words
    if data[:4] == b"RIFF":
        return {b"WEBP": "WebP picture", b"WAVE": "sound"}.get(data[8:12], "video")
    if data[4:8] == b"ftyp":
        return "HEIC picture" if data[8:12] in (b"heic", b"heix", b"mif1") else "video"
    if data[257:262] == b"ustar":
        return "tar archive"
    return "disk image" if data[32_769:32_774] == b"CD001" else ""


def _by_words(data: bytes) -> str:
    """The type of what is a text, by how it begins."""
    begin = data[:LOOKED_AT].removeprefix(b"\xef\xbb\xbf").lstrip()[:LOOKED_AT].lower()
    if begin.startswith((b"<!doctype html", b"<html", b"<script", b"<head", b"<body")) or b"<html" in begin[:1_000]:
        return "web page"
    if b"<svg" in begin[:1_000]:
        return "SVG picture"
    return "script" if begin.startswith(b"#!") else "XML" if begin.startswith(b"<?xml") else ""


def _refined(kind: str, said: str, data: bytes) -> str:
    """A type as exactly as can be told: many programs write archives and call them by other names."""
    if kind == "ZIP archive":
        return next((words for part, words in _IN_ZIP if part in data), "") or (said if said in _PACKED else kind)
    if kind == "old Office document":
        return said if said in _OLD_OFFICE else kind
    return kind


def _warnings(name: str, extension: str, kind: str, words: str, data: bytes) -> list[str]:
    told: list[str] = []
    if words in _HARMFUL or kind in _HARMFUL:
        told.append(_HARMFUL.get(words) or _HARMFUL[kind])
    elif extension in _RUNS:
        told.append("opening it can run a program")
    if kind and words in _HARMFUL and (said := _EXTENSIONS.get(extension, "")) and said != words:
        told.append(f"its name says {said}")
    if extension in _WITH_MACROS or any(sign in data for sign in _MACROS):
        told.append("it holds macros, which can run programs")
    if data[:4] == b"PK\x03\x04" and len(data) > _FLAGS and data[_FLAGS] & 1:
        told.append("it is locked with a password, so nothing could look into it")
    if re.search(r"\.\w{2,4}\s*\.\w{2,10}$", name) and (extension in _RUNS or words in _HARMFUL):
        told.append("its name has two endings")
    return list(dict.fromkeys(told))


def _extension(name: str) -> str:
    return name.rpartition(".")[2].strip().casefold() if "." in name else ""


def _declared(declared: str) -> str:
    return _DECLARED.get(declared.partition("/")[0], declared or "file") if declared not in _UNTOLD else "file"


_FLAGS = 6
_MAGIC = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG picture"),
    (b"\xff\xd8\xff", "JPEG picture"),
    (b"GIF8", "GIF picture"),
    (b"BM", "BMP picture"),
    (b"II*\0", "TIFF picture"),
    (b"MM\0*", "TIFF picture"),
    (b"PK\x03\x04", "ZIP archive"),
    (b"PK\x05\x06", "ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office document"),
    (b"{\\rtf", "RTF document"),
    (b"MZ", "Windows program"),
    (b"\x7fELF", "Linux program"),
    (b"\xcf\xfa\xed\xfe", "Mac program"),
    (b"\xce\xfa\xed\xfe", "Mac program"),
    (b"\xca\xfe\xba\xbe", "Java or Mac program"),
    (b"L\0\0\0\x01\x14\x02\0", "Windows shortcut"),
    (b"ITSF", "Windows help, with scripts"),
    (b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", "OneNote section"),
    (b"\x1f\x8b", "gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "7z archive"),
    (b"Rar!", "RAR archive"),
    (b"\xfd7zXZ", "xz archive"),
    (b"BZh", "bzip2 archive"),
    (b"MSCF", "CAB archive"),
    (b"ID3", "sound"),
    (b"OggS", "sound"),
    (b"BEGIN:VCALENDAR", "calendar"),
    (b"BEGIN:VCARD", "contact"),
)
_IN_ZIP = (
    (b"word/", "Word document"),
    (b"xl/", "Excel sheet"),
    (b"ppt/", "PowerPoint slides"),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", "OpenDocument text"),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "OpenDocument sheet"),
    (b"META-INF/MANIFEST.MF", "Java program"),
    (b"AndroidManifest.xml", "Android program"),
)
_OLD_OFFICE = frozenset({"Word document", "Excel sheet", "PowerPoint slides", "Windows installer", "Outlook mail"})
_PACKED = frozenset({"Java program", "Android program", "OpenDocument text", "OpenDocument sheet"})
_MACROS = (b"vbaProject.bin", "_VBA_PROJECT".encode("utf-16-le"), b"Attribut\0e VB_")
_UNTOLD = frozenset({"application/octet-stream", "application/x-download", "application/force-download", ""})
_DECLARED = {"text": "text", "image": "picture", "audio": "sound", "video": "video", "message": "mail"}
_RUN = "it is a program: opening it runs it"
_HARMFUL = {
    "Windows program": _RUN,
    "Linux program": _RUN,
    "Mac program": _RUN,
    "Java or Mac program": _RUN,
    "Java program": _RUN,
    "Android program": _RUN,
    "Windows installer": _RUN,
    "script": "it is a script: opening it can run it",
    "Windows shortcut": "it starts something else on the machine",
    "Windows help, with scripts": "opening it can run a program",
    "OneNote section": "it can hold programs",
    "disk image": "it can hold programs that nothing has checked",
    "web page": "it opens in a browser, and may imitate a page that asks for a password",
    "SVG picture": "it opens in a browser, and may hold scripts",
}
_EXTENSIONS = {
    **dict.fromkeys(("exe", "com", "scr", "pif", "cpl", "dll"), "Windows program"),
    **dict.fromkeys(
        ("bat", "cmd", "ps1", "psm1", "vbs", "vbe", "js", "jse", "wsf", "wsh", "hta", "sh", "py"), "script"
    ),
    **dict.fromkeys(("html", "htm", "xhtml", "shtml", "mhtml", "mht"), "web page"),
    **dict.fromkeys(("iso", "img", "vhd", "vhdx", "dmg"), "disk image"),
    **dict.fromkeys(("doc", "docx", "docm", "dot", "dotm", "dotx"), "Word document"),
    **dict.fromkeys(("xls", "xlsx", "xlsm", "xlsb", "xlt", "xltm"), "Excel sheet"),
    **dict.fromkeys(("ppt", "pptx", "pptm", "pps", "ppsm", "ppsx"), "PowerPoint slides"),
    **dict.fromkeys(("jpg", "jpeg"), "JPEG picture"),
    **dict.fromkeys(("tif", "tiff"), "TIFF picture"),
    **dict.fromkeys(("txt", "log", "md"), "text"),
    **dict.fromkeys(("mp3", "wav", "ogg", "m4a"), "sound"),
    **dict.fromkeys(("mp4", "mov", "avi", "mkv", "webm"), "video"),
    "msi": "Windows installer",
    "lnk": "Windows shortcut",
    "chm": "Windows help, with scripts",
    "one": "OneNote section",
    "jar": "Java program",
    "apk": "Android program",
    "svg": "SVG picture",
    "png": "PNG picture",
    "gif": "GIF picture",
    "webp": "WebP picture",
    "bmp": "BMP picture",
    "heic": "HEIC picture",
    "pdf": "PDF",
    "rtf": "RTF document",
    "odt": "OpenDocument text",
    "ods": "OpenDocument sheet",
    "csv": "table, as text",
    "json": "JSON",
    "xml": "XML",
    "eml": "mail",
    "msg": "Outlook mail",
    "ics": "calendar",
    "vcf": "contact",
    "zip": "ZIP archive",
    "rar": "RAR archive",
    "7z": "7z archive",
    "gz": "gzip archive",
    "tgz": "gzip archive",
    "tar": "tar archive",
}
_RUNS = frozenset(
    {
        "exe",
        "com",
        "scr",
        "pif",
        "cpl",
        "dll",
        "bat",
        "cmd",
        "ps1",
        "psm1",
        "vbs",
        "vbe",
        "js",
        "jse",
        "wsf",
        "wsh",
        "hta",
    }
    | {"sh", "py", "msi", "msp", "lnk", "url", "reg", "jar", "apk", "chm", "one", "desktop", "appimage", "rdp", "xll"}
    | {
        "settingcontent-ms",
        "library-ms",
        "search-ms",
        "iqy",
        "slk",
        "gadget",
        "application",
        "scf",
        "inf",
        "pkg",
        "run",
    }
)
_WITH_MACROS = frozenset({"docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm", "ppsm", "ppam", "potm", "sldm"})
