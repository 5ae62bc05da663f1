"""Bytes to text, whatever character set a mail claims (RFC 2045, 2046; WHATWG's habit of reading the wider sibling).

Only character sets on the list below ever reach a codec: a mail cannot name `hex`, `zlib` or `punycode`.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from encodings.aliases import aliases
from functools import lru_cache

_WIDER = {
    "iso8859_1": "cp1252",
    "latin_1": "cp1252",
    "iso8859_9": "cp1254",
    "iso8859_11": "cp874",
    "tis_620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "iso2022_jp": "iso2022_jp_ext",
    "iso2022_jp_1": "iso2022_jp_ext",
}
"""Codecs whose larger sibling reads the same bytes and also what mail programs really put under that name."""

_SAME = """
    utf_8 utf_16 utf_16_be utf_16_le utf_32 utf_32_be utf_32_le utf_7 utf_8_sig gb18030 hz iso2022_kr
    iso2022_jp_2 iso2022_jp_3 iso2022_jp_2004 iso2022_jp_ext euc_jp euc_jis_2004 shift_jis_2004 cp932
    cp949 cp950 johab big5hkscs iso8859_2 iso8859_3 iso8859_4 iso8859_5 iso8859_6 iso8859_7 iso8859_8
    iso8859_10 iso8859_13 iso8859_14 iso8859_15 iso8859_16 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255
    cp1256 cp1257 cp1258 cp437 cp720 cp737 cp775 cp850 cp852 cp855 cp857 cp858 cp860 cp861 cp862 cp863
    cp864 cp865 cp866 cp869 cp874 koi8_r koi8_u koi8_t kz1048 ptcp154 mac_roman mac_cyrillic mac_greek
    mac_latin2 mac_turkish mac_iceland
""".split()  # noqa: SIM905 - eighty names in eight lines

_SPELLINGS = {
    "unicode11utf7": "utf_7",
    "utf8mb4": "utf_8",
    "ksc56011987": "cp949",
    "ksc5601": "cp949",
    "iso88598i": "iso8859_8",
    "iso88598e": "iso8859_8",
    "macintosh": "mac_roman",
    "windows31j": "cp932",
    "xsjis": "cp932",
    "xgbk": "gb18030",
    "xmaccyrillic": "mac_cyrillic",
    "xmacroman": "mac_roman",
    "windows874": "cp874",
    "koi8ru": "koi8_u",
    "ucs2": "utf_16",
    "utf8strict": "utf_8",
}

_UNNAMED = frozenset(
    {"", "ascii", "usascii", "ansix341968", "ansi", "8bit", "7bit", "binary", "default", "charset", "none"}
    | {"xunknown", "unknown8bit", "unknown"}
)
"""Names that tell nothing about bytes above 127."""

_SHIFTING = frozenset({"utf_7", "hz"})
"""Character sets whose text looks like ASCII and is not (so do all of ISO-2022)."""

_JAPANESE = re.compile(rb"\x1b\$[@B](?:[!-~]{2})+\x1b\([BJ]")
"""A run of ISO-2022-JP, which mails hold under any name (RFC 1468); in other texts it means nothing."""

_ASCII = bytes(range(128))
_LETTERS = re.compile(rb"[A-Za-z\xc0-\xff]")
_WORDS = re.compile(rb"[\xc0-\xff]+")
_UPPER_HALF = 0xE0
_DAMAGE = 10
"""A declared multi-byte set is believed while at most one in so many of its bytes above 127 cannot be read."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, and the character set it was read as where that is a guess (None: as the mail said)."""

    text: str
    guessed: str | None = None


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _codecs() -> dict[str, str]:
    believed = {each: each for each in _SAME} | _WIDER
    names = {_plain(alias): believed[codec] for alias, codec in aliases.items() if codec in believed}
    names |= {_plain(codec): wide for codec, wide in believed.items()}
    names |= {f"win{page}": f"cp{page}" for page in range(1250, 1259)}
    return names | _SPELLINGS


_CODECS = _codecs()


def load_codecs() -> None:
    """Load every codec there is to use now, where later no file can be opened any more."""
    for codec in frozenset(_CODECS.values()):
        codecs.lookup(codec)


def codec_of(name: str) -> str | None:
    """The codec for a character set's name in any spelling; None for a name that is not on the list."""
    return _codec_of(name.partition(":")[0][:60])


@lru_cache(maxsize=256)
def _codec_of(name: str) -> str | None:
    plain = _plain(name)
    return _CODECS.get(plain) or _CODECS.get(plain.removeprefix("x").removeprefix("cs"))


def decode(data: bytes, declared: str = "") -> Decoded:
    """Text of bytes, never failing: as declared, else as UTF-8, else as the 8-bit set its words look like."""
    codec = codec_of(declared)
    if _JAPANESE.search(data) and not (codec and codec.startswith("iso2022")):
        codec = "iso2022_jp_ext"
    if data.isascii() and not _may_shift(codec, data):
        return Decoded(data.decode("ascii"))
    if codec and (text := _as_declared(data, codec)) is not None:
        return Decoded(text)
    silent = _plain(declared) in _UNNAMED
    try:
        return Decoded(data.decode("utf-8"), None if silent else "UTF-8")
    except UnicodeDecodeError:
        name, guess = _likely(data)
        return Decoded(data.decode(guess, "replace"), name)


def _likely(data: bytes) -> tuple[str, str]:
    """The 8-bit character set that bytes look like: its name and its codec.

    Cyrillic words are letters above 127 throughout, Latin ones only here and there. Small letters, which are most of
    any text, stand in the upper half of the letters in Windows-1251 and in the lower half in KOI8-R (RFC 1489).
    """
    words = [word for word in _WORDS.findall(data) if len(word) > 1]
    if sum(map(len, words)) * 2 <= len(_LETTERS.findall(data)):
        return "Windows-1252", "cp1252"
    letters = b"".join(words)
    lower_half = sum(letter < _UPPER_HALF for letter in letters)
    return ("KOI8-R", "koi8_r") if lower_half * 2 > len(letters) else ("Windows-1251", "cp1251")


def _may_shift(codec: str | None, data: bytes) -> bool:
    """Whether ASCII may mean something else in it; what holds no NUL is no UTF-16 or UTF-32, whatever a mail says."""
    if codec is None or codec.startswith(("utf_16", "utf_32")):
        return codec is not None and b"\0" in data
    return codec in _SHIFTING or codec.startswith("iso2022")


def _as_declared(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeError:
        text = data.decode(codec, "replace")
    above = len(data.translate(None, _ASCII))
    return text if text.count("\ufffd") * _DAMAGE <= above else None
