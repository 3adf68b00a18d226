"""Who asks for more than there is reads which limit it was, and when it is over."""

from __future__ import annotations

from typing import Any

import pytest

from domain.answers import Reply
from services.quota.rules import Tariff
from services.quota.terms import Terms
from storage.quotas import Amounts, Crowd
from tests.services.quota.till import ANN, KYIV, Till


def allowing(till: Till, skill: str = "video", crowd: Crowd | None = None, **amounts: Any) -> Till:
    """The same with other rules."""
    terms = Terms(Amounts(**amounts), crowd or Crowd(), 6.0)
    till.tariffs = {skill: Tariff(terms, KYIV)}
    return till


def labels(reply: Reply) -> list[str]:
    """What the buttons say."""
    return [one.label for row in reply.rows for one in row]


@pytest.mark.parametrize(
    ("skill", "amounts", "expected"),
    [
        (
            "video",
            {"per_day": 1},
            "You have no videos left today. New ones come tomorrow at 00:00 (UTC+2).",
        ),
        (
            "image",
            {"per_day": 1},
            "You have no pictures left today. New ones come tomorrow at 00:00 (UTC+2).",
        ),
        (
            "video",
            {"per_month": 1},
            "You have no videos left this month. New ones come on 1 December at 00:00 (UTC+2).",
        ),
        (
            "image",
            {"per_month": 1},
            "You have no pictures left this month. New ones come on 1 December at 00:00 (UTC+2).",
        ),
        (
            "video",
            {"seconds_per_day": 5.5},
            (
                "This is longer than what you have left today: 1 second of video. "
                "New ones come tomorrow at 00:00 (UTC+2)."
            ),
        ),
        (
            "video",
            {"seconds_per_month": 6.0},
            (
                "This is longer than what you have left this month: 2 seconds of video. "
                "New ones come on 1 December at 00:00 (UTC+2)."
            ),
        ),
    ],
)
async def test_what_is_used_up_is_named_with_its_renewal(
    till: Till, skill: str, amounts: dict[str, Any], expected: str
) -> None:
    """A day, a month, pieces or seconds; whoever wants to is told when it comes back."""
    allowing(till, skill, **amounts)
    assert "film" == (await till.films(skill=skill)).task
    reply = await till.refused(skill=skill)
    assert expected == reply.text
    assert ["Tell me when"] == labels(reply)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ru", "Ваши видео на сегодня закончились. Новые появятся завтра в 00:00 (UTC+2)."),
        ("uk", "Ваші відео на сьогодні закінчилися. Нові з'являться завтра о 00:00 (UTC+2)."),
    ],
)
async def test_it_is_said_in_the_language_of_whoever_asks(
    till: Till, language: str, expected: str
) -> None:
    """As all else is."""
    allowing(till, per_day=1)
    await till.films()
    assert expected == (await till.refused(language=language)).text


async def test_in_a_group_whoever_asks_pays(till: Till) -> None:
    """The others there have lost nothing."""
    allowing(till, per_day=1)
    await till.films(chat=-5, person=ANN)
    assert "no videos left" in (await till.refused(person=ANN)).text
    assert "film" == (await till.films(chat=-5, person=9)).task


@pytest.mark.parametrize(
    ("crowd", "expected"),
    [
        (Crowd(queue=2), "The queue is full: 2 videos in it already. Please ask again later."),
        (
            Crowd(waiting=2),
            "You may have 2 videos waiting at a time. Ask again when one has begun.",
        ),
        (Crowd(at_once=2), "You may have 2 videos in work at a time. Ask again when one is done."),
    ],
)
async def test_a_crowd_is_no_matter_of_time(till: Till, crowd: Crowd, expected: str) -> None:
    """Nobody knows when it is over, so nobody is promised to be told."""
    allowing(till, crowd=crowd)
    for _ in range(2):
        assert "film" == (await till.films()).task
    reply = await till.refused()
    assert expected == reply.text
    assert [] == labels(reply)


@pytest.mark.parametrize("name", ["per_day", "per_month", "seconds_per_day", "seconds_per_month"])
@pytest.mark.parametrize(("skill", "what"), [("video", "videos"), ("image", "pictures")])
async def test_where_nothing_is_allowed_nothing_comes_back(
    till: Till, name: str, skill: str, what: str
) -> None:
    """And so no renewal is promised."""
    nothing: dict[str, Any] = {name: 0}
    reply = await allowing(till, skill, **nothing).refused(skill=skill)
    assert f"You may not make {what} with me. Ask an administrator about it." == reply.text
    assert [] == labels(reply)


async def test_a_daily_limit_of_ones_own_that_is_more_comes_back(till: Till) -> None:
    """Though nobody else has any."""
    allowing(till, per_day=0)
    await till.purse.quotas.set_daily(ANN, "video", 1, by=42)
    await till.films(person=ANN)
    assert "tomorrow" in (await till.refused(person=ANN)).text


async def test_a_limit_that_was_lowered_below_what_is_reserved_is_told_as_it_is(till: Till) -> None:
    """What was begun goes on; the next has to wait."""
    allowing(till, per_day=5)
    for _ in range(3):
        await till.films()
    allowing(till, per_day=2)
    assert "You have no videos left today." in (await till.refused()).text
