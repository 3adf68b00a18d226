"""Whoever wants to know when there is something again is told then, once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.answers import Reply
from tests.services.quota.till import ANN, BOB, KYIV, NOON, Till

MIDNIGHT = datetime(2026, 11, 27, tzinfo=ZoneInfo(KYIV))


async def used_up(till: Till, **where: Any) -> str:
    """Somebody uses up a day; what the button of the refusal asks for."""
    for _ in range(5):
        await till.finishes(await till.films(**where))
    reply = await till.refused(**where)
    [[button]] = reply.rows
    return button.act


async def comes(till: Till) -> None:
    """The moment of every entry comes, and the schedule does its errands."""
    for moment, errand, words in list(till.diary.entries.values()):
        assert "renewed" == errand
        till.ground.clock.now = moment.timestamp()
        await till.notices.renewed(*words)


async def test_it_is_promised_and_told_at_midnight(till: Till) -> None:
    """In the place where it was asked for, with what there is then."""
    act = await used_up(till)
    assert len(act.encode()) <= 64
    reply = await till.does("await_renewal", act)
    expected = "I will tell you here when you have videos again: tomorrow at 00:00 (UTC+2)."
    assert Reply(expected) == reply
    [(moment, _, _)] = till.diary.entries.values()
    assert MIDNIGHT == moment
    await comes(till)
    assert [1] == till.calls
    assert [(ANN, "You have 5 videos left today.")] == await till.told()


async def test_pressing_twice_is_one_entry_and_one_notice(till: Till) -> None:
    """Even where a crash has the errand done again."""
    act = await used_up(till)
    for _ in range(2):
        await till.does("await_renewal", act)
    assert 1 == len(till.diary.entries)
    await comes(till)
    await comes(till)
    assert 1 == len(await till.told())


async def test_each_midnight_may_be_told(till: Till) -> None:
    """What was told yesterday does not hide what is told today."""
    for expected in (1, 1):
        await till.does("await_renewal", await used_up(till))
        await comes(till)
        assert expected == len(await till.told())


async def test_in_a_group_it_is_said_to_whom(till: Till) -> None:
    """And only whoever was refused may ask for it."""
    act = await used_up(till, chat=-5, person=ANN)
    assert await till.does("await_renewal", act, chat=-5, person=BOB) is None
    assert {} == till.diary.entries
    assert await till.does("await_renewal", act, chat=-5, person=ANN)
    await comes(till)
    assert [(-5, "P1: You have 5 videos left today.")] == await till.told()


async def test_a_button_that_is_pressed_late_tells_how_it_stands(till: Till) -> None:
    """What was waited for has come already."""
    act = await used_up(till)
    till.later(days=1)
    assert Reply("You have 5 videos left today.") == await till.does("await_renewal", act)
    assert {} == till.diary.entries


async def test_without_a_limit_any_more_there_is_no_number(till: Till) -> None:
    """The owner has lifted it meanwhile."""
    act = await used_up(till)
    till.later(days=1)
    till.tariffs.clear()
    assert Reply("You can make videos again.") == await till.does("await_renewal", act)
    image = act.replace("video", "image")
    assert Reply("You can make pictures again.") == await till.does("await_renewal", image)


async def test_who_has_shut_the_bot_out_is_left_alone(till: Till) -> None:
    """A notice must not look like news from them."""
    await till.does("await_renewal", await used_up(till))
    await till.chats.mark_blocked(ANN)
    await comes(till)
    assert [] == await till.told()
    assert await till.chats.blocked(ANN)


@pytest.mark.parametrize(
    "act",
    [
        *("renewal:", "renewal:video", "renewal:songs.1.1", "renewal:video.1.x", "renewal:video.1"),
        f"renewal:video.1.{10**17}",
        f"renewal:video.1.{'9' * 60}",
        "renewal:video.1.1.1",
    ],
)
async def test_what_is_no_button_of_ours_does_nothing(till: Till, act: str) -> None:
    """Clients can be made to send anything."""
    assert await till.does("await_renewal", act) is None
    assert {} == till.diary.entries


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0.1, "tomorrow at 00:00 (UTC+2)"), (40, "on 1 December at 00:00 (UTC+2)")],
)
async def test_only_a_true_renewal_is_promised(till: Till, days: float, expected: str) -> None:
    """Whatever a button says: the owner may have moved midnight meanwhile."""
    act = f"renewal:video.1.{(NOON + timedelta(days=days)).timestamp():.0f}"
    reply = await till.does("await_renewal", act)
    assert Reply(f"I will tell you here when you have videos again: {expected}.") == reply


async def test_pictures_are_promised_as_such(till: Till) -> None:
    """Each skill has its own."""
    till.tariffs["image"] = till.tariffs["video"]
    reply = await till.does("await_renewal", f"renewal:image.1.{MIDNIGHT.timestamp():.0f}")
    expected = "I will tell you here when you have pictures again: tomorrow at 00:00 (UTC+2)."
    assert Reply(expected) == reply
