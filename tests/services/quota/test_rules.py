"""The owner's rules: the most generous role counts, and a day begins where it is midnight."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.quota.rules import Role, Rules, Tariff
from services.quota.terms import Change, Terms, changed
from storage.quotas import Amounts, Charge, Crowd
from tests.storage.workshop import Clock

ANN, BOB = 1, 2
USUAL = Terms(Amounts(per_day=5, seconds_per_day=30.0), Crowd(20, 2), 6.0)

numbers = st.none() | st.integers(0, 9)
amounts = st.builds(Amounts, numbers, numbers, numbers, numbers)
changes = st.builds(Change, amounts, numbers, numbers, numbers, st.booleans())
terms = st.builds(Terms, amounts, st.builds(Crowd, numbers, numbers, numbers), numbers)


def limits(found: Terms) -> list[float]:
    """All that the terms limit, in one order; no limit is more than any."""
    values = [getattr(found.amounts, one.name) for one in fields(Amounts)]
    values += [found.crowd.waiting, found.crowd.at_once, found.longest]
    return [float("inf") if one is None else one for one in values]


def rules(*roles: Role, timezone: str = "UTC", now: float = 0.0) -> Rules:
    """Rules for films."""
    return Rules({"video": Tariff(USUAL, timezone)}, roles, Clock(now))


def test_whoever_has_no_role_may_what_everybody_may() -> None:
    """The charge says what the job is about to use, and of what."""
    expected = Charge(
        "video", 4.0, "1970-01-01", USUAL.amounts, USUAL.crowd, instead="over_quota_video"
    )
    assert expected == rules().charge("video", 4.0, ANN)


def test_a_role_changes_only_what_it_says() -> None:
    """And only for its people, and only for the skills that it names."""
    family = Role(frozenset({ANN}), {"video": Change(Amounts(per_day=20), at_once=3)})
    made = rules(family)
    found = made.terms("video", ANN)
    assert Amounts(per_day=20, seconds_per_day=30.0) == found.amounts
    assert (Crowd(20, 2, 3), 6.0) == (found.crowd, found.longest)
    assert USUAL == made.terms("video", BOB)
    assert Terms() == made.terms("image", ANN)


def test_a_role_may_say_less() -> None:
    """Guests get what guests get."""
    guests = Role(frozenset({ANN}), {"video": Change(Amounts(per_day=1), longest=2.0)})
    found = rules(guests).terms("video", ANN)
    assert (1, 2.0) == (found.amounts.per_day, found.longest)
    assert 2.0 == rules(guests).seconds("video", ANN)
    assert 4.0 == rules(guests).seconds("video", BOB)


def test_without_limits_a_film_is_as_long_as_films_are() -> None:
    """Nothing is said about its skill at all."""
    assert 4.0 == Rules({}, (), Clock()).seconds("video", ANN)


@given(terms, st.lists(changes, min_size=1, max_size=4), changes)
def test_one_more_role_that_says_as_much_never_takes_anything_away(
    usual: Terms, mine: list[Change], more: Change
) -> None:
    """Where the others have spoken already, another can only add."""
    spoken = [_filled(one) for one in mine]
    before, after = changed(usual, spoken), changed(usual, [*spoken, more])
    assert all(now >= then for now, then in zip(limits(after), limits(before), strict=True))
    assert usual.crowd.queue == after.crowd.queue


@given(terms, st.lists(changes, max_size=4))
def test_each_limit_is_one_that_somebody_said(usual: Terms, mine: list[Change]) -> None:
    """The most generous of what the roles say, else what holds for everybody."""
    assert changed(usual, mine) == changed(usual, mine[::-1])
    for number, found in enumerate(limits(changed(usual, mine))):
        said = [limits(Terms(one.amounts, Crowd(None, one.waiting, one.at_once), one.longest))
                for one in mine]  # fmt: skip
        values = [one[number] for one in said if one[number] != float("inf")]
        if number < 4 and any(one.unlimited for one in mine):
            assert found == float("inf")
        else:
            assert found == max(values, default=limits(usual)[number])


def _filled(change: Change) -> Change:
    """The same, with something said of everything."""
    values = {one.name: getattr(change.amounts, one.name) or 0 for one in fields(Amounts)}
    return Change(
        Amounts(**values),
        change.waiting or 0,
        change.at_once or 0,
        change.longest or 0,
        change.unlimited,
    )


@pytest.mark.parametrize(
    ("zone", "moment", "expected"),
    [
        ("UTC", datetime(2026, 11, 26, 23, 59, tzinfo=UTC), date(2026, 11, 26)),
        ("Europe/Kyiv", datetime(2026, 11, 26, 23, 59, tzinfo=UTC), date(2026, 11, 27)),
        ("America/New_York", datetime(2026, 12, 1, 4, 59, tzinfo=UTC), date(2026, 11, 30)),
    ],
)
def test_the_day_is_that_of_the_zone(zone: str, moment: datetime, expected: date) -> None:
    """Who lives in Kyiv has a new day two hours before Greenwich."""
    made = rules(timezone=zone, now=moment.timestamp())
    assert expected == made.today("video")
    assert expected.isoformat() == made.charge("video", 1.0, ANN).day


@given(st.lists(st.integers(0, 2_000_000_000), max_size=5))
def test_the_day_follows_the_clock_wherever_it_goes(moments: list[int]) -> None:
    """Set back or forward: it says what the clock says, and remembers nothing."""
    clock, zone = Clock(), ZoneInfo("Europe/Kyiv")
    made = Rules({"video": Tariff(USUAL, "Europe/Kyiv")}, (), clock)
    for moment in moments:
        clock.now = moment
        assert datetime.fromtimestamp(moment, zone).date() == made.today("video")
