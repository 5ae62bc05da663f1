"""What a mail's head says of when and where it was written."""

from __future__ import annotations

import pytest

from mail.heads import read_offset


@pytest.mark.parametrize(
    ("date", "minutes"),
    [
        ("Fri, 20 Nov 2026 11:00:00 +0200", 120),
        ("Fri, 20 Nov 2026 11:00:00 -0330", -210),
        ("Fri, 20 Nov 2026 11:00:00 +0000", 0),
        ("Fri, 20 Nov 2026 11:00:00 -0000", None),
        ("Fri, 20 Nov 2026 11:00:00 +9999", None),
        ("Fri, 20 Nov 2026 11:00:00", None),
        ("last Friday", None),
        ("", None),
    ],
)
def test_a_date_tells_how_far_from_utc_it_was_written(date: str, minutes: int | None) -> None:
    assert read_offset(date) == minutes
