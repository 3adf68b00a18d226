"""When what was used up comes back, and how that is said."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.quota.renewal import next_day, next_month, said
from services.words import Words
from tests.services.ground import LOCALES

WORDS = Words(LOCALES)
ZONES = sorted(available_timezones() - {"localtime", "Factory"})

moments = st.builds(
    lambda at, zone: datetime.fromtimestamp(at, ZoneInfo(zone)),
    st.integers(1_325_400_000, 2_082_800_000),  # 2012 to 2035
    st.sampled_from(ZONES),
)


def there(zone: str, *numbers: int) -> datetime:
    """A moment in a zone."""
    return datetime(*numbers, tzinfo=ZoneInfo(zone))  # type: ignore[arg-type,misc]


@given(moments)
def test_the_day_begins_with_the_first_moment_of_its_date(now: datetime) -> None:
    """A moment before it is still the day before, whatever the clocks do there."""
    begins = next_day(now)
    assert begins > now
    before = datetime.fromtimestamp(begins.timestamp() - 1, now.tzinfo)
    assert before.date() < begins.date()
    assert begins.date() == now.date() + timedelta(days=1)


@given(moments)
def test_the_month_begins_on_its_first_day(now: datetime) -> None:
    """Never in this one."""
    begins = next_month(now)
    assert (1, now.month % 12 + 1) == (begins.day, begins.month)
    assert timedelta() < begins - now < timedelta(days=32)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (there("Europe/Kyiv", 2026, 11, 26, 9), "2026-11-27T00:00:00+02:00"),
        (there("Europe/Kyiv", 2026, 3, 28, 9), "2026-03-29T00:00:00+02:00"),
        (there("Europe/Kyiv", 2026, 3, 29, 9), "2026-03-30T00:00:00+03:00"),
        (there("Europe/Kyiv", 2026, 10, 25, 1), "2026-10-26T00:00:00+02:00"),
        # clocks there are put forward at midnight, so the day has none
        (there("Asia/Beirut", 2026, 3, 28, 9), "2026-03-29T01:00:00+03:00"),
        # and here midnight comes twice
        (there("America/Havana", 2026, 10, 31, 9), "2026-11-01T00:00:00-04:00"),
    ],
)
def test_days_begin_right_when_clocks_are_changed(now: datetime, expected: str) -> None:
    """A day may have 23 hours, 25, or no midnight at all."""
    assert expected == next_day(now).isoformat()


@pytest.mark.parametrize(
    ("language", "day", "month"),
    [
        ("en", "tomorrow at 00:00 (UTC+2)", "on 1 December at 00:00 (UTC+2)"),
        ("ru", "завтра в 00:00 (UTC+2)", "1 декабря в 00:00 (UTC+2)"),
        ("uk", "завтра о 00:00 (UTC+2)", "1 грудня о 00:00 (UTC+2)"),
    ],
)
def test_it_is_said_in_words(language: str, day: str, month: str) -> None:
    """With the zone's own time, for whoever lives in another."""
    now, voice = there("Europe/Kyiv", 2026, 11, 26, 9), WORDS.speak(language)
    assert day == said(voice, next_day(now), now)
    assert month == said(voice, next_month(now), now)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("UTC", "UTC"), ("Asia/Kolkata", "UTC+5:30"), ("America/St_Johns", "UTC-3:30")],
)
def test_the_zone_is_told_by_how_far_it_is_ahead(zone: str, expected: str) -> None:
    """Names of zones say nothing to most people."""
    now = there(zone, 2026, 12, 5, 12)
    assert f"tomorrow at 00:00 ({expected})" == said(WORDS.speak("en"), next_day(now), now)


def test_a_month_that_begins_tomorrow_is_tomorrow() -> None:
    """On the last day of one."""
    now = there("UTC", 2026, 11, 30, 9)
    assert "tomorrow at 00:00 (UTC)" == said(WORDS.speak("en"), next_month(now), now)
