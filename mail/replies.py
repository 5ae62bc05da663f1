"""What an SMTP server's answer means for the mail it was given (RFC 5321 4.2.1 and 4.5.4, RFC 4954).

A server is judged by the first digit of its code only. No code at all is no answer: that is judged in mail/smtp.py,
where it is known how far the mail had got.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from desk.outgoing import Attempt, RecipientAnswer, Verdict
from desk.safe import safe_line

WORDS_LIMIT = 200
"""Characters of a server's words that are kept."""

LISTED = 5
"""How many refused recipients are named."""

_YES, _NOT_NOW, _NEVER = range(200, 300), range(400, 500), range(500, 600)
_ACCOUNT_TROUBLE = frozenset({530, 534, 535, 538})
"""A login is missing, wrong, or must be protected: nothing that another text or another recipient would mend."""

_CLOSING = 421
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3} ")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a server: its code and its words, which nobody has looked through yet.

    0 is the code of what is no answer by the rules.
    """

    code: int
    words: str

    @property
    def is_yes(self) -> bool:
        """Whether the server did what it was asked (2yz)."""
        return self.code in _YES

    @property
    def is_refusal(self) -> bool:
        """Whether the server will never do it (5yz), rather than not now."""
        return self.code in _NEVER

    @property
    def is_no(self) -> bool:
        """Whether the server will never take this mail as it is, from whatever account."""
        return self.is_refusal and self.code not in _ACCOUNT_TROUBLE

    @property
    def is_rejection(self) -> bool:
        """Whether the server surely has not done it, for good or for now (5yz, 4yz)."""
        return self.is_refusal or self.code in _NOT_NOW

    @property
    def is_account_trouble(self) -> bool:
        """Whether it is the account that must be mended before the server takes any mail."""
        return self.code in _ACCOUNT_TROUBLE

    @property
    def is_server_wide(self) -> bool:
        """Whether the next mail would be turned away as well."""
        return self.is_account_trouble or self.code == _CLOSING

    @property
    def told(self) -> str:
        """Its words as one harmless line, with its status (RFC 3463) once and not in every line of the server's."""
        status = _STATUS.match(self.words)
        return cut(self.words.replace(f"\n{status[0]}", "\n") if status else self.words)

    def __str__(self) -> str:
        if self.code:
            return cut(f"{self.code} {self.told}")
        return f"what it answers is no answer: {self.told}" if self.words else "its answer has no end"


def cut(words: str) -> str:
    """Words from outside as one harmless line of bearable length."""
    line = safe_line(words[: 4 * WORDS_LIMIT])
    return line if len(line) <= WORDS_LIMIT else f"{line[: WORDS_LIMIT - 1]}…"


def judge_before_body(answer: Answer) -> Attempt:
    """An answer other than yes while the server has nothing of the mail yet: it is surely not sent."""
    verdict = Verdict.REFUSED if answer.is_no else Verdict.DEFERRED
    return Attempt(verdict, str(answer), server_wide=answer.is_server_wide, stops_account=answer.is_account_trouble)


def judge_recipients(answers: dict[str, Answer]) -> Attempt | None:
    """What the answers about each recipient mean for the whole mail, which goes to all of them or to none.

    None: every one of them was accepted.
    """
    bad = {recipient: answer for recipient, answer in answers.items() if not answer.is_yes}
    if not bad:
        return None
    refused = {recipient: answer for recipient, answer in bad.items() if answer.is_no}
    told = [f"{cut(recipient)}: {answer}" for recipient, answer in (refused or bad).items()]
    more = f"; and {len(told) - LISTED} more" if len(told) > LISTED else ""
    verdict = Verdict.REFUSED if refused else Verdict.DEFERRED
    return Attempt(
        verdict,
        "; ".join(told[:LISTED]) + more,
        server_wide=any(answer.is_server_wide for answer in bad.values()),
        stops_account=any(answer.is_account_trouble for answer in bad.values()),
        recipients=tuple(
            RecipientAnswer(recipient, answer.code, answer.told)
            for recipient, answer in bad.items()
            if answer.is_rejection and not answer.is_server_wide
        ),
    )


def judge_after_body(answer: Answer) -> Attempt:
    """The answer to the whole mail. One that says neither yes nor no leaves everything open."""
    meanings = {_YES: Verdict.SENT, _NOT_NOW: Verdict.DEFERRED, _NEVER: Verdict.REFUSED}
    verdict = next((each for codes, each in meanings.items() if answer.code in codes), Verdict.UNCERTAIN)
    return Attempt(verdict, str(answer))
