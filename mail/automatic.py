"""Whether a machine wrote a mail, and how one can tell (RFC 3834, 2919, 3464, 5965, 8098).

X-Auto-Response-Suppress is left out on purpose: it asks us to stay silent and says nothing about its sender.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from desk.judging import AWAY_BY_SUBJECT
from desk.people import Address
from mail.defects import quoted
from mail.headers import Headers
from mail.parameters import read_parameters
from mail.returned import RETURNED, is_returned

_REPORTS = {
    "delivery-status": "a delivery report",
    "disposition-notification": "a read receipt",
    "feedback-report": "a complaint about spam",
}
_MASS_PRECEDENCES = frozenset({"bulk", "junk"})
_REPLY_PRECEDENCES = frozenset({"auto_reply", "auto-reply"})
_LIST_MARKS = ("list-id", "list-post", "list-unsubscribe", "mailing-list", "x-mailing-list")
_NOT_OF_FORMS = (*_LIST_MARKS, "precedence", "in-reply-to", "references")
_GENERATED = re.compile(r"auto-generated\s*(?:[;(]|$)", re.IGNORECASE)
_REPLY_MARKS = ("x-autoreply", "x-auto-reply", "x-autorespond", "x-autoresponder", "x-autoreply-from")
_DAEMON = re.compile(r"\bmail(?:er)?-?daemon\b", re.IGNORECASE)
_AWAY = re.compile(
    r"[\[【]?(?:auto(?:matic)?[- ]?(?:reply|response|responder|generated)|automated (?:reply|response)"
    r"|out[- ]of[- ](?:the )?office(?: auto\w*| reply)?"
    r"|abwesenheits(?:notiz|nachricht|benachrichtigung)|automatische (?:antwort|r[eé]ponse)"
    r"|réponse automatique|absence du bureau|respuesta automática|fuera de (?:la )?oficina|risposta automatica"
    r"|fuori (?:sede|ufficio)|automatisch antwoord|afwezig\w*|resposta automática|ausência tempor[aá]ria"
    r"|odpowiedź automatyczna|automatyczna odpowiedź|poza biurem|autosvar|automatsvar|automatisk(?:t)? svar"
    r"|automaattinen vastaus|poissaoloilmoitus|automaatvastus|automātiskā atbilde|automatinis atsakymas"
    r"|automatická odpov[eě]ď|samodejni odgovor|automatski odgovor|automatikus válasz|r[aă]spuns automat"
    r"|αυτόματη απάντηση|otomatik yanıt|автоответ\w*|автоматическ\w+ ответ|автоматична відповідь"
    r"|автоматичен отговор|автоматски одговор|извън офиса|вне офиса|자동 ?(?:회신|응답)|부재 ?중 자동 ?회신"
    r"|自動(?:応答|返信)|不在(?:通知|応答)|自动(?:答复|回复)|自動回覆)\s{0,5}[:：\]】-]",
    re.IGNORECASE,
)
_MACHINES = re.compile(
    r"(?:mailer-daemon|postmaster|mail-daemon|no[-_.]?reply|do[-_.]?not[-_.]?reply|bounces?)(?:[-+=].*)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Automatic:
    """Why a mail counts as automatic, in words. `is_doubtful`: the sign is one that people's mail may carry too."""

    reason: str
    is_doubtful: bool = False


def read_automatic(headers: Headers, sender: Address, reply_to: Iterable[Address] = ()) -> Automatic | None:
    """Why a mail counts as automatic; None: a person wrote it."""
    if sure := [why for sign in _SURE if (why := sign(headers))]:
        is_form = len(sure) == 1 and _is_form(headers, sender, reply_to)
        return Automatic(sure[0], is_doubtful=is_form)
    doubtful = _by_list(headers) or _by_name(sender)
    if by_subject := _by_subject(headers):
        return Automatic(by_subject, is_doubtful=doubtful is None)
    return Automatic(doubtful, is_doubtful=True) if doubtful else None


