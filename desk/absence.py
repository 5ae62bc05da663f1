"""Notes of absence that only their subject betrays, where they answer what is known; pure.

The words are everyday ones, so they count only before the subject that is answered, or where nobody writes them else.
"""

from __future__ import annotations

import re

from desk.subjects import base_subject, without_prefix

_AWAY = r"""
out[ -]of[ -](?:the[ ])?office|ooo|(?:ich[ ]bin[ ])?abwesend|abwesenheit|nicht[ ]im[ ]b[uü]ro|im[ ]urlaub
|en[ ]cong[eé]s?|en[ ]vacances|de[ ]vacaciones|de[ ]f[eé]rias|in[ ]ferie|afwezig|afwezigheid|poza[ ]biurem|fraværende
|отсутствую|в[ ]отпуске|отсъствам|в[ ]отпуск|у[ ]відпустці|不在
"""
_EVERYDAY = r"""
auto|autoreply|away|vacation|on[ ]vacation|holiday|on[ ]holiday|on[ ]leave|urlaub|vacances|vacaciones|f[eé]rias
|ferie|urlop|vakantie|semester|loma|dovolená|отпуск|отпуска|відпустка|休暇|休假|absente?|absence|ausente|ausencia
|ausência|assente|assenza|nieobecno[sś][cć]|frånvaro|poissa|nepřítomnost|отсутствие|отсъствие|відсутність
"""
_BEFORE = re.compile(
    rf"\s*(?:(?P<away>{_AWAY})|(?:{_EVERYDAY}))\s*(?P<mark>[:：]|[-–—]\s|(?=\s)|[.!]?\s*$)",
    re.IGNORECASE | re.VERBOSE,
)


def is_note_of_absence(subject: str, about: str) -> bool:
    """Whether the subject of an answer is that of a machine's note that nobody is there; `about` is what it answers.

    Who wrote about such a matter themselves answers under the same subject, and is a person.
    """
    if not (found := _BEFORE.match(subject)) or base_subject(subject) == base_subject(about):
        return False
    rest = subject[found.end() :].strip()
    is_before_ours = base_subject(rest) == base_subject(about)
    if found["mark"].strip(" .!") and rest:
        return found["away"] is not None or is_before_ours
    is_bare = not rest and found["away"] is not None
    return is_bare or (is_before_ours and without_prefix(rest) != rest)
