"""Whose turn it is at a graphics card."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.turns import Hours, Policy, Side, Turns, side_of

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC).timestamp()


@dataclass(frozen=True, slots=True)
class Other:
    """The other side, as it is seen."""

    waiting: bool = False
    seconds: float = 0.0
    turn: Side | None = None

    def waits(self) -> bool:
        """Whether somebody waits."""
        return self.waiting

    def waited(self) -> float:
        """For how long."""
        return self.seconds

    def last(self) -> Side | None:
        """Who had the last turn."""
        return self.turn


@pytest.mark.parametrize("policy", ["chat_first", "fair"])
@pytest.mark.parametrize("side", list(Side))
def test_who_is_alone_may_begin(policy: Policy, side: Side) -> None:
    """Whoever had the last turn."""
    for last in (None, *Side):
        assert Turns(policy).may(side, Other(turn=last))


def test_chat_first_never_waits_for_who_waits_and_is_always_waited_for() -> None:
    """A picture begins when nobody wants to talk."""
    turns = Turns("chat_first")
    assert turns.may(Side.LIGHT, Other(waiting=True, seconds=9999))
    assert not turns.may(Side.HEAVY, Other(waiting=True, turn=Side.LIGHT))


def test_fair_alternates_when_both_wait() -> None:
    """After the one the other; and talk joins talk until the picture has waited long enough."""
    turns = Turns("fair", patience=10)
    assert turns.may(Side.LIGHT, Other(waiting=True, seconds=99, turn=Side.HEAVY))
    assert not turns.may(Side.HEAVY, Other(waiting=True, turn=Side.HEAVY))
    assert turns.may(Side.HEAVY, Other(waiting=True, turn=Side.LIGHT))
    assert turns.may(Side.LIGHT, Other(waiting=True, seconds=9, turn=Side.LIGHT))
    assert not turns.may(Side.LIGHT, Other(waiting=True, seconds=10, turn=Side.LIGHT))


def test_fair_waits_for_nobody_longer_because_a_clock_was_set_back() -> None:
    """What has waited for less than nothing has waited long enough."""
    assert not Turns("fair").may(Side.LIGHT, Other(waiting=True, seconds=-5, turn=Side.LIGHT))


@given(policy=st.sampled_from(["chat_first", "fair"]), last=st.sampled_from([None, *Side]))
def test_never_do_both_wait_for_each_other(policy: Policy, last: Side | None) -> None:
    """With a free card one of them may begin, whatever was before."""
    turns = Turns(policy, patience=0)
    other = Other(waiting=True, seconds=1, turn=last)
    assert turns.may(Side.LIGHT, other) or turns.may(Side.HEAVY, other)


def test_at_night_pictures_begin_in_their_hours_only() -> None:
    """As the clocks of the zone show them; talk may begin at any time."""
    night = Hours.read("23:00-07:00")
    turns = Turns("night", night, UTC, clock=lambda: NOON)
    assert turns.may(Side.LIGHT, Other())
    assert not turns.may(Side.HEAVY, Other())
    assert not turns.open(Side.HEAVY)
    there = Turns("night", night, ZoneInfo("Pacific/Auckland"), clock=lambda: NOON)
    assert there.may(Side.HEAVY, Other())
    assert not there.may(Side.HEAVY, Other(waiting=True))


@pytest.mark.parametrize(
    ("hours", "moment", "expected"),
    [
        ("23:00-07:00", time(23), True),
        ("23:00-07:00", time(6, 59), True),
        ("23:00-07:00", time(7), False),
        ("01:30-05:00", time(1, 29), False),
        ("01:30-05:00", time(3), True),
        ("08:00-08:00", time(20), True),
    ],
)
def test_hours_may_go_over_midnight(hours: str, moment: time, expected: bool) -> None:
    """Without a length they are the whole day."""
    assert expected is Hours.read(hours).hold(moment)


@pytest.mark.parametrize("text", ["", "23-7", "25:00-07:00", "23:60-07:00", "23:00-07:00 "])
def test_what_are_no_hours_is_refused(text: str) -> None:
    """So that a mistake is found at start."""
    with pytest.raises(ValueError, match="must"):
        Hours.read(text)


def test_pictures_and_films_are_heavy() -> None:
    """All else is light."""
    assert Side.HEAVY is side_of("image") is side_of("video")
    assert Side.LIGHT is side_of("chat") is side_of("embed")
