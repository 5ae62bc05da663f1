"""The head that mail programs put over a mail inside a mail: From, Date or Sent, To and Subject, a line each.

They write it in the language of whoever answers or forwards: English, German, French, Spanish, Italian, Portuguese,
Dutch, Polish, Czech, Danish, Norwegian, Swedish, Finnish, Turkish, Hungarian, Romanian, Greek, Russian, Bulgarian,
Ukrainian, Chinese, Japanese and Korean are known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

LONGEST_LINE = 500
"""Characters of a line that are looked at."""

COLONS = (":", "\uff1a")
"""What stands behind the name of a field; East Asian programs write a wide one."""

_WORDS: Mapping[str, str] = {
    "from": "from|von|de|da|van|od|fra|från|lähettäjä|kimden|gönderen|feladó|de la|από|від|от|от кого|отправитель"
    "|发件人|寄件者|寄件人|差出人|보낸 사람|보낸사람",
    "date": "date|sent|datum|gesendet|gesendet am|envoyé|envoyé le|fecha|enviado|enviado el|enviada|data|inviato"
    "|verzonden|wysłano|dato|sendt|skickat|lähetetty|päivämäärä|päiväys|gönderildi|gönderme tarihi|tarih|odesláno"
    "|elküldve|dátum|trimis|στάλθηκε|ημερομηνία|дата|отправлено|изпратено|изпратен|надіслано"
    "|发送时间|发件时间|寄件日期|傳送時間|日期|日時|送信日時|日付|보낸 날짜|날짜",
    "to": "to|an|à|a|para|aan|do|til|till|komu|vastaanottaja|kime|alıcı|címzett|către|προς|кому|до|получатель"
    "|收件人|收件者|宛先|받는 사람|받는사람|destinataire",
    "cc": "cc|kopie|copie|kopia|copia|copie à|kopi|копия|копие|копія|抄送|副本|참조",
    "subject": "subject|betreff|objet|asunto|oggetto|assunto|onderwerp|temat|emne|ämne|aihe|konu|tárgy|předmět"
    "|subiect|θέμα|тема|относно|主题|主旨|主題|件名|제목",
}
"""What the fields of a head are called."""

_FIELDS = {word: field for field, words in _WORDS.items() for word in words.split("|")}
_LINE = re.compile("[>\\s*]{0,40}([^\\W\\d_][^\\n:\uff1a*]{0,20}?)[\\s*]{0,3}[:\uff1a][\\s*]{0,3}([^\\n]*)")


def field_of(line: str) -> tuple[str, str]:
    """Which field of a head a line is (from, date, to, cc or subject), and what stands behind it; or ("", "")."""
    found = _LINE.match(line[:LONGEST_LINE]) if any(colon in line for colon in COLONS) else None
    field = _FIELDS.get(found[1].strip().casefold(), "") if found else ""
    return (field, found[2].strip()) if found and field else ("", "")
