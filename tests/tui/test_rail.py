from __future__ import annotations

import pytest
from rich.style import Style

from tui.style.rail import Rail, thumb


@pytest.mark.parametrize(
    ("position", "expected"),
    [(0, (0, 5)), (1, (1, 6)), (40, (8, 13)), (79, (14, 19)), (80, (15, 20))],
)
def test_the_thumb_stands_at_an_end_only_where_there_is_no_more(position: int, expected: tuple[int, int]) -> None:
    assert thumb(20, 107, 27, position) == expected


@pytest.mark.parametrize(("size", "virtual"), [(1, 1_000_000), (2, 1_000_000), (20, 1_000_000), (20, 21)])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99, 1.0])
def test_the_thumb_is_always_within_the_rail_and_at_least_a_row(size: int, virtual: int, share: float) -> None:
    first, last = thumb(size, virtual, size, (virtual - size) * share)
    assert 0 <= first < last <= size


def test_what_is_whole_in_sight_has_no_thumb() -> None:
    assert thumb(20, 20, 20, 0) == (0, 0)
    assert thumb(0, 20, 5, 3) == (0, 0)


def test_the_thumb_leaves_half_a_cell_to_the_text_and_can_be_held() -> None:
    cells = Rail(virtual_size=80, window_size=20, position=30).drawn(8, 1, Style.parse("#808080 on #101010")).segments
    assert "".join(each.text for each in cells) == "   ▐▐   "
    assert [each.style.meta["@mouse.down"] for each in cells if each.style] == [
        *["scroll_up"] * 3,
        *["grab"] * 2,
        *["scroll_down"] * 3,
    ]
