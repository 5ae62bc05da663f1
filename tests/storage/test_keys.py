from __future__ import annotations

from pathlib import Path

from storage.shared import open_shared


def test_a_desks_own_key_stays_and_is_nobody_elses(tmp_path: Path) -> None:
    one, other = open_shared(tmp_path / "one.db"), open_shared(tmp_path / "other.db")
    key, foreign = one.secret(), other.secret()
    assert len(key) == len(foreign) == 32
    assert key != foreign
    one.close()
    other.close()
    again = open_shared(tmp_path / "one.db")
    assert again.secret() == key
    again.close()
