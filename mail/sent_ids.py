"""Under which Message-ID a mail travels on, where the server that took it gave it another one and says so.

Microsoft's servers put it into their answer (`250 2.0.0 OK <...@...> ...`). Amazon SES names only its left side
(`250 Ok 0102...-000000`); the right side is `email.amazonses.com` for the region us-east-1 and
`REGION.amazonses.com` for the others. Other answers hold numbers of the server's own, which are no ids, and addresses.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from mail.threads import read_ids

_READ = 1_000
"""Characters of an answer that are looked at."""

_LONGEST = 250
"""Characters of an id that is believed: Microsoft's have about 100, those of Amazon SES 90."""

_OK = r"(?:\d\.\d{1,3}\.\d{1,3}[ \t]+)?(?:ok:?[ \t]+)?"
_NAMED = re.compile(rf"{_OK}(<[!-;=?-~]+@[!-;=?-~]+>)(?:\s|$)", re.IGNORECASE)
_AMAZON_ID = re.compile(rf"{_OK}([0-9a-f]{{16}}(?:-[0-9a-f]{{4,12}}){{5}}-\d{{6}})\s*$", re.IGNORECASE)
_AMAZON_HOST = re.compile(r"(?:.+\.)?email-smtp(?:-fips)?\.([a-z]{2}(?:-[a-z]+)+-\d)\.(?:vpce\.)?amazonaws\.com")


def id_in_answer(words: str, host: str, envelope: Collection[str]) -> str:
    """The id that a server's words after 250 give a mail, as `<...>`; nothing when they name none.

    `envelope` are the addresses of the mail: some servers repeat one of them in brackets.
    """
    words = words[:_READ].strip()
    if amazon := _AMAZON_HOST.fullmatch(host.casefold().rstrip(".")):
        region = amazon[1].replace("us-east-1", "email")
        found = _AMAZON_ID.match(words)
        return f"<{found[1]}@{region}.amazonses.com>" if found else ""
    found = _NAMED.match(words)
    message_id = next(iter(read_ids(found[1])), "") if found else ""
    is_address = message_id[1:-1].casefold() in {each.casefold() for each in envelope}
    return "" if is_address or len(message_id) > _LONGEST else message_id
