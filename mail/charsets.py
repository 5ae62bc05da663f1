"""Bytes to text, whatever character set a mail claims (RFC 2045, 2046; WHATWG's habit of reading the wider sibling).

Only character sets on the list below ever reach a codec: a mail cannot name `hex`, `zlib` or `punycode`.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from encodings.aliases import aliases
from functools import lru_cache
from itertools import islice

from mail.guesses import is_plainly_not, likely

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

_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ASCII = bytes(range(128))
_DAMAGE = 10
"""A declared multi-byte set is believed while at most one in so many of its bytes above 127 cannot be read."""


_CHARACTER = re.compile(rb"[\xc2-\xf4][\x80-\xbf]{1,3}")
_MOSTLY = 5
_CHANCE = 4
"""Characters of UTF-8 that may be there by chance in text of another script than the Latin one."""
_LETTERS_OF_A_WORD = 10
"""Bytes above 127 from which on another script than the declared Latin one may be seen in them."""

_LATIN = frozenset({"cp1252", "cp1250", "cp1254", "iso8859_2", "iso8859_15", "mac_roman"})


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
    """Text of bytes, never failing: as declared where that can be, else as UTF-8, else as what they look like."""
    codec = codec_of(declared)
    if _JAPANESE.search(data) and not (codec and codec.startswith("iso2022")):
        codec = "iso2022_jp_ext"
    if data.isascii() and not _may_shift(codec, data):
        return Decoded(data.decode("ascii"))
    if codec and not _belies(data, codec) and (text := _as_declared(data, codec)) is not None:
        return Decoded(text)
    silent = _plain(declared) in _UNNAMED
    try:
        return Decoded(data.decode("utf-8"), None if silent else "UTF-8")
    except UnicodeDecodeError:
        name, guess = likely(data)
        return Decoded(data.decode(guess, "replace"), name)


def _belies(data: bytes, codec: str) -> bool:
    """Whether bytes that can be read in this set are plainly in another one: in UTF-8, or in no Latin letters."""
    if codec.startswith(("utf", "iso2022")) and not codec.startswith(("utf_16", "utf_32")):
        return False
    if _is_other(data, codec):
        return True
    is_dense = codec == "cp1252" and len(data.translate(None, _ASCII)) >= _LETTERS_OF_A_WORD
    return is_dense and is_plainly_not(codec, data)


def _is_other(data: bytes, codec: str) -> bool:
    """Whether it is UTF-8, and not by chance; of UTF-16 and UTF-32 whether it can be neither.

    What holds a NUL or begins with the mark of UTF-16 may be; without one it is East Asian throughout, or wrong, as
    where most of it is ASCII.
    """
    if codec.startswith(("utf_16", "utf_32")):
        above = len(data.translate(None, _ASCII))
        return b"\0" not in data and not data.startswith(_MARKS) and (above * _MOSTLY < len(data) or _is_readable(data))
    least = 1 if codec in _LATIN else _CHANCE
    return sum(1 for _ in islice(_CHARACTER.finditer(data), least)) == least and _is_readable(data)


def _is_readable(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


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
