"""What an agent answers to a macro's prompts, checked against the kind that the macro asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from desk.errors import RefusedError

AskType = Literal["text", "money", "number", "date", "choice"]
ASK_TYPES: tuple[AskType, ...] = ("text", "money", "number", "date", "choice")

_AMOUNT = r"\d{1,3}(?:[ .,'’]\d{3})+(?:[.,]\d{1,2})?|\d{1,12}(?:[.,]\d{1,2})?"
_CURRENCY = r"[^\W\d_]{1,4}\.?|[$¢£¤¥€₩₪₫₭₮₱₴₸₹₺₽₾]"
_MONEY = re.compile(rf"(?:(?:{_CURRENCY}) ?)?(?:{_AMOUNT})(?: ?(?:{_CURRENCY}))?")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,9})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Ask:
    """One prompt: the name that templates use (`ask.NAME`), what the agent reads, and the kind of answer.

    `choices` are for the kind "choice" only. `default` is a template; empty where there is none.
    """

    name: str
    label: str
    type: AskType = "text"
    choices: tuple[str, ...] = ()
    default: str = ""


def checked(ask: Ask, typed: str) -> str:
    """An answer as it goes into the text: trimmed, a choice spelt as the macro spells it; empty when nothing was typed.

    Raises:
        RefusedError: it is not of the kind that is asked for.
    """
    answer = typed.strip()
    if not answer or ask.type == "text":
        return answer
    if ask.type == "choice":
        return _choice(ask, answer)
    fits, example = {
        "money": (_MONEY.fullmatch(answer) is not None, "an amount such as 49.90 or 49.90 EUR"),
        "number": (_NUMBER.fullmatch(answer) is not None, "a number such as 3 or 2.5"),
        "date": (_is_day(answer), "a date such as 2027-02-01"),
    }[ask.type]
    if not fits:
        raise RefusedError(f"“{answer[:60]}” does not answer “{ask.label}” ({ask.name})", example)
    return answer


def _choice(ask: Ask, answer: str) -> str:
    for choice in ask.choices:
        if choice.casefold() == answer.casefold():
            return choice
    raise RefusedError(f"“{answer[:60]}” does not answer “{ask.label}” ({ask.name})", ", ".join(ask.choices))


def _is_day(answer: str) -> bool:
    try:
        return bool(_DATE.fullmatch(answer) and date.fromisoformat(answer))
    except ValueError:
        return False
