from __future__ import annotations

from tui.composer.draft_text import gap_spans, plain


def test_gaps_are_found_where_they_stand_even_when_two_are_alike() -> None:
    text = "a ⟦x⟧ b ⟦x⟧ c ⟦y"
    assert [text[start:end] for start, end in gap_spans(text)] == ["⟦x⟧", "⟦x⟧", "⟦y"]
    assert list(gap_spans(text))[:2] == [(2, 5), (8, 11)]


def test_a_pasted_text_loses_what_a_terminal_would_obey() -> None:
    assert plain("a\r\nb\rc\td\x1b]52;c;x\x07\x9b2J") == "a\nb\nc\td]52;c;x2J"
    assert plain("Здравей 注文 👩‍👩‍👧") == "Здравей 注文 👩‍👩‍👧"
