"""A Maildir is read in the order of delivery, and tells when each mail came."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from mail.maildir import delivered, is_maildir, mail_files

AT = datetime(2026, 11, 2, 9, 0, 5, tzinfo=UTC)
SECONDS = int(AT.timestamp())


def test_mails_of_both_folders_come_in_the_order_of_delivery(tmp_path: Path) -> None:
    names = ["cur/1700000002.M1P2.host:2,S", "new/1700000001.M1P2.host", "cur/999999999.old:2,", "new/odd", "tmp/1.x"]
    names += ["cur/.hidden", ".Sent/cur/1700000000.x"]
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert is_maildir(tmp_path)
    assert [str(each.relative_to(tmp_path)) for each in mail_files(tmp_path)] == [
        "new/odd", "cur/999999999.old:2,", "new/1700000001.M1P2.host", "cur/1700000002.M1P2.host:2,S",
    ]  # fmt: skip
    assert not is_maildir(tmp_path / "tmp")


def test_a_mail_came_when_its_name_or_its_time_says_whichever_is_earlier() -> None:
    later = float(SECONDS + 1000)
    assert delivered(f"{SECONDS}.M1P2.host", later) == AT
    assert delivered(f"{SECONDS + 1000}.M1P2.host", float(SECONDS)) == AT
    assert delivered("odd", float(SECONDS)) == AT
    assert delivered("odd", 0.0) is None