def asks_for_silence(headers: Headers) -> bool:
    """Whether no machine is to answer a mail: it asks for that, or it went through a machine that answers by itself.

    X-Auto-Response-Suppress is Microsoft's (MS-OXCMAIL 2.2.3.2.14); X-Loop is left behind by programs that answer mail.
    """
    return headers.text("x-auto-response-suppress").lower() not in ("", "none") or "x-loop" in headers


def _is_form(headers: Headers, sender: Address, reply_to: Iterable[Address]) -> bool:
    """Whether a mail may be what a person filled in on a web page: it answers nothing, and they get the answer."""
    if not _GENERATED.match(headers.text("auto-submitted")) or any(name in headers for name in _NOT_OF_FORMS):
        return False
    return any(each.key != sender.key and not _is_machine(each) for each in reply_to)


def _is_machine(person: Address) -> bool:
    """Whether an address is called what machines are: noreply, mailer-daemon."""
    return _MACHINES.fullmatch(person.email.partition("@")[0]) is not None


def _by_report(headers: Headers) -> str | None:
    kind = read_parameters(headers.raw("content-type"))
    if kind.value != "multipart/report":
        return None
    return _REPORTS.get(kind.get("report-type").lower(), "a report of a mail system")


def _by_auto_submitted(headers: Headers) -> str | None:
    word = headers.text("auto-submitted").partition(";")[0].partition("(")[0].strip().lower()
    return f"it says that it was sent automatically ({word[:30]})" if word not in ("", "no") else None


def _by_reply_mark(headers: Headers) -> str | None:
    marked = any(headers.text(name).lower() not in ("", "no", "false") for name in _REPLY_MARKS)
    return "it says that it is an automatic reply" if marked else None


def _by_list(headers: Headers) -> str | None:
    if "list-id" in headers:
        return f"it came over the mailing list {quoted(headers.text('list-id'), 40)}"
    if "list-unsubscribe" in headers:
        return "it offers to unsubscribe, as mass mail does"
    precedence = headers.text("precedence").lower()
    return f"it is marked as {precedence} mail" if precedence in (*_MASS_PRECEDENCES, "list") else None


def _by_precedence(headers: Headers) -> str | None:
    """Lists say `list`, old ones `bulk`; what a person wrote comes over them."""
    word = headers.text("precedence").lower()
    is_reply = word in _REPLY_PRECEDENCES
    if is_reply or (word in _MASS_PRECEDENCES and not any(name in headers for name in _LIST_MARKS)):
        return "it says that it is an automatic reply" if is_reply else f"it is marked as {word} mail"
    return None


def _by_returned(headers: Headers) -> str | None:
    return RETURNED if is_returned(headers) else None


def _by_daemon(headers: Headers) -> str | None:
    return "it came from a mail system (mailer-daemon)" if _DAEMON.search(headers.text("from")) else None


def _by_away(headers: Headers) -> str | None:
    """Exchange asks for silence in the notes that it sends for those who are away, and may say nothing else."""
    is_asked = headers.text("x-auto-response-suppress").lower() not in ("", "none")
    return AWAY_BY_SUBJECT if is_asked and _by_subject(headers) else None


def _by_subject(headers: Headers) -> str | None:
    return AWAY_BY_SUBJECT if _AWAY.match(headers.text("subject")) else None


def _by_return_path(headers: Headers) -> str | None:
    return "it came from a mail system (no return path)" if headers.text("return-path") == "<>" else None


def _by_name(sender: Address) -> str | None:
    return f"its sender is {quoted(sender.email.partition('@')[0], 40)}" if _is_machine(sender) else None


_SURE = (
    _by_report,
    _by_auto_submitted,
    _by_reply_mark,
    _by_returned,
    _by_return_path,
    _by_daemon,
    _by_precedence,
    _by_away,
)
