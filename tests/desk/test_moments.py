"""Moments in everyday words, by an agent's own clock."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import RefusedError
from desk.moments import FURTHEST, FarMoment, PastMoment, UnreadMoment, is_moment, read_moment
from desk.safe import DANGEROUS

SOFIA = ZoneInfo("Europe/Sofia")
NOW = datetime(2026, 11, 22, 9, 20, 30, tzinfo=SOFIA)
"""A Sunday."""

ZONES = [
    *map(ZoneInfo, ("UTC", "Europe/Sofia", "America/New_York", "Asia/Kolkata", "Pacific/Apia")),
    *map(ZoneInfo, ("Australia/Lord_Howe", "America/St_Johns", "Pacific/Kiritimati")),
]


def read(text: str, now: datetime = NOW, zone: ZoneInfo = SOFIA) -> str:
    return f"{read_moment(text, now, zone).astimezone(zone):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("fri 9", "2026-11-27 09:00"),
        ("friday", "2026-11-27 09:00"),
        ("Fri, 9:30", "2026-11-27 09:30"),
        ("on friday at 3pm", "2026-11-27 15:00"),
        ("next friday", "2026-11-27 09:00"),
        ("this sat 9 am", "2026-11-28 09:00"),
        ("next week tue", "2026-11-24 09:00"),
        ("friday next week", "2026-11-27 09:00"),
        ("sun", "2026-11-29 09:00"),
        ("sun 17", "2026-11-22 17:00"),
        ("sun 9", "2026-11-29 09:00"),
        ("monday 14:30", "2026-11-23 14:30"),
        ("tomorrow", "2026-11-23 09:00"),
        ("tomorrow morning", "2026-11-23 09:00"),
        ("tomorrow afternoon", "2026-11-23 14:00"),
        ("tomorrow evening 7", "2026-11-23 19:00"),
        ("tom noon", "2026-11-23 12:00"),
        ("day after tomorrow", "2026-11-24 09:00"),
        ("tonight", "2026-11-22 20:00"),
        ("this evening", "2026-11-22 18:00"),
        ("morning", "2026-11-23 09:00"),
        ("midnight", "2026-11-23 00:00"),
        ("8:15", "2026-11-23 08:15"),
        ("22:05", "2026-11-22 22:05"),
        ("later today", "2026-11-22 12:20"),
        ("1h", "2026-11-22 10:20"),
        ("90 min", "2026-11-22 10:50"),
        ("1.5 hours", "2026-11-22 10:50"),
        ("half an hour", "2026-11-22 09:50"),
        ("1h 30m", "2026-11-22 10:50"),
        ("in 3 days", "2026-11-25 09:00"),
        ("three days", "2026-11-25 09:00"),
        ("1 day 2 hours", "2026-11-23 11:20"),
        ("2 weeks", "2026-12-06 09:00"),
        ("2w3d", "2026-12-09 09:00"),
        ("2 weeks 14:00", "2026-12-06 14:00"),
        ("a month", "2026-12-22 09:00"),
        ("1 year", "2027-11-22 09:00"),
        ("3 business days", "2026-11-25 09:00"),
        ("10 working days", "2026-12-04 09:00"),
        ("next week", "2026-11-23 09:00"),
        ("next month", "2026-12-01 09:00"),
        ("end of month", "2026-11-30 09:00"),
        ("eow", "2026-11-27 09:00"),
        ("eod", "2026-11-22 18:00"),
        ("weekend", "2026-11-28 09:00"),
        ("end of the day", "2026-11-22 18:00"),
        ("eod fri", "2026-11-27 18:00"),
        ("at 17", "2026-11-22 17:00"),
        ("at 9", "2026-11-23 09:00"),
        ("9 fri", "2026-11-27 09:00"),
        ("5 pm tomorrow", "2026-11-23 17:00"),
        ("17:00 tomorrow", "2026-11-23 17:00"),
        ("at 9 on friday", "2026-11-27 09:00"),
        ("friday at 9 o’clock", "2026-11-27 09:00"),
        ("Fri. 9 a.m.", "2026-11-27 09:00"),
        ("wed 9.30", "2026-11-25 09:30"),
        ("9.10 wed", "2026-11-25 09:10"),
        ("27 nov at 17.30", "2026-11-27 17:30"),
        ("17.30", "2026-11-22 17:30"),
        ("9.10", "2027-10-09 09:00"),
        ("2 days from now", "2026-11-24 09:00"),
        ("in 3 business days", "2026-11-25 09:00"),
        ("next business day", "2026-11-23 09:00"),
        ("a fortnight", "2026-12-06 09:00"),
        ("27 nov", "2026-11-27 09:00"),
        ("nov 27 9", "2026-11-27 09:00"),
        ("the 1st of december", "2026-12-01 09:00"),
        ("15th", "2026-12-15 09:00"),
        ("31st", "2026-12-31 09:00"),
        ("29 feb", "2028-02-29 09:00"),
        ("27.11.", "2026-11-27 09:00"),
        ("1.1.2027 8:00", "2027-01-01 08:00"),
        ("27/11", "2026-11-27 09:00"),
        ("11/27", "2026-11-27 09:00"),
        ("1 jan", "2027-01-01 09:00"),
        ("2026-12-01 10:00", "2026-12-01 10:00"),
        ("2026-12-01T10:00", "2026-12-01 10:00"),
        ("2026-12-01T10:00:00Z", "2026-12-01 12:00"),
        ("2026-12-01", "2026-12-01 09:00"),
    ],
)
def test_everyday_words_name_a_moment(text: str, at: str) -> None:
    assert read(text) == at
    assert is_moment(text)


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("", UnreadMoment, "no day and no time is said"),
        ("frday", UnreadMoment, "“frday” means no day and no time (such as fri 9, tomorrow morning, 2 weeks"),
        ("-3 days", UnreadMoment, "“-3” means no day"),
        ("9", UnreadMoment, "not said what the 9 counts"),
        ("3 mon", UnreadMoment, "not said what the 3 counts"),
        ("nov", UnreadMoment, "which day of November"),
        ("5/6", UnreadMoment, "“5/6” can be read in two ways, 5 June and 6 May (such as"),
        ("17", UnreadMoment, "not said what the 17 counts"),
        ("at 25", UnreadMoment, "no time “25:00”"),
        ("31 feb", UnreadMoment, "no day 31 in month 2"),
        ("32nd", UnreadMoment, "no month has a day 32"),
        ("fri 25", UnreadMoment, "no time “25”"),
        ("fri 13pm", UnreadMoment, "no time “13pm”"),
        ("fri sat", UnreadMoment, "“sat” is a second day"),
        ("fri 9 10", UnreadMoment, "“10” is a second time"),
        ("90 min fri", UnreadMoment, "does not go with another time"),
        ("0 days", UnreadMoment, "no time at all"),
        ("1.5 days", UnreadMoment, "only hours and minutes can be parted"),
        ("2026-13-01T10:00Z", UnreadMoment, "no such day"),
        ("x" * 81, UnreadMoment, "more than 80 characters"),
        ("\x1b]0;x\x07 fri", UnreadMoment, "means no day"),
        ("yesterday", PastMoment, "“yesterday” is past"),
        ("3 days ago", PastMoment, "“3 days ago” is past"),
        ("this morning", PastMoment, "“this morning” was Sun 22 Nov 2026 09:00"),
        ("2026-11-21", PastMoment, "was Sat 21 Nov 2026 09:00"),
        ("2026-11-22T07:00Z", PastMoment, "past"),
        ("999999 years", FarMoment, "more than five years ahead"),
        ("999999 weeks", FarMoment, "more than five years ahead"),
        ("999999 h", FarMoment, "more than five years ahead"),
        ("9999-12-31 23:59", FarMoment, "more than five years ahead"),
    ],
)
def test_what_cannot_be_waited_for_is_refused_in_one_sentence_with_examples(
    text: str, error: type[RefusedError], said: str
) -> None:
    with pytest.raises(error) as refused:
        read(text)
    assert said in str(refused.value)
    assert "such as fri 9" in refused.value.hint
    assert not DANGEROUS.search(str(refused.value))


def at(zone: ZoneInfo, *parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, fold=fold, tzinfo=zone)  # type: ignore[arg-type, misc]  # at most six parts


def test_nine_o_clock_is_nine_o_clock_before_and_after_summer_time_ends() -> None:
    before = at(SOFIA, 2026, 10, 24, 12)
    assert read_moment("tomorrow", before, SOFIA) == at(SOFIA, 2026, 10, 25, 9)
    assert read_moment("tomorrow", before, SOFIA) - before == timedelta(hours=22)
    assert read_moment("24 h", before, SOFIA) - before == timedelta(hours=24)


def test_a_time_that_the_clocks_skip_is_the_hour_after_it() -> None:
    assert read("29 mar 3:30", at(SOFIA, 2026, 3, 28, 12)) == "2026-03-29 04:30"


def test_so_it_is_by_the_clock_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        with monkeypatch.context() as patch:
            patch.setenv("TZ", "Europe/Sofia")
            time.tzset()
            skipped = read_moment("29 mar 3:30", at(SOFIA, 2026, 3, 28, 12), None)
            twice = read_moment("25 oct 3:30", at(SOFIA, 2026, 10, 24, 12), None)
    finally:
        time.tzset()
    assert skipped == at(SOFIA, 2026, 3, 29, 4, 30)
    assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_time_that_comes_twice_is_the_first_one_that_is_ahead() -> None:
    first = read_moment("25 oct 3:30", at(SOFIA, 2026, 10, 24, 12), SOFIA)
    second = read_moment("25 oct 3:30", first, SOFIA)
    assert second - first == timedelta(hours=1)


def test_business_days_leave_weekends_out() -> None:
    for weekday in range(7):
        day = at(SOFIA, 2026, 11, 16 + weekday, 8)
        for count in range(1, 12):
            there, counted = day, 0
            while counted < count:
                there += timedelta(days=1)
                counted += there.weekday() < 5
            assert read(f"{count} business days", day) == f"{there:%Y-%m-%d} 09:00"


FIRST, LAST = (datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (2000, 2100))
moments = st.datetimes(FIRST, LAST).map(lambda each: each.replace(microsecond=0))


@pytest.mark.parametrize("text", ["22 nov", "nov 22", "22.11.", "22 nov 9", "22 nov morning"])
def test_this_very_day_without_a_year_is_not_the_next_years(text: str) -> None:
    with pytest.raises(PastMoment) as refused:
        read(text)
    assert refused.value.message == f"“{text}” is today, and 09:00 is past"
    assert refused.value.hint == "say a later time, or the year too: 22 Nov 2027"
    assert read(f"{text.removesuffix(' morning').removesuffix(' 9')} 10:00") == "2026-11-22 10:00"
    assert read("22 nov 2027") == "2027-11-22 09:00"
    assert read("21 nov") == "2027-11-21 09:00"
    assert read(text, NOW - timedelta(hours=1)) == "2026-11-22 09:00"
    assert (read("22nd"), read("sun 9")) == ("2026-12-22 09:00", "2026-11-29 09:00")


SAID = """fri friday next week month tomorrow tonight morning 9 14:30 9am 2 weeks 3 business days min h 27 nov 27.11.
15th 2026-12-01 end of midnight later today 29 feb 31st 1.5 in on at a noon evening 2:30 3:30 sun 0 99"""
texts = st.lists(st.sampled_from(SAID.split()), min_size=1, max_size=5).map(" ".join)


def outcome(text: str, now: datetime, zone: ZoneInfo) -> datetime | RefusedError:
    try:
        return read_moment(text, now, zone)
    except RefusedError as refused:
        return refused


@given(text=texts | st.text(max_size=30), now=moments, zone=st.sampled_from(ZONES))
def test_any_text_is_a_moment_ahead_in_utc_or_refused_in_words(text: str, now: datetime, zone: ZoneInfo) -> None:
    now = now.replace(tzinfo=UTC)
    match outcome(text, now, zone):
        case RefusedError() as refused:
            assert refused.hint
            assert not DANGEROUS.search(str(refused))
        case found:
            assert (found.tzinfo, found.microsecond) == (UTC, 0)
            assert now < found <= now + FURTHEST


@given(now=moments, zone=st.sampled_from(ZONES), weekday=st.integers(0, 6), hour=st.integers(4, 23))
def test_a_weekday_is_the_next_one_at_its_time_on_the_agents_clock(
    now: datetime, zone: ZoneInfo, weekday: int, hour: int
) -> None:
    here = now.replace(tzinfo=zone)
    name = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[weekday]
    found = read_moment(f"{name} {hour}", here.astimezone(UTC), zone).astimezone(zone)
    assert (found.weekday(), found.hour, found.minute) == (weekday, hour, 0)
    assert found.replace(tzinfo=None) - now <= timedelta(days=8)


@given(now=moments, zone=st.sampled_from(ZONES), minutes=st.integers(1, 5000))
def test_minutes_pass_as_the_clock_ticks_whatever_summer_time_does(now: datetime, zone: ZoneInfo, minutes: int) -> None:
    now = now.replace(tzinfo=UTC)
    assert read_moment(f"{minutes} min", now, zone) - now == timedelta(minutes=minutes)


def test_examples_in_the_hint_are_all_understood() -> None:
    with pytest.raises(UnreadMoment) as refused:
        read("?")
    for each in re.split(r", | or ", refused.value.hint.removeprefix("such as ")):
        assert is_moment(each), each
