"""What came to a ticket meanwhile, in the language of the screen: known again by the desk's own table of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from desk.meanwhile import Did
from tui.words.tongue import tr, trc, trn

NEWS = "what came to a ticket meanwhile"
"""What the catalogs hold the sentence under that names somebody and what they did."""
WHO = "{who} {done}"
_AND = " and "


def news_forms() -> Iterator[tuple[str, str]]:
    """What each of these is called once and several times: `wrote a mail`, `wrote {count} mails`."""
    yield from (_forms(did) for did in Did)


def heard_news(sentence: str) -> str:
    """`Dana wrote 2 mails, bo wrote a reply and a note` in the language of the screen; empty for other sentences."""
    told = [_of_one(each) for each in sentence.split(", ")]
    return "; ".join(told) if all(told) else ""


def _of_one(sentence: str) -> str:
    """What one of them did; empty where it is nothing of that table."""
    begins = min((at for verb in {each.verb for each in Did} if (at := sentence.find(f" {verb} ")) > 0), default=0)
    who, deeds, verb, said = sentence[:begins], sentence[begins:].strip().split(_AND), "", list[str]()
    for deed in deeds:
        verb = next((each.verb for each in Did if deed.startswith(f"{each.verb} ")), verb)
        phrase = deed if deed.startswith(f"{verb} ") else f"{verb} {deed}"
        said.append(next((_said(did, found) for did in Did if (found := _known(did).fullmatch(phrase))), ""))
    done = ", ".join(said)
    is_known = who and ": " not in who and all(said)  # a colon: this stands inside of another sentence
    return trc(NEWS, WHO).format(who=tr("you") if who == "you" else who, done=done) if is_known else ""


def _said(did: Did, found: re.Match[str]) -> str:
    count = int(found.groupdict().get("count") or 1)
    return trn(*_forms(did), count).format(count=count)


def _forms(did: Did) -> tuple[str, str]:
    _, once, several = did.value
    return f"{did.verb} {once}", f"{did.verb} {several.replace('{}', '{count}')}"


@cache
def _known(did: Did) -> re.Pattern[str]:
    once, several = map(re.escape, _forms(did))
    return re.compile(rf"{once}|{several.replace(re.escape('{count}'), '(?P<count>[0-9]+)')}")
